/** Packets as they were seen, and what they are to the packet that was sent. */
import type { PacketInput } from '../../../src/packet/result.js';
import type { Logged } from './netlink.js';
import { type Header, type Sequence, isError, parsePacket, protocolOf } from './wire.js';

/** A packet that was seen leaving, being delivered, or coming back as an answer. */
export interface Seen extends Header {
  /** Device that it left by; `lo` when a socket of the node got it. */
  readonly iface: string;
  /** The neighbour that it was handed to; null for a delivered one. */
  readonly nexthop: string | null;
  /** Packet mark, of delivered packets alone. */
  readonly mark: number | null;
}

/** The packet of a line of the helper. */
export function readSeen(line: string): Seen[] {
  const [verb, name = '', hex = ''] = line.split(' ');
  const bytes = Buffer.from(hex, 'hex');
  if (verb === 'in') {
    const header = parsePacket(bytes);
    return header === null ? [] : [{ ...header, iface: 'lo', nexthop: null, mark: Number(name) }];
  }
  if (verb !== 'out') return [];
  const header = parsePacket(bytes.subarray(14));
  return header === null
    ? []
    : [{ ...header, iface: name, nexthop: neighbour(bytes.subarray(0, 6)), mark: null }];
}

/** What the node sends, as a log message shows it before any rule. */
export function answerOf({ header, mark }: Logged): Seen[] {
  return header !== null ? [{ ...header, iface: '', nexthop: null, mark }] : [];
}

/** The helper answers for each neighbour with an address that holds the one that was asked for. */
function neighbour(mac: Buffer): string {
  if (mac[1] === 0) return [...mac.subarray(2)].join('.');
  return mac.subarray(2).toString('hex');
}

/** Is it the packet that was sent, whatever rules made of its addresses and ports? */
export function isItself(sent: PacketInput, seen: Header): boolean {
  const proto = protocolOf(sent);
  if (proto !== seen.proto) return false;
  if (proto === 6) return sameFlags(sent.tcpFlags ?? ['SYN'], seen.tcpFlags);
  if (proto === 1 || proto === 58) {
    return (
      seen.icmpType === (sent.icmpType ?? (proto === 1 ? 8 : 128)) && seen.icmpCode === (sent.icmpCode ?? 0)
    );
  }
  return true;
}

/** Is it what a socket says to the segment that was sent, in the same flags? Then both of its numbers are others. */
export function isReplyTo(sent: PacketInput, sequence: Sequence, { proto, seq, ack }: Header): boolean {
  return sent.in !== null && proto === 6 && seq !== sequence.seq >>> 0 && ack !== sequence.ack >>> 0;
}

/** The bits of congestion control are not compared: rules may change them (-j ECN). */
function sameFlags(sent: readonly string[], seen: readonly string[]): boolean {
  const kept = (flags: readonly string[]): string[] =>
    flags.filter((flag) => flag !== 'ECE' && flag !== 'CWR').sort();
  return kept(sent).join() === kept(seen).join();
}

/** An error about a redirect that the node sent and its own rules rejected. */
export function isOfRedirect(sent: PacketInput, seen: Header): boolean {
  return sent.in !== null && seen.src === seen.dst && isError(seen.proto, seen.icmpType);
}

/** What the stack says of its own accord: neighbour discovery, group membership. */
export function isNoise(seen: Header): boolean {
  if (seen.proto === 2) return true;
  if (seen.proto === 0) return true;
  return seen.proto === 58 && seen.icmpType !== null && !isError(58, seen.icmpType) && seen.icmpType !== 129;
}
