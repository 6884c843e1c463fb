/** From what a user says about a packet to a packet that can be walked: names read, gaps filled, the way in inferred. */
import {
  type Address,
  type Family,
  anyAddress,
  familyOf,
  formatAddress,
  parseAddress,
} from '../address/address.js';
import { FIRST_CHOICE } from '../chooser/enumerate.js';
import { protocolWord, protocolNumber } from '../address/protocols.js';
import type { ConnectionState } from '../iptables/view.js';
import { parseNumber } from '../iptables/values/number.js';
import { isMapped, isMulticast } from '../routing/address-kind.js';
import { isOwnAddress } from '../routing/address-type.js';
import { UNTOLD, lookup } from '../routing/lookup.js';
import type { Params } from '../source/diagnostic.js';
import { dumpedConnections } from './dumped-connections.js';
import { flowOf } from './flow.js';
import type { Node } from './node.js';
import { lastBits, mappedPacket } from './mapped.js';
import { PROTOCOL, type Packet, TCP, hasPorts, isIcmp } from './packet.js';
import type { CompletedPacket, PacketInput } from './result.js';
import { tupleOf } from './tuple.js';

/** One thing that is wrong with a packet's description: a message id (PKT…) and the field it is about. */
export interface PacketProblem {
  readonly code: string;
  readonly field: keyof PacketInput;
  readonly params: Params;
}

/** Thrown for a packet that cannot be walked; lists everything that is wrong with it. */
export class PacketError extends Error {
  readonly problems: readonly PacketProblem[];

  constructor(problems: readonly PacketProblem[]) {
    super(problems.map((problem) => `${problem.code} ${problem.field}`).join(', '));
    this.name = 'PacketError';
    this.problems = problems;
  }
}

/** A packet ready to be walked. */
export interface Completed {
  readonly packet: Packet;
  readonly device: string | null;
  readonly boundDevice: string | null;
  readonly connected: boolean | null;
  readonly selectSource: boolean;
  /** The IPv4 packet is sent by an IPv6 socket to this address of ::ffff:0:0/96; null for any other. */
  readonly mapped: Address | null;
  readonly forcedState: ConnectionState | null;
  readonly inner: Packet | null;
  readonly inferred: CompletedPacket['inferred'];
}

const STATES: Readonly<Record<NonNullable<PacketInput['ct']>, ConnectionState>> = {
  new: 'NEW',
  established: 'ESTABLISHED',
  related: 'RELATED',
  untracked: 'UNTRACKED',
  invalid: 'INVALID',
};

/** Ports that stand in when none is given: an ordinary client port, and the protocol's best-known service. */
const DEFAULT_SPORT = 40000;
const DEFAULT_DPORT: ReadonlyMap<number, number> = new Map([[PROTOCOL.udp, 53]]);

const TCP_FLAGS: ReadonlyMap<string, number> = new Map(Object.entries(TCP));

/** The names of set flags, lowest bit first: a few combinations come again and again. */
const flagNames = new Map<number, readonly string[]>();

function namesOfFlags(bits: number): readonly string[] {
  const known = flagNames.get(bits);
  if (known !== undefined) return known;
  const names = Object.entries(TCP).flatMap(([name, bit]) => ((bits & bit) !== 0 ? [name] : []));
  flagNames.set(bits, names);
  return names;
}

/** Collects problems while the fields are read. */
class Reader {
  readonly problems: PacketProblem[] = [];
  readonly input: PacketInput;

  constructor(input: PacketInput) {
    this.input = input;
  }

  fail(code: string, field: keyof PacketInput, params: Params = {}): void {
    this.problems.push({ code, field, params });
  }

  number(
    field:
      | 'sport'
      | 'dport'
      | 'icmpType'
      | 'icmpCode'
      | 'icmpId'
      | 'ttl'
      | 'tos'
      | 'length'
      | 'uid'
      | 'gid'
      | 'mark',
    max: number,
    otherwise: number,
  ): number {
    const given = this.input[field];
    if (given === undefined) return otherwise;
    const value = typeof given === 'number' ? given : parseNumber(given);
    if (value !== null && Number.isInteger(value) && value >= 0 && value <= max) return value;
    this.fail('PKT_NUMBER', field, { text: String(given), max });
    return otherwise;
  }

  optional(field: 'length' | 'uid' | 'gid', max: number): number | null {
    return this.input[field] === undefined ? null : this.number(field, max, 0);
  }

  address(field: 'src' | 'dst'): Address | null {
    const text = this.input[field];
    if (text === undefined) return null;
    const address = parseAddress(text);
    if (address === null) this.fail('PKT_ADDRESS', field, { text });
    return address;
  }

