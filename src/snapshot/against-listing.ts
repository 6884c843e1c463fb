/** Saves of iptables-nft beside what nft lists of the same tables: of one rule, the listing may tell more. */
import { sizeOf, someRule } from '../iptables/digest.js';
import { LISTED, isListed } from '../iptables/listed.js';
import { type Chain, type Rule, type RuleSet, TABLES, type Table } from '../iptables/model.js';
import { inQuotes } from '../iptables/quoting.js';
import type { NftChain, NftRule, NftRuleset, NftTable } from '../nft/model.js';
import type { Diagnostics } from '../source/diagnostic.js';
import { hiddenIn } from './hidden-conditions.js';
import { shown } from './report.js';

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

/** Chains of a dump find their rules when they are asked: they cannot be spread. */
function withRules({ name, table, policy, declared, counters, span }: Chain, rules: readonly Rule[]): Chain {
  return { name, table, policy, declared, counters, rules, span };
}

/** Rules correspond by their places; where one of the two has more, nothing tells which they are. */
function compared(chain: Chain, listed: NftChain | undefined, diagnostics: Diagnostics): Chain {
  if (listed === undefined || listed.cut || listed.rules.length !== sizeOf(chain)) return chain;
  const rules = chain.rules.map((rule, at) => {
    const other = listed.rules[at];
    return other === undefined ? rule : withHidden(rule, other, diagnostics);
  });
  return rules.every((rule, at) => rule === chain.rules[at]) ? chain : withRules(chain, rules);
}

/** Rules of `iptables -L` say themselves what they lack, and which answers hang on it. */
function isOfListing({ chains }: Table): boolean {
  return [...chains.values()].some((chain) => someRule(chain, ({ matches }) => matches.some(isListed)));
}

/** Where two dumps count the rules of a chain differently. */
interface Miscount {
  readonly name: string;
  readonly saved: Chain | undefined;
  readonly listed: NftChain | undefined;
}

/** Does each of the two show all rules of the chain? One that only the other has is there without rules. */
function miscounts({ saved, listed }: Miscount, isWhole: boolean): boolean {
  if (saved?.declared === false || listed?.cut === true) return false;
  // Another program's base chain: iptables has none of that name.
  const isOwn = listed?.base === null && !listed.baseUnknown;
  if (saved === undefined && !isOwn) return false;
  if (listed === undefined && !isWhole) return false;
  return (saved === undefined ? 0 : sizeOf(saved)) !== (listed?.rules.length ?? 0);
}

/** Says that a save and a listing of the same table have chains with different numbers of rules, at the first of them. */
function warnMiscount(table: Table, listed: NftTable, isWhole: boolean, diagnostics: Diagnostics): void {
  const names = new Set([...table.chains.keys(), ...listed.chains.keys()]);
  const found = [...names]
    .map((name) => ({ name, saved: table.chains.get(name), listed: listed.chains.get(name) }))
    .filter((one) => miscounts(one, isWhole));
  const [first] = found;
  if (first === undefined) return;
  const span = first.saved?.span ?? [...table.chains.values()].find((chain) => chain.span !== null)?.span;
  const params = {
    table: table.name,
    chain: shown(first.name),
    saved: first.saved?.rules.length ?? 0,
    listed: first.listed?.rules.length ?? 0,
    chains: found.length,
  };
  diagnostics.warn('RULE_LISTING_DISAGREES', span ?? null, params, first.listed?.span ?? listed.span);
}

function comparedTable(table: Table, listed: ReadonlyMap<string, NftChain>, diagnostics: Diagnostics): Table {
  if (isOfListing(table)) return table;
  const chains = [...table.chains].map(
    ([name, chain]) => [name, compared(chain, listed.get(name), diagnostics)] as const,
  );
  return { name: table.name, chains: new Map(chains) };
}

/**
 * The rule set of iptables-nft, with conditions and actions of its rules that its save lacks and nft lists. RULE_HIDES
 * names each such rule, RULE_LISTING_DISAGREES a table of which the two show different numbers of rules; what is not of
 * iptables-nft stays as it is.
 */
export function againstListing(ruleSet: RuleSet, listed: NftRuleset, diagnostics: Diagnostics): RuleSet {
  const { backend, other, family, tables, unknown } = ruleSet;
  if (backend === 'legacy')
    return other?.backend === 'nft'
      ? { ...ruleSet, other: againstListing(other, listed, diagnostics) }
      : ruleSet;
  const own = new Map(tables);
  for (const name of TABLES) {
    const table = tables.get(name);
    const same = listed.tables.find(
      (one) => one.name === name && one.family === (family === 4 ? 'ip' : 'ip6'),
    );
    if (table === undefined || same === undefined) continue;
    const isSame = backend === 'nft' || same.managed;
    if (isSame && !unknown.has(name)) warnMiscount(table, same, listed.partial !== true, diagnostics);
    own.set(name, comparedTable(table, same.chains, diagnostics));
  }
  return { ...ruleSet, tables: own };
}
