/** Routing decisions of a walk: input, output, and again after OUTPUT changed the packet. */
import { type Address, anyAddress, formatAddress } from '../address/address.js';
import { FIRST_CHOICE } from '../chooser/enumerate.js';
import { UNKNOWN_INTERFACE } from '../iptables/view.js';
import { isMulticast } from '../routing/address-kind.js';
import { addressTypeIs } from '../routing/address-type.js';
import { type Flow, type Lookup, assumptionsOf, lookup } from '../routing/lookup.js';
import { type ForwardRoute, martian, validateSource } from '../routing/rp-filter.js';
import { selectSource } from '../routing/source.js';
import { forwardingOn } from '../routing/sysctl.js';
import { flowOf } from './flow.js';
import type { HookEvent } from './hooks.js';
import { PROTOCOL, setSource } from './packet.js';
import type { Step } from './steps.js';
import type { Routed, Walk } from './walk.js';

type RouteStep = Extract<Step, { kind: 'route' }>;

/** A walk that needs routing rests on what the snapshot shows of it. */
function look(walk: Walk, flow: Flow): Lookup {
  for (const { code, params } of assumptionsOf(walk.network)) walk.assume(code, params);
  return lookup(walk.network, flow, walk.chooserFor(null));
}

/** The same question with mark 0, when a mark was there: what the mark changed. */
function withoutMark(walk: Walk, flow: Flow, found: Lookup): RouteStep['withoutMark'] {
  if (!walk.options.steps || (flow.mark === 0 && flow.markUnknown === 0)) return null;
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

function reportRoute(
  walk: Walk,
  purpose: RouteStep['purpose'],
  flow: Flow,
  found: Lookup,
  result: RouteStep['result'],
): void {
  const route = found.kind === 'unseen' ? null : found.route;
  const nexthop = found.kind === 'route' ? found.nexthop : null;
  walk.report({
    kind: 'route',
    purpose,
    tried: found.tried,
    rule: found.rule,
    route,
    table: found.kind === 'unseen' ? found.table : (route?.table ?? null),
    device: nexthop?.device ?? null,
    via: nexthop?.via ?? null,
    result,
    errno: found.kind === 'error' ? found.errno : null,
    withoutMark: withoutMark(walk, flow, found),
  });
}

function routedBy(found: Exclude<Lookup, { kind: 'error' }>, kind: Routed['kind']): Routed {
  if (found.kind === 'unseen') {
    return {
      kind,
      rule: found.rule,
      route: null,
      table: found.table,
      nexthop: null,
      device: UNKNOWN_INTERFACE,
      via: null,
    };
  }
  const local = found.route.type === 'local' || found.route.type === 'broadcast';
  const device =
    kind === 'output' && found.route.type === 'local'
      ? 'lo'
      : (found.nexthop.device ?? (local ? 'lo' : UNKNOWN_INTERFACE));
  return {
    kind,
    rule: found.rule,
    route: found.route,
    table: found.route.table,
    nexthop: found.nexthop,
    device,
    via: found.nexthop.via,
  };
}

function drop(walk: Walk, reason: string): HookEvent {
  walk.ending = { drop: { reason, rule: null } };
  walk.report({ kind: 'drop', reason, rule: null });
  return 'DROP';
}

function unroutable(walk: Walk, errno: string): HookEvent {
  walk.ending = { unroutable: { errno } };
  walk.report({ kind: 'unroutable', errno });
  return 'UNROUTABLE';
}

/** fib_validate_source, reported as a step. @returns the end of the walk, or null when the source is fine */
function checkSource(walk: Walk, flow: Flow, forward: ForwardRoute): HookEvent | null {
  if (walk.family === 6) return null;
  const {
    device,
    mode,
    passed,
    reverseDevice,
    why,
    drop: reason,
  } = validateSource(walk.network, flow, forward, walk.chooserFor(null));
  walk.report({ kind: 'rp-filter', device, mode, passed, reverseDevice, why });
  return reason === null ? null : drop(walk, reason);
}

/** Is forwarding on for the device that the packet came in by? A snapshot without the sysctl is taken to forward. */
function mayForward(walk: Walk, device: string): boolean {
  const on = forwardingOn(walk.network, device);
  if (on === null) walk.assume('ASM_FORWARDING', { device });
  return on ?? true;
}

/** Multicast is taken in by hosts that joined the group, which no dump here shows (ip_route_input_rcu). */
function multicast(walk: Walk): HookEvent {
  const group = formatAddress(walk.packet.destination);
  const choices = (['yes', 'no'] as const).map((answer) => ({
    probability: null,
    assumption: { code: 'UNK_MULTICAST', params: { group, answer } },
  }));
  return walk.chooserFor(null).choose(`joined ${group}`, choices) === 0 ? 'LOCAL' : drop(walk, 'multicast');
}

function localDelivery(walk: Walk): void {
  walk.packet.outInterface = '';
}

/** A failed input lookup: an ICMP error to the sender where the node forwards, silence where it does not (ip_error). */
function noWay(walk: Walk, found: Extract<Lookup, { kind: 'error' }>, device: string): HookEvent {
  if (!mayForward(walk, device)) return drop(walk, 'ip_forward');
  // A blackhole says nothing to anyone.
  return found.errno === 'EINVAL' ? drop(walk, 'blackhole') : unroutable(walk, found.errno);
}

/** Input routing (net/ipv4/route.c ip_route_input_slow): local, forward, or an end. */
export function routeInputStage(walk: Walk): HookEvent {
  const { packet, network } = walk;
  const { device } = walk.start;
  // What came round through lo still carries the route of its way out: it is for this node.
  if (walk.looped || device === null) {
    localDelivery(walk);
    return 'LOCAL';
  }
  if (isMulticast(packet.destination)) return multicast(walk);
  const flow = flowOf(packet, device, null);
  const odd = martian(network, flow, walk.chooserFor(null));
  if (odd !== null) return drop(walk, odd);
  const found = look(walk, flow);
  if (found.kind === 'error') {
    reportRoute(walk, 'input', flow, found, 'error');
    return noWay(walk, found, device);
  }
  const type = found.kind === 'route' ? found.route.type : 'unicast';
  const isLocal = type === 'local' || type === 'broadcast';
  walk.routed = routedBy(found, isLocal ? 'local' : 'forward');
  reportRoute(walk, 'input', flow, found, type === 'broadcast' ? 'broadcast' : isLocal ? 'local' : 'forward');
  if (isLocal) {
    const bad = checkSource(walk, flow, { device: null, broadcast: type === 'broadcast' });
    localDelivery(walk);
    return bad ?? 'LOCAL';
  }
  if (!mayForward(walk, device)) {
    walk.report({ kind: 'forward', allowed: false, changes: [], why: 'off' });
    return drop(walk, 'ip_forward');
  }
  if (type !== 'unicast') return drop(walk, 'martian_destination');
  const bad = checkSource(walk, flow, { device: walk.routed.device, broadcast: false });
  if (bad !== null) return bad;
  packet.outInterface = walk.routed.device;
  return 'FORWARD';
}

/** ip_forward: the TTL runs down before FORWARD sees the packet. */
export function forwardStage(walk: Walk): HookEvent {
  const { packet } = walk;
  if (packet.ttl <= 1) {
    walk.report({ kind: 'forward', allowed: false, changes: [], why: 'ttl' });
    return drop(walk, 'ttl');
  }
  packet.ttl -= 1;
  const on = walk.start.device === null ? true : forwardingOn(walk.network, walk.start.device);
  walk.report({
    kind: 'forward',
    allowed: true,
    changes: walk.changes(),
    why: on === null ? 'assumed' : 'on',
  });
  return 'PASS';
}

/** The source that the kernel gives to a local packet that has none. @returns false when it has none to give */
function giveSource(walk: Walk, found: Extract<Lookup, { kind: 'route' }>): boolean {
  const choice = selectSource(walk.network, found.route, found.nexthop, walk.packet.destination);
  if (choice.kind === 'unknown') walk.assume('ASM_SOURCE', {});
  if (choice.kind === 'none') return false;
  if (choice.kind === 'address') {
    setSource(walk.packet, choice.address);
    walk.report({ kind: 'source', address: choice.address, why: choice.why });
  }
  return true;
}

/**
 * connect() routes a second time with the source it chose (ip_route_connect, ip_route_newports); sendto() on an
 * unconnected socket does not. TCP always connects; for UDP it is asked only when the two differ.
 */
function connectsAgain(walk: Walk, first: Lookup, again: Lookup): boolean {
  const { protocol } = walk.packet;
  if (protocol === PROTOCOL.tcp || protocol === PROTOCOL.sctp || protocol === PROTOCOL.dccp) return true;
  if (protocol !== PROTOCOL.udp && protocol !== PROTOCOL.udplite) return false;
  const same =
    first.kind === 'route' &&
    again.kind === 'route' &&
    first.nexthop.device === again.nexthop.device &&
    first.nexthop.via === again.nexthop.via;
  if (same) return false;
  const choices = (['yes', 'no'] as const).map((answer) => ({
    probability: null,
    assumption: { code: 'UNK_CONNECTED', params: { answer } },
  }));
  return walk.chooserFor(null).choose('the socket is connected', choices) === 0;
}

function outputFlow(walk: Walk, source: Address): Flow {
  return flowOf(walk.packet, 'lo', walk.start.boundDevice, source);
}

/** A bound source must be the node's own (ip_route_output_key_hash_rcu; FREEBIND and TRANSPARENT sockets aside). */
function sourceIsForeign(walk: Walk): boolean {
  return addressTypeIs(walk.network, walk.packet.source, new Set(['LOCAL']), null) === false;
}

/** Output routing of a local packet (ip_route_output_key): egress, and the source where the sender left it open. */
export function routeOutputStage(walk: Walk): HookEvent {
  const { packet } = walk;
  const { selectSource: open } = walk.start;
  if (!open && sourceIsForeign(walk)) return unroutable(walk, 'EINVAL');
  let flow = outputFlow(walk, open ? anyAddress(walk.family) : packet.source);
  let found = look(walk, flow);
  if (open && found.kind === 'route') {
    const first = found;
    if (!giveSource(walk, first)) return unroutable(walk, 'EADDRNOTAVAIL');
    const second = outputFlow(walk, packet.source);
    const again = look(walk, second);
    if (connectsAgain(walk, first, again)) [flow, found] = [second, again];
  }
  if (found.kind === 'error') {
    reportRoute(walk, 'output', flow, found, 'error');
    return unroutable(walk, found.errno);
  }
  walk.routed = routedBy(found, 'output');
  const isLocal = found.kind === 'route' && found.route.type === 'local';
  reportRoute(walk, 'output', flow, found, isLocal ? 'local' : 'forward');
  packet.outInterface = walk.routed.device;
  walk.changes();
  return 'PASS';
}

/** ip_route_me_harder: route again with what the packet has become. The source is not chosen anew. */
export function rerouteStage(walk: Walk): HookEvent {
  const { packet } = walk;
  const flow = { ...outputFlow(walk, packet.source), uid: 0 };
  const found = look(walk, flow);
  if (found.kind === 'error') {
    reportRoute(walk, 'reroute', flow, found, 'error');
    return unroutable(walk, found.errno);
  }
  walk.routed = routedBy(found, 'output');
  const isLocal = found.kind === 'route' && found.route.type === 'local';
  reportRoute(walk, 'reroute', flow, found, isLocal ? 'local' : 'forward');
  packet.outInterface = walk.routed.device;
  return 'PASS';
}

/** Out by a device; what leaves by lo comes back in by it. */
export function transmitStage(walk: Walk): HookEvent {
  const { packet, routed } = walk;
  if (routed?.device === 'lo') {
    walk.report({ kind: 'loopback' });
    walk.looped = true;
    packet.inInterface = 'lo';
    packet.outInterface = '';
    return 'LOOPBACK';
  }
  walk.report({ kind: 'send', device: routed?.device ?? UNKNOWN_INTERFACE, via: routed?.via ?? null });
  return 'PASS';
}
