/**
 * A packet and a world out of `key=value` words, for tests of matches and targets. Whatever a word does not say has a
 * plain default: a TCP packet 10.0.0.1:40000 -> 10.0.0.2:80 (2001:db8::1 -> 2001:db8::2), SYN, TTL 64, NEW, in eth0.
 *
 * packet       family=6 proto=udp|17 src=A[-B] dst=A[-B] sport=N[-M] dport=N[-M] icmp=TYPE[/CODE] icmp-id=N[-M]
 *              flags=SYN,ACK|NONE ttl=N tos=N length=N mark=N[?UNKNOWN_BITS] in=IF out=IF local uid=N gid=N
 * connection   state=NEW|ESTABLISHED|RELATED|INVALID|UNTRACKED (the last two: no entry) ct=none dir=ORIGINAL|REPLY
 *              ctmark=N[?UNKNOWN_BITS] status=SEEN_REPLY,ASSURED,CONFIRMED,SRC_NAT,DST_NAT,EXPECTED|NONE zone=N helper=NAME
 *              label=NAME (repeatable: it has that connlabel) label?=NAME (it may have)
 *              orig=A:P>B:Q reply=A:P>B:Q ([A]:P for IPv6; each part may be a range); left out: the packet's own tuple
 * world        hook=PREROUTING key=RULE_KEY type=ADDRESS:TYPE[@DEVICE] (repeatable; other addresses: UNICAST)
 *              set=NAME[:src,dst] (repeatable: it is in that set) nomatch=NAME (by an element with nomatch) set?=NAME (open) rpf=yes|no|open realm=N group=DEVICE:N bridge=DEVICE
 *
 * `in=` and `out=` may be empty; they default to what the hook has. `?` as the interface is UNKNOWN_INTERFACE.
 */
import { type Address, type Family, parseAddress } from '../../src/address/address.js';
import { type Ternary, unsure } from '../../src/chooser/question.js';
import {
  type AddressType,
  type ConnectionState,
  type ConnectionView,
  type Hook,
  type PacketView,
  type Tuple,
  type World,
  UNKNOWN_INTERFACE,
} from '../../src/iptables/view.js';

/** What a match or target is asked about. */
export interface Scene {
  readonly packet: PacketView;
  readonly world: World;
}

/** What the rule under test implies when the words do not say it. */
export interface SceneDefaults {
  readonly hook?: Hook;
  readonly family?: Family;
  readonly protocol?: number;
}

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['tcp', 6],
  ['udp', 17],
  ['dccp', 33],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['sctp', 132],
  ['udplite', 136],
]);
const FLAGS: ReadonlyMap<string, number> = new Map([
  ['NONE', 0],
  ['FIN', 1],
  ['SYN', 2],
  ['RST', 4],
  ['PSH', 8],
  ['ACK', 16],
  ['URG', 32],
  ['ECE', 64],
  ['CWR', 128],
]);
const HOOKS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
const STATES = ['INVALID', 'NEW', 'ESTABLISHED', 'RELATED', 'UNTRACKED'] as const;
const TYPES = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
] as const;
const STATUS = ['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SRC_NAT', 'DST_NAT', 'EXPECTED', 'NONE'] as const;
const WORDS: ReadonlySet<string> = new Set(
  (
    'family proto src dst sport dport icmp icmp-id flags ttl tos length mark in out local uid gid ' +
    'state ct dir ctmark status zone helper orig reply hook key type set nomatch set? rpf realm group bridge label label?'
  ).split(' '),
);

type Words = ReadonlyMap<string, readonly string[]>;

function split(text: string): Words {
  const words = new Map<string, string[]>();
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const at = word.indexOf('=');
    const key = at < 0 ? word : word.slice(0, at);
    if (!WORDS.has(key)) throw new Error(`unknown packet word: ${word}`);
    words.set(key, [...(words.get(key) ?? []), at < 0 ? '' : word.slice(at + 1)]);
  }
  return words;
}

