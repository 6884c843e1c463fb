/**
 * A set made ready for lookup: single values in a Map, intervals sorted, concatenations in a Map per combination of
 * prefix lengths, so that a lookup costs the same in a large set as in a small one. Prepared once per set.
 */
import { intervalsOf } from './constant.js';
import type { DataType, Interval } from './datatype.js';
import type { Element } from './model.js';

/** An element with the values that it holds, part by part. */
export interface Entry {
  readonly element: Element;
  readonly intervals: readonly Interval[];
}

/**
 * Does an element with this behind its key carry a limit, a quota or a count, which may stop the rule that finds it
 * (include/net/netfilter/nf_tables.h nft_set_elem_update_expr)? What its comment says does not count.
 */
export function mayStop(rest: string): boolean {
  return rest !== '' && /\b(?:limit|quota|ct count)\b/u.test(rest.replaceAll(/"[^"]*"/gu, ''));
}

interface Group {
  /** Bits that are not compared, of each part. */
  readonly open: readonly bigint[];
  readonly entries: Map<string, Entry>;
}

export interface CompiledSet {
  readonly types: readonly DataType[];
  /** All elements that could be read, in the order of the listing. */
  readonly entries: readonly Entry[];
  /** The element behind `*`. */
  readonly catchAll: Element | null;
  /** Elements that could not be read: what they hold is not known. */
  readonly unread: number;
  /** Some element may stop the rule that finds it. */
  readonly stops: boolean;
  readonly single: ReadonlyMap<bigint, Entry>;
  /** Intervals of sets with one part, by their low ends. */
  readonly sorted: readonly Entry[];
  /** The highest end among `sorted` up to each. */
  readonly reach: readonly bigint[];
  readonly groups: readonly Group[];
  /** Concatenations of ranges that fall into too many networks: compared one by one. */
  readonly rest: readonly Entry[];
}

/** More networks than this are not made of one element. */
const MOST_NETWORKS = 1024;

/** The networks that make up an interval, as the bits that each leaves open. */
function networks({ from, to }: Interval): readonly { readonly base: bigint; readonly open: bigint }[] {
  const found: { base: bigint; open: bigint }[] = [];
  for (let at = from; at <= to;) {
    let open = 0n;
    for (let wider = 1n; (at & wider) === 0n && (at | wider) <= to; wider = (wider << 1n) | 1n) open = wider;
    found.push({ base: at, open });
    at = (at | open) + 1n;
  }
  return found;
}

/** Every combination of one network per part; null when there are too many. */
function combinations(intervals: readonly Interval[]): { key: string; open: readonly bigint[] }[] | null {
  let all: { key: string; open: readonly bigint[] }[] = [{ key: '', open: [] }];
  for (const interval of intervals) {
    const parts = networks(interval);
    if (all.length * parts.length > MOST_NETWORKS) return null;
    all = all.flatMap(({ key, open }) =>
      parts.map((part) => ({ key: `${key} ${part.base.toString()}`, open: [...open, part.open] })),
    );
  }
  return all;
}

function compile(elements: readonly Element[], types: readonly DataType[]): CompiledSet {
  const entries: Entry[] = [];
  const single = new Map<bigint, Entry>();
  const sorted: Entry[] = [];
  const groups = new Map<string, Group>();
  const rest: Entry[] = [];
  let catchAll: Element | null = null;
  let unread = 0;
  for (const element of elements) {
    if (element.key.kind === 'word' && element.key.text === '*') {
      catchAll = element;
      continue;
    }
    const intervals = intervalsOf(element.key, types);
    if (intervals === null) {
      unread += 1;
      continue;
    }
    const entry: Entry = { element, intervals };
    entries.push(entry);
    const [only] = intervals;
    if (intervals.length === 1 && only !== undefined) {
      if (only.from === only.to) single.set(only.from, entry);
      else sorted.push(entry);
      continue;
    }
    const keys = combinations(intervals);
    if (keys === null) rest.push(entry);
    for (const { key, open } of keys ?? []) {
      const name = open.join(' ');
      const group = groups.get(name) ?? { open, entries: new Map<string, Entry>() };
      groups.set(name, group);
      group.entries.set(key, entry);
    }
  }
  const low = ({ intervals: [first] }: Entry): bigint => first?.from ?? 0n;
  sorted.sort((a, b) => (low(a) < low(b) ? -1 : low(a) > low(b) ? 1 : 0));
  const reach: bigint[] = [];
  for (const { intervals } of sorted) {
    const before = reach.at(-1) ?? 0n;
    const to = intervals[0]?.to ?? 0n;
    reach.push(to > before ? to : before);
  }
  const stops = elements.some((element) => mayStop(element.rest));
  return {
    types,
    entries,
    catchAll,
    unread,
    stops,
    single,
    sorted,
    reach,
    groups: [...groups.values()],
    rest,
  };
}

const compiled = new WeakMap<readonly Element[], CompiledSet>();

/** The elements, ready for lookup. A list of elements is of one set, and so always of the same types. */
export function compiledOf(elements: readonly Element[], types: readonly DataType[]): CompiledSet {
  const known = compiled.get(elements);
  if (known !== undefined) return known;
  const made = compile(elements, types);
  compiled.set(elements, made);
  return made;
}

function findSorted({ sorted, reach }: CompiledSet, value: bigint): Entry | null {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.intervals[0]?.from ?? 0n) <= value) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0 && (reach[at] ?? 0n) >= value; at -= 1) {
    const entry = sorted[at];
    if (entry !== undefined && (entry.intervals[0]?.to ?? 0n) >= value) return entry;
  }
  return null;
}

/** The element that holds the values, one per part; null for none. The catch-all element is the caller's affair. */
export function findEntry(set: CompiledSet, values: readonly bigint[]): Entry | null {
  const [only] = values;
  if (set.types.length === 1 && only !== undefined) return set.single.get(only) ?? findSorted(set, only);
  for (const { open, entries } of set.groups) {
    const key = values.map((value, at) => ` ${(value & ~(open[at] ?? 0n)).toString()}`).join('');
    const found = entries.get(key);
    if (found !== undefined) return found;
  }
  return (
    set.rest.find(({ intervals }) =>
      intervals.every(({ from, to }, at) => {
        const value = values[at];
        return value !== undefined && value >= from && value <= to;
      }),
    ) ?? null
  );
}
