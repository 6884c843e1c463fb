import { describe, expect, it } from 'vitest';
import { formatAddress } from '../address/address.js';
import { FIRST_CHOICE, enumerate } from '../chooser/enumerate.js';
import { ip, link, network, route } from '../../test/support/network.js';
import type { Chooser } from '../chooser/question.js';
import type { Network } from './model.js';
import { type SourceChoice, masqueradeSource, redirectAddress, selectSource } from './source.js';

function text(choice: SourceChoice): string {
  return choice.kind === 'address' ? `${formatAddress(choice.address)} ${choice.why}` : choice.kind;
}

function chosen(net: Network, line: string, to: string): string {
  const found = route(line, net.family);
  const [nexthop] = found.nexthops;
  return nexthop === undefined ? 'no nexthop' : text(selectSource(net, found, nexthop, ip(to), FIRST_CHOICE));
}

const net4 = network({
  links: [
    link('lo', ['127.0.0.1/8 host']),
    link('e0', []),
    link('e1', ['192.168.9.1/24 link', '10.0.1.1/24', '10.0.1.2/24 secondary', '10.9.0.1/24']),
    link('p0', ['10.6.0.1/32 peer 10.7.0.9']),
  ],
});

describe('the source of a local packet, IPv4', () => {
  it.each([
    ['the route names it', '8.0.0.0/8 via 10.0.1.254 dev e1 src 10.9.0.1', '8.8.8.8', '10.9.0.1 route-src'],
    ['the subnet of the gateway', '8.0.0.0/8 via 10.9.0.254 dev e1', '8.8.8.8', '10.9.0.1 device'],
    [
      'a gateway of no subnet: the first of global scope',
      '8.0.0.0/8 via 10.3.0.254 dev e1',
      '8.8.8.8',
      '10.0.1.1 device',
    ],
    [
      'a route of link scope may take a link address',
      '192.168.9.0/24 dev e1 scope link',
      '192.168.9.7',
      '192.168.9.1 device',
    ],
    [
      'a device without addresses: the first global one of any',
      '8.0.0.0/8 dev e0 scope link',
      '8.8.8.8',
      '10.0.1.1 any-device',
    ],
    [
      'a local destination: itself',
      'local 10.0.1.2 dev e1 table 255 scope host',
      '10.0.1.2',
      '10.0.1.2 local',
    ],
    [
      'an own secondary address: its primary',
      'local 10.0.1.2 dev e1 src 10.0.1.1',
      '10.0.1.2',
      '10.0.1.1 route-src',
    ],
    ['the peer decides which subnet it is', '10.7.0.0/24 via 10.7.0.9 dev p0', '10.7.0.1', '10.6.0.1 device'],
    ['a device that is not shown', '8.0.0.0/8 dev x', '8.8.8.8', 'unknown'],
  ])('%s', (_, line, to, expected) => {
    expect(chosen(net4, line, to)).toBe(expected);
  });

  it('is none when no device has an address, and unknown when addresses are not shown', () => {
    const links = [link('e0', [])];
    expect(chosen(network({ links }), '8.0.0.0/8 dev e0', '8.8.8.8')).toBe('none');
    expect(chosen(network({ links, known: { links: false } }), '8.0.0.0/8 dev e0', '8.8.8.8')).toBe(
      'unknown',
    );
  });
});

describe('an address of scope host', () => {
  const setting = 'net.ipv4.conf.%.route_localnet';
  const shown = (all: string, own: string): Record<string, string> => ({
    [setting.replace('%', 'all')]: all,
    [setting.replace('%', 'e0')]: own,
  });
  it.each([
    ['counts as one of scope link with route_localnet', shown('0', '1'), '10.1.0.1 device'],
    ['does not count without', shown('0', '0'), '10.2.0.1 device'],
    ['may count where the setting is not shown', {}, 'unknown'],
  ])('%s', (_, sysctls, expected) => {
    const links = [link('e0', ['10.1.0.1/24 host', '10.2.0.1/24'])];
    expect(chosen(network({ links, sysctls }), '8.0.0.0/8 dev e0 scope link', '8.8.8.8')).toBe(expected);
    // A route of global scope takes neither kind.
    expect(chosen(network({ links, sysctls }), '8.0.0.0/8 via 10.3.0.9 dev e0', '8.8.8.8')).toBe(
      '10.2.0.1 device',
    );
  });
});

describe('NAT to an address of a device', () => {
  const masquerade = (device: string, nexthop: string | null, to = '8.8.8.8'): string =>
    text(masqueradeSource(net4, device, nexthop === null ? null : ip(nexthop), ip(to), FIRST_CHOICE));

  it('MASQUERADE looks at the gateway, else at the destination', () => {
    expect(masquerade('e1', '10.9.0.254')).toBe('10.9.0.1 device');
    expect(masquerade('e1', null, '10.9.0.7')).toBe('10.9.0.1 device');
    expect(masquerade('e1', null)).toBe('10.0.1.1 device');
    expect(masquerade('e0', null)).toBe('10.0.1.1 any-device');
  });

  it('REDIRECT takes the first address of the list, of whatever scope', () => {
    expect(text(redirectAddress(net4, 'e1', ip('8.8.8.8')))).toBe('192.168.9.1 device');
    expect(text(redirectAddress(net4, 'e0', ip('8.8.8.8')))).toBe('none');
    expect(text(redirectAddress(net4, 'x', ip('8.8.8.8')))).toBe('unknown');
  });

  it('REDIRECT keeps to link-local addresses where the packet was for one, IPv6', () => {
    const net = network({
      family: 6,
      links: [link('e0', ['fd00::9/64 tentative', 'fd00::1/64', 'fe80::1/64 link'])],
    });
    expect(text(redirectAddress(net, 'e0', ip('2001:db8::1')))).toBe('fd00::1 device');
    expect(text(redirectAddress(net, 'e0', ip('fe80::5')))).toBe('fe80::1 device');
  });
});

