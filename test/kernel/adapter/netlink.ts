/** What the kernel says by netlink about a packet: NFLOG messages (its mark, TRACE lines) and conntrack's events. */
import { formatAddress } from '../../../src/address/address.js';
import { type Header, parsePacket } from './wire.js';

/** A packet as an NFLOG message shows it. */
export interface Logged {
  readonly group: number;
  /** 0 PREROUTING, 1 INPUT, 2 FORWARD, 3 OUTPUT, 4 POSTROUTING. */
  readonly hook: number;
  readonly mark: number;
  readonly prefix: string;
  readonly header: Header | null;
}

/** One direction of a conntrack entry. */
export interface EntryTuple {
  readonly proto: number;
  readonly src: string;
  readonly dst: string;
  readonly sport: number | null;
  readonly dport: number | null;
  readonly icmpType: number | null;
  readonly icmpId: number | null;
}

/** A conntrack entry as an event shows it. */
export interface Entry {
  readonly original: EntryTuple;
  readonly reply: EntryTuple;
  readonly mark: number;
  readonly zone: number;
  /** The event tells of an entry that was not there before. */
  readonly isNew: boolean;
  /** What is set of the bits that natwalk speaks of, by name. */
  readonly status: readonly string[];
}

/** Bits of CTA_STATUS (include/uapi/linux/netfilter/nf_conntrack_common.h). */
const STATUS: readonly (readonly [number, string])[] = [
  [0, 'EXPECTED'],
  [1, 'SEEN_REPLY'],
  [2, 'ASSURED'],
  [3, 'CONFIRMED'],
  [4, 'SRC_NAT'],
  [5, 'DST_NAT'],
  [9, 'DYING'],
];

/** Netlink's flag of a message about something that was made (NLM_F_CREATE). */
const CREATED = 0x400;

type Attributes = ReadonlyMap<number, Buffer>;

/** Netlink attributes by type; of a repeated one the last. */
function attributesOf(bytes: Buffer): Attributes {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    if (length < 4) break;
    found.set(bytes.readUInt16LE(at + 2) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return found;
}

const nested = (attributes: Attributes, type: number): Attributes =>
  attributesOf(attributes.get(type) ?? Buffer.alloc(0));

/** After the netlink header (16 bytes) and nfgenmsg (4 bytes). */
const body = (message: Buffer): Attributes => attributesOf(message.subarray(20));

/** Reads an NFLOG packet message (include/uapi/linux/netfilter/nfnetlink_log.h). */
export function readLog(message: Buffer): Logged {
  const attributes = body(message);
  const payload = attributes.get(9);
  const prefix = attributes.get(10)?.toString('latin1') ?? '';
  return {
    group: message.readUInt16BE(18),
    hook: attributes.get(1)?.readUInt8(2) ?? 0,
    mark: attributes.get(2)?.readUInt32BE() ?? 0,
    prefix: prefix.replace(/\0.*$/s, ''),
    header: payload === undefined ? null : parsePacket(payload),
  };
}

function addressOf(ip: Attributes, four: number, six: number): string {
  const short = ip.get(four);
  if (short !== undefined) return formatAddress(short.readInt32BE());
  return formatAddress(BigInt(`0x0${ip.get(six)?.toString('hex') ?? ''}`));
}

function tupleOf(tuple: Attributes): EntryTuple {
  const ip = nested(tuple, 1);
  const proto = nested(tuple, 2);
  return {
    proto: proto.get(1)?.readUInt8() ?? 0,
    src: addressOf(ip, 1, 3),
    dst: addressOf(ip, 2, 4),
    sport: proto.get(2)?.readUInt16BE() ?? null,
    dport: proto.get(3)?.readUInt16BE() ?? null,
    icmpType: (proto.get(5) ?? proto.get(8))?.readUInt8() ?? null,
    icmpId: (proto.get(4) ?? proto.get(7))?.readUInt16BE() ?? null,
  };
}

/** Reads a conntrack event (include/uapi/linux/netfilter/nfnetlink_conntrack.h). */
export function readEvent(message: Buffer): Entry {
  const attributes = body(message);
  const status = attributes.get(3)?.readUInt32BE() ?? 0;
  return {
    isNew: (message.readUInt16LE(6) & CREATED) !== 0,
    status: STATUS.flatMap(([bit, name]) => ((status >>> bit) & 1 ? [name] : [])),
    original: tupleOf(nested(attributes, 1)),
    reply: tupleOf(nested(attributes, 2)),
    mark: attributes.get(8)?.readUInt32BE() ?? 0,
    zone: attributes.get(18)?.readUInt16BE() ?? 0,
  };
}

/** One line of what nf_tables traces of a packet. */
export interface Traced {
  /** The packet: the same for all lines of one, as long as the kernel keeps its buffer. */
  readonly id: number;
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly kind: 'policy' | 'return' | 'rule';
  /** Of the rule; null for a chain's end. */
  readonly handle: number | null;
  /** The packet, in the first line of each base chain. */
  readonly header: Header | null;
}

/** Netfilter's own numbers of families (include/uapi/linux/netfilter.h). */
const FAMILIES: ReadonlyMap<number, string> = new Map([
  [1, 'inet'],
  [2, 'ip'],
  [10, 'ip6'],
]);
const KINDS = ['policy', 'policy', 'return', 'rule'] as const;

const textOf = (bytes: Buffer | undefined): string => bytes?.toString('latin1').replace(/\0.*$/s, '') ?? '';

/** Reads a trace message (include/uapi/linux/netfilter/nf_tables.h, enum nft_trace_attributes). */
export function readTrace(message: Buffer): Traced {
  const attributes = body(message);
  const network = attributes.get(8);
  const transport = attributes.get(9) ?? Buffer.alloc(0);
  const handle = attributes.get(3)?.readBigUInt64BE();
  return {
    id: attributes.get(6)?.readUInt32BE() ?? 0,
    family: FAMILIES.get(message.readUInt8(16)) ?? '',
    table: textOf(attributes.get(1)),
    chain: textOf(attributes.get(2)),
    kind: KINDS[attributes.get(4)?.readUInt32BE() ?? 0] ?? 'policy',
    handle: handle === undefined ? null : Number(handle),
    header: network === undefined ? null : parsePacket(Buffer.concat([network, transport])),
  };
}
