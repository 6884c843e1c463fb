/** Header fields of a packet (net/netfilter/nft_payload.c, nft_exthdr.c), and the protocols that nft has them imply. */
import { type Ternary, invertIf, unsure } from '../chooser/question.js';
import { PacketBytes } from '../iptables/packet-bytes.js';
import { HEADER, hasHeader, isFollowed } from '../iptables/values/extension-header.js';
import type { PacketView } from '../iptables/view.js';
import type { Interval } from './datatype.js';
import type { Expression } from './model.js';
import { TRANSPORT, payloadField } from './payload-fields.js';
import { ABSENT, type Value, addressNumber, exact, masked, open, span } from './value.js';
import type { NftContext } from './world.js';

const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const IP4_HEADER = 20;
const IP6_HEADER = 40;

function addressValue(packet: PacketView, side: 'saddr' | 'daddr'): Value {
  const bits = packet.family === 4 ? 32 : 128;
  return side === 'saddr'
    ? span(addressNumber(packet.source), addressNumber(packet.sourceTo), 'source', bits)
    : span(addressNumber(packet.destination), addressNumber(packet.destinationTo), 'destination', bits);
}

/** Ports that NAT may have drawn; the label is the one that iptables' questions have. */
function portValue(packet: PacketView, side: 'sport' | 'dport'): Value {
  return side === 'sport'
    ? span(BigInt(packet.sourcePort), BigInt(packet.sourcePortTo), 'source port', 16)
    : span(BigInt(packet.destinationPort), BigInt(packet.destinationPortTo), 'destination port', 16);
}

/** Bits of the packet, counted from its IP header; open where they may lie behind its end. */
function bitsAt(packet: PacketView, offset: number, length: number, what: string): Value {
  const bytes = new PacketBytes(packet);
  const first = offset >>> 3;
  const last = (offset + length - 1) >>> 3;
  let value = 0n;
  let unknown = 0n;
  for (let at = first; at <= last; at += 1) {
    const { within, bits } = bytes.read(at, 1);
    if (within === false) return ABSENT;
    if (within === null) return open(what);
    value = (value << 8n) | BigInt(bits.value);
    unknown = (unknown << 8n) | BigInt(bits.unknown);
  }
  const drop = BigInt(8 * (last + 1) - offset - length);
  const mask = (1n << BigInt(length)) - 1n;
  return masked((value >> drop) & mask, (unknown >> drop) & mask, what);
}

/** Where the transport header begins; packets have no options and no extension headers before it. */
function transportAt({ family }: PacketView): number {
  return 8 * (family === 4 ? IP4_HEADER : IP6_HEADER);
}

function lacksFamily(header: string, family: 4 | 6): boolean {
  if (header === 'ip' || header === 'icmp' || header === 'igmp') return family !== 4;
  return (header === 'ip6' || header === 'icmpv6') && family !== 6;
}

/** What hides behind an extension header is not described. */
function isBehind({ family, protocol }: PacketView): boolean {
  return family === 6 && isFollowed(protocol);
}

/** The protocol above IP; behind IPv6 extension headers nothing is known of it. */
export function transportProtocol(packet: PacketView): Value {
  return isBehind(packet) ? open('the protocol behind the extension headers') : exact(packet.protocol);
}

function known(header: string, field: string, packet: PacketView): Value | null {
  if (field === 'saddr' || field === 'daddr')
    return header === 'ip' || header === 'ip6' ? addressValue(packet, field) : null;
  const transport = WITH_PORTS.has(packet.protocol) && (header === 'th' || TRANSPORT.has(header));
  if ((field === 'sport' || field === 'dport') && transport) return portValue(packet, field);
  if (field === 'id' && (header === 'icmp' || header === 'icmpv6') && packet.icmpId !== packet.icmpIdTo)
    return span(BigInt(packet.icmpId), BigInt(packet.icmpIdTo), 'icmp id', 16);
  return null;
}

/** ICMP messages of some types alone have these fields; nft asks for the types before (src/payload.c). */
const ICMP_TYPES: ReadonlyMap<string, readonly number[]> = new Map([
  ['icmp id', [0, 8]],
  ['icmp sequence', [0, 8]],
  ['icmp gateway', [5]],
  ['icmp mtu', [3]],
  ['icmpv6 id', [128, 129]],
  ['icmpv6 sequence', [128, 129]],
  ['icmpv6 mtu', [2]],
  ['icmpv6 packet-too-big', [2]],
  ['icmpv6 parameter-problem', [4]],
  ['icmpv6 max-delay', [130, 131, 132]],
  ['icmpv6 taddr', [135, 136]],
  ['icmpv6 daddr', [137]],
]);

