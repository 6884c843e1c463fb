/** `sysctl -a`. */
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { loadNode } from './load.js';
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

describe('values alone, below the command that names them', () => {
  const load = (
    text: string,
  ): { readonly settings: readonly string[]; readonly codes: readonly string[] } => {
    const { sysctls, diagnostics } = loadNode('n', [{ name: 'n.txt', text }]);
    return {
      settings: [...sysctls].map(([name, value]) => `${name}=${value}`),
      codes: diagnostics.flatMap(({ code, span }) =>
        span === null ? [] : [`${code}:${String(span.source.position(span.start).line)}`],
      ),
    };
  };

  it.each<[string, readonly string[], readonly string[]]>([
    ['me@n:~$ cat /proc/sys/net/ipv4/ip_forward\n1\n', ['net.ipv4.ip_forward=1'], []],
    ['# cat /proc/sys/net/ipv4/ip_forward\n1\n', ['net.ipv4.ip_forward=1'], []],
    [
      '$ sudo cat /proc/sys/net/ipv4/conf/eth0.5/rp_filter /proc/sys/net/ipv4/ip_forward\n2\n0\n',
      ['net.ipv4.conf.eth0/5.rp_filter=2', 'net.ipv4.ip_forward=0'],
      [],
    ],
    [
      '$ cat /proc/sys/net/ipv4/ip_local_port_range\n32768\t60999\n',
      ['net.ipv4.ip_local_port_range=32768\t60999'],
      [],
    ],
    ['$ sysctl -n net.ipv4.ip_forward\n0\n', ['net.ipv4.ip_forward=0'], ['READ_FILTERED:2']],
    [
      '$ sysctl --values net/ipv4/conf/e0.5/rp_filter net.ipv4.ip_forward\n1\n1\n\n',
      ['net.ipv4.conf.e0/5.rp_filter=1', 'net.ipv4.ip_forward=1'],
      ['READ_FILTERED:2'],
    ],
    ['$ cat /proc/sys/net/ipv4/ip_forward\n1\nwell?\n', ['net.ipv4.ip_forward=1'], ['READ_LINE:3']],
    ['$ cat /proc/sys/net/ipv4/conf/*/rp_filter\n1\n0\n', [], ['READ_VALUES_ALONE:2']],
    [
      '$ cat /proc/sys/net/ipv4/conf/no/rp_filter /proc/sys/net/ipv4/ip_forward\ncat: /proc/sys/net/ipv4/conf/no/rp_filter: No such file or directory\n1\n',
      [],
      ['READ_TOOL_ERROR:2', 'READ_LINE:3'],
    ],
    [
      '$ cat /proc/sys/net/ipv4/ip_forward\n1\n$ echo 0 > /proc/sys/net/ipv4/ip_forward\n',
      ['net.ipv4.ip_forward=1'],
      ['READ_CHANGED_AFTER:3'],
    ],
    [
      '$ sysctl -w net.ipv4.ip_forward=0\nnet.ipv4.ip_forward = 0\n$ cat /proc/sys/net/ipv4/ip_forward\n1\n',
      ['net.ipv4.ip_forward=1'],
      ['READ_FILTERED:2', 'READ_SETTING_LATER:2'],
    ],
  ])('%j', (text, settings, codes) => {
    expect(load(text)).toEqual({ settings, codes });
  });
});
