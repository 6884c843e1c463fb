import { describe, expect, it } from 'vitest';
import { type Address, formatAddress, parseAddress } from '../address/address.js';
import { jhash2 } from '../address/jhash.js';
import { firstPort, pickAddress, searchRange } from './nat-range.js';

function address(text: string): Address {
  const value = parseAddress(text);
  if (value === null) throw new Error(text);
  return value;
}

const RANGE = { from: address('198.51.100.3'), to: address('198.51.100.250') };
const NO_PORTS = { ports: null, basePort: null, random: false, randomFully: false };

describe('jhash2', () => {
  it('of nothing is its own initial value', () => {
    expect(jhash2([], 0)).toBe(0xdeadbeef);
    expect(jhash2([], 1)).toBe(0xdeadbef0);
  });
  it('takes signed and unsigned words alike', () => {
    expect(jhash2([-1, 2, 3, 4], -5)).toBe(jhash2([0xffffffff, 2, 3, 4], 0xfffffffb));
  });
});

describe('pickAddress', () => {
  // Read off conntrack -L of kernel 6.18; test/kernel/nat-range.test.ts asks the kernel at hand.
  it.each([
    ['10.9.0.1', '192.0.2.1', false, '198.51.100.165'],
    ['10.9.0.1', '192.0.2.77', false, '198.51.100.202'],
    ['10.9.0.2', '203.0.113.9', false, '198.51.100.3'],
    ['10.9.0.1', '192.0.2.1', true, '198.51.100.8'],
    ['10.9.0.1', '203.0.113.9', true, '198.51.100.8'],
  ])('gives %s to %s (persistent: %s) the address %s', (source, destination, persistent, expected) => {
    expect(formatAddress(pickAddress(RANGE, persistent, address(source), address(destination), 0))).toBe(
      expected,
    );
  });

  it('does not hash where there is one address', () => {
    const only = { from: address('2001:db8::7'), to: address('2001:db8::7') };
    expect(pickAddress(only, false, address('2001:db8::1'), address('2001:db8::2'), 9)).toBe(only.from);
  });

  it('stays in an IPv6 range', () => {
    const range = { from: address('2001:db8:5::9:fffe'), to: address('2001:db8:5::a:1') };
    for (let last = 0; last < 64; last += 1) {
      const picked = pickAddress(
        range,
        false,
        address(`2001:db8:9::${last.toString(16)}`),
        address('2a00::1'),
        0,
      );
      expect(picked >= range.from && picked <= range.to, formatAddress(picked)).toBe(true);
    }
  });
});

describe('searchRange', () => {
  it.each([
    [1, { from: 1, to: 511 }],
    [511, { from: 1, to: 511 }],
    [512, { from: 600, to: 1023 }],
    [1023, { from: 600, to: 1023 }],
    [1024, { from: 1024, to: 65535 }],
  ])('keeps source port %i in its class', (port, within) => {
    expect(searchRange(port, 6, 'src', NO_PORTS)).toEqual(within);
  });
  it('never searches a destination port without a range, nor a protocol without ports', () => {
    expect(searchRange(80, 6, 'dst', NO_PORTS)).toBeNull();
    expect(searchRange(0, 50, 'src', { ports: { from: 1, to: 2 } })).toBeNull();
  });
  it('draws an ICMP id from all of them', () => {
    expect(searchRange(77, 1, 'src', NO_PORTS)).toEqual({ from: 0, to: 65535 });
    expect(searchRange(77, 58, 'dst', NO_PORTS)).toEqual({ from: 0, to: 65535 });
  });
});

describe('firstPort', () => {
  const range = { ...NO_PORTS, ports: { from: 8050, to: 8060 } };
  it('is the low end for a destination and random for a source', () => {
    expect(firstPort(53, 17, 'dst', range)).toBe(8050);
    expect(firstPort(53, 17, 'src', range)).toBeNull();
    expect(firstPort(53, 17, 'dst', { ...range, random: true })).toBeNull();
  });
  it('is shifted by the distance from the base, modulo the size of the range', () => {
    expect(firstPort(53, 17, 'dst', { ...range, basePort: 50 })).toBe(8053);
    expect(firstPort(61, 17, 'dst', { ...range, basePort: 50 })).toBe(8050);
    expect(firstPort(49, 17, 'dst', { ...range, basePort: 50 })).toBe(8050 + (65535 % 11));
  });
});
