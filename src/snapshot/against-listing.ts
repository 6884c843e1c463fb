/** Saves of iptables-nft beside what nft lists of the same tables: of one rule, the listing may tell more. */
import { LISTED, isListed } from '../iptables/listed.js';
import { type Chain, type Rule, type RuleSet, TABLES, type Table } from '../iptables/model.js';
import { inQuotes } from '../iptables/quoting.js';
import type { NftChain, NftRule, NftRuleset } from '../nft/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import { hiddenIn } from './hidden-conditions.js';

/** The rule with what its listing tells beyond it: never decided, for iptables has no match or target for it. */
function withHidden(rule: Rule, listed: NftRule, diagnostics: Diagnostics): Rule {
  const { conditions, action } = hiddenIn(rule, listed.statements);
  if (conditions === '' && action === '') return rule;
  const text = [conditions, action].filter((part) => part !== '').join(' ');
  const { table, chain, number, header, counters, backend, span } = rule;
  diagnostics.warn('RULE_HIDES', span, { table, chain, number, text }, listed.span);
  const match = { opaque: true, name: LISTED, text: `--nft ${inQuotes(conditions)}` } as const;
  // Rules of a dump find their places when they are asked: they cannot be spread.
  return {
    table,
    chain,
    number,
    header,
    counters,
    backend,
    span,
    matches: conditions === '' ? rule.matches : [...rule.matches, match],
    action: action === '' ? rule.action : { kind: 'opaque', name: action, text: '' },
  };
}

/** Rules correspond by their places; where one of the two has more, nothing tells which they are. */
function compared(chain: Chain, listed: NftChain | undefined, diagnostics: Diagnostics): Chain {
  if (listed === undefined || listed.cut || listed.rules.length !== chain.rules.length) return chain;
  const rules = chain.rules.map((rule, at) => {
    const other = listed.rules[at];
    return other === undefined ? rule : withHidden(rule, other, diagnostics);
  });
  return rules.every((rule, at) => rule === chain.rules[at]) ? chain : { ...chain, rules };
}

/** Rules of `iptables -L` say themselves what they lack, and which answers hang on it. */
function isOfListing({ chains }: Table): boolean {
  return [...chains.values()].some(({ rules }) => rules.some(({ matches }) => matches.some(isListed)));
}

function comparedTable(table: Table, listed: ReadonlyMap<string, NftChain>, diagnostics: Diagnostics): Table {
  if (isOfListing(table)) return table;
  const chains = [...table.chains].map(
    ([name, chain]) => [name, compared(chain, listed.get(name), diagnostics)] as const,
  );
  return { ...table, chains: new Map(chains) };
}

/**
 * The rule set of iptables-nft, with conditions and actions of its rules that its save lacks and nft lists. RULE_HIDES
 * names each such rule; what is not of iptables-nft stays as it is.
 */
export function againstListing(
  ruleSet: RuleSet,
  { tables: listed }: NftRuleset,
  diagnostics: Diagnostics,
): RuleSet {
  const { backend, other, family, tables } = ruleSet;
  if (backend === 'legacy')
    return other?.backend === 'nft'
      ? { ...ruleSet, other: againstListing(other, { tables: listed }, diagnostics) }
      : ruleSet;
  const own = new Map(tables);
  for (const name of TABLES) {
    const table = tables.get(name);
    const same = listed.find((one) => one.name === name && one.family === (family === 4 ? 'ip' : 'ip6'));
    if (table !== undefined && same !== undefined)
      own.set(name, comparedTable(table, same.chains, diagnostics));
  }
  return { ...ruleSet, tables: own };
}
