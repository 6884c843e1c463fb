/** Packets as bytes: built from a batch line, and read back from what was captured. */
import { isIP } from 'node:net';
import { formatAddress, parseAddress } from '../../../src/address/address.js';
import type { PacketInput } from '../../../src/packet/result.js';
import { checksum, crc32c } from './checksum.js';

const NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    icmp: 1,
    tcp: 6,
    udp: 17,
    dccp: 33,
    gre: 47,
    esp: 50,
    ah: 51,
    icmpv6: 58,
    sctp: 132,
    udplite: 136,
  }),
);
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;

/** Sequence numbers of one TCP segment. */
export interface Sequence {
  readonly seq: number;
  readonly ack: number;
}

/** A header as it was captured. */
export interface Header {
  readonly proto: number;
  readonly src: string;
  readonly dst: string;
  readonly sport: number | null;
  readonly dport: number | null;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly icmpId: number | null;
  readonly tcpFlags: readonly string[];
  readonly seq: number;
  readonly ack: number;
  readonly ttl: number;
  readonly tos: number;
  /** The packet that an ICMP error quotes. */
  readonly inner: Header | null;
}

/** Protocol number of a batch line. */
export function protocolOf(packet: PacketInput): number {
  if (typeof packet.proto === 'number') return packet.proto;
  const found = NUMBERS.get(packet.proto) ?? Number(packet.proto);
  if (Number.isNaN(found)) throw new Error(`unknown protocol ${packet.proto}`);
  return found;
}

/** Does the protocol begin with two ports? */
export function withPorts(proto: number): boolean {
  return [6, 17, 33, 132, 136].includes(proto);
}

/** 4 or 6. */
export function familyOfText(address: string): 4 | 6 {
  const family = isIP(address);
  if (family !== 4 && family !== 6) throw new Error(`not an address: ${address}`);
  return family;
}

function addressBytes(text: string): Buffer {
  const address = parseAddress(text);
  if (address === null) throw new Error(`not an address: ${text}`);
  if (typeof address === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(address | 0);
    return bytes;
  }
  return Buffer.from(address.toString(16).padStart(32, '0'), 'hex');
}

function addressText(bytes: Buffer): string {
  return formatAddress(bytes.length === 4 ? bytes.readInt32BE() : BigInt(`0x${bytes.toString('hex')}`));
}

/** The ports that stand in for missing ones are natwalk's own. */
export function portsOf(packet: PacketInput): { readonly sport: number; readonly dport: number } {
  const proto = protocolOf(packet);
  return { sport: packet.sport ?? 40000, dport: packet.dport ?? (proto === 17 ? 53 : 80) };
}

function flagBits(names: readonly string[]): number {
  return FLAGS.reduce((bits, name, at) => (names.includes(name) ? bits | (1 << at) : bits), 0);
}

function transport(packet: PacketInput, sequence: Sequence, padding: number): Buffer {
  const proto = protocolOf(packet);
  const { sport, dport } = portsOf(packet);
  if (proto === 6) {
    const head = Buffer.alloc(20 + padding);
    head.writeUInt32BE(sequence.seq >>> 0, 4);
    head.writeUInt32BE(sequence.ack >>> 0, 8);
    head[12] = 0x50;
    head[13] = flagBits(packet.tcpFlags ?? ['SYN']);
    head.writeUInt16BE(64240, 14);
    return ported(head, sport, dport);
  }
  if (proto === 17 || proto === 136) {
    const head = Buffer.alloc(8 + padding);
    head.writeUInt16BE(proto === 17 ? head.length : 0, 4);
    return ported(head, sport, dport);
  }
  if (proto === 132) return ported(Buffer.concat([Buffer.alloc(12), sctpInit(padding)]), sport, dport);
  if (proto === 33) {
    const head = Buffer.alloc(20 + padding);
    head[4] = 5;
    return ported(head, sport, dport);
  }
  if (proto === 1 || proto === 58) return icmp(packet, proto, sequence, padding);
  return Buffer.alloc(8 + padding);
}

function ported(head: Buffer, sport: number, dport: number): Buffer {
  head.writeUInt16BE(sport, 0);
  head.writeUInt16BE(dport, 2);
  return head;
}

/** An INIT chunk; what pads it is part of it, since INIT stands alone. */
function sctpInit(padding: number): Buffer {
  const chunk = Buffer.from('0100001400000001000010000001000100000001', 'hex');
  chunk.writeUInt16BE(chunk.length + padding, 2);
  return Buffer.concat([chunk, Buffer.alloc(padding)]);
}

function icmp(packet: PacketInput, proto: number, sequence: Sequence, padding: number): Buffer {
  const quoted = packet.inner === undefined ? Buffer.alloc(padding) : buildPacket(packet.inner, sequence);
  const head = Buffer.alloc(8);
  head[0] = packet.icmpType ?? (proto === 1 ? 8 : 128);
  head[1] = packet.icmpCode ?? 0;
  if (packet.inner === undefined) {
    head.writeUInt16BE(packet.icmpId ?? 1, 4);
    head.writeUInt16BE(1, 6);
  }
  return Buffer.concat([head, quoted]);
}

