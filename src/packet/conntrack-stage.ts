/** Connection tracking: which entry a packet belongs to, and in which state that puts it (nf_conntrack_in). */
import { decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import type { ConnectionState, Hook, Tuple } from '../iptables/view.js';
import { addressWithin } from '../iptables/decide.js';
import { isSet } from '../routing/open-setting.js';
import type { ConntrackEntry } from './conntrack-entry.js';
import {
  type Connection,
  type Direction,
  type Found,
  isMalformed,
  openConnection,
  opens,
  settle,
  stateOf,
  zoneId,
  zoneOf,
} from './connection.js';
import type { HookEvent } from './hooks.js';
import { translate, translateQuoted } from './nat.js';
import { PROTOCOL, hasPorts, isIcmp } from './packet.js';
import {
  CLOSED_TCP,
  ESTABLISHED_TCP,
  type Segment,
  followTcp,
  isFirstSegment,
  openTcp,
} from './tcp-tracking.js';
import { invertTuple, tupleOf } from './tuple.js';
import type { Walk } from './walk.js';

/** ICMP error types, which belong to the connection that they are about. */
const ICMP_ERRORS = { 4: new Set([3, 4, 5, 11, 12]), 6: new Set([1, 2, 3, 4]) } as const;

/**
 * ICMPv6 that conntrack lets pass untracked: multicast listeners, neighbour discovery, discovery of multicast routers
 * (nf_conntrack_proto_icmpv6.c noct_valid_new).
 */
const NEVER_TRACKED: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 135, 136, 143, 151, 152]);

/** The entry of the dump that a connection is, where it is one. */
function ofDump(connection: Connection | null): { readonly of?: ConntrackEntry } {
  const of = connection?.entry ?? null;
  return of === null ? {} : { of };
}

function note(walk: Walk, hook: Hook, entry: 'new' | 'found' | 'none'): HookEvent {
  if (!walk.options.steps) return 'PASS';
  walk.report({
    kind: 'conntrack',
    hook,
    state: walk.tracking ? walk.state : 'off',
    entry,
    direction: walk.connection === null ? null : walk.direction,
    ...ofDump(walk.connection),
    changes: walk.changes(),
  });
  return 'PASS';
}

const LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal';
const LOOSE = 'net.netfilter.nf_conntrack_tcp_loose';
const CHECKSUM = 'net.netfilter.nf_conntrack_checksum';

function noEntry(walk: Walk, hook: Hook, state: ConnectionState): HookEvent {
  walk.state = state;
  return note(walk, hook, 'none');
}

/** The segment as the TCP tracker sees it: data is what its length has beyond headers without options. */
function segmentOf(walk: Walk): Segment {
  const { packet } = walk;
  const liberal = (): boolean => isSet(walk.network, LIBERAL, false, walk.chooserFor(null));
  return { flags: packet.tcpFlags, data: (packet.length ?? 0) > (walk.family === 4 ? 40 : 60), liberal };
}

function open(walk: Walk): Connection {
  const connection = openConnection(tupleOf(walk.packet), walk.family, walk.zone, walk.helper);
  if (walk.packet.protocol === PROTOCOL.tcp) connection.tcp = openTcp(segmentOf(walk));
  return connection;
}

/**
 * The user says which state the packet has. What the dump shows counts as far as it is the same: an established packet
 * belongs to its entry; for any other state there is none of these addresses. Where no dump shows the entry of an
 * established packet, it is taken for granted.
 */
function forced(walk: Walk, hook: Hook, state: ConnectionState): HookEvent {
  if (state === 'INVALID' || state === 'UNTRACKED') return noEntry(walk, hook, state);
  const shown = walk.connections.find(tupleOf(walk.packet), walk.zone);
  if (shown !== null && state === 'ESTABLISHED') {
    walk.connection = shown.connection;
    walk.direction = shown.direction;
    walk.state = state;
    walk.connection.seenReply = true;
    return note(walk, hook, 'found');
  }
  if (shown !== null) walk.connections.remove(shown.connection);
  walk.connection = open(walk);
  walk.state = state;
  if (state === 'NEW') return note(walk, hook, 'new');
  const { connection } = walk;
  connection.expected = state === 'RELATED';
  connection.markUnknown = 0xffffffff;
  connection.anyLabels = true;
  if (state === 'ESTABLISHED') {
    Object.assign(connection, {
      seenReply: true,
      assured: true,
      confirmed: true,
      sourceDone: true,
      destinationDone: true,
    });
    if (connection.tcp !== null) connection.tcp = ESTABLISHED_TCP;
    walk.assume('ASM_ENTRY', {});
  }
  return note(walk, hook, 'found');
}

