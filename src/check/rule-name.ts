/** Rules as a spec names them: `nat/PREROUTING:2`, `nat/AWS-SNAT-CHAIN-0`, `rule/1024`, or as the kernel's TRACE log does. */
import { type AnyRule, backendOf, tableNameOf } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { Outcome } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import type { Family } from '../address/address.js';

export type RuleName =
  | { readonly kind: 'trace'; readonly text: string }
  | { readonly kind: 'policy-rule'; readonly priority: number }
  | {
      readonly kind: 'chain';
      readonly table: string;
      readonly chain: string;
      readonly number: number | null;
    };

/** Reads a name; null for a text that is none. */
export function readRuleName(text: string): RuleName | null {
  const [, priority] = /^rule\/(\d{1,10})$/.exec(text) ?? [];
  if (priority !== undefined) return { kind: 'policy-rule', priority: Number(priority) };
  const [, table, chain, number] = /^([^/:]+)\/([^/\s]+?)(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (table !== undefined && chain !== undefined)
    return { kind: 'chain', table, chain, number: number === undefined ? null : Number(number) };
  const isTrace =
    /^(?:(?:legacy|nft):)?[a-z]+:.+:(?:rule|return|policy):\d+$/.test(text) ||
    /^\S+ \S+ \S+ (?:rule (?:handle )?\d+|return|policy \S+)$/.test(text);
  return isTrace ? { kind: 'trace', text } : null;
}

function isOf(rule: AnyRule, table: string): boolean {
  const name = tableNameOf(rule);
  const backend = backendOf(rule);
  return name === table || (backend !== undefined && `${backend} ${name}` === table);
}

/** Does a step stand in the chain, or at the rule of that number? */
function stands(step: Step, { table, chain, number }: Extract<RuleName, { kind: 'chain' }>): boolean {
  if (step.kind === 'rule' || step.kind === 'maybe') {
    const { rule } = step;
    return isOf(rule, table) && rule.chain === chain && (number === null || rule.number === number);
  }
  if (step.kind !== 'chain-end' && step.kind !== 'policy') return false;
  const named = step.backend === undefined ? step.table : `${step.backend} ${step.table}`;
  return number === null && step.chain === chain && (step.table === table || named === table);
}

/** Was the packet there? */
export function isOnWay(name: RuleName, { path, pathMaybe, steps }: Outcome): boolean {
  switch (name.kind) {
    case 'trace':
      return path.includes(name.text) || pathMaybe.includes(name.text);
    case 'policy-rule':
      return steps.some((step) => step.kind === 'route' && step.rule?.priority === name.priority);
    case 'chain':
      return steps.some((step) => stands(step, name));
  }
}

function hasChain(node: Node, family: Family, name: Extract<RuleName, { kind: 'chain' }>): boolean {
  const { table, chain, number } = name;
  const sets = [node.ruleSets[family], node.ruleSets[family].other].flatMap((set) => set ?? []);
  const own = sets.flatMap(({ tables, backend }) =>
    [...tables.values()].flatMap((one) =>
      one.name === table || `${backend ?? ''} ${one.name}` === table ? (one.chains.get(chain) ?? []) : [],
    ),
  );
  const native = node.nativeTables[family].flatMap((one) =>
    `${one.family} ${one.name}` === table ? (one.chains.get(chain) ?? []) : [],
  );
  return [...own, ...native].some(({ rules }) => number === null || (number >= 1 && number <= rules.length));
}

/** Is there such a rule or chain on the node? A name that the kernel's log writes is taken as it is but for its chain. */
export function isThere(name: RuleName, node: Node, family: Family): boolean {
  if (name.kind === 'policy-rule')
    return node.networks[family].rules.some(({ priority }) => priority === name.priority);
  if (name.kind === 'chain') return hasChain(node, family, name);
  const [, table, chain] =
    /^(?:(?:legacy|nft):)?([a-z]+):(.+):(?:rule|return|policy):\d+$/.exec(name.text) ?? [];
  return (
    table === undefined ||
    chain === undefined ||
    hasChain(node, family, { kind: 'chain', table, chain, number: null })
  );
}
