/** Chains that stand within a rule: `jump { … }`, `goto { … }` (nft since 0.9.5, Linux since 5.9). */
import type { NftChain, NftRule, Statement } from '../model.js';
import type { ChainDraft } from './drafts.js';
import type { Span } from '../../source/source.js';

/** Has the text such a chain? */
export function hasInline(text: string): boolean {
  return /\b(?:jump|goto)[ \t]{0,9}\{/u.test(text);
}

/**
 * A name for the next chain without one. The kernel counts all that it ever made, across its tables
 * (net/netfilter/nf_tables_api.c nf_tables_addchain), which no listing shows.
 * @param text where other chains may have such a name
 */
export function inlineName(chains: ReadonlyMap<string, unknown>, text: string): string {
  for (let number = 1; ; number += 1) {
    const name = `__chain${String(number)}`;
    if (!chains.has(name) && !text.includes(`chain ${name} `)) return name;
  }
}

/** A chain before its first rule. */
export function newChain(name: string, handle: number | null, span: Span): ChainDraft {
  return {
    name,
    base: null,
    baseUnknown: false,
    baseText: null,
    policy: null,
    comment: null,
    handle,
    rules: [],
    cut: false,
    span,
  };
}

/** The chain as that of another table, under another name. */
export function renamed(chain: NftChain, table: string, name: string): ChainDraft {
  const rules = chain.rules.map((rule): NftRule => ({ ...rule, table, chain: name }));
  return { ...chain, name, rules };
}

/**
 * Puts the chain into the statement that goes there.
 * @param block its text, for a statement that could not be read
 */
export function withInline(
  statements: readonly Statement[],
  chain: NftChain,
  block: string,
): readonly Statement[] {
  return statements.map((statement): Statement => {
    if (statement.kind === 'opaque')
      return { kind: 'opaque', text: statement.text.replace(chain.name, () => block) };
    if (statement.kind !== 'verdict' || !('chain' in statement.verdict)) return statement;
    const { verdict } = statement;
    return verdict.chain === chain.name
      ? { kind: 'verdict', verdict: { ...verdict, inline: chain } }
      : statement;
  });
}

/** The chain that the statement holds; null for none. */
export function inlineOf(statement: Statement): NftChain | null {
  if (statement.kind !== 'verdict' || !('chain' in statement.verdict)) return null;
  return statement.verdict.inline ?? null;
}