const last = (words: Words, key: string): string | undefined => words.get(key)?.at(-1);

function number(text: string): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(value)) throw new Error(`not a number: ${text}`);
  return value;
}

function address(text: string): Address {
  const value = parseAddress(text);
  if (value === null) throw new Error(`not an address: ${text}`);
  return value;
}

function named<const N extends string>(names: readonly N[], text: string): N {
  const name = names.find((one) => one === text);
  if (name === undefined) throw new Error(`${text} is none of ${names.join(', ')}`);
  return name;
}

/** `A-B` or `A`: both ends. */
function range<T>(text: string, read: (part: string) => T): readonly [T, T] {
  const [from = '', to = from] = text.split('-');
  return [read(from), read(to)];
}

/** `VALUE?UNKNOWN`: the unknown bits are 0 in the value. */
function maybe(text: string): readonly [number, number] {
  const [value = '', unknown = '0'] = text.split('?');
  return [(number(value) & ~number(unknown)) >>> 0, number(unknown) >>> 0];
}

const optional = (text: string | undefined): number | null => (text === undefined ? null : number(text));

function protocolOf(text: string): number {
  return PROTOCOLS.get(text) ?? number(text);
}

function flagsOf(text: string): number {
  return text.split(',').reduce((bits, name) => {
    const bit = FLAGS.get(name);
    if (bit === undefined) throw new Error(`unknown TCP flag: ${name}`);
    return bits | bit;
  }, 0);
}

function hookOf(words: Words, defaults: SceneDefaults): Hook {
  const given = last(words, 'hook');
  return given === undefined ? (defaults.hook ?? 'INPUT') : named(HOOKS, given);
}

function device(given: string | undefined, fallback: string): string {
  return given === '?' ? UNKNOWN_INTERFACE : (given ?? fallback);
}

function familyOfWords(words: Words, defaults: SceneDefaults): Family {
  const given = last(words, 'family');
  if (given !== undefined) return given === '6' ? 6 : 4;
  const shown = last(words, 'src') ?? last(words, 'dst');
  if (shown !== undefined) return shown.includes(':') ? 6 : 4;
  return defaults.family ?? 4;
}

function packetOf(words: Words, defaults: SceneDefaults): PacketView {
  const hook = hookOf(words, defaults);
  const family = familyOfWords(words, defaults);
  const given = last(words, 'proto');
  const protocol = given === undefined ? (defaults.protocol ?? 6) : protocolOf(given);
  const ports = [6, 17, 33, 132, 136].includes(protocol);
  const icmp = protocol === 1 || protocol === 58;
  const [source, sourceTo] = range(
    last(words, 'src') ?? (family === 4 ? '10.0.0.1' : '2001:db8::1'),
    address,
  );
  const [destination, destinationTo] = range(
    last(words, 'dst') ?? (family === 4 ? '10.0.0.2' : '2001:db8::2'),
    address,
  );
  const [sourcePort, sourcePortTo] = range(last(words, 'sport') ?? (ports ? '40000' : '0'), number);
  const [destinationPort, destinationPortTo] = range(last(words, 'dport') ?? (ports ? '80' : '0'), number);
  const [icmpType = '', icmpCode = '0'] = (
    last(words, 'icmp') ?? (icmp ? (family === 4 ? '8' : '128') : '0')
  ).split('/');
  const [icmpId, icmpIdTo] = range(last(words, 'icmp-id') ?? '0', number);
  const [mark, markUnknown] = maybe(last(words, 'mark') ?? '0');
  return {
    family,
    protocol,
    source,
    sourceTo,
    destination,
    destinationTo,
    sourcePort,
    sourcePortTo,
    destinationPort,
    destinationPortTo,
    icmpType: number(icmpType),
    icmpCode: number(icmpCode),
    icmpId,
    icmpIdTo,
    tcpFlags: protocol === 6 ? flagsOf(last(words, 'flags') ?? 'SYN') : 0,
    ttl: number(last(words, 'ttl') ?? '64'),
    tos: number(last(words, 'tos') ?? '0'),
    length: optional(last(words, 'length')),
    mark,
    markUnknown,
    inInterface: device(last(words, 'in'), hook === 'OUTPUT' || hook === 'POSTROUTING' ? '' : 'eth0'),
    outInterface: device(last(words, 'out'), hook === 'PREROUTING' || hook === 'INPUT' ? '' : 'eth1'),
    isLocal: words.has('local') || hook === 'OUTPUT',
    uid: optional(last(words, 'uid')),
    gid: optional(last(words, 'gid')),
  };
}

