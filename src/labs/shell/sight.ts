/** A packet at an interface, with what tcpdump tells of it beyond its headers: numbers of its connection, and what is inside. */
import type { Header } from '../../cluster/header.js';
import type { TunnelKind } from '../../cluster/overlay.js';
import { protocolNumber } from '../../address/protocols.js';
import { type Hop, bareLength } from '../../explain/hops.js';
import { tcpdumpWords } from '../../explain/tcpdump-line.js';
import type { Node } from '../../packet/node.js';
import { PROTOCOL } from '../../packet/packet.js';
import type { Outcome } from '../../packet/result.js';
import { isPublic } from './far-end.js';
import { parseAddress } from '../../address/address.js';
import { ETHERNET_MTU, type Segment } from './segments.js';

/** The packet in a tunnel's one. */
export interface Inside {
  readonly kind: TunnelKind;
  /** The network's number, of VXLAN. */
  readonly id: number | null;
  readonly header: Header;
}

export interface Sight {
  /** Milliseconds since the session began. */
  readonly at: number;
  /** Which request of its connection it belongs to, from 1. */
  readonly turn: number;
  /** Sights of one packet on its way through the node have the same. */
  readonly way: number;
  /** The frame is addressed to another one than the device that sees it. */
  readonly isForOther?: true;
  readonly hop: Hop;
  readonly segment: Segment | null;
  readonly inside: Inside | null;
  /** What it asks or answers over DNS, as the tool words it. */
  readonly says: string | null;
}

/** Ports whose data the tool reads as HTTP (print-tcp.c). */
const HTTP_PORTS: ReadonlySet<string> = new Set(['80', '8080', '3128']);

/** By the port, whichever kernel's default it is: the tool has 8472 as OTV, which has VXLAN's form (print-udp.c). */
const VXLAN: Readonly<Record<string, (id: number) => string>> = {
  8472: (id) => `OTV, flags [I] (0x08), overlay 0, instance ${String(id)}`,
  4789: (id) => `VXLAN, flags [I] (0x08), vni ${String(id)}`,
};

/**
 * Bytes of options that Linux writes into a segment with net.ipv4.tcp_timestamps, tcp_sack and tcp_window_scaling as they come
 * (net/ipv4/tcp_output.c): of a SYN mss, sackOK, timestamps and wscale, of others timestamps, of a refusal none.
 */
function optionBytes(flags: readonly string[]): number {
  if (flags.includes('RST')) return 0;
  return flags.includes('SYN') ? 20 : 12;
}

/** Bytes of a packet's headers. @param flags those of a segment of TCP, null for UDP and ICMP */
export function headersOf(six: boolean, flags: readonly string[] | null): number {
  return (six ? 40 : 20) + (flags === null ? 8 : 20 + optionBytes(flags));
}

/** What the tool counts of a segment: data behind the options. */
function withoutOptions(hop: Hop): Hop {
  if (hop.protocol !== PROTOCOL.tcp) return hop;
  const bare = bareLength(hop.family, hop.protocol);
  return { ...hop, length: Math.max(bare, hop.length - optionBytes(hop.tcpFlags)) };
}

function hopInside({ header }: Inside): Hop {
  const family = header.dst.includes(':') ? 6 : 4;
  const protocol = protocolNumber(header.proto) ?? Number(header.proto);
  const text = (value: number | undefined): string => String(value ?? '');
  return {
    ...{ device: '', direction: 'Out', family, protocol, inner: null },
    header: {
      ...{ src: header.src, dst: header.dst, sport: text(header.sport), dport: text(header.dport) },
      ...{ icmpId: text(header.icmpId), mark: '0x0', ttl: text(header.ttl), tos: header.tos ?? 0 },
    },
    tcpFlags: header.tcpFlags ?? [],
    icmpType: header.icmpType ?? 8,
    icmpCode: header.icmpCode ?? 0,
    length: Math.max(header.length ?? 0, bareLength(family, protocol)),
  };
}

/** The tool counts from the first segment of each side; of a SYN, and of a side's first segment of all, it shows what is on the wire. */
function numbered(words: string, { tcpFlags, header }: Hop, segment: Segment, isFirst: boolean): string {
  const { seq, ack, first, window, options, http } = segment;
  const isBare = tcpFlags.includes('SYN') || (tcpFlags.includes('RST') && isFirst);
  const [own, other] = isBare ? [first.own, first.other] : [0, 0];
  const onWire = (value: number, from: number): string => String((value + from) % 2 ** 32);
  const length = Number(/, length (\d+)$/.exec(words)?.[1] ?? 0);
  const range = `${onWire(seq, own)}${length > 0 ? `:${onWire(seq + length, own)}` : ''}`;
  const isHttp = http !== null && (HTTP_PORTS.has(header.sport) || HTTP_PORTS.has(header.dport));
  const moved = words
    .replace(/, seq \d+(?::\d+)?/, `, seq ${range}`)
    .replace(/, ack \d+/, `, ack ${onWire(ack, other)}`)
    .replace(/, win \d+/, `, win ${String(window)}${options === null ? '' : `, options [${options}]`}`);
  return length > 0 && isHttp ? `${moved}: HTTP: ${http}` : moved;
}

/** What the tool reads on port 53: a question or an answer to it. */
function dnsWords(words: string, says: string): string {
  return words.replace(/ UDP, length (\d+)$/, ` ${says} ($1)`);
}

/** Where the tool reads what is inside, the words up to it; null where it does not. */
function outerWords(words: string, { header }: Hop, { kind, id }: Inside): string | null {
  if (kind === 'ipip') return words.replace(/ {2}ip-proto-4 \d+$/, ' ');
  const form = Object.hasOwn(VXLAN, header.dport) ? VXLAN[header.dport] : undefined;
  return form === undefined ? null : `${words.replace(/UDP, length \d+$/, form(id ?? 0))}\n`;
}

/**
 * A line of `tcpdump -nn`, behind its time; what is in a VXLAN packet stands on a line of its own.
 * @param isFirst the tool has seen none of its direction yet
 */
export function sightWords({ hop, turn, segment, inside, says }: Sight, isFirst: boolean): string {
  const told = (one: Hop): string => {
    const bare = tcpdumpWords(withoutOptions(one));
    if (says !== null && one.protocol === PROTOCOL.udp) return dnsWords(bare, says);
    return segment === null || one.protocol !== PROTOCOL.tcp ? bare : numbered(bare, one, segment, isFirst);
  };
  const outer = inside === null ? null : outerWords(tcpdumpWords(withoutOptions(hop)), hop, inside);
  const whole = inside === null || outer === null ? told(hop) : `${outer}${told(hopInside(inside))}`;
  return whole.replace(/, seq 1, length/, `, seq ${String(turn)}, length`);
}

/** The largest packets that the two ends of a way through the node send: what the internet carries where one is out there. */
export function mtusOf(
  { networks }: Node,
  incoming: string | null,
  { egress, verdict, final }: Outcome,
): { readonly there: number; readonly back: number } {
  const of = (device: string | null | undefined): number =>
    networks[4].links.get(device ?? '')?.mtu ?? ETHERNET_MTU;
  const there = of(incoming ?? egress?.iface);
  if (verdict === 'delivered') return { there, back: there };
  const to = parseAddress(final.dst ?? '');
  const isFar = to !== null && isPublic(to);
  return { there, back: isFar ? ETHERNET_MTU : of(egress?.iface) };
}
