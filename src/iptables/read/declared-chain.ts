/** Tables and chains of an outlined save, as their lines declare them. */
import type { SourceText } from '../../source/source.js';
import type { Counters } from '../model.js';
import type { Block } from './block.js';
import { ChainDraft } from './chain-draft.js';
import type { OutlinedTable } from './outline.js';

/** What a table's first and last line say of it. */
export function blockOf(
  source: SourceText,
  { name, backend, at, commit }: OutlinedTable,
): Omit<Block, 'chains'> {
  const to = commit + 'COMMIT'.length;
  return { source, table: name, named: true, committed: true, backend, whose: null, from: at, to };
}

const UNCOUNTED: Counters = { packets: 0, bytes: 0 };

/** A chain as the line at `at` declares it, without rules. */
export function declaredChain(block: Block, name: string, at: number): ChainDraft {
  const { text } = block.source;
  const chain = new ChainDraft(block, name, at, at + name.length + 1);
  chain.declared = true;
  const from = at + name.length + 2;
  if (text.startsWith('- [0:0]', from)) {
    chain.counters = UNCOUNTED;
    return chain;
  }
  const [, policy, packets, bytes] = /^(\S+) \[(\d+):(\d+)\]/.exec(text.slice(from, from + 60)) ?? [];
  chain.policy = policy === 'ACCEPT' || policy === 'DROP' ? policy : null;
  chain.counters = { packets: Number(packets), bytes: Number(bytes) };
  return chain;
}