// prettier-ignore
const ICMP_ANSWERS: ReadonlyMap<number, number> = new Map([[8, 0], [0, 8], [13, 14], [14, 13], [128, 129], [129, 128]]);

/** The tuple of a packet with this one's addresses and ports swapped; an ICMP id stays, its type turns into the answer's. */
function inverse(tuple: Tuple): Tuple {
  const turned = swapped(tuple);
  if (tuple.protocol !== 1 && tuple.protocol !== 58) return turned;
  const type = tuple.destinationPort >> 8;
  const code = ((ICMP_ANSWERS.get(type) ?? type) << 8) | (tuple.destinationPort & 255);
  return {
    ...turned,
    sourcePort: tuple.sourcePort,
    sourcePortTo: tuple.sourcePortTo,
    destinationPort: code,
    destinationPortTo: code,
  };
}

function swapped(tuple: Tuple): Tuple {
  return {
    protocol: tuple.protocol,
    source: tuple.destination,
    sourceTo: tuple.destinationTo,
    destination: tuple.source,
    destinationTo: tuple.sourceTo,
    sourcePort: tuple.destinationPort,
    sourcePortTo: tuple.destinationPortTo,
    destinationPort: tuple.sourcePort,
    destinationPortTo: tuple.sourcePortTo,
  };
}

function tupleOf(packet: PacketView): Tuple {
  const icmp = packet.protocol === 1 || packet.protocol === 58;
  return {
    protocol: packet.protocol,
    source: packet.source,
    sourceTo: packet.sourceTo,
    destination: packet.destination,
    destinationTo: packet.destinationTo,
    sourcePort: icmp ? packet.icmpId : packet.sourcePort,
    sourcePortTo: icmp ? packet.icmpIdTo : packet.sourcePortTo,
    destinationPort: icmp ? (packet.icmpType << 8) | packet.icmpCode : packet.destinationPort,
    destinationPortTo: icmp ? (packet.icmpType << 8) | packet.icmpCode : packet.destinationPortTo,
  };
}

/** `A:P` or `[A]:P`, each part a range. */
function endpoint(text: string): readonly [Address, Address, number, number] {
  const at = text.lastIndexOf(':');
  const [from, to] = range(text.slice(0, at).replace(/^\[|\]$/g, ''), address);
  const [low, high] = range(text.slice(at + 1), number);
  return [from, to, low, high];
}

function tupleFrom(text: string, protocol: number): Tuple {
  const [left = '', right = ''] = text.split('>');
  const [source, sourceTo, sourcePort, sourcePortTo] = endpoint(left);
  const [destination, destinationTo, destinationPort, destinationPortTo] = endpoint(right);
  return {
    protocol,
    source,
    sourceTo,
    destination,
    destinationTo,
    sourcePort,
    sourcePortTo,
    destinationPort,
    destinationPortTo,
  };
}

