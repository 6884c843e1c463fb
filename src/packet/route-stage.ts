/** Routing decisions of a walk: input, the end of output, and again after OUTPUT changed the packet. */
import { type Address, formatAddress } from '../address/address.js';
import { FIRST_CHOICE, decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import { UNKNOWN_INTERFACE } from '../iptables/view.js';
import { isLinkLocal, isMulticast } from '../routing/address-kind.js';
import { type Setting, decisiveSetting } from '../routing/decisive-setting.js';
import { gatewayOf } from '../routing/gateway.js';
import { forwardMtu, outputMtu } from '../routing/mtu.js';
import { isJoined, kernelJoins } from '../routing/groups.js';
import { type InputRoute, refusedOnArrival, routeInput, staysOnLink } from '../routing/input.js';
import {
  type Flow,
  type Lookup,
  type LookupOptions,
  UNTOLD,
  assumptionsOf,
  lookup,
} from '../routing/lookup.js';
import { type OutputRoute, routeOutput } from '../routing/output.js';
import { hasNoRealms, realmOfForward, realmOfOutput } from '../routing/realm.js';
import { perKey } from '../routing/remember.js';
import { realmOfSource } from '../routing/rp-filter.js';
import { forwardingOn } from '../routing/sysctl.js';
import { assumeAside } from './aside.js';
import { bridgedTo } from './bridged.js';
import { flowOf } from './flow.js';
import { cameToMany } from './frame.js';
import type { HookEvent } from './hooks.js';
import type { Unroutable } from './result.js';
import type { Step } from './steps.js';
import type { Routed, Walk } from './walk.js';

type RouteStep = Extract<Step, { kind: 'route' }>;

/** A walk that needs routing rests on what the snapshot shows of it. */
export function assumeRouting(walk: Walk): void {
  for (const { code, params } of assumptionsOf(walk.network)) walk.assume(code, params);
}

/** The same question with mark 0, when a mark was there: what the mark changed. */
function withoutMark(walk: Walk, flow: Flow, found: Lookup): RouteStep['withoutMark'] {
  if (flow.mark === 0 && flow.markUnknown === 0) return null;
  const other = lookup(walk.network, { ...flow, mark: 0, markUnknown: 0 }, FIRST_CHOICE);
  const [device, via] = other.kind === 'route' ? [other.nexthop.device, other.nexthop.via] : [null, null];
  const same =
    found.kind === 'route' &&
    other.kind === 'route' &&
    found.nexthop.device === device &&
    found.nexthop.via === via;
  if (same || (found.kind === 'error' && other.kind === 'error' && found.errno === other.errno)) return null;
  return { rule: other.rule, device, via, errno: other.kind === 'error' ? other.errno : null };
}

/** Where a decision leads: the device and gateway, and how the step names it. */
interface Way {
  readonly result: RouteStep['result'];
  readonly device: string | null;
  readonly via: Address | null;
}

function reportRoute(
  walk: Walk,
  purpose: RouteStep['purpose'],
  flow: Flow,
  found: Lookup | null,
  way: Way,
): void {
  if (!walk.options.steps) return;
  const route = found === null || found.kind === 'unseen' ? null : found.route;
  walk.report({
    kind: 'route',
    purpose,
    tried: found?.tried ?? [],
    rule: found?.rule ?? null,
    route,
    table: found?.kind === 'unseen' ? found.table : (route?.table ?? null),
    ...way,
    errno: found?.kind === 'error' && way.result === 'error' ? found.errno : null,
    withoutMark: found === null ? null : withoutMark(walk, flow, found),
  });
}

function routedBy(
  kind: Routed['kind'],
  found: Lookup | null,
  device: string | null,
  via: Address | null,
): Routed {
  const route = found?.kind === 'route' ? found.route : null;
  return {
    kind,
    rule: found?.rule ?? null,
    route,
    table: found?.kind === 'unseen' ? found.table : (route?.table ?? null),
    nexthop: found?.kind === 'route' ? found.nexthop : null,
    device: device ?? UNKNOWN_INTERFACE,
    via,
  };
}

function drop(walk: Walk, reason: string, setting: Setting | null = null): HookEvent {
  walk.ending = { drop: { reason, rule: null, ...(setting === null ? {} : { setting }) } };
  walk.report({ kind: 'drop', reason, rule: null });
  return 'DROP';
}

/** Ends the walk where there is no way. */
export function unroutable(walk: Walk, errno: string, more: Omit<Unroutable, 'errno'> = {}): HookEvent {
  walk.ending = { unroutable: { errno, ...more } };
  walk.report({ kind: 'unroutable', errno });
  return 'UNROUTABLE';
}

/** A snapshot that does not show whether the device forwards is taken to forward; the outcome says so. */
function assumeForwarding(walk: Walk, device: string): void {
  if (forwardingOn(walk.network, device) === null) walk.assume('ASM_FORWARDING', { device });
}

/**
 * Multicast is taken in by hosts that joined the group: the kernel itself does, and sockets, which `ip maddr` shows. That
 * a socket takes part from some sources alone, it does not.
 */
function multicast(walk: Walk): HookEvent {
  const { destination } = walk.packet;
  if (kernelJoins(walk.network, walk.start.device, destination)) return 'LOCAL';
  const group = formatAddress(destination);
  const joined = isJoined(walk.network, walk.start.device ?? 'lo', destination);
  if (joined === false) return drop(walk, 'multicast');
  if (joined === true) {
    walk.assume('ASM_GROUP_SOURCES', { group });
    return 'LOCAL';
  }
  const choices = (['yes', 'no'] as const).map((answer) => ({
    probability: null,
    assumption: { code: 'UNK_MULTICAST', params: { group, answer } },
  }));
  if (walk.chooserFor(null).choose(`joined ${group}`, choices) === 0) return 'LOCAL';
  return drop(walk, 'multicast');
}

/** A failed input lookup: an ICMP error to the sender, but nothing from a blackhole. */
function noWay(walk: Walk, errno: string, device: string): HookEvent {
  assumeForwarding(walk, device);
  return errno === 'EINVAL' ? drop(walk, 'blackhole') : unroutable(walk, errno);
}

function wayIn(walk: Walk, into: InputRoute): Way {
  const found = into.lookup;
  const device = found?.kind === 'route' ? found.nexthop.device : null;
  const chooser = walk.chooserFor(null);
  const via = found?.kind === 'route' ? gatewayOf(walk.network, found.route, found.nexthop, chooser) : null;
  if (found?.kind === 'error') return { result: 'error', device, via };
  if (into.kind === 'broadcast') return { result: 'broadcast', device, via };
  const type = found?.kind === 'route' ? found.route.type : 'unicast';
  return { result: type === 'local' || type === 'anycast' ? 'local' : 'forward', device, via };
}

function goOn(walk: Walk, into: InputRoute, flow: Flow): HookEvent {
  const device = flow.inInterface;
  const way = wayIn(walk, into);
  switch (into.kind) {
    case 'local':
    case 'broadcast':
      walk.routed = routedBy('local', into.lookup, way.device ?? 'lo', way.via);
      return 'LOCAL';
    case 'multicast':
      return multicast(walk);
    case 'error':
      return noWay(walk, into.errno ?? 'ENETUNREACH', device);
    case 'drop':
      if (into.reason === 'ip_forward') {
        // A bridge that bridges it does not ask IPv6 whether to forward.
        if (
          walk.family === 6 &&
          way.device !== null &&
          bridgedTo(walk, { ...way, device: way.device }, true) !== null
        ) {
          walk.routed = routedBy('forward', into.lookup, way.device, way.via);
          return 'FORWARD';
        }
        walk.report({ kind: 'forward', allowed: false, changes: [], why: 'off' });
      }
      return drop(walk, into.reason ?? 'rp_filter', decisiveSetting(walk.network, flow, into));
    case 'forward':
    case 'unseen':
      assumeForwarding(walk, device);
      walk.routed = routedBy('forward', into.lookup, way.device, way.via);
      return 'FORWARD';
  }
}

/** Which policy rules were passed over is found out for a listener alone. */
export function toldBy({ options }: Walk): LookupOptions {
  return options.steps ? TOLD : UNTOLD;
}

const TOLD: LookupOptions = {};

/** The device by which the packet came to PREROUTING. */
function arrivedBy({ looped, start }: Walk): string {
  return looped ? 'lo' : (start.device ?? 'lo');
}

/** Where the packet begins: PREROUTING for what came in and passed the first checks, routing for what is sent here. */
export function beginStage(walk: Walk): HookEvent {
  const { device, member } = walk.start;
  walk.report({ kind: 'enter', device });
  if (device === null) return 'ORIGINATED';
  // A frame for another MAC address goes on within a bridge, past routing.
  if (member !== null) walk.assume('ASM_MEMBER', { member, device });
  assumeAside(walk, 'in', device);
  const refused = device === 'lo' ? null : refusedOnArrival(walk.packet.source, walk.packet.destination);
  return refused === null ? 'ARRIVED' : drop(walk, refused);
}

/** What came in has its realm from its own route where it is forwarded, and from the way back to its sender. */
function noteRealm(walk: Walk, flow: Flow, { kind, lookup: found }: InputRoute): void {
  const { network } = walk;
  if (hasNoRealms(network)) return;
  const forwards = kind === 'forward';
  const device = forwards && found?.kind === 'route' ? found.nexthop.device : null;
  const broadcast = kind === 'broadcast' || kind === 'multicast';
  const back = (): number | null =>
    realmOfSource(network, flow, { device, broadcast }, walk.chooserFor(null));
  walk.realm = forwards || kind === 'unseen' ? () => realmOfForward(network, found, back()) : back;
}

/** Input routing: local, forward, or an end (ip_route_input_slow, ip6_route_input). */
export function routeInputStage(walk: Walk): HookEvent {
  // What came round through lo still carries the route of its way out, by which it is for this node.
  if (walk.looped && !walk.lostRoute)
    return walk.family === 4 && isMulticast(walk.packet.destination) ? multicast(walk) : 'LOCAL';
  assumeRouting(walk);
  const device = arrivedBy(walk);
  const flow = flowOf(walk.packet, device, null);
  const into = routeInput(walk.network, flow, walk.chooserFor(null), walk.lostRoute, toldBy(walk));
  noteRealm(walk, flow, into);
  if (into.lookup !== null && walk.options.steps)
    reportRoute(walk, 'input', flow, into.lookup, wayIn(walk, into));
  if (into.check !== null && walk.options.steps) {
    const { mode, passed, reverseDevice, why } = into.check;
    walk.report({ kind: 'rp-filter', device, mode, passed, reverseDevice, why });
  }
  return goOn(walk, into, flow);
}

/**
 * Is the packet too long for the way? In IPv4 it is then taken apart, unless its sender forbids that (DF), which a packet
 * is not described by.
 */
function tooLong(walk: Walk): boolean {
  const { packet, routed, network } = walk;
  if (packet.length === null || routed === null) return false;
  const mtu = forwardMtu(network, routed.route, routed.device);
  if (mtu === null || packet.length <= mtu) return false;
  return decide(
    walk.chooserFor(null),
    walk.family === 6 || unsure('the packet may not be fragmented', 'UNK_DONT_FRAGMENT', { mtu }),
  );
}

/** ip_forward, ip6_forward: the TTL runs down before FORWARD sees the packet, unless it stays in its bridge. */
export function forwardStage(walk: Walk): HookEvent {
  const { packet } = walk;
  const stays = staysOnLink(packet.source, arrivedBy(walk), walk.routed?.device ?? null);
  const isRefused = packet.ttl <= 1 || packet.length !== null || stays !== null || cameToMany(walk);
  const bridged = walk.routed === null ? null : bridgedTo(walk, walk.routed, isRefused);
  if (bridged === false) return drop(walk, 'hairpin');
  if (bridged === true) {
    walk.report({ kind: 'forward', allowed: true, changes: [], why: 'bridged' });
    return 'PASS';
  }
  if (cameToMany(walk)) return drop(walk, 'not-to-host');
  if (packet.ttl <= 1) {
    walk.report({ kind: 'forward', allowed: false, changes: [], why: 'ttl' });
    return drop(walk, 'ttl');
  }
  if (stays !== null) return drop(walk, stays);
  if (tooLong(walk)) return drop(walk, 'mtu');
  packet.ttl -= 1;
  if (!walk.options.steps) return 'PASS';
  const on = forwardingOn(walk.network, arrivedBy(walk));
  walk.report({
    kind: 'forward',
    allowed: true,
    changes: walk.changes(),
    why: on === null ? 'assumed' : 'on',
  });
  return 'PASS';
}

/** The flow that the packet is now, from the device that its socket is bound to. */
export function outputFlow(walk: Walk, source: Address): Flow {
  return flowOf(walk.packet, 'lo', walk.start.boundDevice, source);
}

/** Puts the packet on the way that output routing found, or ends the walk. */
export function leave(walk: Walk, purpose: 'output' | 'reroute', flow: Flow, out: OutputRoute): HookEvent {
  if (out.kind === 'error') {
    if (out.lookup !== null)
      reportRoute(walk, purpose, flow, out.lookup, { result: 'error', device: null, via: null });
    return unroutable(walk, out.errno ?? 'ENETUNREACH', {
      ...(purpose === 'reroute' ? { hook: 'OUTPUT' } : {}),
      ...(out.setting === undefined ? {} : { setting: out.setting }),
    });
  }
  walk.routed = routedBy('output', out.kind === 'on-link' ? null : out.lookup, out.device, out.via);
  const result = out.type === 'local' ? 'local' : out.type === 'broadcast' ? 'broadcast' : 'forward';
  const found = out.kind === 'on-link' ? null : out.lookup;
  if (!hasNoRealms(walk.network)) walk.realm = () => realmOfOutput(walk.network, found, out.type);
  reportRoute(walk, purpose, flow, found, { result, device: out.device, via: out.via });
  walk.packet.outInterface = walk.routed.device;
  walk.changes();
  return 'PASS';
}

/**
 * ip_route_me_harder, ip6_route_me_harder: route again with what the packet has become. The source is not chosen anew,
 * and a foreign one is no obstacle. IPv4 does not look at the socket's owner; IPv6 does, and keeps a link-local or
 * multicast destination on the device of the first route.
 */
export function rerouteStage(walk: Walk): HookEvent {
  const own = outputFlow(walk, walk.packet.source);
  const { destination, outInterface } = own;
  const stays = walk.family === 6 && (isMulticast(destination) || isLinkLocal(destination));
  const flow = {
    ...own,
    uid: walk.family === 4 ? 0 : own.uid,
    outInterface: outInterface ?? (stays ? (walk.routed?.device ?? null) : null),
  };
  return leave(
    walk,
    'reroute',
    flow,
    routeOutput(walk.network, flow, walk.chooserFor(null), { ...toldBy(walk), anySource: true }),
  );
}

/** A device that is down or without carrier drops what it is given (noop_qdisc). A brief listing does not tell. */
const cannotSend = perKey((network, device: string): 'device-down' | 'no-carrier' | null => {
  const flags = network.links.get(device)?.flags ?? [];
  if (flags.length === 0) return null;
  if (!flags.includes('UP')) return 'device-down';
  return flags.includes('NO-CARRIER') ? 'no-carrier' : null;
});

/** Nobody on a link can say that he is ::1: what comes from that address is dropped, his answer too (ip6_rcv_core). */
function cannotReach(walk: Walk, via: Address | null): 'no-neighbour' | null {
  return via === null && walk.packet.destination === 1n ? 'no-neighbour' : null;
}

/** A router cuts no packets in IPv6: what it let into FORWARD may still be too long for the route. */
function overflows({ packet, routed, network }: Walk): boolean {
  if (network.family === 4 || packet.length === null || routed?.kind !== 'forward') return false;
  return packet.length > (outputMtu(network, routed.route, routed.device) ?? packet.length);
}

/** Out by a device; what leaves by lo comes back in by it. */
export function transmitStage(walk: Walk): HookEvent {
  const { packet, routed } = walk;
  if (routed?.device === 'lo') {
    assumeAside(walk, 'out', 'lo');
    assumeAside(walk, 'in', 'lo');
    walk.report({ kind: 'loopback' });
    walk.looped = true;
    packet.inInterface = 'lo';
    packet.outInterface = '';
    return 'LOOPBACK';
  }
  if (overflows(walk)) return drop(walk, 'mtu');
  const dead =
    routed === null ? null : (cannotSend(walk.network, routed.device) ?? cannotReach(walk, routed.via));
  if (dead !== null) return drop(walk, dead);
  assumeAside(walk, 'out', routed?.device ?? UNKNOWN_INTERFACE);
  if (walk.options.steps)
    walk.report({ kind: 'send', device: routed?.device ?? UNKNOWN_INTERFACE, via: routed?.via ?? null });
  return 'PASS';
}