  protocol(): number {
    const { proto } = this.input;
    const number = typeof proto === 'number' ? proto : (protocolNumber(proto) ?? parseNumber(proto));
    if (number !== null && Number.isInteger(number) && number >= 0 && number <= 255) return number;
    this.fail('PKT_PROTOCOL', 'proto', { text: String(proto) });
    return PROTOCOL.tcp;
  }

  flags(tcpFlags: readonly string[]): number {
    let bits = 0;
    const known = TCP_FLAGS;
    for (const name of tcpFlags) {
      const bit = known.get(name.toUpperCase());
      if (bit === undefined)
        this.fail('PKT_TCP_FLAG', 'tcpFlags', { text: name, names: [...known.keys()].join(', ') });
      bits |= bit ?? 0;
    }
    return bits;
  }
}

function icmpDefaults(family: Family): number {
  return family === 4 ? 8 : 128;
}

function readHeader(reader: Reader, isLocal: boolean): Packet {
  const { input } = reader;
  const destination = reader.address('dst') ?? 0;
  const family = familyOf(destination);
  const source = reader.address('src') ?? anyAddress(family);
  if (familyOf(source) !== family)
    reader.fail('PKT_FAMILIES', 'src', { src: input.src ?? '', dst: input.dst });
  const protocol = reader.protocol();
  const ports = hasPorts(protocol);
  const sport = ports ? reader.number('sport', 65535, DEFAULT_SPORT) : 0;
  const dport = ports ? reader.number('dport', 65535, DEFAULT_DPORT.get(protocol) ?? 80) : 0;
  const icmp = isIcmp(protocol, family);
  const id = icmp ? reader.number('icmpId', 65535, 1) : 0;
  return {
    family,
    protocol,
    source,
    sourceTo: source,
    destination,
    destinationTo: destination,
    sourcePort: sport,
    sourcePortTo: sport,
    destinationPort: dport,
    destinationPortTo: dport,
    icmpType: icmp ? reader.number('icmpType', 255, icmpDefaults(family)) : 0,
    icmpCode: icmp ? reader.number('icmpCode', 255, 0) : 0,
    icmpId: id,
    icmpIdTo: id,
    tcpFlags: protocol === PROTOCOL.tcp ? reader.flags(input.tcpFlags ?? ['SYN']) : 0,
    ttl: reader.number('ttl', 255, 64),
    tos: reader.number('tos', 255, 0),
    length: reader.optional('length', 65535),
    mark: reader.number('mark', 0xffffffff, 0),
    markUnknown: 0,
    inInterface: '',
    outInterface: '',
    isLocal,
    uid: reader.optional('uid', 0xffffffff),
    gid: reader.optional('gid', 0xffffffff),
  };
}

/** The device by which packets from `source` come in: the one that the node routes that source to. */
function deviceOf(node: Node, packet: Packet): string | null {
  const back = {
    ...packet,
    destination: packet.source,
    destinationTo: packet.source,
    mark: 0,
    isLocal: true,
    uid: 0,
  };
  const found = lookup(
    node.networks[packet.family],
    flowOf(back, 'lo', null, anyAddress(packet.family)),
    FIRST_CHOICE,
    UNTOLD,
  );
  return found.kind === 'route' ? found.nexthop.device : null;
}

function wayIn(
  node: Node,
  packet: Packet,
  reader: Reader,
): { device: string | null; inferred: CompletedPacket['inferred'] } {
  const { input } = reader;
  if (input.in !== undefined) {
    const { links, known } = node.networks[packet.family];
    if (input.in !== null && known.links && !links.has(input.in))
      reader.fail('PKT_DEVICE', 'in', {
        device: input.in,
        devices: [...links.keys()].slice(0, 20).join(', '),
      });
    if (input.in !== null && input.src === undefined) reader.fail('PKT_SOURCE', 'src');
    return { device: input.in, inferred: 'given' };
  }
  if (input.src === undefined) return { device: null, inferred: 'no-source' };
  if (isOwnAddress(node.networks[packet.family], packet.source) === true)
    return { device: null, inferred: 'own-address' };
  const device = deviceOf(node, packet);
  if (device === null) reader.fail('PKT_WAY_IN', 'in', { src: formatAddress(packet.source) });
  return { device, inferred: 'route' };
}

/** Does a socket of the node send it, as far as that is told? A mapped source is then an IPv4 address of the node. */
function isSentHere(node: Node, { source }: Packet, input: PacketInput): boolean {
  if (input.in !== undefined) return input.in === null;
  if (input.src === undefined) return true;
  return isMapped(source) && isOwnAddress(node.networks[4], lastBits(source)) === true;
}

