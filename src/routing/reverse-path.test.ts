import { describe, expect, it } from 'vitest';
import { enumerate } from '../chooser/enumerate.js';
import { type NetworkParts, ip, link, network, rule } from '../../test/support/network.js';
import { type ReversePathOptions, type ReversePathPacket, reversePathMatches } from './reverse-path.js';

const STRICT: ReversePathOptions = { loose: false, validMark: false, acceptLocal: false };
const links = [
  link('lo', ['127.0.0.1/8 host', '::1/128 host']),
  link('e0', ['10.0.0.1/24', 'fd00::1/64']),
  link('e1', ['10.0.1.1/24']),
];
const routes = [
  '10.0.0.0/24 dev e0',
  '10.0.1.0/24 dev e1',
  'blackhole 198.51.100.0/24',
  '10.7.0.0/16 dev e0 table 77',
];

function matches(
  source: string,
  options: Partial<ReversePathOptions>,
  packet: Partial<ReversePathPacket> = {},
  parts: NetworkParts = {},
): boolean[] {
  const net = network({ links, routes, ...parts });
  const to = source.includes(':') ? '2001:db8::1' : '10.0.1.2';
  const whole = {
    source: ip(source),
    destination: ip(to),
    inInterface: 'e0',
    mark: 0,
    markUnknown: 0,
    tos: 0,
    protocol: 17,
    ...packet,
  };
  return enumerate(
    (chooser) => reversePathMatches(net, { ...STRICT, ...options }, whole, chooser),
    9,
  ).branches.map(({ value }) => value);
}

describe('rpfilter', () => {
  it.each<[string, Partial<ReversePathOptions>, Partial<ReversePathPacket>, boolean]>([
    ['10.0.0.9', {}, {}, true],
    ['10.0.1.9', {}, {}, false],
    ['10.0.1.9', { loose: true }, {}, true],
    ['203.0.113.9', { loose: true }, {}, false],
    ['198.51.100.9', { loose: true }, {}, false],
    ['10.0.0.1', {}, {}, false],
    ['10.0.0.1', { acceptLocal: true }, {}, true],
    ['203.0.113.9', {}, { inInterface: 'lo' }, true],
    ['0.0.0.0', {}, { destination: -1 }, true],
  ])('%s %o %o', (source, options, packet, expected) => {
    expect(matches(source, options, packet)).toEqual([expected]);
  });

  it('uses the mark with --validmark alone', () => {
    const parts = { rules: [rule(100, 77, { fwmark: { value: 5, mask: 0xff } })] };
    expect(matches('10.7.0.1', {}, { mark: 5 }, parts)).toEqual([false]);
    expect(matches('10.7.0.1', { validMark: true }, { mark: 5 }, parts)).toEqual([true]);
    expect(matches('10.7.0.1', { validMark: true }, { markUnknown: 0xff }, parts)).toEqual([true, false]);
  });

  it('is open behind a table that is not shown', () => {
    const parts = { rules: [rule(100, 7)], known: { tables: new Set([254, 253]) } };
    expect(matches('203.0.113.9', {}, {}, parts)).toEqual([true, false, false]);
  });

  it('takes any IPv6 route to the prefix by the device', () => {
    const v6 = {
      family: 6 as const,
      routes: [
        'fd05::/16 dev e1 metric 1',
        'fd05::/16 dev e0 metric 9',
        'fd06::/16 dev e1',
        'unreachable fd07::/16 dev lo',
      ],
    };
    expect(matches('fd05::1', {}, {}, v6)).toEqual([true]);
    expect(matches('fd06::1', {}, {}, v6)).toEqual([false]);
    expect(matches('fd06::1', { loose: true }, {}, v6)).toEqual([true]);
    expect(matches('fd07::1', { loose: true }, {}, v6)).toEqual([false]);
    expect(matches('fd00::1', { acceptLocal: true }, {}, v6)).toEqual([true]);
    expect(matches('::', {}, {}, v6)).toEqual([true]);
  });
});
