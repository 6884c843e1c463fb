/** The chains that a walk went into, and where it left each. */
import { type AnyRule, backendOf, isNative, tableNameOf } from '../packet/any-rule.js';
import type { Step } from '../packet/steps.js';

type RuleStep = Extract<Step, { readonly kind: 'rule' }>;

/** One stay in a chain. */
export interface Visit {
  /** As steps name the table. */
  readonly table: string;
  readonly backend: 'legacy' | 'nft' | undefined;
  readonly chain: string;
  readonly hook: Extract<Step, { readonly kind: 'table' }>['hook'];
  /** The step that led into it: that of its table, or of the rule that jumped. */
  readonly from: number;
  /** The last step before the walk was out of it for good. */
  to: number;
  /** The last of its rules that matched; null when none did. */
  last: RuleStep | null;
  /** The end of the chain was reached. */
  complete: boolean;
}

function chainOf(step: RuleStep): string | null {
  if (step.outcome !== 'jump' && step.outcome !== 'goto') return null;
  if (step.to !== undefined) return step.to;
  return !isNative(step.rule) && step.rule.action.kind === 'chain' ? step.rule.action.chain : null;
}

/** Reads the stays off the steps of a walk, in the order in which they began. */
export function visitsOf(steps: readonly Step[]): readonly Visit[] {
  const visits: Visit[] = [];
  let stack: Visit[] = [];
  const enter = (visit: Omit<Visit, 'to' | 'last' | 'complete'>, depth: number): void => {
    const made: Visit = { ...visit, to: visit.from, last: null, complete: false };
    stack = [...stack.slice(0, depth), made];
    visits.push(made);
  };
  for (const [at, step] of steps.entries()) {
    if (step.kind === 'table') {
      const { table, backend, chain, hook } = step;
      enter({ table, backend, chain, hook, from: at }, 0);
      continue;
    }
    if (step.kind === 'rule') {
      const visit = stack[step.depth];
      for (const open of stack.slice(0, step.depth + 1)) open.to = at;
      if (visit !== undefined) visit.last = step;
      const chain = chainOf(step);
      if (chain === null || visit === undefined) continue;
      const place = { table: visit.table, backend: visit.backend, hook: visit.hook, chain, from: at };
      enter(place, step.outcome === 'jump' ? step.depth + 1 : step.depth);
      continue;
    }
    if (step.kind === 'chain-end' || step.kind === 'policy') {
      const visit = stack[step.kind === 'policy' ? 0 : step.depth];
      if (visit?.chain !== step.chain) continue;
      visit.to = at;
      visit.complete = visit.last?.outcome !== 'return';
    }
  }
  return visits;
}

/** Is it a stay in the chain of the rule? */
export function isVisitOf({ table, backend, chain }: Visit, rule: AnyRule): boolean {
  return chain === rule.chain && table === tableNameOf(rule) && backend === backendOf(rule);
}