function connectionOf(words: Words, packet: PacketView, state: ConnectionState): ConnectionView | null {
  if (state === 'INVALID' || state === 'UNTRACKED' || last(words, 'ct') === 'none') return null;
  const direction = named(['ORIGINAL', 'REPLY'], last(words, 'dir') ?? 'ORIGINAL');
  const own = tupleOf(packet);
  const given = last(words, 'orig');
  const original =
    given !== undefined ? tupleFrom(given, packet.protocol) : direction === 'ORIGINAL' ? own : inverse(own);
  const back = last(words, 'reply');
  const reply = back === undefined ? inverse(original) : tupleFrom(back, packet.protocol);
  const status = last(words, 'status')
    ?.split(',')
    .map((name) => named(STATUS, name));
  const has = (name: (typeof STATUS)[number], implied: boolean): boolean => status?.includes(name) ?? implied;
  const replied = state === 'ESTABLISHED' || direction === 'REPLY';
  const [mark, markUnknown] = maybe(last(words, 'ctmark') ?? '0');
  return {
    original,
    reply,
    mark,
    markUnknown,
    direction,
    seenReply: has('SEEN_REPLY', replied),
    assured: has('ASSURED', false),
    confirmed: has('CONFIRMED', replied),
    sourceNat: has(
      'SRC_NAT',
      reply.destination !== original.source || reply.destinationPort !== original.sourcePort,
    ),
    destinationNat: has(
      'DST_NAT',
      reply.source !== original.destination || reply.sourcePort !== original.destinationPort,
    ),
    expected: has('EXPECTED', false),
    zone: number(last(words, 'zone') ?? '0'),
    helper: last(words, 'helper') ?? null,
  };
}

interface TypeOf {
  readonly type: AddressType;
  readonly device: string | null;
}

function addressTypes(words: Words): ReadonlyMap<Address, TypeOf> {
  return new Map(
    (words.get('type') ?? []).map((text) => {
      const at = text.lastIndexOf(':');
      const [type = '', on = null] = text.slice(at + 1).split('@');
      return [address(text.slice(0, at)), { type: named(TYPES, type), device: on }];
    }),
  );
}

function inSet(
  words: Words,
  set: string,
  directions: readonly ('src' | 'dst')[],
  returnNomatch = false,
): Ternary {
  if ((words.get('set?') ?? []).includes(set)) return unsure(`set ${set}`, 'UNK_SET', { set });
  const asked = `${set}:${directions.join(',')}`;
  return (words.get(returnNomatch ? 'nomatch' : 'set') ?? []).some((name) => name === set || name === asked);
}

/** Reads a packet's words. @throws Error that names a word it does not know, for the author of the test */
export function scene(text: string, defaults: SceneDefaults = {}): Scene {
  const words = split(text);
  const packet = packetOf(words, defaults);
  const state = named(STATES, last(words, 'state') ?? 'NEW');
  const types = addressTypes(words);
  const groups = new Map(
    (words.get('group') ?? []).map((word) => [word.split(':')[0], number(word.split(':')[1] ?? '')]),
  );
  const rpf = last(words, 'rpf') ?? 'yes';
  const world: World = {
    hook: hookOf(words, defaults),
    ruleKey: last(words, 'key') ?? 'filter:INPUT:1',
    connection: connectionOf(words, packet, state),
    state,
    addressTypeIs(asked, wanted, on) {
      const found = types.get(asked) ?? { type: 'UNICAST', device: null };
      const type = on !== null && found.device !== null && on !== found.device ? 'UNICAST' : found.type;
      return wanted.has(type);
    },
    inSet: (set, directions, _packet, returnNomatch) => inSet(words, set, directions, returnNomatch),
    reversePath: () => (rpf === 'open' ? unsure('rpfilter', 'UNK_RPFILTER') : rpf === 'yes'),
    connectionLabel: (label, set) => {
      if (set || words.get('label')?.includes(label) === true) return true;
      return words.get('label?')?.includes(label) === true ? null : false;
    },
    realm: () => optional(last(words, 'realm')),
    deviceGroup: (name) => groups.get(name) ?? null,
    isBridge: (name) => words.get('bridge')?.includes(name) ?? false,
  };
  return { packet, world };
}
