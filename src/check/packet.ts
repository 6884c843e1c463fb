/** `packet:` of a flow: the words of `natwalk trace`'s options, without their dashes. */
import { parseAddress } from '../address/address.js';
import { protocolName, protocolNumber } from '../address/protocols.js';
import { type End, type Literal, resolveEnds } from '../names/ends.js';
import { isReference, parseReference } from '../names/reference.js';
import type { Node } from '../packet/node.js';
import type { PacketInput } from '../packet/result.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import type { Faults } from './reading.js';
import { type Mapping, type Tree, entryOf, itemsOf } from './tree.js';

/** Words of a packet. */
export const PACKET_KEYS = [
  'in',
  'local',
  'from',
  'to',
  'proto',
  'mark',
  'tos',
  'ttl',
  'length',
  'tcp-flags',
  'icmp',
  'icmp-id',
  'uid',
  'gid',
  'oif',
  'connected',
  'ct',
] as const;

type PacketKey = (typeof PACKET_KEYS)[number];

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NONE'] as const;

const STATES = ['new', 'established', 'related', 'untracked', 'invalid'] as const;

const NUMBERS = [
  ['mark', 'mark', 0xffffffff],
  ['tos', 'tos', 255],
  ['ttl', 'ttl', 255],
  ['length', 'length', 65535],
  ['icmp-id', 'icmpId', 65535],
  ['uid', 'uid', 0xffffffff],
  ['gid', 'gid', 0xffffffff],
] as const;

/** A packet as a spec describes it: its ends may be names still. */
export interface PacketSpec {
  readonly from: End | null;
  readonly to: End;
  /** Null when it is left open. */
  readonly proto: string | null;
  readonly isIcmp: boolean;
  readonly rest: Omit<PacketInput, 'proto' | 'src' | 'sport' | 'dst' | 'dport'>;
  readonly span: Span;
  readonly places: ReadonlyMap<string, Span>;
}

