/**
 * A packet as bytes, with real checksums. What a walk does not say has plain values: a payload of zeros, sequence
 * numbers that count from 0, a window of 64240; of what the kernel draws the lowest value.
 */
import { type Address, type Family, parseAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import { PROTOCOL, TCP, hasPorts, isIcmp } from '../packet/packet.js';
import type { FinalPacket } from '../packet/result.js';
import { crc32c, internetChecksum } from './checksums.js';
import { type Hop, bareLength } from './hops.js';

/** The window that TCP packets are given. */
export const WINDOW = 64_240;

/** The first value of `LOW-HIGH`. */
const lowest = (text: string): string => text.split('-')[0] ?? '';
const number = (text: string): number => Number(lowest(text)) || 0;

function addressBytes(text: string, family: Family): Uint8Array {
  const address: Address = parseAddress(lowest(text)) ?? (family === 4 ? 0 : 0n);
  const bytes = new Uint8Array(family === 4 ? 4 : 16);
  const view = new DataView(bytes.buffer);
  if (typeof address === 'number') view.setUint32(0, address >>> 0);
  else {
    view.setBigUint64(0, address >> 64n);
    view.setBigUint64(8, address & 0xffff_ffff_ffff_ffffn);
  }
  return bytes;
}

/** Sequence and acknowledgement of a segment: each side's SYN is number 0. */
export function tcpNumbers(flags: readonly string[]): { readonly seq: number; readonly ack: number } {
  return { seq: flags.includes('SYN') ? 0 : 1, ack: flags.includes('ACK') ? 1 : 0 };
}

function tcp(hop: Hop, body: DataView): void {
  const { seq, ack } = tcpNumbers(hop.tcpFlags);
  body.setUint32(4, seq);
  body.setUint32(8, ack);
  body.setUint8(12, 0x50);
  body.setUint8(
    13,
    Object.entries(TCP).reduce((bits, [name, bit]) => (hop.tcpFlags.includes(name) ? bits | bit : bits), 0),
  );
  body.setUint16(14, WINDOW);
}

/** An INIT chunk that asks for one stream each way; what is behind it belongs to it. */
function sctp(body: DataView): void {
  body.setUint8(12, 1);
  body.setUint16(14, body.byteLength - 12);
  body.setUint32(16, 1);
  body.setUint32(20, 65_536);
  body.setUint16(24, 1);
  body.setUint16(26, 1);
  body.setUint32(28, 1);
}

function icmp(hop: Hop, bytes: Uint8Array, body: DataView): void {
  body.setUint8(0, hop.icmpType);
  body.setUint8(1, hop.icmpCode);
  if (hop.inner !== null) {
    bytes.set(quotedBytes(hop.inner).subarray(0, bytes.length - 8), 8);
    return;
  }
  body.setUint16(4, number(hop.header.icmpId));
  body.setUint16(6, 1);
}

/** Where the checksum stands behind the IP header. */
const CHECKSUM_AT: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.icmp, 2],
  [PROTOCOL.tcp, 16],
  [PROTOCOL.udp, 6],
  [PROTOCOL.dccp, 6],
  [PROTOCOL.icmpv6, 2],
  [PROTOCOL.udplite, 6],
]);

function seal(hop: Hop, bytes: Uint8Array, ends: readonly Uint8Array[]): void {
  const { protocol, family } = hop;
  const body = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (protocol === PROTOCOL.sctp) body.setUint32(8, crc32c(bytes), true);
  const at = CHECKSUM_AT.get(protocol);
  if (at === undefined) return;
  const length = bytes.length;
  const pseudo = new Uint8Array([0, protocol, length >> 8, length & 255]);
  const sum =
    protocol === PROTOCOL.icmp && family === 4
      ? internetChecksum(bytes)
      : internetChecksum(...ends, pseudo, bytes);
  // Of UDP, 0 says that there is none.
  const isUdp = protocol === PROTOCOL.udp || protocol === PROTOCOL.udplite;
  body.setUint16(at, sum === 0 && isUdp ? 0xffff : sum);
}

/** What is behind the IP header. */
function transportBytes(hop: Hop, length: number, ends: readonly Uint8Array[]): Uint8Array {
  const { protocol, family, header } = hop;
  const bytes = new Uint8Array(length);
  const body = new DataView(bytes.buffer);
  if (hasPorts(protocol)) {
    body.setUint16(0, number(header.sport));
    body.setUint16(2, number(header.dport));
  }
  if (protocol === PROTOCOL.tcp) tcp(hop, body);
  else if (protocol === PROTOCOL.udp) body.setUint16(4, length);
  else if (protocol === PROTOCOL.sctp) sctp(body);
  // A request of five words (RFC 4340).
  else if (protocol === PROTOCOL.dccp) body.setUint8(4, 5);
  else if (isIcmp(protocol, family)) icmp(hop, bytes, body);
  seal(hop, bytes, ends);
  return bytes;
}

/** The IP packet of a hop. */
export function packetBytes(hop: Hop): Uint8Array {
  const { family, protocol, header } = hop;
  const head = family === 4 ? 20 : 40;
  const length = Math.min(hop.length, family === 4 ? 65_535 : 65_575);
  const source = addressBytes(header.src, family);
  const destination = addressBytes(header.dst, family);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  if (family === 4) {
    view.setUint8(0, 0x45);
    view.setUint8(1, header.tos);
    view.setUint16(2, length);
    view.setUint16(6, 0x4000);
    view.setUint8(8, number(header.ttl));
    view.setUint8(9, protocol);
    bytes.set(source, 12);
    bytes.set(destination, 16);
    view.setUint16(10, internetChecksum(bytes.subarray(0, 20)));
  } else {
    view.setUint32(0, ((6 << 28) | (header.tos << 20)) >>> 0);
    view.setUint16(4, length - head);
    view.setUint8(6, protocol);
    view.setUint8(7, number(header.ttl));
    bytes.set(source, 8);
    bytes.set(destination, 24);
  }
  bytes.set(transportBytes(hop, length - head, [source, destination]), head);
  return bytes;
}

/** The packet that an ICMP error quotes. */
function quotedBytes(inner: FinalPacket): Uint8Array {
  const text = (
    value: string | number | undefined,
    range: readonly (string | number)[] | undefined,
  ): string => String(value ?? range?.[0] ?? '');
  const dst = text(inner.dst, inner.dstRange);
  const family = dst.includes(':') ? 6 : 4;
  const protocol = protocolNumber(inner.proto) ?? Number(inner.proto);
  return packetBytes({
    ...{ device: '', direction: 'In', family, protocol, tcpFlags: ['SYN'], inner: null },
    header: {
      ...{
        src: text(inner.src, inner.srcRange),
        dst,
        mark: inner.mark,
        ttl: String(inner.ttl),
        tos: inner.tos,
      },
      ...{ sport: text(inner.sport, inner.sportRange), dport: text(inner.dport, inner.dportRange) },
      icmpId: text(inner.icmpId, inner.icmpIdRange),
    },
    ...{ icmpType: inner.icmpType ?? 0, icmpCode: inner.icmpCode ?? 0 },
    length: bareLength(family, protocol),
  });
}