/** The flags of a segment that comes without: one that goes on with the connection that the dump shows, or opens one. */
function defaultFlags(node: Node, packet: Packet, { ct }: PacketInput): number {
  if (ct === 'established') return TCP.ACK;
  if (ct !== undefined) return TCP.SYN;
  const tuple = tupleOf(packet);
  const dumped = dumpedConnections(node);
  const answered = dumped.at(tuple, 'REPLY', 0);
  const state = (answered ?? dumped.at(tuple, 'ORIGINAL', 0))?.state ?? 'CLOSE';
  if (state === 'SYN_SENT') return answered === null ? TCP.SYN : TCP.SYN | TCP.ACK;
  return state === 'CLOSE' || state === 'TIME_WAIT' ? TCP.SYN : TCP.ACK;
}

/**
 * Reads and completes a packet.
 * @throws PacketError with every problem of the description
 */
export function complete(node: Node, input: PacketInput): Completed {
  const reader = new Reader(input);
  const given = readHeader(reader, false);
  if (reader.problems.length > 0) throw new PacketError(reader.problems);
  const other = isSentHere(node, given, input) ? mappedPacket(given) : null;
  const packet = other ?? given;
  if (packet.protocol === PROTOCOL.tcp && input.tcpFlags === undefined)
    packet.tcpFlags = defaultFlags(node, packet, input);
  const { device, inferred } = wayIn(node, packet, reader);
  const inner = input.inner === undefined ? null : readInner(reader, input.inner);
  if (input.ct !== undefined && !Object.hasOwn(STATES, input.ct))
    reader.fail('PKT_CT', 'ct', { text: input.ct, names: Object.keys(STATES).join(', ') });
  if (reader.problems.length > 0) throw new PacketError(reader.problems);
  const isLocal = device === null;
  return {
    packet: { ...packet, ttl: firstTtl(packet, input, isLocal), isLocal, inInterface: device ?? '' },
    device,
    boundDevice: input.oif ?? null,
    connected: input.connected ?? null,
    selectSource: input.src === undefined,
    mapped: other === null ? null : given.destination,
    forcedState: input.ct === undefined ? null : STATES[input.ct],
    inner,
    inferred,
  };
}

/** Sockets send multicast with a TTL of 1 unless told otherwise (IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS). */
function firstTtl(packet: Packet, input: PacketInput, isLocal: boolean): number {
  return isLocal && input.ttl === undefined && isMulticast(packet.destination) ? 1 : packet.ttl;
}

function readInner(outer: Reader, input: PacketInput): Packet {
  const reader = new Reader(input);
  const packet = readHeader(reader, false);
  for (const { code, params } of reader.problems) outer.fail(code, 'inner', params);
  return packet;
}

type Draft = { -readonly [K in keyof CompletedPacket]: CompletedPacket[K] };

/** All but what few packets have. Of the protocols with ports field by field: a batch makes one for each of its lines. */
function header({ packet, device, inferred }: Completed): Draft {
  const { protocol, sourcePort: sport, destinationPort: dport, ttl, tos } = packet;
  const proto = protocolWord(protocol);
  const src = formatAddress(packet.source);
  const dst = formatAddress(packet.destination);
  const mark = `0x${packet.mark.toString(16)}`;
  if (protocol === PROTOCOL.tcp) {
    const tcpFlags = namesOfFlags(packet.tcpFlags);
    return { in: device, inferred, proto, src, dst, sport, dport, tcpFlags, mark, ttl, tos };
  }
  if (hasPorts(protocol)) return { in: device, inferred, proto, src, dst, sport, dport, mark, ttl, tos };
  const { icmpType, icmpCode, icmpId } = packet;
  const icmp = isIcmp(protocol, packet.family) ? { icmpType, icmpCode, icmpId } : {};
  return { in: device, inferred, proto, src, dst, ...icmp, mark, ttl, tos };
}

/** The completed packet as results print it. */
export function describe(completed: Completed, input: PacketInput): CompletedPacket {
  const { packet, boundDevice, connected } = completed;
  const draft = header(completed);
  if (packet.length !== null) draft.length = packet.length;
  if (packet.uid !== null) draft.uid = packet.uid;
  if (packet.gid !== null) draft.gid = packet.gid;
  if (boundDevice !== null) draft.oif = boundDevice;
  if (connected !== null) draft.connected = connected;
  if (input.ct !== undefined) draft.ct = input.ct;
  return draft;
}
