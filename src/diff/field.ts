/** What may be chosen of a packet: its fields, their defaults, and packets made of chosen values. */
import { type Address, type Family, formatAddress } from '../address/address.js';
import { protocolWord } from '../address/protocols.js';
import { PROTOCOL, TCP, hasPorts, isIcmp } from '../packet/packet.js';
import type { PacketInput } from '../packet/result.js';

/** Fields in the order in which results count them. */
export const FIELDS = [
  'in',
  'src',
  'dst',
  'proto',
  'sport',
  'dport',
  'icmp',
  'flags',
  'mark',
  'tos',
  'ttl',
  'length',
  'uid',
  'gid',
  'oif',
  'ct',
] as const;

export type Field = (typeof FIELDS)[number];

/**
 * A value of a field: an address of `src` and `dst`, a name of `in` (null for a local process), `oif` and `ct`, the type
 * times 256 plus the code of `icmp`, the bits of `flags`, and otherwise a number.
 */
export type Value = Address | string | null;

/** Chosen fields; the others are as they are by default. */
export type Draft = ReadonlyMap<Field, Value>;

/** What a field holds that nobody chose, as far as that is the same for every packet. */
export const DEFAULTS: Readonly<Partial<Record<Field, Value>>> = {
  proto: PROTOCOL.tcp,
  sport: 40000,
  dport: 80,
  flags: TCP.SYN,
  mark: 0,
  tos: 0,
  ttl: 64,
  ct: 'new',
};

/** The states that a packet may be said to have. */
const STATES = ['new', 'established', 'related', 'untracked', 'invalid'] as const;

const FLAG_NAMES = Object.entries(TCP);

function flagNames(bits: number): readonly string[] {
  return FLAG_NAMES.flatMap(([name, bit]) => ((bits & bit) !== 0 ? [name] : []));
}

/** Where packets come from and go to when nobody chose. */
export interface Ends {
  readonly family: Family;
  /** The source of packets that come in by the device, or by any. */
  source(device: string | null): Address;
  readonly destination: Address;
}

type Writable = { -readonly [K in keyof PacketInput]: PacketInput[K] };

const isNumber = (value: Value | undefined): value is number => typeof value === 'number';

/** Fields that only a header of some protocols has. */
function writeProtocol(packet: Writable, draft: Draft, protocol: number, family: Family): void {
  const [sport, dport, icmp, flags] = (['sport', 'dport', 'icmp', 'flags'] as const).map((field) =>
    draft.get(field),
  );
  if (hasPorts(protocol)) {
    if (isNumber(sport)) packet.sport = sport;
    if (isNumber(dport)) packet.dport = dport;
  }
  if (isIcmp(protocol, family) && isNumber(icmp)) {
    packet.icmpType = icmp >> 8;
    packet.icmpCode = icmp & 255;
  }
  if (protocol === PROTOCOL.tcp && isNumber(flags)) packet.tcpFlags = flagNames(flags);
}

/** Fields of the socket that a local packet comes from. */
function writeSocket(packet: Writable, draft: Draft): void {
  const [uid, gid, oif] = (['uid', 'gid', 'oif'] as const).map((field) => draft.get(field));
  if (isNumber(uid)) packet.uid = uid;
  if (isNumber(gid)) packet.gid = gid;
  if (typeof oif === 'string') packet.oif = oif;
}

function writeNumbers(packet: Writable, draft: Draft): void {
  for (const field of ['mark', 'tos', 'ttl', 'length'] as const) {
    const value = draft.get(field);
    if (isNumber(value) && value !== DEFAULTS[field]) packet[field] = value;
  }
}

/** A packet of the chosen values; what its protocol, or its way in, has no place for is left out. */
export function packetOf(draft: Draft, ends: Ends): PacketInput {
  const { family } = ends;
  const chosen = draft.get('proto');
  const protocol = isNumber(chosen) ? chosen : PROTOCOL.tcp;
  const device = draft.get('in');
  const src = draft.get('src') ?? null;
  const dst = draft.get('dst') ?? ends.destination;
  const packet: Writable = { proto: protocolWord(protocol), dst: address(dst) };
  if (device === null || typeof device === 'string') packet.in = device;
  if (src !== null) packet.src = address(src);
  else if (device !== null) packet.src = address(ends.source(typeof device === 'string' ? device : null));
  writeProtocol(packet, draft, protocol, family);
  writeNumbers(packet, draft);
  if (device === null) writeSocket(packet, draft);
  const ct = STATES.find((state) => state === draft.get('ct'));
  if (ct !== undefined && ct !== 'new') packet.ct = ct;
  return packet;
}

function address(value: Value): string {
  return typeof value === 'string' || value === null ? '' : formatAddress(value);
}
