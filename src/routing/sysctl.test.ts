import { describe, expect, it } from 'vitest';
import { network } from '../../test/support/network.js';
import { deviceSetting, forwardingOn, readNumber, sysctlName } from './sysctl.js';

const conf = (all: string | null, own: string | null, setting: string): ReturnType<typeof network> =>
  network({
    sysctls: {
      ...(all === null ? {} : { [`net.ipv4.conf.all.${setting}`]: all }),
      ...(own === null ? {} : { [`net.ipv4.conf.eth0/5.${setting}`]: own }),
    },
  });

describe('settings of a device', () => {
  it('are listed with a slash for a dot in the name', () => {
    expect(sysctlName(4, 'eth0.5', 'rp_filter')).toBe('net.ipv4.conf.eth0/5.rp_filter');
    expect(sysctlName(6, 'e0', 'forwarding')).toBe('net.ipv6.conf.e0.forwarding');
  });

  it.each<[string | null, string | null, number | null]>([
    ['1', '2', 2],
    ['2', '0', 2],
    ['2', null, 2],
    [null, '1', null],
    [null, null, null],
  ])('rp_filter all %s own %s: %s', (all, own, expected) => {
    expect(deviceSetting(conf(all, own, 'rp_filter'), 'eth0.5', 'rp_filter')).toBe(expected);
  });

  it.each<[string | null, string | null, number | null]>([
    ['1', null, 1],
    ['0', null, null],
    ['0', '0', 0],
    [null, '1', 1],
  ])('accept_local all %s own %s: %s', (all, own, expected) => {
    expect(deviceSetting(conf(all, own, 'accept_local'), 'eth0.5', 'accept_local')).toBe(expected);
  });

  it.each<[string | null, string | null, number | null]>([
    ['0', null, 0],
    ['1', null, null],
    ['1', '1', 1],
  ])('bc_forwarding all %s own %s: %s', (all, own, expected) => {
    expect(deviceSetting(conf(all, own, 'bc_forwarding'), 'eth0.5', 'bc_forwarding')).toBe(expected);
  });

  it('reads integers only', () => {
    const net = network({ sysctls: { a: ' 1\n', b: '1 2', c: '99999999999', d: '' } });
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => readNumber(net, name))).toEqual([
      1,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('forwarding', () => {
  const on = (family: 4 | 6, sysctls: Readonly<Record<string, string>>): boolean | null =>
    forwardingOn(network({ family, sysctls }), 'e0');

  it("is the input device's own, else what was written to all", () => {
    expect(on(4, { 'net.ipv4.conf.e0.forwarding': '0', 'net.ipv4.ip_forward': '1' })).toBe(false);
    expect(on(4, { 'net.ipv4.ip_forward': '1' })).toBe(true);
    expect(on(4, { 'net.ipv4.conf.all.forwarding': '1' })).toBe(true);
    expect(on(4, {})).toBeNull();
  });

  it("is the node's for IPv6, or forced", () => {
    expect(on(6, { 'net.ipv6.conf.all.forwarding': '0', 'net.ipv6.conf.e0.forwarding': '1' })).toBe(false);
    expect(on(6, { 'net.ipv6.conf.all.forwarding': '0', 'net.ipv6.conf.e0.force_forwarding': '1' })).toBe(
      true,
    );
    expect(on(6, {})).toBeNull();
  });
});
