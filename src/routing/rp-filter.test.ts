import { describe, expect, it } from 'vitest';
import { enumerate } from '../chooser/enumerate.js';
import { type NetworkParts, flow, ip, link, network, rule } from '../../test/support/network.js';
import type { Flow } from './lookup.js';
import { martian, validateSource } from './rp-filter.js';

const links = [
  link('lo', ['127.0.0.1/8 host']),
  link('e0', ['10.0.0.1/24']),
  link('e1', ['10.0.1.1/24']),
  link('e2', ['10.0.2.1/24']),
  link('bare', []),
];
const routes = [
  '10.0.0.0/24 dev e0',
  '10.0.1.0/24 dev e1',
  '10.0.2.0/24 dev e2',
  'blackhole 198.51.100.0/24',
];

/** What the sysctls of a node say when nobody changed them. */
function settings(changes: Readonly<Record<string, string>>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const device of ['all', 'lo', 'e0', 'e1', 'e2', 'bare']) {
    for (const name of ['rp_filter', 'accept_local', 'route_localnet', 'src_valid_mark'])
      all[`net.ipv4.conf.${device}.${name}`] = '0';
  }
  for (const [name, value] of Object.entries(changes)) all[`net.ipv4.conf.${name}`] = value;
  return all;
}

function comingFrom(source: string, fields: Partial<Flow> = {}): Flow {
  return flow('10.0.1.2', { source: ip(source), inInterface: 'e0', ...fields });
}

/** Verdicts of all answers, for a packet that goes on by e1. */
function verdicts(parts: NetworkParts, asked: Flow, broadcast = false): string[] {
  const net = network({ links, routes, ...parts });
  const run = enumerate((chooser) => validateSource(net, asked, { device: 'e1', broadcast }, chooser), 50);
  return run.branches.map(({ value }) => `${value.drop ?? 'passed'} ${value.why}`);
}

function check(changes: Readonly<Record<string, string>>, asked: Flow, more: NetworkParts = {}): string {
  return verdicts({ sysctls: settings(changes), ...more }, asked).join(' | ');
}

