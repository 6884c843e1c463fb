/**
 * A set made ready for lookup: elements in a Map per combination of prefix lengths, the longest first, as the kernel
 * tries them (mtype_test_cidrs in net/netfilter/ipset/ip_set_hash_gen.h).
 */
import { type Address, allOnes, compareAddresses, maskAddress } from '../address/address.js';
import { type Prefix, contains } from '../address/prefix.js';
import type { Asked } from './asked.js';
import {
  DIMENSIONS,
  type Dimension,
  type Masks,
  type Part,
  type SetInterface,
  masksOf,
  partsOf,
} from './element.js';
import type { IpSet } from './model.js';

/** What a lookup finds: an element, one that carries `nomatch`, or nothing. */
export type Found = 'match' | 'nomatch' | 'none';

type Key = Address | string;

/** The elements under one key; only interfaces and MACs that may be left out tell them apart. */
interface Stored {
  readonly nomatch: boolean;
  readonly iface: SetInterface | null;
  readonly mac: string | null;
}

interface Group {
  /** Prefix lengths of the `net` dimensions, first dimension first, and their masks. */
  readonly lengths: readonly number[];
  readonly masks: readonly Address[];
  readonly entries: Map<Key, Stored[]>;
}

export interface Compiled {
  readonly dimensions: readonly Dimension[];
  readonly masks: Masks;
  /** Longest prefixes first. */
  readonly groups: readonly Group[];
  /** All elements, for questions that have more than one value. */
  readonly elements: readonly (readonly Part[])[];
  /** Elements whose text could not be read: what they hold is not known. */
  readonly unread: number;
}

const PLAIN: Stored = { nomatch: false, iface: null, mac: null };
const NOMATCH: Stored = { nomatch: true, iface: null, mac: null };

function isPrefix(part: Part): part is Prefix {
  return typeof part === 'object' && part !== null && 'mask' in part;
}

function isInterface(part: Part): part is SetInterface {
  return typeof part === 'object' && part !== null && 'bridgePort' in part;
}

/** Whether the dimension is part of the key; the others are compared within it. */
function keyed(dimension: Dimension): boolean {
  return dimension !== 'iface' && dimension !== 'optional-mac';
}

function keyOf(values: readonly Key[]): Key {
  const [first = ''] = values;
  return values.length === 1 ? first : values.join(' ');
}

function storedOf(parts: readonly Part[], dimensions: readonly Dimension[], nomatch: boolean): Stored {
  const last = parts.at(-1) ?? null;
  if (isInterface(last)) return { nomatch, iface: last, mac: null };
  if (dimensions.at(-1) === 'optional-mac' && typeof last === 'string')
    return { nomatch, iface: null, mac: last };
  return nomatch ? NOMATCH : PLAIN;
}

function byLength(a: Group, b: Group): number {
  return (b.lengths[0] ?? 0) - (a.lengths[0] ?? 0) || (b.lengths[1] ?? 0) - (a.lengths[1] ?? 0);
}

function groupFor(parts: readonly Part[], groups: Map<string, Group>): Group {
  const prefixes = parts.filter(isPrefix);
  const lengths = prefixes.map(({ length }) => length ?? 0);
  const found = groups.get(lengths.join());
  if (found !== undefined) return found;
  const group: Group = {
    lengths,
    masks: prefixes.map(({ mask }) => mask),
    entries: new Map<Key, Stored[]>(),
  };
  groups.set(lengths.join(), group);
  return group;
}

function insert(
  { entries }: Group,
  parts: readonly Part[],
  dimensions: readonly Dimension[],
  nomatch: boolean,
): void {
  const values: Key[] = [];
  for (const [at, part] of parts.entries()) {
    if (!keyed(dimensions[at] ?? 'ip') || part === null || isInterface(part)) continue;
    values.push(isPrefix(part) ? part.address : part);
  }
  const key = keyOf(values);
  const stored = storedOf(parts, dimensions, nomatch);
  const before = entries.get(key);
  if (before === undefined) entries.set(key, [stored]);
  else before.push(stored);
}

