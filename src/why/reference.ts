/** Rules as users name them: `nat/AWS-SNAT-CHAIN-0:1`, `CHAIN:2`, `ip aws-cni snat-mark:1`, `rule/1024`. */
import type { Family } from '../address/address.js';
import { ruleOf, sizeOf } from '../iptables/digest.js';
import type { RuleSet } from '../iptables/model.js';
import { TABLES } from '../iptables/model.js';
import { nearest } from '../names/nearest.js';
import type { NftRule } from '../nft/model.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { PolicyRule } from '../routing/model.js';
import { rulesOf } from '../routing/policy-rules.js';
import type { Params } from '../source/diagnostic.js';

/** What a reference names: a rule of netfilter, or all policy rules of one priority. */
export type Target =
  | { readonly kind: 'rule'; readonly family: Family; readonly rule: AnyRule }
  | { readonly kind: 'policy'; readonly family: Family; readonly rules: readonly PolicyRule[] };

/** Why a reference names nothing: a message id (USAGE_RULE…) with its parameters. */
export class BadReference {
  readonly code: string;
  readonly params: Params;

  constructor(code: string, params: Params) {
    this.code = code;
    this.params = params;
  }
}

/** A chain with the name of its table, as users write it. Its rules are read when they are asked for. */
interface Place {
  readonly table: string;
  readonly chain: string;
  readonly size: () => number;
  readonly rule: (number: number) => AnyRule | undefined;
}

/** A table with its name as users write it. Of a large save, chains that are not asked for are not read. */
interface Named {
  readonly table: string;
  readonly names: () => readonly string[];
  readonly place: (chain: string) => Place | null;
}

const MOST_NEAR = 3;

function tablesOfRuleSet(set: RuleSet, isOneOfTwo: boolean): Named[] {
  const whose = isOneOfTwo && set.backend !== null ? `${set.backend} ` : '';
  return TABLES.flatMap((name): Named[] => {
    const chains = set.tables.get(name)?.chains;
    if (chains === undefined) return [];
    const table = `${whose}${name}`;
    const place = (chain: string): Place | null => {
      const found = chains.get(chain);
      if (found === undefined) return null;
      const rule = (number: number): AnyRule | undefined => ruleOf(found, number - 1);
      return { table, chain, size: () => sizeOf(found), rule };
    };
    return [{ table, names: () => [...chains.keys()], place }];
  });
}

/** The tables that packets of a family may meet. */
function tablesOf({ ruleSets, nativeTables }: Node, family: Family): readonly Named[] {
  const own = ruleSets[family];
  const isOneOfTwo = own.other !== undefined;
  const sets = [own, ...(own.other === undefined ? [] : [own.other])];
  const native = nativeTables[family].map(({ family: of, name, chains }): Named => {
    const table = `${of} ${name}`;
    const place = (chain: string): Place | null => {
      const found = chains.get(chain);
      if (found === undefined) return null;
      return { table, chain, size: () => found.rules.length, rule: (number) => found.rules[number - 1] };
    };
    return { table, names: () => [...chains.keys()], place };
  });
  return [...sets.flatMap((set) => tablesOfRuleSet(set, isOneOfTwo)), ...native];
}

const near = (text: string, names: readonly string[]): string => nearest(text, names, MOST_NEAR).join(', ');

function policyTarget(node: Node, family: Family, text: string): Target | BadReference {
  const [, priority = '', place] = /^rule\/(\d{1,10})(?::(\d{1,6}))?$/.exec(text) ?? [];
  const rules = rulesOf(node.networks[family]);
  const known = [...new Set(rules.map((rule) => String(rule.priority)))];
  if (priority === '') return new BadReference('USAGE_RULE_PRIORITY', { text, priorities: known.join(', ') });
  const own = rules.filter((rule) => rule.priority === Number(priority));
  const chosen = place === undefined ? own : own.slice(Number(place) - 1, Number(place));
  if (own.length === 0 || Number(place ?? 1) < 1 || chosen.length === 0)
    return new BadReference('USAGE_RULE_NO_POLICY', {
      text,
      family,
      priorities: (own.length === 0 ? known : [`rule/${priority}:1-${String(own.length)}`]).join(', '),
    });
  return { kind: 'policy', family, rules: chosen };
}

/** `TABLE/CHAIN:N`, `TABLE CHAIN:N`, `CHAIN:N`; a chain's name may hold anything but a blank. */
export function takeApart(
  text: string,
): { readonly table: string | null; readonly chain: string; readonly number: number } | null {
  const [, place = '', number = ''] = /^(.+):(\d{1,9})$/u.exec(text) ?? [];
  if (place === '') return null;
  const slash = place.search(/[/ ](?=[^/ ]*$)/u);
  if (slash < 0) return { table: null, chain: place, number: Number(number) };
  return { table: place.slice(0, slash), chain: place.slice(slash + 1), number: Number(number) };
}

/** Names of tables as they may be written: `nat`; of both iptables also without whose it is. */
function isTable(written: string, { table }: Named): boolean {
  return table === written || table.endsWith(` ${written}`);
}

function unknownPlace(
  all: readonly Named[],
  table: string | null,
  chain: string,
  text: string,
): BadReference {
  const tables = [...new Set(all.filter((one) => one.names().length > 0).map((one) => one.table))];
  const own = table === null ? all : all.filter((one) => isTable(table, one) && one.names().length > 0);
  if (table !== null && own.length === 0)
    return new BadReference('USAGE_RULE_TABLE', { text, table, near: tables.join(', ') || '-' });
  const names = own.flatMap((one) => one.names());
  return new BadReference('USAGE_RULE_CHAIN', {
    text,
    chain,
    table: table ?? tables.join(', '),
    near: near(chain, names) || '-',
  });
}

/** Finds what a reference names in the rules that packets of a family meet. */
export function resolve(node: Node, family: Family, written: string): Target | BadReference {
  const text = written.trim().replace(/\s+/gu, ' ');
  if (text.startsWith('rule/')) return policyTarget(node, family, text);
  const parts = takeApart(text);
  if (parts === null) return new BadReference('USAGE_RULE_FORM', { text });
  const all = tablesOf(node, family);
  const { table, chain, number } = parts;
  const found = all
    .filter((one) => table === null || isTable(table, one))
    .flatMap((one) => one.place(chain) ?? []);
  const [only, another] = found;
  if (only === undefined) return unknownPlace(all, table, chain, text);
  const having = found.filter((place) => number >= 1 && number <= place.size());
  if (another !== undefined && having.length !== 1)
    return new BadReference('USAGE_RULE_AMBIGUOUS', {
      text,
      tables: found.map((place) => `${place.table}/${chain}:${String(number)}`).join(', '),
    });
  const place = having[0] ?? only;
  const rule = number < 1 ? undefined : place.rule(number);
  if (rule === undefined)
    return new BadReference('USAGE_RULE_NUMBER', {
      text,
      chain,
      table: place.table,
      count: place.size(),
    });
  return { kind: 'rule', family, rule };
}

/** A rule as `resolve` reads it back. */
export function referenceOf(rule: AnyRule): string {
  const table = isNative(rule) ? nativeTable(rule) : `${rule.backend ?? ''} ${rule.table}`.trim();
  return `${table}/${rule.chain}:${String(rule.number)}`;
}

const nativeTable = ({ family, table }: NftRule): string => `${family} ${table}`;
