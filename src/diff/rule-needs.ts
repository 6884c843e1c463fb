/** What a rule of iptables asks of the packet as it was sent. What depends on state alone asks nothing. */
import { parseAddress } from '../address/address.js';
import { parsePrefix } from '../address/prefix.js';
import { interfaceMatches } from '../iptables/decide.js';
import type { Header, Invertible, Rule, RuleMatch } from '../iptables/model.js';
import type { IpSet, SetEntry } from '../ipset/model.js';
import {
  type Need,
  addressRangeNeed,
  hint,
  maskedNeed,
  negated,
  numbersNeed,
  oneOf,
  prefixNeed,
} from './need.js';
import { elementNeeds } from './set-needs.js';
import type { Terrain } from './terrain.js';
import { type Option, numberOf, optionsOf, rangeOf } from './words.js';

/** What rules may look up while they are read. */
export interface Lookup {
  readonly terrain: Terrain;
  /** The elements of a set that are worth trying, those that differ first. */
  elements(name: string): readonly { readonly set: IpSet; readonly entry: SetEntry }[];
}

/** Each of several ways to be what a rule asks for. */
export type Alternatives = readonly (readonly Need[])[];

const PORT_MAX = 65535;
const PROTOCOLS = [6, 17, 1, 132] as const;

function deviceNeed({ value, inverted }: Invertible<string>, { devices }: Terrain): Need {
  const inside = devices.filter((device) => interfaceMatches(device, value));
  const outside = devices.filter((device) => !interfaceMatches(device, value)).slice(0, 3);
  const need: Need = {
    field: 'in',
    inside: inside.slice(0, 3),
    outside,
    accepts: (name) => typeof name === 'string' && interfaceMatches(name, value),
  };
  return inverted ? negated(need) : need;
}

/** An output device is had by sending to what lies behind it. */
function outNeed({ value, inverted }: Invertible<string>, { behind }: Terrain): Need {
  const fits = [...behind].filter(([device]) => interfaceMatches(device, value) !== inverted);
  return hint(
    'dst',
    fits.slice(0, 4).map(([, address]) => address),
  );
}

export function protocolNeed(protocol: number, inverted: boolean): Need {
  const others = PROTOCOLS.filter((one) => one !== protocol);
  return oneOf('proto', [protocol], others, inverted);
}

function headerNeeds(header: Header, terrain: Terrain): Need[] {
  const needs: Need[] = [];
  for (const [field, selector] of [
    ['src', header.source],
    ['dst', header.destination],
  ] as const)
    if (selector !== null && 'mask' in selector.value)
      needs.push(prefixNeed(field, selector.value, selector.inverted));
  const { inInterface, outInterface, protocol } = header;
  if (inInterface !== null) needs.push(deviceNeed(inInterface, terrain));
  if (outInterface !== null) needs.push(outNeed(outInterface, terrain));
  if (protocol !== null) needs.push(protocolNeed(protocol.value, protocol.inverted));
  return needs;
}

const FLAG_BITS: Readonly<Record<string, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 };

function flagBits(word = ''): number {
  return word
    .split(',')
    .reduce((bits, name) => bits | (Object.hasOwn(FLAG_BITS, name) ? (FLAG_BITS[name] ?? 0) : 0), 0);
}

function ports(field: 'sport' | 'dport', word: string, inverted: boolean): Need[] {
  const ranges = word.split(',').flatMap((part) => rangeOf(part, ':') ?? []);
  return ranges.length === 0 ? [] : [numbersNeed(field, ranges, PORT_MAX, inverted)];
}

function masked(field: 'mark' | 'tos', word: string, inverted: boolean, all: number): Need[] {
  const [value, mask] = word.split('/');
  const wanted = numberOf(value);
  const bits = mask === undefined ? all : numberOf(mask);
  return wanted === null || bits === null ? [] : [maskedNeed(field, wanted, bits, inverted)];
}

function icmp(word: string, inverted: boolean): Need[] {
  const [type, code] = word.split('/').map(numberOf);
  if (type === null || type === undefined || type > 255) return [];
  const low = type * 256 + (code ?? 0);
  const high = code === undefined || code === null ? type * 256 + 255 : low;
  const need = numbersNeed('icmp', [{ from: low, to: high }], PORT_MAX, inverted);
  return [need];
}

const STATES: ReadonlyMap<string, string> = new Map([
  ['NEW', 'new'],
  ['ESTABLISHED', 'established'],
  ['RELATED', 'related'],
  ['UNTRACKED', 'untracked'],
  ['INVALID', 'invalid'],
]);

function states(word: string, inverted: boolean): Need[] {
  const inside = word.split(',').flatMap((name) => STATES.get(name) ?? []);
  const outside = [...STATES.values()].filter((name) => !inside.includes(name));
  // A translated connection has its state beside; how a packet comes by it, no field says.
  return inside.length === 0 ? [] : [oneOf('ct', inside, outside, inverted)];
}

function addressRange(field: 'src' | 'dst', word: string, inverted: boolean): Need[] {
  const [from, to = from] = word.split('-').map((part) => parseAddress(part));
  return from === undefined || from === null || to === undefined || to === null
    ? []
    : [addressRangeNeed(field, { from, to }, inverted)];
}

function addressPrefix(field: 'src' | 'dst', word: string, inverted: boolean): Need[] {
  const prefix = parsePrefix(word);
  return prefix === null ? [] : [prefixNeed(field, prefix, inverted)];
}

