/** Entries of a path, which are named as the kernel's traces name them, in the words of answers. */
import type { View } from './view.js';

/** A chain by its table, as views name that: `nat`, `legacy nat`, `ip aws-cni`. */
export interface ChainPlace {
  readonly table: string;
  readonly backend?: 'legacy' | 'nft' | undefined;
  readonly chain: string;
}

interface Entry extends ChainPlace {
  readonly kind: 'rule' | 'handle' | 'end' | 'policy';
  /** Of a rule, or of the place behind the last one; null for the end of a native chain. */
  readonly number: number | null;
}

const IPTABLES = /^(?:(legacy|nft):)?([a-z]+):(.+):(rule|return|policy):(\d+)$/u;
const NATIVE = /^(\S+ \S+) (\S+) (?:rule (handle )?(\d+)|(return)|policy \S+)$/u;

/** Takes a name of the kernel's TRACE log, or of nft's trace, apart. Null for what is neither. */
function entryOf(name: string): Entry | null {
  const [, variant, table, chain, word, number] = IPTABLES.exec(name) ?? [];
  if (table !== undefined && chain !== undefined && word !== undefined) {
    const backend = variant === 'legacy' || variant === 'nft' ? variant : undefined;
    const kind = word === 'rule' ? 'rule' : word === 'return' ? 'end' : 'policy';
    return { table, backend, chain, kind, number: Number(number) };
  }
  const [, native, own, handle, count, end] = NATIVE.exec(name) ?? [];
  if (native === undefined || own === undefined) return null;
  const kind =
    count === undefined ? (end === undefined ? 'policy' : 'end') : handle === undefined ? 'rule' : 'handle';
  return { table: native, chain: own, kind, number: count === undefined ? null : Number(count) };
}

function partWords(entry: Entry, address: string, { say, facts }: View): string {
  const { kind, number } = entry;
  const rules = facts.rulesOf(entry, address);
  if (kind === 'handle') {
    const rule = rules?.find((one) => 'handle' in one && one.handle === number);
    return rule === undefined
      ? say('PATH_HANDLE', { handle: number ?? 0 })
      : say('PATH_RULE', { number: rule.number });
  }
  // A rule that does nothing but end its chain is named in the log as if it were the end.
  const isRule = kind === 'rule' || (number !== null && rules !== null && number <= rules.length);
  if (isRule) return say('PATH_RULE', { number: number ?? 0 });
  return say(kind === 'end' ? 'PATH_END' : 'PATH_POLICY');
}

/**
 * `nat POSTROUTING rule 1, policy; ip aws-cni snat rule 2`.
 * @param names entries of a path
 * @param address of the packet, for its family
 */
export function pathWords(names: readonly string[], address: string, view: View): string {
  const chains = new Map<string, string[]>();
  for (const name of names) {
    const entry = entryOf(name);
    const { table = name, backend, chain = '' } = entry ?? {};
    const place = [backend, table, chain].filter((word) => word !== undefined && word !== '').join(' ');
    const parts = chains.get(place) ?? [];
    if (entry !== null) parts.push(partWords(entry, address, view));
    chains.set(place, parts);
  }
  return [...chains]
    .map(([place, parts]) => (parts.length === 0 ? place : `${place} ${parts.join(', ')}`))
    .join('; ');
}