function compile(set: IpSet, dimensions: readonly Dimension[]): Compiled {
  const masks = masksOf(set);
  const groups = new Map<string, Group>();
  const elements: (readonly Part[])[] = [];
  let unread = 0;
  for (const entry of set.entries) {
    const parts = partsOf(entry, dimensions, set, masks);
    if (parts === null) {
      unread += 1;
      continue;
    }
    elements.push(parts);
    insert(groupFor(parts, groups), parts, dimensions, entry.nomatch);
  }
  return { dimensions, masks, groups: [...groups.values()].sort(byLength), elements, unread };
}

const compiledSets = new WeakMap<IpSet, Compiled>();

/** The set, ready for lookup; each set is prepared once. @returns null for a type that is not known here */
export function compiledOf(set: IpSet): Compiled | null {
  const known = compiledSets.get(set);
  if (known !== undefined) return known;
  const dimensions = DIMENSIONS.get(set.type);
  if (dimensions === undefined) return null;
  const compiled = compile(set, dimensions);
  compiledSets.set(set, compiled);
  return compiled;
}

function interfaceFits(wanted: SetInterface, name: string): boolean {
  if (wanted.bridgePort) return false;
  return wanted.wildcard ? name.startsWith(wanted.name) : name === wanted.name;
}

/**
 * Looks up one value per dimension. In hash:net,iface the longest network that holds the address decides alone: when
 * none of its interfaces fits, shorter networks are not tried (IP_SET_HASH_WITH_MULTI).
 */
export function lookup(compiled: Compiled, values: readonly Key[]): Found {
  const { dimensions } = compiled;
  const rest = values.at(-1);
  for (const { masks, entries } of compiled.groups) {
    let net = 0;
    const own: Key[] = [];
    for (const [at, dimension] of dimensions.entries()) {
      const value = values[at];
      if (value === undefined || !keyed(dimension)) continue;
      if (dimension === 'net' && typeof value !== 'string') {
        own.push(maskAddress(value, masks[net] ?? value));
        net += 1;
      } else own.push(value);
    }
    const stored = entries.get(keyOf(own));
    if (stored === undefined) continue;
    const found = stored.find(
      ({ iface, mac }) =>
        (iface === null || (typeof rest === 'string' && interfaceFits(iface, rest))) &&
        (mac === null || mac === rest),
    );
    if (found !== undefined) return found.nomatch ? 'nomatch' : 'match';
    if (stored.some(({ iface }) => iface !== null && !iface.bridgePort)) return 'none';
  }
  return 'none';
}

function lastOf({ address, mask }: Prefix): Address {
  if (typeof address === 'number' && typeof mask === 'number') return address | ~mask;
  return BigInt(address) | (BigInt(allOnes(6)) ^ BigInt(mask));
}

function partFits(part: Part, asked: Asked): boolean {
  switch (asked.kind) {
    case 'absent':
      return false;
    case 'unknown':
      return true;
    case 'mark':
      return typeof part === 'number' && ((part ^ asked.value) & ~asked.unknown) === 0;
    case 'exact':
      if (isInterface(part)) return typeof asked.value === 'string' && interfaceFits(part, asked.value);
      if (isPrefix(part)) return typeof asked.value !== 'string' && contains(part, asked.value);
      return part === null || part === asked.value;
    case 'range':
      if (isPrefix(part))
        return (
          compareAddresses(part.address, asked.to) <= 0 && compareAddresses(lastOf(part), asked.from) >= 0
        );
      return (
        (typeof part === 'number' || typeof part === 'bigint') &&
        compareAddresses(part, asked.from) >= 0 &&
        compareAddresses(part, asked.to) <= 0
      );
  }
}

/** Could some element hold one of the values that are possible? */
export function mayHold(compiled: Compiled, asked: readonly Asked[]): boolean {
  return compiled.elements.some((parts) =>
    parts.every((part, at) => {
      const one = asked[at];
      return one !== undefined && partFits(part, one);
    }),
  );
}