/** `tcp dport`, `ip saddr`, `icmp type`: what is implied holds, or the rule ends. */
export function payloadValue(
  { protocol: header, field }: Extract<Expression, { kind: 'payload' }>,
  packet: PacketView,
): Value {
  const what = `${header} ${field}`;
  const place = payloadField(header, field);
  if (lacksFamily(header, packet.family)) return ABSENT;
  if (place === null || header === 'ether' || header === 'vlan' || header === 'arp') return open(what);
  if (header === 'ip' || header === 'ip6')
    return known(header, field, packet) ?? bitsAt(packet, place.offset, place.bits, what);
  const implied = TRANSPORT.get(header);
  if (implied !== undefined && isBehind(packet)) return open(what);
  if (implied !== undefined && packet.protocol !== implied) return ABSENT;
  const types = ICMP_TYPES.get(what);
  if (types !== undefined && !types.includes(packet.icmpType)) return ABSENT;
  return known(header, field, packet) ?? bitsAt(packet, transportAt(packet) + place.offset, place.bits, what);
}

/** `@nh,96,32`: bits of a header; link and inner headers, and what is behind the header, are not described. */
export function rawValue(
  { base, offset, length }: Extract<Expression, { kind: 'raw-payload' }>,
  packet: PacketView,
): Value {
  const what = `@${base},${String(offset)},${String(length)}`;
  if (base === 'nh') return drawnField(packet, offset, length) ?? bitsAt(packet, offset, length, what);
  if (base !== 'th' || isBehind(packet)) return open(what);
  if (WITH_PORTS.has(packet.protocol) && length === 16 && (offset === 0 || offset === 16))
    return portValue(packet, offset === 0 ? 'sport' : 'dport');
  return bitsAt(packet, transportAt(packet) + offset, length, what);
}

/** An address read as raw bytes asks the same questions as one that is named. */
function drawnField(packet: PacketView, offset: number, length: number): Value | null {
  const places = packet.family === 4 ? [96, 128, 32] : [64, 192, 128];
  if (length !== places[2]) return null;
  if (offset === places[0]) return addressValue(packet, 'saddr');
  return offset === places[1] ? addressValue(packet, 'daddr') : null;
}

const HEADER_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['hbh', HEADER.hop],
  ['rt', HEADER.routing],
  ['rt0', HEADER.routing],
  ['rt2', HEADER.routing],
  ['srh', HEADER.routing],
  ['frag', HEADER.fragment],
  ['dst', HEADER.destination],
  ['mh', HEADER.mobility],
  ['auth', HEADER.authentication],
]);

/** An IPv6 extension header. A packet whose first header is none of them has none (net/netfilter/nft_exthdr.c). */
export function extensionValue(
  { header, field }: Extract<Expression, { kind: 'exthdr' }>,
  { packet }: NftContext,
): Value {
  const what = field === null ? `exthdr ${header}` : `${header} ${field}`;
  if (packet.family !== 6) return ABSENT;
  const number = HEADER_NUMBERS.get(header);
  const has = number === undefined ? null : hasHeader(packet, number);
  if (has === null) return open(what);
  if (field === null) return exact(has ? 1 : 0);
  return has ? open(what) : ABSENT;
}

const SYN = 2;
/** Options that only a segment with SYN carries (RFC 9293, 3.2; RFC 7323, 2.2; RFC 2018, 2). */
const OF_SYN: ReadonlySet<string> = new Set(['maxseg', 'window', 'sack-perm', 'sack-permitted']);

/** nft lists `meta l4proto tcp tcp option md5sig missing` like the same without its first condition. */
function notTcp(name: string): Value {
  const what = `${name} of a packet that is not TCP`;
  return {
    kind: 'open',
    what,
    code: 'UNK_NFT_VALUE',
    params: { what },
    within: ({ from }: Interval): Ternary =>
      from === 0n && unsure(`${what} is missing`, 'UNK_NFT_VALUE', { what, wanted: 'missing' }),
  };
}

/** Options are not described: a TCP packet may have any. */
export function optionValue(
  expression: Extract<Expression, { kind: 'tcp-option' | 'ip-option' }>,
  packet: PacketView,
): Value {
  const { kind, option, field } = expression;
  const tcp = kind === 'tcp-option';
  const name = `${tcp ? 'tcp' : 'ip'} option ${option}`;
  if (tcp ? packet.protocol !== 6 : packet.family !== 4) return field === null && tcp ? notTcp(name) : ABSENT;
  // Packets are described without IP options.
  const without = !tcp || ((packet.tcpFlags & SYN) === 0 && OF_SYN.has(option));
  if (without) return field === null ? exact(0) : ABSENT;
  if (field !== null) return open(`${name} ${field}`, 'UNK_TCP_OPTION', { option });
  const asked = unsure(`tcp option ${option}`, 'UNK_TCP_OPTION', { option });
  return {
    kind: 'open',
    what: name,
    code: 'UNK_TCP_OPTION',
    params: { option },
    within: ({ from, to }: Interval): Ternary => {
      if (from === 0n) return to >= 1n || invertIf(true, asked);
      return from === 1n && asked;
    },
  };
}