describe('the source of a local packet, IPv6', () => {
  const net = network({
    family: 6,
    links: [
      link('lo', ['::1/128 host']),
      link('e0', ['2001:db8:1::1/64', 'fd00:1::1/64', 'fe80::1/64 link', '2001:db8:9::1/64 deprecated']),
      link('e1', ['2001:db8:2::1/64', 'fe80::2/64 link']),
      link('e2', []),
    ],
    sysctls: { 'net.ipv6.conf.e2.use_oif_addrs_only': '1' },
  });

  it.each([
    ['the route names it', 'default dev e0 src fd00:1::1', '2001:db8::1', 'fd00:1::1 route-src'],
    ['an own destination', 'local fd00:1::1 dev e0', 'fd00:1::1', 'fd00:1::1 device'],
    ['the scope of the destination', 'fe80::/64 dev e1', 'fe80::77', 'fe80::2 device'],
    ['the label: ULA to ULA', 'default dev e1', 'fd00:5::1', '2001:db8:2::1 device'],
    ['the label, on the same device', 'default dev e0', 'fd00:5::1', 'fd00:1::1 device'],
    [
      'not a deprecated one, although its prefix is longer',
      'default dev e0',
      '2001:db8:9::9',
      '2001:db8:1::1 device',
    ],
    ['any device when the own one has none', 'default dev e2', 'fe81::1', 'none'],
  ])('%s', (_, line, to, expected) => {
    expect(chosen(net, line, to)).toBe(expected);
  });

  it("takes another device's unless the device keeps to its own", () => {
    expect(chosen(net, 'default dev e2', '2001:db8:2::9')).toBe('none');
    expect(chosen({ ...net, sysctl: () => null }, 'default dev e2', '2001:db8:2::9')).toBe(
      '2001:db8:2::1 any-device',
    );
  });
});

describe('the source of a local packet, IPv6, where settings are not shown', () => {
  const links = [
    link('lo', ['::1/128 host']),
    link('e0', ['fe80::1/64 link']),
    link('e1', ['fd00:1::1/64', 'fd00:1::7/64 temporary']),
  ];
  const all = (line: string, sysctls: Readonly<Record<string, string>>): readonly string[] => {
    const found = route(line, 6);
    const [nexthop] = found.nexthops;
    if (nexthop === undefined) return [];
    const net = network({ family: 6, links, sysctls });
    const choose = (chooser: Chooser): string =>
      text(selectSource(net, found, nexthop, ip('2001:db8::9'), chooser));
    return enumerate(choose, 10).branches.map(({ value }) => value);
  };
  const [temporary, only] = ['net.ipv6.conf.e1.use_tempaddr', 'net.ipv6.conf.e0.use_oif_addrs_only'];

  it('may be of another device, unless the device keeps to its own', () => {
    const shown = { [temporary]: '0' };
    expect(all('default dev e0', shown)).toEqual(['fd00:1::1 any-device', 'fe80::1 device']);
    expect(all('default dev e0', { ...shown, [only]: '0' })).toEqual(['fd00:1::1 any-device']);
    expect(all('default dev e0', { ...shown, [only]: '1' })).toEqual(['fe80::1 device']);
  });

  it('is not known where a temporary address may be preferred', () => {
    expect(all('default dev e1', {})).toEqual(['unknown']);
    expect(all('default dev e1', { [temporary]: '0' })).toEqual(['fd00:1::1 device']);
    expect(all('default dev e1', { [temporary]: '2' })).toEqual(['fd00:1::7 device']);
  });
});

describe('the source of a route by a nexthop object', () => {
  const line = 'default nhid 30 dev e1';
  const chosenAll = (net: Network): string[] => {
    const found = route(line, 4);
    const [nexthop] = found.nexthops;
    if (nexthop === undefined) throw new Error('no nexthop');
    const { branches } = enumerate(
      (chooser) => text(selectSource(net, found, nexthop, ip('8.8.8.8'), chooser)),
      9,
    );
    return branches.map(({ value }) => value);
  };

  it('may be the one of narrower scope that the object chose when it was made', () => {
    expect(chosenAll(net4)).toEqual(['192.168.9.1 device', '10.0.1.1 device']);
  });

  it('may be a narrow one too when the gateway is an address of the node', () => {
    const found = route('default nhid 30 via 192.168.9.1 dev e1', 4);
    const [nexthop] = found.nexthops;
    const choose = { choose: (): number => 0 };
    expect(nexthop && text(selectSource(net4, found, nexthop, ip('8.8.8.8'), choose))).toBe(
      '192.168.9.1 device',
    );
  });

  it('is that of the route when scopes do not matter', () => {
    expect(chosenAll(network({ links: [link('e1', ['10.0.1.1/24'])] }))).toEqual(['10.0.1.1 device']);
  });
});
