/** Connection tracking: which entry a packet belongs to, and in which state that puts it (nf_conntrack_in). */
import type { ConnectionState, Hook } from '../iptables/view.js';
import { type Connection, isMalformed, openConnection, opens, settle, stateOf } from './connection.js';
import type { HookEvent } from './hooks.js';
import { PROTOCOL, TCP, hasPorts, isIcmp } from './packet.js';
import { translate } from './nat.js';
import { tupleOf } from './tuple.js';
import type { Walk } from './walk.js';

/** ICMP error types, which belong to the connection that they are about. */
const ICMP_ERRORS = { 4: new Set([3, 4, 5, 11, 12]), 6: new Set([1, 2, 3, 4]) } as const;

/** ICMPv6 that conntrack lets pass untracked: multicast listener and neighbour discovery (nf_conntrack_proto_icmpv6.c). */
const NEVER_TRACKED: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 135, 136, 143]);

function note(walk: Walk, hook: Hook, entry: 'new' | 'found' | 'none'): HookEvent {
  walk.report({
    kind: 'conntrack',
    hook,
    state: walk.start.tracking ? walk.state : 'off',
    entry,
    direction: walk.connection === null ? null : walk.direction,
    changes: walk.changes(),
  });
  return 'PASS';
}

function noEntry(walk: Walk, hook: Hook, state: ConnectionState): HookEvent {
  walk.state = state;
  return note(walk, hook, 'none');
}

function open(walk: Walk): Connection {
  return openConnection(tupleOf(walk.packet), walk.family, walk.zone, walk.helper);
}

/** The user says which state the packet has: an entry is taken for granted that no dump shows. */
function forced(walk: Walk, hook: Hook, state: ConnectionState): HookEvent {
  if (state === 'INVALID' || state === 'UNTRACKED') return noEntry(walk, hook, state);
  walk.connection = open(walk);
  walk.state = state;
  if (state === 'NEW') return note(walk, hook, 'new');
  const { connection } = walk;
  connection.expected = state === 'RELATED';
  connection.markUnknown = 0xffffffff;
  if (state === 'ESTABLISHED') {
    Object.assign(connection, {
      seenReply: true,
      assured: true,
      confirmed: true,
      sourceDone: true,
      destinationDone: true,
    });
    walk.assume('ASM_ENTRY', {});
  }
  return note(walk, hook, 'found');
}

/** A packet of a known connection moves it on. */
function advance(walk: Walk, connection: Connection): void {
  if (walk.direction === 'REPLY') connection.seenReply = true;
  else if (
    connection.seenReply &&
    walk.packet.protocol === PROTOCOL.tcp &&
    (walk.packet.tcpFlags & TCP.ACK) !== 0
  )
    connection.assured = true;
}

/** Is it an ICMP error, which can only be related to another connection? */
export function isIcmpError(walk: Walk): boolean {
  const { packet } = walk;
  return isIcmp(packet.protocol, packet.family) && ICMP_ERRORS[packet.family].has(packet.icmpType);
}

/** An ICMP error belongs to the connection of the packet it quotes; without that connection it is invalid. */
function related(walk: Walk, hook: Hook): HookEvent {
  const { inner } = walk.start;
  const found = inner === null ? null : walk.connections.find(tupleOf(inner), walk.zone);
  if (found === null) {
    if (inner === null) walk.assume('ASM_ICMP_ERROR', {});
    return noEntry(walk, hook, 'INVALID');
  }
  walk.connection = found.connection;
  // The quoted packet went one way; the error travels the other.
  walk.direction = found.direction === 'ORIGINAL' ? 'REPLY' : 'ORIGINAL';
  walk.state = 'RELATED';
  return note(walk, hook, 'found');
}

/** A packet of an entry that is there. */
function known(walk: Walk, hook: Hook, connection: Connection, direction: 'ORIGINAL' | 'REPLY'): HookEvent {
  walk.connection = connection;
  walk.direction = direction;
  walk.state = stateOf(connection, direction);
  advance(walk, connection);
  return note(walk, hook, 'found');
}

/** The conntrack function of PREROUTING and OUTPUT. */
export function conntrackStage(walk: Walk, hook: Hook): HookEvent {
  if (!walk.start.tracking) return noEntry(walk, hook, 'INVALID');
  if (walk.connection !== null) return note(walk, hook, 'found');
  if (walk.untracked) return noEntry(walk, hook, 'UNTRACKED');
  const { forcedState, belongs } = walk.start;
  if (belongs !== null) return known(walk, hook, belongs.connection, belongs.direction);
  if (forcedState !== null) return forced(walk, hook, forcedState);
  if (
    walk.packet.protocol === PROTOCOL.icmpv6 &&
    walk.family === 6 &&
    NEVER_TRACKED.has(walk.packet.icmpType)
  )
    return noEntry(walk, hook, 'UNTRACKED');
  if (isMalformed(walk.packet)) return noEntry(walk, hook, 'INVALID');
  if (isIcmpError(walk)) return related(walk, hook);
  const tuple = tupleOf(walk.packet);
  const found = walk.connections.find(tuple, walk.zone);
  if (found !== null) {
    settle(found, tuple);
    return known(walk, hook, found.connection, found.direction);
  }
  const loose = walk.network.sysctl('net.netfilter.nf_conntrack_tcp_loose') !== '0';
  if (!opens(walk.packet, loose)) return noEntry(walk, hook, 'INVALID');
  walk.connection = open(walk);
  walk.state = 'NEW';
  return note(walk, hook, 'new');
}

/** The confirm function of INPUT and POSTROUTING: a new entry becomes visible to later packets. */
export function confirmStage(walk: Walk): HookEvent {
  const { connection } = walk;
  if (connection !== null && !connection.confirmed) {
    connection.confirmed = true;
    walk.connections.add(connection);
  }
  return 'PASS';
}

/**
 * nf_nat_icmp_reply_translation: an ICMP error about a translated packet gets the addresses that its receiver knows.
 * The outer header follows the connection's mapping as a packet of the error's direction does, ports aside.
 */
export function translateIcmpError(walk: Walk, connection: Connection, hook: Hook): boolean {
  const { packet } = walk;
  const { icmpId, icmpIdTo } = packet;
  const translated = translate(packet, connection, walk.direction, hook);
  packet.icmpId = icmpId;
  packet.icmpIdTo = icmpIdTo;
  return translated && !hasPorts(packet.protocol);
}