describe('rp_filter', () => {
  const elsewhere = comingFrom('10.0.2.77');
  it.each<[string, Readonly<Record<string, string>>, Flow, string]>([
    ['off', {}, elsewhere, 'passed off'],
    ['strict, the way back is another', { 'e0.rp_filter': '1' }, elsewhere, 'rp_filter other-device'],
    [
      'strict, the way back is the same',
      { 'e0.rp_filter': '1' },
      comingFrom('10.0.0.9'),
      'passed same-device',
    ],
    ['loose', { 'e0.rp_filter': '2' }, elsewhere, 'passed loose'],
    [
      'the greater of all and the device: loose',
      { 'e0.rp_filter': '1', 'all.rp_filter': '2' },
      elsewhere,
      'passed loose',
    ],
    [
      'the greater of all and the device: strict',
      { 'all.rp_filter': '1' },
      elsewhere,
      'rp_filter other-device',
    ],
    ['no way back, off', {}, comingFrom('203.0.113.1'), 'passed off'],
    ['no way back, loose', { 'e0.rp_filter': '2' }, comingFrom('203.0.113.1'), 'rp_filter no-route'],
    ['blackhole, loose', { 'e0.rp_filter': '2' }, comingFrom('198.51.100.9'), 'rp_filter no-route'],
    [
      'loose is strict on a device without address',
      { 'bare.rp_filter': '2' },
      comingFrom('10.0.2.77', { inInterface: 'bare' }),
      'rp_filter other-device',
    ],
    ['an own address', {}, comingFrom('10.0.1.1'), 'martian_source own-address'],
    ['an own address, accept_local', { 'all.accept_local': '1' }, comingFrom('10.0.1.1'), 'passed off'],
  ])('%s', (_, changes, asked, expected) => {
    expect(check(changes, asked)).toBe(expected);
  });

  it('uses the mark only with src_valid_mark', () => {
    const marked = comingFrom('10.0.2.77', { mark: 5 });
    const more = {
      rules: [rule(100, 77, { fwmark: { value: 5, mask: 0xffffffff } })],
      routes: [...routes, '10.0.2.0/24 dev e0 table 77'],
    };
    expect(check({ 'e0.rp_filter': '1' }, marked, more)).toBe('rp_filter other-device');
    expect(check({ 'e0.rp_filter': '1', 'all.src_valid_mark': '1' }, marked, more)).toBe(
      'passed same-device',
    );
    const sysctls = { 'net.ipv4.conf.e0.rp_filter': '1', 'net.ipv4.conf.all.rp_filter': '0' };
    expect(verdicts({ ...more, sysctls }, marked)).toEqual(['passed same-device', 'rp_filter other-device']);
  });

  it('looks back with the way out as input device and the ports swapped', () => {
    const rules = [rule(100, 77, { iif: 'e1', sport: { from: 80, to: 80 } })];
    const more = { rules, routes: [...routes, '10.0.2.0/24 dev e0 table 77'] };
    expect(check({ 'e0.rp_filter': '1' }, comingFrom('10.0.2.77', { destinationPort: 80 }), more)).toBe(
      'passed same-device',
    );
    expect(check({ 'e0.rp_filter': '1' }, comingFrom('10.0.2.77', { sourcePort: 80 }), more)).toBe(
      'rp_filter other-device',
    );
  });

  it('accepts any device of a multipath way back', () => {
    const more = { routes: [...routes, 'default nexthop via 10.0.1.9 dev e1 nexthop via 10.0.0.9 dev e0'] };
    expect(check({ 'e0.rp_filter': '1' }, comingFrom('203.0.113.9'), more)).toBe('passed same-device');
  });

  it('is asked for only where it makes a difference', () => {
    expect(verdicts({}, comingFrom('10.0.0.9'))).toEqual(['passed same-device']);
    expect(verdicts({}, elsewhere)).toEqual(['passed loose', 'rp_filter other-device']);
    const loose = { sysctls: { 'net.ipv4.conf.all.rp_filter': '2' } };
    expect(verdicts(loose, elsewhere)).toEqual(['passed loose']);
    const asked = enumerate(
      (chooser) =>
        validateSource(network({ links, routes }), elsewhere, { device: 'e1', broadcast: false }, chooser),
      9,
    );
    expect(asked.branches.map(({ value }) => value.mode)).toEqual([null, 1]);
  });

  it('drops a broadcast source once policy rules were ever added', () => {
    const source = comingFrom('10.0.2.255');
    expect(check({}, source)).toBe('martian_source not-unicast | passed off');
    expect(check({}, source, { rules: [rule(5, 999)] })).toBe('martian_source not-unicast');
  });

  it('asks where an unseen table leads', () => {
    const sysctls = settings({ 'e0.rp_filter': '1' });
    const known = { tables: new Set([254]), localDerived: true };
    const unseen = verdicts({ sysctls, known, rules: [rule(100, 7)] }, elsewhere);
    expect(unseen).toEqual(['passed same-device', 'rp_filter other-device', 'rp_filter other-device']);
  });
});

describe('martians', () => {
  const of = (source: string, to: string, changes: Readonly<Record<string, string>> = {}): string[] => {
    const net = network({ links, routes, sysctls: changes });
    const asked = flow(to, { source: ip(source), inInterface: 'e0' });
    return enumerate((chooser) => martian(net, asked, chooser) ?? 'routed', 9).branches.map(
      ({ value }) => value,
    );
  };
  const on = { 'net.ipv4.conf.all.route_localnet': '1' };
  const off = { 'net.ipv4.conf.all.route_localnet': '0', 'net.ipv4.conf.e0.route_localnet': '0' };

  it.each([
    ['224.0.0.9', '10.0.1.2', off, 'martian_source'],
    ['255.255.255.255', '10.0.1.2', off, 'martian_source'],
    ['0.0.0.0', '10.0.1.2', off, 'martian_source'],
    ['0.0.0.0', '255.255.255.255', off, 'routed'],
    ['0.0.0.5', '10.0.1.2', off, 'routed'],
    ['10.0.0.9', '0.0.0.0', off, 'martian_destination'],
    ['10.0.0.9', '127.0.0.1', off, 'martian_destination'],
    ['127.0.0.1', '10.0.1.2', off, 'martian_source'],
    ['10.0.0.9', '127.0.0.1', on, 'routed'],
    ['10.0.0.9', '10.0.1.2', {}, 'routed'],
  ])('%s > %s', (source, to, changes, expected) => {
    expect(of(source, to, changes)).toEqual([expected]);
  });

  it('asks for route_localnet when it is not shown', () => {
    expect(of('10.0.0.9', '127.0.0.1')).toEqual(['routed', 'martian_destination']);
  });
});
