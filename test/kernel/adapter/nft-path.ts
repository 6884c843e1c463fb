/** The way of a packet through the chains of nf_tables, from what the kernel traces of it. */
import { WATCH_TABLE } from './native-rules.js';
import type { Traced } from './netlink.js';
import type { Header } from './wire.js';

/** Rules and chains by what the kernel calls them. */
export interface Handles {
  /** `FAMILY TABLE CHAIN HANDLE` to the rule's number in its chain. */
  readonly numbers: ReadonlyMap<string, number>;
  /** `FAMILY TABLE CHAIN` to its number of rules. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Those of them that begin at a hook, with hook and priority (`filter hook forward priority filter + 10`) and policy. */
  readonly base: ReadonlyMap<string, { readonly place: string; readonly policy: string }>;
  /** Tables with the names that iptables-nft gives its own, `FAMILY TABLE`. */
  readonly managed: ReadonlySet<string>;
}

const IPTABLES = /^ip6? (?:raw|mangle|nat|filter|security)$/;

/** Reads `nft -a list ruleset`, of which only names, line ends, handles and base chains are looked at. */
export function readHandles(listing: string): Handles {
  const numbers = new Map<string, number>();
  const sizes = new Map<string, number>();
  const base = new Map<string, { place: string; policy: string }>();
  const managed = new Set<string>();
  let table = '';
  let chain: string | null = null;
  for (const line of listing.split('\n')) {
    const [, kind, name = ''] = /^\s*(table|chain|set|map) (.+) \{ # handle \d+$/.exec(line) ?? [];
    if (kind === 'chain') {
      chain = `${table} ${name}`;
      sizes.set(chain, 0);
    } else if (kind !== undefined) chain = null;
    if (kind === 'table') {
      table = name;
      if (IPTABLES.test(name)) managed.add(name);
    }
    if (chain === null || kind !== undefined) continue;
    const [, place, policy] = /^\s*type (\w+ hook .*); policy (\w+);$/.exec(line) ?? [];
    if (place !== undefined && policy !== undefined) base.set(chain, { place, policy });
    const handle = /# handle (\d+)$/.exec(line)?.[1];
    if (handle === undefined) continue;
    const number = (sizes.get(chain) ?? 0) + 1;
    sizes.set(chain, number);
    numbers.set(`${chain} ${handle}`, number);
  }
  return { numbers, sizes, base, managed };
}

/** A part of a path: what happened between the beginning and the end of one base chain. */
export interface Passage {
  /** `TABLE:CHAIN` of iptables-nft, `FAMILY TABLE CHAIN` of a native table. */
  readonly base: string;
  /** Hook and priority of the base chain; of those that are equal no dump tells which comes first. */
  readonly place: string;
  readonly entries: readonly string[];
}

/**
 * Entries of a path in the words of natwalk: `TABLE:CHAIN:NUMBER` in tables of iptables-nft, of rules and of a chain's
 * end, which is numbered like a rule behind the last; in native ones `FAMILY TABLE CHAIN` with `rule handle N`, `return`
 * or `policy accept`.
 * @param isOwn tells the packet from others that were traced beside it
 */
export function nftPath(
  traced: readonly Traced[],
  { numbers, sizes, base, managed }: Handles,
  isOwn: (header: Header) => boolean,
): string[] {
  const own = new Map<number, boolean>();
  for (const { id, header } of traced) if (header !== null) own.set(id, isOwn(header));
  return traced.flatMap(({ id, family, table, chain, kind, handle }) => {
    const place = `${family} ${table} ${chain}`;
    const size = sizes.get(place);
    if (size === undefined || own.get(id) !== true || table === WATCH_TABLE) return [];
    const start = base.get(place);
    // The end of a base chain is told as the end of a chain, and as its policy.
    if (handle === null && kind !== 'policy' && start !== undefined) return [];
    if (managed.has(`${family} ${table}`)) {
      const number = handle === null ? size + 1 : numbers.get(`${place} ${String(handle)}`);
      return number === undefined ? [] : [`${table}:${chain}:${String(number)}`];
    }
    if (handle !== null) return [`${place} rule handle ${String(handle)}`];
    return [kind === 'policy' ? `${place} policy ${start?.policy ?? ''}` : `${place} return`];
  });
}

/** Hook and priority, as nft lists them, of the chains of iptables-legacy. */
const LEGACY: ReadonlyMap<string, string> = new Map(
  (
    [
      ['raw', 'raw', ['prerouting', 'output']],
      ['mangle', 'mangle', ['prerouting', 'input', 'forward', 'output', 'postrouting']],
      ['filter', 'filter', ['input', 'forward', 'output']],
      ['security', 'security', ['input', 'forward', 'output']],
    ] as const
  ).flatMap(([table, priority, hooks]) =>
    hooks.map((hook) => [`${table}:${hook.toUpperCase()}`, `hook ${hook} priority ${priority}`] as const),
  ),
);

/** Cuts a path into the passages of base chains. No rule jumps to a base chain: its name begins a passage. */
function passages(path: readonly string[], places: ReadonlyMap<string, string>): Passage[] {
  const found: { base: string; place: string; entries: string[] }[] = [];
  for (const entry of path) {
    const chain = entry.includes(' ')
      ? entry.split(' ').slice(0, 3).join(' ')
      : entry.replace(/(?::[a-z]+)?:\d+$/, '');
    const place = places.get(chain);
    const last = found.at(-1);
    if (last === undefined || (place !== undefined && last.base !== chain))
      found.push({ base: chain, place: place ?? '', entries: [entry] });
    else last.entries.push(entry);
  }
  return found;
}

/** Puts neighbours that have the same hook and priority into an order that both sides of a comparison can reach. */
function ordered(all: readonly Passage[]): readonly Passage[] {
  const found: Passage[] = [];
  for (let at = 0; at < all.length;) {
    const place = all[at]?.place;
    let end = at + 1;
    while (end < all.length && all[end]?.place === place) end += 1;
    found.push(...all.slice(at, end).toSorted((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : 0)));
    at = end;
  }
  return found;
}

function placesOf({ base, managed }: Handles): ReadonlyMap<string, string> {
  return new Map(
    [...base].map(([name, { place }]) => {
      const [family = '', table = '', chain = ''] = name.split(' ');
      return [managed.has(`${family} ${table}`) ? `${table}:${chain}` : name, place.replace(/^\w+ /, '')];
    }),
  );
}

/** What is told of a packet's way, by who tells it. */
export interface Told {
  readonly legacy: readonly string[];
  readonly nft: readonly string[];
}

const text = (all: readonly Passage[]): string =>
  ordered(all)
    .flatMap(({ entries }) => entries)
    .join();

/**
 * Is it the same way, as far as the dumps tell the order of chains? Of chains with one hook and priority the first that
 * drops a packet ends its way, and which of them came before is not known.
 * @param counts which entries count
 */
export function sameWay(
  one: Told,
  two: Told,
  handles: Handles | null,
  dropped: boolean,
  counts: (entry: string, source: keyof Told) => boolean,
): boolean {
  const native = handles === null ? new Map<string, string>() : placesOf(handles);
  const of = (told: Told, source: keyof Told): Passage[] =>
    passages(told[source], source === 'legacy' ? LEGACY : native).map((passage) => ({
      ...passage,
      entries: passage.entries.filter((entry) => counts(entry, source)),
    }));
  const ways = (['legacy', 'nft'] as const).map((source) => [of(one, source), of(two, source)] as const);
  if (ways.every(([a, b]) => text(a) === text(b))) return true;
  if (!dropped || handles === null) return false;
  const last = new Set(ways.flat().flatMap((way) => way.at(-1)?.place ?? []));
  const before = (way: readonly Passage[]): readonly Passage[] => way.filter(({ place }) => !last.has(place));
  const shared = (place: string): boolean =>
    [...native.values(), ...LEGACY.values()].filter((other) => other === place).length > 1;
  return [...last].every(shared) && ways.every(([a, b]) => text(before(a)) === text(before(b)));
}