/**
 * A segment of a known TCP connection: the tracker may find it invalid, or see in it the start of another connection.
 * A reset that is the only answer takes the entry with it; the segment itself is still translated.
 */
function follow(walk: Walk, connection: Connection, direction: Direction): 'taken' | 'invalid' | 'reopen' {
  if (connection.tcp === null) return 'taken';
  const segment = segmentOf(walk);
  if (connection.tcp === CLOSED_TCP && direction === 'ORIGINAL' && isFirstSegment(segment))
    connection.tcp = {
      ...CLOSED_TCP,
      closing: decide(walk.chooserFor(null), unsure('the close of the dumped connection', 'UNK_CT_CLOSED')),
    };
  const verdict = followTcp(connection.tcp, direction, segment, connection);
  if (verdict.kind === 'invalid' || verdict.kind === 'reopen') return verdict.kind;
  connection.tcp = verdict.tracking;
  if (verdict.kind === 'passed') return 'taken';
  if (verdict.tracking.last === 'rst' && !connection.seenReply) walk.connections.remove(connection);
  if (verdict.establishes) connection.assured = true;
  return 'taken';
}

/** Is it an ICMP error, which can only be related to another connection? */
export function isIcmpError(walk: Walk): boolean {
  const { packet } = walk;
  return isIcmp(packet.protocol, packet.family) && ICMP_ERRORS[packet.family].has(packet.icmpType);
}

/** The connection of a tuple in the packet's zone. Whether one is in a zone that hangs on unknown mark bits is open. */
function find(walk: Walk, tuple: Tuple): Found | null {
  const found = walk.connections.find(tuple, walk.zone);
  if (walk.zone.open !== true) return found;
  const maybe = found ?? walk.connections.findInAnyZone(tuple);
  const same = unsure('the zone of the packet', 'UNK_ZONE');
  return maybe !== null && decide(walk.chooserFor(null), same) ? maybe : null;
}

/** Is the answer to a packet of the connection in its zone? Another zone knows nothing of it. */
function isInZone(walk: Walk, { connection, direction }: Found): boolean {
  if (walk.zone.open === true || connection.zoneOpen)
    return decide(walk.chooserFor(null), unsure('the zone of the packet', 'UNK_ZONE'));
  return zoneId(zoneOf(connection), direction) === zoneId(walk.zone, direction);
}

/**
 * An ICMP error belongs to the connection of the packet it quotes, which its sender had received: turned round, that
 * is the direction that the error goes. Without such a connection, or sent to anyone but who it is for, it is invalid
 * (nf_conntrack_inet_error).
 */
function related(walk: Walk, hook: Hook): HookEvent {
  const { inner } = walk.start;
  const turned = inner === null ? null : invertTuple(tupleOf(inner), walk.family);
  const found = turned === null ? null : find(walk, turned);
  if (found === null || turned === null) {
    if (inner === null) walk.assume('ASM_ICMP_ERROR', {});
    return noEntry(walk, hook, 'INVALID');
  }
  const { connection, direction } = found;
  const own = direction === 'ORIGINAL' ? connection.original : connection.reply;
  const { packet } = walk;
  const receiver = { from: own.destination, to: own.destinationTo };
  if (addressWithin(packet.destination, packet.destinationTo, receiver) !== true)
    return noEntry(walk, hook, 'INVALID');
  settle(found, turned);
  walk.connection = connection;
  walk.direction = direction;
  walk.state = 'RELATED';
  return note(walk, hook, 'found');
}

/** A packet of an entry that is there. */
function known(walk: Walk, hook: Hook, connection: Connection, direction: Direction): HookEvent {
  const flag = connection.entry?.flag ?? null;
  if (flag === 'OFFLOAD' || flag === 'HW_OFFLOAD') walk.assume('ASM_OFFLOAD', {});
  const followed = follow(walk, connection, direction);
  if (followed === 'invalid') return noEntry(walk, hook, 'INVALID');
  if (followed === 'reopen') {
    walk.connections.remove(connection);
    return lookUp(walk, hook);
  }
  walk.connection = connection;
  walk.direction = direction;
  walk.state = stateOf(connection, direction);
  if (direction === 'REPLY') connection.seenReply = true;
  return note(walk, hook, 'found');
}

const isLoose = (walk: Walk): boolean => isSet(walk.network, LOOSE, true, walk.chooserFor(null));

