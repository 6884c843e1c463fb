import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataType } from './datatype.js';

const one = (name: string, word: string): bigint | null => {
  const found = dataType(name)?.parse(word) ?? null;
  return found === null || found.from !== found.to ? null : found.from;
};

describe('the words of data types', () => {
  it.each([
    ['ipv4_addr', '10.0.0.1', 0x0a000001n],
    ['ipv6_addr', 'fe80::1', (0xfe80n << 112n) | 1n],
    ['ether_addr', '00:01:02:03:04:05', 0x000102030405n],
    ['inet_service', 'https', 443n],
    ['inet_proto', 'ipv6-icmp', 58n],
    ['mark', '0x4000', 0x4000n],
    ['ct_state', 'untracked', 64n],
    ['ct_status', 'dnat', 32n],
    ['icmpv6_type', 'nd-neighbor-solicit', 135n],
    ['dscp', 'af41', 34n],
    ['ether_type', 'ip6', 0x86ddn],
    ['classid', '1:10', 0x10010n],
    ['hour', '10:00', 36000n],
    ['day', 'Saturday', 6n],
    ['realm', 'cosmos', 0n],
    ['ifname', 'lo', 0x6c6fn << 112n],
    ['inet_service', '65536', null],
    ['ipv4_addr', '10.0.0.256', null],
    ['ct_state', 'constructor', null],
    ['dscp', '64', null],
  ])('%s reads %s', (name, word, value) => {
    expect(one(name, word)).toBe(value);
  });

  it('reads a name with a star as every name that begins so', () => {
    const names = dataType('ifname');
    const eth = names?.parse('eth*');
    const inside = (name: string): boolean => {
      const value = one('ifname', name) ?? -1n;
      return eth !== null && eth !== undefined && value >= eth.from && value <= eth.to;
    };
    expect(['eth', 'eth0', 'ethernet-of-mine', 'et', 'ens5', 'fth0'].map(inside)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(one('ifname', 'eth\\*')).toBe(0x6574682an << 96n);
  });

  it.each([
    ['ipv4_addr', 32],
    ['ipv6_addr', 128],
    ['ether_addr', 48],
    ['inet_service', 16],
    ['inet_proto', 8],
    ['mark', 32],
    ['icmp_type', 8],
    ['icmpv6_code', 8],
    ['dscp', 6],
    ['pkt_type', 8],
    ['fib_addrtype', 32],
    ['iface_type', 16],
  ])('%s reads back what it prints', (name, bits) => {
    const type = dataType(name);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }), (value) => {
        expect(type?.parse(type.print(value))?.from).toBe(value);
      }),
    );
  });
});
