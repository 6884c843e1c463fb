/** Which nexthop of a route: net/ipv4/fib_semantics.c fib_select_path, net/ipv6/route.c fib6_select_path. */
import { anyAddress, formatAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Choice, unsure } from '../chooser/question.js';
import { type FoundRoute, byObject } from './fib.js';
import type { Flow } from './lookup.js';
import type { Network, Nexthop, Route } from './model.js';
import { selectDeviceAddress } from './source.js';
import { readNumber } from './sysctl.js';

/**
 * The nexthop that the flow takes: by chance, in proportion to the weights, when the route has several
 * (fib_select_path, fib6_select_path). In IPv6 a group of nexthop objects is hashed over whatever device the flow wants:
 * that it has one of that device is enough. The choice is one per route and pair of addresses (and ports, with
 * fib_multipath_hash_policy 1), as the kernel's hash is.
 */
export function chooseNexthop(
  network: Network,
  found: FoundRoute,
  flow: Flow,
  chooser: Chooser,
): { readonly route: Route; readonly nexthop: Nexthop } {
  const [first] = found.usable;
  if (first === undefined) throw new RangeError('a route that was found has a usable nexthop');
  const bound = flow.outInterface !== null;
  if (bound && network.family === 4) return { route: found.route, nexthop: first };
  if (found.rivals.length > 0) return chooseRival(found, first, flow, chooser);
  const isGroup = bound && byObject(found.route);
  const usable = isGroup ? found.route.nexthops.filter(({ dead }) => !dead) : found.usable;
  if (usable.length === 1) return { route: found.route, nexthop: first };
  const flowKey = `${found.route.text} table ${String(found.route.table)} ${multipathKey(network, flow)}`;
  const ways =
    bound && !isGroup ? keepToDevice(found) : preferOwnSource({ ...found, usable }, flow, network, chooser);
  const total = ways.reduce((sum, way) => sum + way.weight, 0);
  const neighbours = readNumber(network, 'net.ipv4.fib_multipath_use_neigh') === 1 && network.family === 4;
  const choices = ways.map(({ nexthop, weight }): Choice => {
    const params = {
      device: nexthop.device ?? '',
      via: nexthop.via === null ? '' : formatAddress(nexthop.via),
    };
    return neighbours
      ? { probability: null, assumption: { code: 'UNK_NEIGHBOUR', params } }
      : { probability: weight / total, assumption: null };
  });
  const chosen = ways.length === 1 ? 0 : chooser.choose(`nexthop of ${flowKey}`, choices);
  return { route: found.route, nexthop: ways[chosen]?.nexthop ?? first };
}

function multipathKey(network: Network, flow: Flow): string {
  const pair = `${formatAddress(flow.source)} > ${formatAddress(flow.destination)}`;
  const policy = readNumber(network, `net.ipv${String(network.family)}.fib_multipath_hash_policy`) ?? 0;
  if (policy === 0) return pair;
  return `${pair} ${String(flow.protocol)} ${String(flow.sourcePort)} > ${String(flow.destinationPort)}`;
}

function chooseRival(
  found: FoundRoute,
  first: Nexthop,
  flow: Flow,
  chooser: Chooser,
): { readonly route: Route; readonly nexthop: Nexthop } {
  const routes = [found.route, ...found.rivals];
  const choices = routes.map((route) => ({
    probability: null,
    assumption: { code: 'UNK_EQUAL_ROUTES', params: { route: route.text } },
  }));
  const key = `which of ${String(routes.length)} equal routes ${found.route.text} table ${String(found.route.table)}`;
  const route =
    routes[chooser.choose(`${key} to ${formatAddress(flow.destination)}`, choices)] ?? found.route;
  return { route, nexthop: route === found.route ? first : (route.nexthops[0] ?? first) };
}

interface Way {
  readonly nexthop: Nexthop;
  readonly weight: number;
}

/** A bound IPv6 socket's flow that the hash gives to another device's nexthop takes the first one of its own device. */
function keepToDevice({ route, usable }: FoundRoute): readonly Way[] {
  const weight = (hops: readonly Nexthop[]): number =>
    hops.reduce((sum, hop) => sum + Math.max(1, hop.weight), 0);
  const others = weight(route.nexthops.filter((hop) => !hop.dead && !usable.includes(hop)));
  return usable.map((nexthop, i) => ({ nexthop, weight: weight([nexthop]) + (i === 0 ? others : 0) }));
}

/**
 * Was the kernel of the snapshot built from this version or a later one? Its own name is asked (`kernel.osrelease`).
 * @returns null when the snapshot does not show it; of an older one that takes over later changes (el: Red Hat's) too
 */
function kernelIsAtLeast(network: Network, major: number, minor: number): boolean | null {
  const found = /^(\d{1,3})\.(\d{1,3})/.exec(network.sysctl('kernel.osrelease')?.trim() ?? '');
  if (found === null) return null;
  const [have, wanted] = [Number(found[1]) * 1000 + Number(found[2]), major * 1000 + minor];
  if (have >= wanted) return true;
  return /\.el\d/.test(found.input) ? null : false;
}

/**
 * What a node sends from an address of its own keeps to the nexthops whose device has that address, as of Linux 6.16
 * (fib_select_multipath); before, the hash alone decides. Asked only where it matters.
 */
function preferOwnSource(found: FoundRoute, flow: Flow, network: Network, chooser: Chooser): readonly Way[] {
  const all = found.usable.map((nexthop) => ({ nexthop, weight: Math.max(1, nexthop.weight) }));
  const fromHere = network.family === 4 && flow.inInterface === 'lo' && flow.source !== anyAddress(4);
  if (!fromHere || found.route.words.includes('nhid')) return all;
  const own = all.map(({ nexthop }) => {
    const source = selectDeviceAddress(network, nexthop.device, nexthop.via, found.route.scope);
    return source.kind === 'address' && source.address === flow.source;
  });
  if (!own.includes(true) || !own.includes(false)) return all;
  const prefers =
    kernelIsAtLeast(network, 6, 16) ?? unsure('multipath prefers the source', 'UNK_MULTIPATH_SOURCE');
  if (!decide(chooser, prefers)) return all;
  const rest = all.reduce((sum, way, i) => sum + (own[i] === true ? 0 : way.weight), 0);
  const first = own.indexOf(true);
  return all
    .map((way, i) => (i === first ? { ...way, weight: way.weight + rest } : way))
    .filter((_, i) => own[i] === true);
}