/** Addresses of a type: the node's own, broadcasts, multicast. */
function typed(field: 'src' | 'dst', word: string, inverted: boolean, terrain: Terrain): Need[] {
  const { own, broadcasts, special, far } = terrain;
  const types = word.split(',');
  const inside = [
    ...(types.includes('LOCAL') ? own : []),
    ...(types.includes('BROADCAST') ? broadcasts : []),
    ...(types.includes('MULTICAST') ? special.slice(1, 3) : []),
  ];
  if (types.includes('UNICAST')) return [oneOf(field, far, own, inverted)];
  return inside.length === 0 ? [] : [oneOf(field, inside, far, inverted)];
}

const above = (field: 'ttl', low: number): Need => numbersNeed(field, [{ from: low, to: 255 }], 255);

/** By flag: what one option asks. */
const READERS: Readonly<Record<string, (option: Option, word: string, terrain: Terrain) => readonly Need[]>> =
  {
    '--dport': ({ inverted }, word) => ports('dport', word, inverted),
    '--sport': ({ inverted }, word) => ports('sport', word, inverted),
    '--dports': ({ inverted }, word) => ports('dport', word, inverted),
    '--sports': ({ inverted }, word) => ports('sport', word, inverted),
    '--ports': ({ inverted }, word) => ports('dport', word, inverted),
    '--ctorigdstport': ({ inverted }, word) => ports('dport', word, inverted),
    '--ctorigsrcport': ({ inverted }, word) => ports('sport', word, inverted),
    '--ctorigdst': ({ inverted }, word) => addressPrefix('dst', word, inverted),
    '--ctorigsrc': ({ inverted }, word) => addressPrefix('src', word, inverted),
    '--tcp-flags': ({ inverted, words }) => [
      maskedNeed('flags', flagBits(words[1]), flagBits(words[0]), inverted),
    ],
    '--mark': ({ inverted }, word) => masked('mark', word, inverted, 0xffffffff),
    '--tos': ({ inverted }, word) => masked('tos', word, inverted, 255),
    '--dscp': ({ inverted }, word) => {
      const value = numberOf(word);
      return value === null ? [] : [maskedNeed('tos', value << 2, 0xfc, inverted)];
    },
    '--icmp-type': ({ inverted }, word) => icmp(word, inverted),
    '--icmpv6-type': ({ inverted }, word) => icmp(word, inverted),
    '--ctstate': ({ inverted }, word) => states(word, inverted),
    '--state': ({ inverted }, word) => states(word, inverted),
    '--src-range': ({ inverted }, word) => addressRange('src', word, inverted),
    '--dst-range': ({ inverted }, word) => addressRange('dst', word, inverted),
    '--src-type': ({ inverted }, word, terrain) => typed('src', word, inverted, terrain),
    '--dst-type': ({ inverted }, word, terrain) => typed('dst', word, inverted, terrain),
    '--length': ({ inverted }, word) => {
      const range = rangeOf(word, ':');
      return range === null ? [] : [numbersNeed('length', [range], PORT_MAX, inverted)];
    },
    '--uid-owner': ({ inverted }, word) => owner('uid', word, inverted),
    '--gid-owner': ({ inverted }, word) => owner('gid', word, inverted),
    '--ttl-eq': ({ inverted }, word) => hops(word, inverted),
    '--hl-eq': ({ inverted }, word) => hops(word, inverted),
    '--ttl-gt': (_option, word) => [above('ttl', Number(word) + 1)],
    '--hl-gt': (_option, word) => [above('ttl', Number(word) + 1)],
    '--ttl-lt': (_option, word) => [negated(above('ttl', Number(word)))],
    '--hl-lt': (_option, word) => [negated(above('ttl', Number(word)))],
  };

function owner(field: 'uid' | 'gid', word: string, inverted: boolean): Need[] {
  const range = rangeOf(word, '-');
  return range === null ? [] : [numbersNeed(field, [range], 0xffffffff, inverted), oneOf('in', [null], [])];
}

function hops(word: string, inverted: boolean): Need[] {
  const value = numberOf(word);
  return value === null ? [] : [numbersNeed('ttl', [{ from: value, to: value }], 255, inverted)];
}

/** Matches whose `--mark` is that of the connection, and whose texts are anybody's. */
const SILENT: ReadonlySet<string> = new Set(['comment', 'connmark', 'string', 'bpf', 'u32']);

function matchNeeds(match: RuleMatch, terrain: Terrain): readonly Need[] {
  if ('opaque' in match || SILENT.has(match.extension.name)) return [];
  return optionsOf(match.text).flatMap((option) => {
    const reader = Object.hasOwn(READERS, option.flag) ? READERS[option.flag] : undefined;
    return reader?.(option, option.words[0] ?? '', terrain) ?? [];
  });
}

/** Elements of the sets that a rule tests: each is a way of its own to match. */
function setNeeds({ matches }: Rule, lookup: Lookup): Alternatives {
  for (const match of matches) {
    if ('opaque' in match || match.extension.name !== 'set') continue;
    const [option] = optionsOf(match.text);
    if (option === undefined) continue;
    const [name = '', list = ''] = option.words;
    const directions = list.split(',').map((word) => (word === 'dst' ? 'dst' : 'src'));
    return lookup
      .elements(name)
      .map(({ set, entry }) => elementNeeds(set, entry, directions, lookup.terrain));
  }
  return [];
}

/** What a rule asks, in each way in which it can be had; one way for nearly all rules. */
export function ruleNeeds(rule: Rule, lookup: Lookup): Alternatives {
  const { terrain } = lookup;
  const common = [
    ...headerNeeds(rule.header, terrain),
    ...rule.matches.flatMap((match) => matchNeeds(match, terrain)),
  ];
  const ways = setNeeds(rule, lookup);
  return ways.length === 0 ? [common] : ways.map((way) => [...common, ...way]);
}