/** Reads `IP`, `IP:PORT`, `[IPv6]` or `[IPv6]:PORT`; null for anything else. */
export function readEndpoint(text: string): Literal | null {
  if (parseAddress(text) !== null) return { address: text, port: null };
  const [, six, four, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = six ?? four ?? '';
  const port = digits === undefined ? null : Number(digits);
  if (parseAddress(address) === null || (port !== null && port > 65535)) return null;
  return { address, port };
}

function readEnd(tree: Tree, key: string, faults: Faults): End | null {
  const text = faults.text(tree, key);
  if (text === null) return null;
  const end = isReference(text) ? parseReference(text) : readEndpoint(text);
  if (end === null) faults.tell('CHECK_ADDRESS', tree.span, { key, text });
  return end;
}

type Rest = { -readonly [K in keyof PacketSpec['rest']]: PacketSpec['rest'][K] };

function readIcmp(tree: Tree, rest: Rest, faults: Faults): void {
  const text = faults.text(tree, 'icmp');
  if (text === null) return;
  const [, type, code = '0'] = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (type === undefined || Number(type) > 255 || Number(code) > 255) {
    faults.tell('CHECK_ICMP', tree.span, { text });
    return;
  }
  rest.icmpType = Number(type);
  rest.icmpCode = Number(code);
}

function readFlags(tree: Tree, faults: Faults): readonly string[] {
  const names: string[] = [];
  for (const item of itemsOf(tree)) {
    const words = faults.text(item, 'tcp-flags')?.split(',') ?? [];
    for (const word of words) {
      const name = word.trim().toUpperCase();
      if (!FLAGS.some((flag) => flag === name))
        faults.tell('CHECK_CHOICE', item.span, {
          key: 'tcp-flags',
          text: word.trim(),
          near: 'SYN',
          choices: FLAGS.join(', '),
        });
      else if (name !== 'NONE') names.push(name);
    }
  }
  return names;
}

function readTruth(tree: Tree, key: string, faults: Faults): boolean | null {
  const word = faults.choice(tree, key, ['true', 'false', 'yes', 'no']);
  return word === null ? null : word === 'true' || word === 'yes';
}

/** Where the packet comes from: a device, or with `local: true` (or `in: null`) a process of the node. */
function readEntry(map: Mapping, rest: Rest, faults: Faults): void {
  const device = entryOf(map, 'in');
  const local = entryOf(map, 'local');
  const isLocal = local === undefined ? null : readTruth(local.value, 'local', faults);
  if (device !== undefined) {
    const isNull = device.value.kind === 'scalar' && device.value.value === null;
    const name = isNull ? null : faults.text(device.value, 'in');
    if (isNull || name !== null) rest.in = name;
    if (isLocal === true && name !== null)
      faults.tell('CHECK_CONFLICT', device.keySpan, { key: 'in', other: 'local' }, local?.keySpan);
  }
  if (isLocal === true) rest.in = null;
}

function readRest(map: Mapping, faults: Faults): Rest {
  const rest: Rest = {};
  readEntry(map, rest, faults);
  for (const [key, field, high] of NUMBERS) {
    const entry = entryOf(map, key);
    const value = entry === undefined ? null : faults.number(entry.value, key, 0, high);
    if (value !== null) rest[field] = value;
  }
  const given = (key: PacketKey): Tree | null => entryOf(map, key)?.value ?? null;
  const [icmp, flags, oif, connected, ct] = [
    given('icmp'),
    given('tcp-flags'),
    given('oif'),
    given('connected'),
    given('ct'),
  ];
  if (icmp !== null) readIcmp(icmp, rest, faults);
  if (flags !== null) rest.tcpFlags = readFlags(flags, faults);
  const device = oif === null ? null : faults.text(oif, 'oif');
  if (device !== null) rest.oif = device;
  const isConnected = connected === null ? null : readTruth(connected, 'connected', faults);
  if (isConnected !== null) rest.connected = isConnected;
  const state = ct === null ? null : faults.choice(ct, 'ct', STATES);
  if (state !== null) rest.ct = state;
  return rest;
}

function readProtocol(map: Mapping, faults: Faults): string | null {
  const entry = entryOf(map, 'proto');
  const text = entry === undefined ? null : faults.text(entry.value, 'proto');
  if (entry === undefined || text === null) return null;
  const isNumber = /^\d{1,3}$/.test(text) && Number(text) <= 255;
  if (isNumber || protocolNumber(text) !== null) return text.toLowerCase();
  faults.tell('CHECK_PROTOCOL', entry.value.span, { text });
  return null;
}

function isFamilyMix(from: End | null, to: End): boolean {
  if (from === null || 'kind' in from || 'kind' in to) return false;
  return from.address.includes(':') !== to.address.includes(':');
}

/** Reads a packet. @returns null after telling what is wrong */
export function readPacket(tree: Tree, faults: Faults): PacketSpec | null {
  const map = faults.map(tree, 'packet');
  if (map === null) return null;
  faults.keys(map, PACKET_KEYS);
  const rest = readRest(map, faults);
  const proto = readProtocol(map, faults);
  const source = entryOf(map, 'from');
  const target = entryOf(map, 'to');
  const from = source === undefined ? null : readEnd(source.value, 'from', faults);
  if (target === undefined) {
    faults.tell('CHECK_MISSING', map.span, { key: 'to', of: 'packet' });
    return null;
  }
  const to = readEnd(target.value, 'to', faults);
  if (to === null) return null;
  if (isFamilyMix(from, to)) faults.tell('CHECK_FAMILY', target.value.span, {}, source?.value.span);
  return {
    from,
    to,
    proto,
    isIcmp: rest.icmpType !== undefined || rest.icmpId !== undefined,
    rest,
    span: map.span,
    places: new Map(map.entries.map(({ key, value }) => [key, value.span])),
  };
}

/** Why a packet cannot be made or walked on this node: a message id, and the word of the packet that it is about. */
export class PacketFault {
  readonly code: string;
  readonly params: Params;
  readonly key: string | null;

  constructor(code: string, params: Params, key: string | null) {
    this.code = code;
    this.params = params;
    this.key = key;
  }
}

function protocolOf({ proto, isIcmp }: PacketSpec): number | null {
  if (proto === null) return isIcmp ? 1 : null;
  return protocolNumber(proto) ?? Number(proto);
}

/** The packet with names turned into the addresses that the node's snapshot gives them. */
export function packetOf(spec: PacketSpec, { names }: Node): PacketInput | PacketFault {
  const ends = resolveEnds(names, spec, protocolOf(spec));
  if ('problem' in ends)
    return new PacketFault(ends.problem.code, { option: ends.side, ...ends.problem.params }, ends.side);
  const { from, to, protocol } = ends;
  const icmp = to.address.includes(':') ? 'icmpv6' : 'icmp';
  const otherwise = spec.isIcmp ? icmp : protocol === null ? 'tcp' : protocolName(protocol);
  return {
    ...spec.rest,
    proto: spec.proto ?? otherwise,
    dst: to.address,
    ...(to.port === null ? {} : { dport: to.port }),
    ...(from === null ? {} : { src: from.address, ...(from.port === null ? {} : { sport: from.port }) }),
  };
}
