/** Where a packet can be seen: at each interface that it passes, with the header that it has there. */
import { type Family, formatAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import { PROTOCOL } from '../packet/packet.js';
import type { CompletedPacket, FinalPacket, Outcome, TraceResult } from '../packet/result.js';
import { icmpCounterpart } from '../packet/tuple.js';
import { type HeaderState, applyChanges, headerOf } from './header.js';

/** A packet at an interface. */
export interface Hop {
  readonly device: string;
  readonly direction: 'In' | 'Out';
  readonly family: Family;
  /** IP protocol number. */
  readonly protocol: number;
  readonly header: Readonly<HeaderState>;
  readonly tcpFlags: readonly string[];
  readonly icmpType: number;
  readonly icmpCode: number;
  /** The packet that an ICMP error quotes, as its receiver sees it. */
  readonly inner: FinalPacket | null;
  /** Length of the whole IP packet. */
  readonly length: number;
}

/** Bytes behind the IP header of a packet that carries nothing; the INIT of SCTP is as short as it can be. */
const BARE: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.tcp, 20],
  [PROTOCOL.dccp, 20],
  [PROTOCOL.sctp, 32],
]);

/** The length of an IP packet, when nothing is said about it: that of its headers alone. */
export function bareLength(family: Family, protocol: number): number {
  return (family === 4 ? 20 : 40) + (BARE.get(protocol) ?? 8);
}

/** Of a packet that quotes another the quoted headers count as well. */
function lengthOf(family: Family, protocol: number, inner: FinalPacket | null, given?: number): number {
  const quoted = inner === null ? 0 : bareLength(family, protocolOf(inner.proto));
  return Math.max(given ?? 0, bareLength(family, protocol) + quoted);
}

const protocolOf = (proto: string): number => protocolNumber(proto) ?? Number(proto);

/** What no step of a walk changes. */
type Described = Pick<CompletedPacket, 'proto' | 'tcpFlags' | 'icmpType' | 'icmpCode' | 'length'>;

/** The packets of one direction, as they come by; `header` is as the walk begins. */
function hopsOf(packet: Described, header: HeaderState, outcome: Outcome): readonly Hop[] {
  const hops: Hop[] = [];
  const family = header.dst.includes(':') ? 6 : 4;
  const protocol = protocolOf(packet.proto);
  const inner = outcome.final.inner ?? null;
  const see = (device: string, direction: Hop['direction']): void => {
    hops.push({
      ...{ device, direction, family, protocol, inner },
      header: { ...header },
      tcpFlags: packet.tcpFlags ?? [],
      icmpType: packet.icmpType ?? 0,
      icmpCode: packet.icmpCode ?? 0,
      length: lengthOf(family, protocol, inner, packet.length),
    });
  };
  for (const step of outcome.steps) {
    if (step.kind === 'enter' && step.device !== null) see(step.device, 'In');
    else if (step.kind === 'loopback') see('lo', 'In');
    else if (step.kind === 'send') see(step.device, 'Out');
    else if (step.kind === 'source') header.src = formatAddress(step.address);
    if ('changes' in step) applyChanges(header, step.changes);
  }
  return hops;
}

const text = <T extends string | number>(one: T | undefined, range: readonly [T, T] | undefined): string =>
  range === undefined ? String(one ?? '') : range.join('-');

/** What the receiver or the far end answers, as the walk of the answer begins. */
function answerHops(packet: CompletedPacket, { final }: Outcome, reply: Outcome): readonly Hop[] {
  const { proto, tcpFlags, icmpType } = packet;
  const opens = tcpFlags?.includes('SYN') === true && !tcpFlags.includes('ACK');
  const type =
    icmpType === undefined ? null : icmpCounterpart(icmpType, final.dst?.includes(':') === true ? 6 : 4);
  const answer: Described = {
    proto,
    ...(tcpFlags === undefined ? {} : { tcpFlags: opens ? ['SYN', 'ACK'] : ['ACK'] }),
    ...(type === null ? {} : { icmpType: type, icmpCode: 0 }),
  };
  const header: HeaderState = {
    ...{ src: text(final.dst, final.dstRange), dst: text(final.src, final.srcRange) },
    ...{ sport: text(final.dport, final.dportRange), dport: text(final.sport, final.sportRange) },
    ...{ icmpId: text(final.icmpId, final.icmpIdRange), mark: '0x0', ttl: '64', tos: final.tos },
  };
  return hopsOf(answer, header, reply);
}

/** The length of the packet, and of the answer to it. */
export function lengthsOf({ packet }: TraceResult, outcome: Outcome): readonly [number, number] {
  const family = packet.dst.includes(':') ? 6 : 4;
  const protocol = protocolOf(packet.proto);
  const own = lengthOf(family, protocol, outcome.final.inner ?? null, packet.length);
  return [own, bareLength(family, protocol)];
}

/** Every sight of the packet, and of the answer where that was walked too, in the order of their coming. */
export function hopsOfOutcome({ packet }: TraceResult, outcome: Outcome): readonly Hop[] {
  const own = hopsOf(packet, headerOf(packet), outcome);
  return outcome.reply === undefined ? own : [...own, ...answerHops(packet, outcome, outcome.reply)];
}