function seal(proto: number, body: Buffer, source: Buffer, target: Buffer): void {
  const pseudo = Buffer.concat([
    source,
    target,
    Buffer.from([0, proto, body.length >> 8, body.length & 255]),
  ]);
  const at = ({ 1: 2, 6: 16, 17: 6, 33: 6, 58: 2, 136: 6 } as Readonly<Record<number, number>>)[proto];
  if (proto === 132) body.writeUInt32LE(crc32c(body), 8);
  if (at === undefined) return;
  const sum = checksum(proto === 1 ? body : Buffer.concat([pseudo, body]));
  body.writeUInt16BE((proto === 17 || proto === 136) && sum === 0 ? 0xffff : sum, at);
}

/** The bytes after the IP header. */
export function buildTransport(packet: PacketInput, sequence: Sequence): Buffer {
  const headerLength = familyOfText(packet.dst) === 4 ? 20 : 40;
  const bare = transport(packet, sequence, 0).length + headerLength;
  const body = transport(packet, sequence, Math.max(0, (packet.length ?? 0) - bare));
  seal(protocolOf(packet), body, addressBytes(packet.src ?? packet.dst), addressBytes(packet.dst));
  return body;
}

/** A whole IP packet. The source must be given. */
export function buildPacket(packet: PacketInput, sequence: Sequence): Buffer {
  if (packet.src === undefined) throw new Error('a packet that is injected needs its source');
  const body = buildTransport(packet, sequence);
  const source = addressBytes(packet.src);
  const target = addressBytes(packet.dst);
  const tos = Number(packet.tos ?? 0);
  if (source.length === 16) {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(((6 << 28) | (tos << 20)) >>> 0);
    head.writeUInt16BE(body.length, 4);
    head[6] = protocolOf(packet);
    head[7] = packet.ttl ?? 64;
    return Buffer.concat([head, source, target, body]);
  }
  const head = Buffer.alloc(20);
  head[0] = 0x45;
  head[1] = tos;
  head.writeUInt16BE(20 + body.length, 2);
  head.writeUInt16BE(0x1234, 4);
  head[8] = packet.ttl ?? 64;
  head[9] = protocolOf(packet);
  source.copy(head, 12);
  target.copy(head, 16);
  head.writeUInt16BE(checksum(head), 10);
  return Buffer.concat([head, body]);
}

/** Reads an IP packet; null when it is neither IPv4 nor IPv6 or cut short. */
export function parsePacket(bytes: Buffer): Header | null {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4 && bytes.length >= 20) {
    const length = ((bytes[0] ?? 0) & 15) * 4;
    const rest = bytes.subarray(length);
    return header(
      bytes[9] ?? 0,
      bytes.subarray(12, 16),
      bytes.subarray(16, 20),
      rest,
      bytes[8] ?? 0,
      bytes[1] ?? 0,
    );
  }
  if (version === 6 && bytes.length >= 40) {
    const tos = (bytes.readUInt16BE(0) >> 4) & 255;
    return header(
      bytes[6] ?? 0,
      bytes.subarray(8, 24),
      bytes.subarray(24, 40),
      bytes.subarray(40),
      bytes[7] ?? 0,
      tos,
    );
  }
  return null;
}

/** Is it an ICMP error of the protocol (and not a query or its answer)? */
export function isError(proto: number, type: number | null): boolean {
  if (type === null) return false;
  return proto === 1 ? [3, 4, 5, 11, 12].includes(type) : proto === 58 && type < 128;
}

function header(proto: number, src: Buffer, dst: Buffer, rest: Buffer, ttl: number, tos: number): Header {
  const ports = withPorts(proto) && rest.length >= 4;
  const type = (proto === 1 || proto === 58) && rest.length >= 8 ? (rest[0] ?? 0) : null;
  const error = isError(proto, type);
  const bits = proto === 6 ? (rest[13] ?? 0) : 0;
  return {
    proto,
    src: addressText(src),
    dst: addressText(dst),
    sport: ports ? rest.readUInt16BE(0) : null,
    dport: ports ? rest.readUInt16BE(2) : null,
    icmpType: type,
    icmpCode: type === null ? null : (rest[1] ?? 0),
    icmpId: type === null || error ? null : rest.readUInt16BE(4),
    tcpFlags: FLAGS.filter((_, at) => (bits & (1 << at)) !== 0),
    seq: proto === 6 && rest.length >= 8 ? rest.readUInt32BE(4) : 0,
    ack: proto === 6 && rest.length >= 12 ? rest.readUInt32BE(8) : 0,
    ttl,
    tos,
    inner: error ? parsePacket(rest.subarray(8)) : null,
  };
}
