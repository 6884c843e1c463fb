/** `sysctl -a`. */
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { canonicalKey, readSysctls } from './sysctl.js';

describe('sysctl', () => {
  it.each([
    ['net.ipv4.ip_forward', 'net.ipv4.ip_forward'],
    ['net.ipv4.conf.eth0/100.rp_filter', 'net.ipv4.conf.eth0/100.rp_filter'],
    ['net/ipv4/conf/eth0.100/rp_filter', 'net.ipv4.conf.eth0/100.rp_filter'],
    ['/proc/sys/net/ipv4/ip_forward', 'net.ipv4.ip_forward'],
  ])('knows %s as %s', (key, canonical) => {
    expect(canonicalKey(key)).toBe(canonical);
  });

  it('reads values with tabs, empty ones and assignments without blanks; the last of two counts', () => {
    const { report, codes } = open(
      '# a comment\nnet.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.ip_local_reserved_ports = \nnet.ipv4.ip_forward=0\nnet.ipv4.ip_forward = 1\n',
    );
    expect([...readSysctls(report)]).toEqual([
      ['net.ipv4.ip_local_port_range', '32768\t60999'],
      ['net.ipv4.ip_local_reserved_ports', ''],
      ['net.ipv4.ip_forward', '1'],
    ]);
    expect(codes()).toEqual([]);
  });
});
