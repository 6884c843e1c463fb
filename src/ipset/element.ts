/** Elements of sets: which dimensions each type has, and what stands in the text that ipset prints. */
import { type Address, type Family, familyOf, maskAddress, parseAddress } from '../address/address.js';
import { type Prefix, maskOfLength, parsePrefix } from '../address/prefix.js';
import { icmpCode } from './icmp-names.js';
import type { IpSet, SetEntry } from './model.js';

/** `optional-mac`: bitmap:ip,mac may hold an address alone, which then fits every MAC. */
export type Dimension =
  'ip' | 'net' | 'protocol-port' | 'tcp-udp-port' | 'mac' | 'optional-mac' | 'mark' | 'iface';

/** The dimensions of each set type, in the order of the rule's directions (net/netfilter/ipset/ip_set_*.c). */
export const DIMENSIONS: ReadonlyMap<string, readonly Dimension[]> = new Map<string, readonly Dimension[]>([
  ['hash:ip', ['ip']],
  ['hash:net', ['net']],
  ['hash:ip,port', ['ip', 'protocol-port']],
  ['hash:net,port', ['net', 'protocol-port']],
  ['hash:ip,port,ip', ['ip', 'protocol-port', 'ip']],
  ['hash:ip,port,net', ['ip', 'protocol-port', 'net']],
  ['hash:net,net', ['net', 'net']],
  ['hash:net,port,net', ['net', 'protocol-port', 'net']],
  ['hash:net,iface', ['net', 'iface']],
  ['hash:mac', ['mac']],
  ['hash:ip,mac', ['ip', 'mac']],
  ['hash:ip,mark', ['ip', 'mark']],
  ['bitmap:ip', ['ip']],
  ['bitmap:ip,mac', ['ip', 'optional-mac']],
  ['bitmap:port', ['tcp-udp-port']],
]);

/** Types whose family is NFPROTO_UNSPEC: they take packets of both. */
export const EITHER_FAMILY: ReadonlySet<string> = new Set(['bitmap:port', 'list:set', 'hash:mac']);

/** An interface of hash:net,iface: `physdev:` names a bridge port, `wildcard` makes the name a prefix. */
export interface SetInterface {
  readonly name: string;
  readonly bridgePort: boolean;
  readonly wildcard: boolean;
}

/** One dimension's value: address, network, `protocol << 16 | port` or mark, MAC (null: any), interface. */
export type Part = Address | Prefix | string | null | SetInterface;

/** What `create` says about how addresses and marks are stored. */
export interface Masks {
  /** `netmask` or `bitmask`, or null: addresses are kept whole. */
  readonly address: Address | null;
  readonly mark: number;
}

function wordAfter(words: readonly string[], key: string): string | undefined {
  const at = words.indexOf(key);
  return at < 0 ? undefined : words[at + 1];
}

/** Reads the masks of a set's `create` line. */
export function masksOf(set: IpSet): Masks {
  const length = wordAfter(set.words, 'netmask');
  const bits = parseAddress(wordAfter(set.words, 'bitmask') ?? '');
  const mark = Number(wordAfter(set.words, 'markmask') ?? 0xffffffff);
  const valid =
    length !== undefined && /^\d{1,3}$/.test(length) && Number(length) <= (set.family === 4 ? 32 : 128);
  return {
    address: valid ? maskOfLength(Number(length), set.family) : bits,
    mark: Number.isInteger(mark) ? mark >>> 0 : 0xffffffff,
  };
}

const PROTOCOLS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    icmp: 1, igmp: 2, ipencap: 4, ipip: 4, tcp: 6, egp: 8, udp: 17, dccp: 33, ipv6: 41, rsvp: 46, gre: 47, esp: 50,
    ah: 51, icmpv6: 58, 'ipv6-icmp': 58, ospf: 89, pim: 103, ipcomp: 108, vrrp: 112, l2tp: 115, sctp: 132, udplite: 136,
  }),
); // prettier-ignore

function whole(text: string, max: number): number | null {
  return /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : null;
}

/** `tcp:80`, `icmp:echo-request`, `47:0`; without a protocol it is tcp. */
function protocolPort(text: string): number | null {
  const colon = text.indexOf(':');
  const name = colon < 0 ? 'tcp' : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  const protocol = PROTOCOLS.get(name) ?? whole(name, 255);
  if (protocol === null) return null;
  const icmp = protocol === 1 ? icmpCode(rest, 4) : protocol === 58 ? icmpCode(rest, 6) : null;
  const port = icmp ?? whole(rest, 65535);
  return port === null ? null : (protocol << 16) | port;
}

function address(text: string, family: Family, masks: Masks): Address | null {
  const host = text.replace(family === 4 ? /\/32$/ : /\/128$/, '');
  const value = parseAddress(host);
  if (value === null || familyOf(value) !== family) return null;
  return masks.address === null ? value : maskAddress(value, masks.address);
}

function network(text: string, family: Family): Prefix | null {
  const prefix = parsePrefix(text);
  return prefix !== null && prefix.length !== null && familyOf(prefix.address) === family ? prefix : null;
}

function mac(text: string): string | null {
  return /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text) ? text.toLowerCase() : null;
}

function iface(text: string, entry: SetEntry): SetInterface | null {
  const bridgePort = text.startsWith('physdev:');
  const name = bridgePort ? text.slice('physdev:'.length) : text;
  return name === '' ? null : { name, bridgePort, wildcard: entry.words.includes('wildcard') };
}

/** @returns undefined when the text is not a value of the dimension */
function partOf(
  text: string,
  dimension: Dimension,
  entry: SetEntry,
  set: IpSet,
  masks: Masks,
): Part | undefined {
  const known = <T>(value: T | null): T | undefined => value ?? undefined;
  switch (dimension) {
    case 'ip':
      return known(address(text, set.family, masks));
    case 'net':
      return known(network(text, set.family));
    case 'protocol-port':
      return known(protocolPort(text));
    case 'tcp-udp-port':
      return known(whole(text, 65535));
    case 'mac':
    case 'optional-mac':
      return known(mac(text));
    case 'mark':
      return /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) >>> 0 : undefined;
    case 'iface':
      return known(iface(text, entry));
  }
}

/** Reads an element into the parts of its type. @returns null when the text is no element of this type */
export function partsOf(
  entry: SetEntry,
  dimensions: readonly Dimension[],
  set: IpSet,
  masks: Masks,
): readonly Part[] | null {
  const texts = entry.text.split(',');
  if (texts.length > dimensions.length) return null;
  const parts: Part[] = [];
  for (const [at, dimension] of dimensions.entries()) {
    const text = texts[at];
    const part =
      text === undefined
        ? dimension === 'optional-mac'
          ? null
          : undefined
        : partOf(text, dimension, entry, set, masks);
    if (part === undefined) return null;
    parts.push(part);
  }
  return parts;
}
