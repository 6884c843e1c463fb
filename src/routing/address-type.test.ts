import { describe, expect, it } from 'vitest';
import { type NetworkParts, ip, link, network } from '../../test/support/network.js';
import { addressTypeIs, isOwnAddress } from './address-type.js';

const TYPES = ['LOCAL', 'BROADCAST', 'MULTICAST', 'UNICAST', 'BLACKHOLE', 'UNREACHABLE', 'PROHIBIT'];
const links = [link('lo', ['127.0.0.1/8 host']), link('e0', ['10.0.0.1/24']), link('e2', ['10.0.2.1/24'])];

/** The types that hold; `?` behind those that are open. */
function typesOf(parts: NetworkParts, address: string, device: string | null = null): string {
  const net = network({ links, ...parts });
  return TYPES.flatMap((type) => {
    const holds = addressTypeIs(net, ip(address), new Set([type]), device);
    return holds === false ? [] : [holds === true ? type : `${type}?`];
  }).join(' ');
}

describe('addrtype, IPv4', () => {
  const routes = [
    'blackhole 198.51.100.0/24',
    'blackhole 198.51.101.0/24 table 255',
    'local 198.51.102.0/24 dev lo table 100',
    'local 198.51.103.0/24 dev lo table 255',
  ];
  it.each([
    ['203.0.113.5', 'UNICAST'],
    ['10.0.0.1', 'LOCAL'],
    ['10.0.0.255', 'BROADCAST'],
    ['255.255.255.255', 'BROADCAST'],
    ['0.0.0.0', 'BROADCAST'],
    ['224.0.0.9', 'MULTICAST'],
    ['198.51.100.1', 'UNICAST'],
    ['198.51.101.1', 'UNICAST'],
    ['198.51.102.1', 'UNICAST'],
    ['198.51.103.1', 'LOCAL'],
    ['127.0.0.1', 'LOCAL'],
  ])('%s is %s', (address, expected) => {
    expect(typesOf({ routes }, address)).toBe(expected);
  });

  it('limited to a device', () => {
    expect(typesOf({}, '10.0.2.1', 'e2')).toBe('LOCAL');
    expect(typesOf({}, '10.0.2.1', 'e0')).toBe('UNICAST');
    expect(typesOf({}, '127.0.0.1', 'e0')).toBe('UNICAST');
  });

  it('is open while local and main may be one trie and main says more', () => {
    const split = ['local 192.0.2.0/24 dev lo table 255', '192.0.2.5 dev e0'];
    expect(typesOf({ routes: split }, '192.0.2.5')).toBe('LOCAL? UNICAST?');
  });

  it('without table local takes what is certain for local, and the rest for unicast', () => {
    const known = { links: false, tables: new Set([254]), localDerived: false };
    const parts = { links: [], known, routes: ['10.0.0.0/24 dev e0 src 10.0.0.1'] };
    expect(typesOf(parts, '10.9.9.9')).toBe('UNICAST');
    expect(typesOf(parts, '10.0.0.1')).toBe('LOCAL');
    expect(typesOf(parts, '127.0.0.1')).toBe('LOCAL');
  });

  it("an own address may be another subnet's broadcast", () => {
    const odd = network({ links: [link('e0', ['10.0.0.1/24']), link('e1', ['10.0.0.255/32'])] });
    expect(addressTypeIs(odd, ip('10.0.0.255'), new Set(['LOCAL']), null)).toBe(false);
    expect(isOwnAddress(odd, ip('10.0.0.255'))).toBe(true);
    expect(isOwnAddress(odd, ip('10.0.0.9'))).toBe(false);
  });
});

describe('addrtype, IPv6', () => {
  const parts: NetworkParts = {
    family: 6,
    links: [link('lo', ['::1/128 host']), link('e0', ['fd00::1/64'])],
    routes: ['fd00::/64 dev e0 metric 256', 'unreachable fd02::/16 dev lo'],
  };
  it.each([
    ['fd00::1', null, 'LOCAL BROADCAST UNICAST'],
    ['fd00::9', null, 'BROADCAST UNICAST'],
    ['2001:db8::1', null, 'BROADCAST UNICAST UNREACHABLE'],
    ['fd02::1', null, 'BROADCAST UNICAST UNREACHABLE'],
    ['fd00::1', 'e0', 'LOCAL BROADCAST UNICAST'],
  ])('%s on %s: %s', (address, device, expected) => {
    expect(typesOf(parts, address, device)).toBe(expected);
  });
});
