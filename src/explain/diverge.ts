/** Where the walk of one outcome parts from that of another. */
import type { Outcome } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import { ruleName } from './reason.js';
import type { Row, StepOf } from './row.js';
import { type Walk, walkOf } from './rows.js';
import type { View } from './view.js';

function same(a: Step, b: Step): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'rule' && b.kind === 'rule')
    return a.rule === b.rule && a.outcome === b.outcome && sameChanges(a, b);
  if (a.kind === 'chain-end' && b.kind === 'chain-end')
    return a.chain === b.chain && a.table === b.table && a.backend === b.backend && a.matched === b.matched;
  if (a.kind === 'policy' && b.kind === 'policy')
    return (
      a.table === b.table &&
      a.backend === b.backend &&
      a.hook === b.hook &&
      a.chain === b.chain &&
      a.matched === b.matched
    );
  if (a.kind === 'route' && b.kind === 'route')
    return a.rule === b.rule && a.route === b.route && a.device === b.device && a.via === b.via;
  if (a.kind === 'conntrack' && b.kind === 'conntrack') return a.state === b.state && a.entry === b.entry;
  if (a.kind === 'nat' && b.kind === 'nat') return a.by === b.by && sameChanges(a, b);
  if (a.kind === 'rp-filter' && b.kind === 'rp-filter') return a.passed === b.passed && a.why === b.why;
  if (a.kind === 'forward' && b.kind === 'forward') return a.allowed === b.allowed && a.why === b.why;
  return true;
}

function sameChanges(a: { readonly changes: readonly { readonly to: string }[] }, b: typeof a): boolean {
  return (
    a.changes.length === b.changes.length &&
    a.changes.every((change, index) => change.to === b.changes[index]?.to)
  );
}

/** Index of the first step that differs; -1 when the walks are the same. */
export function divergence(first: Outcome, other: Outcome): number {
  const length = Math.max(first.steps.length, other.steps.length);
  for (let i = 0; i < length; i += 1) {
    const a = first.steps[i];
    const b = other.steps[i];
    if (a === undefined || b === undefined || !same(a, b)) return i;
  }
  return -1;
}

/** The first thing that a walk shows from a step on. */
function firstRow(outcome: Outcome, from: number, view: View): Row | undefined {
  return walkOf({ ...outcome, steps: outcome.steps.slice(from) }, view).rows[0];
}

function describeRule(outcome: Outcome, at: number, step: StepOf<'rule'>, view: View): string {
  const row = firstRow(outcome, at, view);
  const jump = row?.jump ?? null;
  const verdict = jump === null ? (row?.result ?? '') : `${step.outcome} ${jump}`;
  return view.say('PARTS_RULE', { rule: ruleName(step.rule, view), verdict });
}

function describeOther(outcome: Outcome, at: number, view: View): string {
  const row = firstRow(outcome, at, view);
  if (row === undefined) return '';
  const place = [row.group, row.place, row.rule === '-' ? '' : row.rule].filter((word) => word !== '');
  return place.length === 0 ? row.result : `${place.join(' ')}: ${row.result}`;
}

/** What the other outcome did where it parted, and the row of the first outcome's table where that was. */
export function partingText(first: Outcome, other: Outcome, walk: Walk, view: View): string | null {
  const at = divergence(first, other);
  if (at < 0) return null;
  const row = walk.rows.findIndex((one) => one.step >= at);
  const there = first.steps[at];
  const here = other.steps[at];
  const sameChain = here?.kind === 'rule' && there?.kind === 'rule' && here.rule.chain === there.rule.chain;
  let what: string;
  if (here?.kind === 'rule' && (sameChain || there?.kind !== 'rule'))
    what = describeRule(other, at, here, view);
  else {
    const next = describeOther(other, at, view);
    what =
      there?.kind === 'rule' ? view.say('PARTS_PASSED', { rule: ruleName(there.rule, view), next }) : next;
  }
  return view.say('PARTS_AT', { row: (row < 0 ? walk.rows.length : row) + 1, what });
}