function lookUp(walk: Walk, hook: Hook): HookEvent {
  const tuple = tupleOf(walk.packet);
  const found = find(walk, tuple);
  if (found !== null) {
    settle(found, tuple);
    return known(walk, hook, found.connection, found.direction);
  }
  const mayOpen = opens(walk.packet, false) || (opens(walk.packet, true) && isLoose(walk));
  if (!mayOpen) return noEntry(walk, hook, 'INVALID');
  walk.connection = open(walk);
  walk.state = 'NEW';
  return note(walk, hook, 'new');
}

/**
 * Received UDP-Lite is invalid whatever its checksum is: udplite_error (net/netfilter/nf_conntrack_proto_udp.c) reckons
 * with the protocol number of UDP. Only what this node sends, or `nf_conntrack_checksum = 0`, is tracked.
 */
function failsChecksum(walk: Walk, hook: Hook): boolean {
  return (
    walk.packet.protocol === PROTOCOL.udplite &&
    hook === 'PREROUTING' &&
    isSet(walk.network, CHECKSUM, true, walk.chooserFor(null))
  );
}

/**
 * The conntrack function of PREROUTING and OUTPUT. A packet that it finds invalid leaves with nothing: neither the zone
 * nor the helper of a CT rule is known any more when it comes back through lo (nf_conntrack_in).
 */
export function conntrackStage(walk: Walk, hook: Hook): HookEvent {
  const event = track(walk, hook);
  if (walk.connection === null && walk.state === 'INVALID') walk.forgetTracking();
  return event;
}

function track(walk: Walk, hook: Hook): HookEvent {
  walk.template = null;
  if (!walk.tracking) return noEntry(walk, hook, 'INVALID');
  if (walk.connection !== null) return note(walk, hook, 'found');
  if (walk.zoneIsMark) {
    const { mark, markUnknown } = walk.packet;
    walk.zone = { ...walk.zone, id: mark & 0xffff, open: (markUnknown & 0xffff) !== 0 };
  }
  if (walk.untracked) return noEntry(walk, hook, 'UNTRACKED');
  const { forcedState, belongs } = walk.start;
  if (belongs !== null && isInZone(walk, belongs))
    return known(walk, hook, belongs.connection, belongs.direction);
  if (forcedState !== null) return forced(walk, hook, forcedState);
  if (
    walk.packet.protocol === PROTOCOL.icmpv6 &&
    walk.family === 6 &&
    NEVER_TRACKED.has(walk.packet.icmpType)
  )
    return noEntry(walk, hook, 'UNTRACKED');
  if (isMalformed(walk.packet) || failsChecksum(walk, hook)) return noEntry(walk, hook, 'INVALID');
  if (isIcmpError(walk)) return related(walk, hook);
  return lookUp(walk, hook);
}

/**
 * The confirm function of INPUT and POSTROUTING: a new entry becomes visible to later packets. One whose answers would
 * be taken for another connection's cannot (__nf_conntrack_confirm), and the packet goes with it.
 */
export function confirmStage(walk: Walk): HookEvent {
  const { connection } = walk;
  if (connection === null || connection.confirmed) return 'PASS';
  if (walk.connections.taken(connection.reply, connection)) {
    walk.ending = { drop: { reason: 'clash', rule: null } };
    walk.report({ kind: 'drop', reason: 'clash', rule: null });
    return 'DROP';
  }
  connection.confirmed = true;
  walk.connections.add(connection);
  return 'PASS';
}

/**
 * nf_nat_icmp_reply_translation: an ICMP error about a translated packet gets the addresses that its receiver knows.
 * The outer header follows the connection's mapping as a packet of the error's direction does, ports aside; the quoted
 * packet goes the other way, and follows it so.
 */
export function translateIcmpError(walk: Walk, connection: Connection, hook: Hook): boolean {
  const { packet, inner } = walk;
  const { icmpId, icmpIdTo } = packet;
  const translated = translate(packet, connection, walk.direction, hook);
  packet.icmpId = icmpId;
  packet.icmpIdTo = icmpIdTo;
  if (translated && inner !== null) translateQuoted(inner, connection, walk.direction, hook);
  return translated && !hasPorts(packet.protocol);
}

/** ICMP redirects are dropped where anything of the connection is translated, or may yet be. */
export function isLostRedirect(walk: Walk, connection: Connection): boolean {
  const { packet } = walk;
  if (packet.family !== 4 || packet.icmpType !== 5) return false;
  const done = connection.sourceDone && connection.destinationDone;
  return !done || connection.sourceNat || connection.destinationNat;
}
