/** Links, addresses and sysctls of a routing case, as `ip addr` and `sysctl -a` print them. */
import * as fc from 'fast-check';
import type { Family } from '../../../../src/address/address.js';
import { DEVICES, DOWN, UNPLUGGED, broadcastOf, host, maybe, network, pick } from './pool.js';

export interface OwnAddress {
  readonly device: string;
  readonly address: string;
  readonly length: number;
  readonly peer: string | null;
  readonly broadcast: boolean;
  readonly scope: 'global' | 'site' | 'link' | 'host';
  readonly deprecated: boolean;
  readonly label: string;
  /** Its subnet's route in table main. */
  readonly connected: boolean;
}

const LENGTHS4 = [24, 24, 24, 24, 16, 30, 31, 32, 28] as const;
const LENGTHS6 = [64, 64, 64, 64, 48, 127, 128] as const;

function ownAddress(family: Family): fc.Arbitrary<OwnAddress> {
  return fc.record({
    device: pick(['e0', 'e0', 'e1', 'e1', 'e2', 'e3', 'e3', 'e4', 'e5']),
    address: host(family),
    length: pick(family === 4 ? LENGTHS4 : LENGTHS6),
    peer: family === 4 ? maybe(8, host(4)) : fc.constant(null),
    broadcast: fc.boolean(),
    scope: maybe(10, pick(['link', 'link', 'site', 'host'] as const)).map((scope) => scope ?? 'global'),
    deprecated: maybe(family === 6 ? 12 : 4, fc.constant(true)).map((yes) => yes !== null),
    label: maybe(8, pick([':a', ':b'])).map((one) => one ?? ''),
    connected: maybe(10, fc.constant(true)).map((not) => not === null),
  });
}

/** Own addresses, each once: of one on two devices no dump tells which the kernel finds. */
export function ownAddresses(family: Family): fc.Arbitrary<readonly OwnAddress[]> {
  return fc.array(ownAddress(family), { minLength: 3, maxLength: 11 }).map((all) => {
    const broadcasts = new Set(all.flatMap(broadcastsOf));
    const once = new Map(all.map((own) => [own.address, own]));
    return [...once.values()].filter(({ address }) => !broadcasts.has(address));
  });
}

function broadcastsOf({ address, peer, length }: OwnAddress): string[] {
  return address.includes(':') || length > 30 ? [] : [broadcastOf(peer ?? address, length)];
}

function addressLine(own: OwnAddress): string {
  const { address, length, peer, device, label } = own;
  const six = address.includes(':');
  // The kernel itself tells the scope of an IPv6 address.
  const scope = `${six ? 'global' : own.scope}${own.deprecated ? ' deprecated' : ''}`;
  if (six) return `    inet6 ${address}/${String(length)} scope ${scope}`;
  const subnet = peer === null ? `${address}/${String(length)}` : `${address} peer ${peer}/${String(length)}`;
  const brd = own.broadcast && length < 31 ? ` brd ${broadcastOf(peer ?? address, length)}` : '';
  return `    inet ${subnet}${brd} scope ${scope} ${device}${label}`;
}

/** `ip addr`. */
export function addressText(family: Family, all: readonly OwnAddress[], unplugged: boolean): string {
  const blocks = DEVICES.map((device, at) => {
    const carrier = unplugged && device === UNPLUGGED ? 'NO-CARRIER,' : '';
    const up = device === DOWN ? '' : carrier === '' ? ',UP,LOWER_UP' : ',UP';
    const linkLocal = device === DOWN ? [] : [`    inet6 fe80::${String(at + 10)}/64 scope link`];
    return [
      `${String(at + 2)}: ${device}: <${carrier}BROADCAST,MULTICAST${up}> mtu 1500 qdisc noqueue state UP group ${String(at % 4)}`,
      `    link/ether 02:00:00:00:01:0${String(at)} brd ff:ff:ff:ff:ff:ff`,
      ...all.filter((own) => own.device === device).map(addressLine),
      ...(family === 6 ? linkLocal : []),
    ].join('\n');
  });
  const lo = [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    inet 127.0.0.1/8 scope host lo',
    '    inet6 ::1/128 scope host',
  ];
  return `${[...lo, ...blocks].join('\n')}\n`;
}

/** The routes that the kernel makes for the subnets of own addresses. */
export function connectedRoutes(family: Family, all: readonly OwnAddress[]): readonly string[] {
  const own = all.flatMap(({ device, address, length, peer, connected }) => {
    if (!connected || device === DOWN || length === (family === 4 ? 32 : 128)) return [];
    const to = network(peer ?? address, length);
    return family === 4
      ? [`${to} dev ${device} proto kernel scope link src ${address}`]
      : [`${to} dev ${device} proto kernel metric 256 pref medium`];
  });
  const linkLocal = DEVICES.filter((device) => device !== DOWN).map(
    (device) => `fe80::/64 dev ${device} proto kernel metric 256 pref medium`,
  );
  return family === 4 ? own : [...own, ...linkLocal];
}

const SWITCHES4 = [
  ['accept_local', 15],
  ['route_localnet', 15],
  ['src_valid_mark', 30],
  ['ignore_routes_with_linkdown', 40],
] as const;

function deviceSettings(device: string): fc.Arbitrary<readonly string[]> {
  const all = device === 'all';
  const conf = `net.ipv4.conf.${device}`;
  const switches = SWITCHES4.map(([name, percent]) =>
    maybe(all ? percent / 3 : percent, fc.constant(1)).map((on) => `${conf}.${name} = ${String(on ?? 0)}`),
  );
  return fc.tuple(
    pick(all ? [0, 0, 0, 0, 1, 2] : [0, 0, 1, 2]).map((mode) => `${conf}.rp_filter = ${String(mode)}`),
    maybe(all ? 0 : 7, fc.constant(0)).map((off) => `${conf}.forwarding = ${String(off ?? 1)}`),
    ...switches,
  );
}

const NAMES = ['all', 'lo', ...DEVICES] as const;

/** `sysctl -a`, the part that routing reads. */
export function sysctlText(family: Family): fc.Arbitrary<string> {
  const hash = fc.tuple(
    fc.nat({ max: 1 }),
    maybe(4, fc.constant(1)).map((on) => on ?? 0),
  );
  if (family === 6) {
    return fc
      .tuple(hash, fc.array(pick(NAMES), { maxLength: 1 }), ...NAMES.map(() => maybe(40, fc.constant(1))))
      .map(([[policy], only, ...linkdown]) =>
        [
          'net.ipv6.conf.all.forwarding = 1',
          `net.ipv6.fib_multipath_hash_policy = ${String(policy)}`,
          ...only.map((name) => `net.ipv6.conf.${name}.use_oif_addrs_only = 1`),
          ...NAMES.map(
            (name, at) =>
              `net.ipv6.conf.${name}.ignore_routes_with_linkdown = ${String(Number(linkdown[at] !== null))}`,
          ),
        ].join('\n'),
      );
  }
  return fc.tuple(hash, ...NAMES.map(deviceSettings)).map(([[policy, neighbours], ...devices]) =>
    [
      'net.ipv4.ip_forward = 1',
      // A neighbour asked for in the name of 127/8 would not be heard when it answers.
      'net.ipv4.conf.all.arp_announce = 2',
      `net.ipv4.fib_multipath_hash_policy = ${String(policy)}`,
      `net.ipv4.fib_multipath_use_neigh = ${String(neighbours)}`,
      ...devices.flat(),
    ].join('\n'),
  );
}
