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

const NAT = new Set([
  'hook prerouting priority dstnat',
  'hook input priority 100',
  'hook output priority -100',
  'hook postrouting priority srcnat',
]);

/** Hook and priority, as nft lists them, of the chains of iptables-legacy. */
const LEGACY: ReadonlyMap<string, string> = new Map([
  ...[...NAT].map((place) => [`nat:${(place.split(' ')[1] ?? '').toUpperCase()}`, place] as const),
  ...(
    [
      ['raw', 'raw', ['prerouting', 'output']],
      ['mangle', 'mangle', ['prerouting', 'input', 'forward', 'output', 'postrouting']],
      ['filter', 'filter', ['input', 'forward', 'output']],
      ['security', 'security', ['input', 'forward', 'output']],
    ] as const
  ).flatMap(([table, priority, hooks]) =>
    hooks.map((hook) => [`${table}:${hook.toUpperCase()}`, `hook ${hook} priority ${priority}`] as const),
  ),
]);

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

/** Which of several chains with one hook and priority ends the way is not known beforehand: is this such a place? */
function isShared(place: string, native: ReadonlyMap<string, string>): boolean {
  return [...native.values(), ...LEGACY.values()].filter((other) => other === place).length > 1;
}

/** The passages, at open places without those that the other way has not. */
function inBoth(
  one: readonly Passage[],
  other: readonly Passage[],
  open: (place: string) => boolean,
): readonly Passage[] {
  const known = new Set(other.map(({ base }) => base));
  return one.filter(({ base, place }) => !open(place) || known.has(base));
}

/**
 * Is it the same way, as far as the dumps tell the order of chains? Of nat chains with one priority the first that
 * translates keeps the packet from the others.
 * @param end who tells the last entry of a packet that did not get through: what chains of the same place made of
 *   it does not count. Null for one that did
 * @param counts which entries count
 */
export function sameWay(
  one: Told,
  two: Told,
  handles: Handles | null,
  end: keyof Told | null,
  counts: (entry: string, source: keyof Told) => boolean,
): boolean {
  const native = handles === null ? new Map<string, string>() : placesOf(handles);
  const nats = new Set(
    [...(handles?.base.values() ?? [])].flatMap(({ place }) =>
      place.startsWith('nat ') ? [place.replace('nat ', '')] : [],
    ),
  );
  const of = (told: Told, source: keyof Told): Passage[] =>
    passages(told[source], source === 'legacy' ? LEGACY : native).map((passage) => ({
      ...passage,
      entries: passage.entries.filter((entry) => counts(entry, source)),
    }));
  const ways = (['legacy', 'nft'] as const).map((source) => [of(one, source), of(two, source)] as const);
  if (ways.every(([a, b]) => text(a) === text(b))) return true;
  const last = end === null ? undefined : of(one, end).at(-1)?.place;
  const open = (place: string): boolean =>
    (place === last || NAT.has(place) || nats.has(place)) && isShared(place, native);
  return ways.every(([a, b]) => text(inBoth(a, b, open)) === text(inBoth(b, a, open)));
}
