/**
 * Which rules of a long chain a packet may match at all. A rule that asks for one exact address, device or port is found
 * by that; all others are always tried. What is left out would have failed on a condition that leaves no trace, so that
 * order, fall-through and everything that rules remember are those of the whole chain.
 */
import { type Address, bitsOf, familyOf } from '../address/address.js';
import { ruleOf, sizeOf } from './digest.js';
import type { Chain, Header, Rule } from './model.js';
import { isFollowed } from './values/extension-header.js';
import { type PacketView, UNKNOWN_INTERFACE } from './view.js';

type Key = Address | string;

/** A field of a packet that rules may ask for exactly. */
interface Field {
  /** What the rule asks of it; null when it asks nothing, or for more than one value. */
  readonly wanted: (rule: Rule, types: boolean) => Key | null;
  /** What the packet has; null when that is a range, or not known. */
  readonly has: (packet: PacketView) => Key | null;
}

function exactAddress(selector: Header['source']): Address | null {
  if (selector === null || selector.inverted || 'hostName' in selector.value) return null;
  const { address, length } = selector.value;
  return length === bitsOf(familyOf(address)) ? address : null;
}

function exactDevice(selector: Header['inInterface']): string | null {
  return selector === null || selector.inverted || selector.value.endsWith('+') ? null : selector.value;
}

/** Matches that say yes or no and remember nothing: whether they are asked before another one fails, nobody can tell. */
const TRACELESS: ReadonlySet<string> = new Set(['comment', 'conntrack', 'state', 'mark', 'connmark']);

/**
 * Protocol and port as one number. Only matches without a trace may stand before the one that asks.
 * @param types whether `-m addrtype` is one of them, as it is where the types of addresses are known
 */
function exactPort({ header, matches }: Rule, types: boolean): number | null {
  if (header.protocol === null || header.protocol.inverted) return null;
  for (const match of matches) {
    if ('opaque' in match) return null;
    if (match.destinationPort !== undefined) return header.protocol.value * 65536 + match.destinationPort;
    const { name } = match.extension;
    if (!TRACELESS.has(name) && !(types && name === 'addrtype')) return null;
  }
  return null;
}

/** The most telling first: a rule is found by the first field that it asks for. */
const FIELDS: readonly Field[] = [
  {
    wanted: ({ header }) => exactAddress(header.destination),
    has: ({ destination, destinationTo }) => (destination === destinationTo ? destination : null),
  },
  {
    wanted: ({ header }) => exactAddress(header.source),
    has: ({ source, sourceTo }) => (source === sourceTo ? source : null),
  },
  {
    wanted: exactPort,
    has: ({ family, protocol, destinationPort, destinationPortTo }) =>
      destinationPort !== destinationPortTo || (family === 6 && isFollowed(protocol))
        ? null
        : protocol * 65536 + destinationPort,
  },
  {
    wanted: ({ header }) => exactDevice(header.inInterface),
    has: ({ inInterface }) => (inInterface === UNKNOWN_INTERFACE ? null : inInterface),
  },
  {
    wanted: ({ header }) => exactDevice(header.outInterface),
    has: ({ outInterface }) => (outInterface === UNKNOWN_INTERFACE ? null : outInterface),
  },
];

/** Rules of one chain by what they ask of one field, as ascending indexes. */
type Places = Map<Key, number[]>;

export interface ChainIndex {
  /** For each field that some rule of the chain is found by. */
  readonly fields: readonly { readonly field: Field; readonly places: Places }[];
  /** Rules that are always tried. */
  readonly others: readonly number[];
}

/** Shorter chains are walked as they are. */
const LEAST_RULES = 12;

function add(places: Places, key: Key, at: number): void {
  const list = places.get(key);
  if (list === undefined) places.set(key, [at]);
  else list.push(at);
}

function build(chain: Chain, types: boolean): ChainIndex {
  const all = FIELDS.map((field) => ({ field, places: new Map<Key, number[]>() }));
  const destinations: Places = all[0]?.places ?? new Map<Key, number[]>();
  const others: number[] = [];
  for (let at = 0; at < sizeOf(chain); at += 1) {
    // Most rules of a long chain need not be made for this.
    const destination = chain.digest?.exactAddressOf(at, 'destination') ?? null;
    if (destination !== null) {
      add(destinations, destination, at);
      continue;
    }
    const rule = ruleOf(chain, at);
    let key: Key | null = null;
    for (const { field, places } of all) {
      key = rule === undefined ? null : field.wanted(rule, types);
      if (key === null) continue;
      add(places, key, at);
      break;
    }
    if (key === null) others.push(at);
  }
  return { fields: all.filter(({ places }) => places.size > 0), others };
}

/**
 * The index of a long chain, whose rules may be found by what they ask for.
 * @param types asking for the type of an address leaves no trace
 * @returns null for a chain that is walked rule by rule
 */
export function chainIndex(chain: Chain, types: boolean): ChainIndex | null {
  if (sizeOf(chain) <= LEAST_RULES) return null;
  const index = build(chain, types);
  return index.fields.length === 0 ? null : index;
}

/** Merges ascending lists of rules, which have no number in common: the rules to try, by their place in the chain. */
export class Candidates {
  readonly #lists: readonly (readonly number[])[];
  readonly #at: number[];
  readonly #end: number;

  /** @param end the number of rules of the chain */
  constructor(lists: readonly (readonly number[])[], end: number) {
    this.#lists = lists;
    this.#at = lists.map(() => 0);
    this.#end = end;
  }

  /** The next one; the number of rules of the chain after the last. */
  next(): number {
    let least = this.#end;
    let from = -1;
    const lists = this.#lists;
    for (let which = 0; which < lists.length; which += 1) {
      const head = lists[which]?.[this.#at[which] ?? 0] ?? this.#end;
      if (head >= least) continue;
      least = head;
      from = which;
    }
    if (from >= 0) this.#at[from] = (this.#at[from] ?? 0) + 1;
    return least;
  }
}

/**
 * The rules of an indexed chain that may match the packet, in their order.
 * @param further rules to try whether they may match or not, in ascending order
 * @returns null for a packet whose field is a range or not known: all rules are tried
 */
export function candidates(
  index: ChainIndex,
  packet: PacketView,
  length: number,
  further: readonly number[],
): Candidates | null {
  const { fields, others } = index;
  const lists: (readonly number[])[] = others.length === 0 ? [] : [others];
  for (const { field, places } of fields) {
    const key = field.has(packet);
    if (key === null) return null;
    const list = places.get(key);
    if (list !== undefined) lists.push(list);
  }
  const added = further.filter((place) => !lists.some((list) => list.includes(place)));
  if (added.length > 0) lists.push(added);
  return new Candidates(lists, length);
}
