/** The way of a packet through the chains of iptables-nft, from what nf_tables traces of it. */
import type { Traced } from './netlink.js';
import type { Header } from './wire.js';

/** The judge's own table. */
export const WATCH_TABLE = 'natwalk-judge';

/** Rules and chain ends by what the kernel calls them. */
export interface Handles {
  /** `FAMILY TABLE CHAIN HANDLE` to the rule's number in its chain. */
  readonly numbers: ReadonlyMap<string, number>;
  /** `FAMILY TABLE CHAIN` to its number of rules. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Those of them that begin at a hook. */
  readonly base: ReadonlySet<string>;
}

/** Reads `nft -a list table …`, of which only names, line ends and handles are looked at. */
export function readHandles(listing: string): Handles {
  const numbers = new Map<string, number>();
  const sizes = new Map<string, number>();
  const base = new Set<string>();
  let table = '';
  let chain: string | null = null;
  for (const line of listing.split('\n')) {
    const [, kind, name = ''] = /^\s*(table|chain) (.+) \{ # handle \d+$/.exec(line) ?? [];
    if (kind === 'chain') {
      chain = `${table} ${name}`;
      sizes.set(chain, 0);
    } else if (kind !== undefined) table = name;
    if (chain !== null && /^\s*type \w+ hook /.test(line)) base.add(chain);
    const handle = /# handle (\d+)$/.exec(line)?.[1];
    if (kind !== undefined || handle === undefined || chain === null) continue;
    const number = (sizes.get(chain) ?? 0) + 1;
    sizes.set(chain, number);
    numbers.set(`${chain} ${handle}`, number);
  }
  return { numbers, sizes, base };
}

/**
 * `TABLE:CHAIN:NUMBER` of each rule that matched and of each chain's end, which is numbered like a rule behind the last.
 * @param isOwn tells the packet from others that were traced beside it
 */
export function nftPath(
  traced: readonly Traced[],
  { numbers, sizes, base }: Handles,
  isOwn: (header: Header) => boolean,
): string[] {
  const own = new Map<number, boolean>();
  for (const { id, header } of traced) if (header !== null) own.set(id, isOwn(header));
  return traced.flatMap(({ id, family, table, chain, kind, handle }) => {
    const place = `${family} ${table} ${chain}`;
    const size = sizes.get(place);
    if (size === undefined || own.get(id) !== true || table === WATCH_TABLE) return [];
    // The end of a base chain is told as the end of a chain, and as its policy.
    const twice = handle === null && kind !== 'policy' && base.has(place);
    const number = handle === null ? size + 1 : numbers.get(`${place} ${String(handle)}`);
    return twice || number === undefined ? [] : [`${table}:${chain}:${String(number)}`];
  });
}
