/** The rules of a chain, each with what became of it while the packet was there. */
import { ownerText } from '../../src/explain/owner.js';
import { changeText } from '../../src/explain/row.js';
import { ruleRow } from '../../src/explain/rule-row.js';
import { placeOf, ruleRef } from '../../src/explain/rule-ref.js';
import type { View } from '../../src/explain/view.js';
import { type AnyRule, backendOf, isNative, tableNameOf } from '../../src/packet/any-rule.js';
import type { Outcome } from '../../src/packet/result.js';
import type { Step } from '../../src/packet/steps.js';
import { referenceOf } from '../../src/why/reference.js';
import { type Visit, visitsOf } from '../../src/why/visits.js';
import type { ChainName, ChainView, Edit, EditTarget, RuleLine, RuleState } from '../shared/walk.js';
import { editOf, targetFor } from './targets.js';

/** What became of a rule. */
interface Fate {
  readonly state: RuleState;
  readonly reason: string;
  /** Index of the engine's step. */
  readonly at: number;
}

const sameChain = (one: ChainName, { table, chain, backend }: ChainName): boolean =>
  one.chain === chain && one.table === table && one.backend === backend;

/** The stay in the chain that a step is of. */
function visitAt(steps: readonly Step[], at: number, chain: ChainName): Visit | null {
  return (
    visitsOf(steps).findLast(
      (one) => sameChain(one, chain) && one.from <= at && at <= Math.max(one.to, one.from),
    ) ?? null
  );
}

const nameOf = (rule: AnyRule): ChainName => ({
  table: tableNameOf(rule),
  chain: rule.chain,
  backend: backendOf(rule),
});

/** What became of the rules during a stay, by their numbers. */
function fatesOf({ steps }: Outcome, visit: Visit, chain: ChainName, view: View): ReadonlyMap<number, Fate> {
  const fates = new Map<number, Fate>();
  const end = Math.max(visit.to, visit.from);
  for (let at = visit.from; at <= end; at += 1) {
    const step = steps[at];
    if (step === undefined) continue;
    const missed = step.kind === 'rule' || step.kind === 'chain-end' ? step.missed : [];
    const own = step.kind === 'rule' ? nameOf(step.rule) : step.kind === 'chain-end' ? step : null;
    if (own !== null && sameChain(own, chain))
      for (const { rule, reason } of missed)
        fates.set(rule.number, { state: 'missed', reason: view.tell(reason.code, reason.params), at: -1 });
    if (step.kind === 'rule' && sameChain(nameOf(step.rule), chain)) {
      const { result } = ruleRow(step, 0, '', view);
      const changes = step.changes.map(changeText);
      fates.set(step.rule.number, { state: 'matched', reason: [result, ...changes].join(', '), at });
    }
    if (step.kind === 'maybe' && sameChain(nameOf(step.rule), chain))
      fates.set(step.rule.number, { state: 'maybe', reason: view.tell(step.code, step.params), at });
  }
  return fates;
}

const UNREACHED: Fate = { state: 'unreached', reason: '', at: -1 };

/** What of a chain is asked for. */
export interface RowsAsk {
  readonly outcome: Outcome;
  readonly at: number;
  readonly chain: ChainName;
  readonly rules: readonly AnyRule[];
  readonly policy: string | null;
  readonly family: 4 | 6;
  readonly edits: readonly Edit[];
  readonly filter: string;
  readonly only: RuleState | null;
  readonly from: number;
  readonly count: number;
}

function editTarget(rule: AnyRule, { chain, family, edits }: RowsAsk): EditTarget | null {
  return targetFor(rule.span, edits, (file, line) => ({ kind: 'rule', family, place: chain, file, line }));
}

/** Rows of the walk by the engine's steps. */
export type StepIndex = (at: number) => number;

function lineOf(rule: AnyRule, fate: Fate, ask: RowsAsk, indexOf: StepIndex, view: View): RuleLine {
  return {
    number: rule.number,
    text: ruleRef(rule).text,
    place: placeOf(rule.span),
    state: fate.state,
    reason: fate.reason,
    step: fate.at < 0 ? -1 : indexOf(fate.at),
    owner: ownerText(rule, view),
    reference: referenceOf(rule),
    edit: editTarget(rule, ask),
    edited: editOf(rule.span, ask.edits) >= 0,
  };
}

function titleOf({ table, chain, backend }: ChainName): string {
  return [backend, table, chain].filter((part) => part !== undefined).join(' ');
}

/** The rows that were asked for. */
export function chainView(ask: RowsAsk, indexOf: StepIndex, view: View): ChainView {
  const { outcome, at, chain, rules, policy, family, filter, only, from, count } = ask;
  const visit = visitAt(outcome.steps, at, chain);
  const fates = visit === null ? new Map<number, Fate>() : fatesOf(outcome, visit, chain, view);
  const fateOf = ({ number }: AnyRule): Fate => fates.get(number) ?? UNREACHED;
  const counts = { matched: 0, missed: 0, maybe: 0, unreached: 0 };
  for (const rule of rules) counts[fateOf(rule).state] += 1;
  const wanted = filter.trim().toLowerCase();
  const passes = (rule: AnyRule): boolean =>
    (only === null || fateOf(rule).state === only) &&
    (wanted === '' ||
      ruleRef(rule).text.toLowerCase().includes(wanted) ||
      fateOf(rule).reason.toLowerCase().includes(wanted));
  const shown = only === null && wanted === '' ? rules : rules.filter(passes);
  const step = outcome.steps[at];
  const own = step?.kind === 'rule' || step?.kind === 'maybe' ? step.rule.number : -1;
  const native = rules.some(isNative);
  return {
    title: titleOf(chain),
    policy,
    policyEdit: policy === null || native ? null : { kind: 'policy', family, place: chain },
    counts,
    total: rules.length,
    shown: shown.length,
    from,
    focus: shown.findIndex(({ number }) => number === own),
    rows: shown.slice(from, from + count).map((rule) => lineOf(rule, fateOf(rule), ask, indexOf, view)),
  };
}
