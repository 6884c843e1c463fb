/** The walk as rows: one per decision. Steps that decided nothing become counts. */
import { formatAddress } from '../address/address.js';
import type { Outcome } from '../packet/result.js';
import type { Miss, Step } from '../packet/steps.js';
import { reversePathText, routeRow } from './route-row.js';
import { BLANK, type Row, type StepOf, changeText } from './row.js';
import { placeOf, ruleRef, targetOf } from './rule-ref.js';
import { chainEndRow, conntrackRow, policyRow, ruleRow } from './rule-row.js';
import type { View } from './view.js';

export interface Walk {
  readonly rows: readonly Row[];
  /** Rules that were tried and did not match. */
  readonly missed: number;
  /** Built-in chains without rules that let the packet pass, as `table CHAIN`. */
  readonly empty: readonly string[];
}

function natRow(step: StepOf<'nat'>, at: number, view: View): Row | null {
  if (step.changes.length === 0) return null;
  const id =
    step.why === 'null-binding'
      ? 'ROW_NULL_BINDING'
      : step.why === 'reply'
        ? 'ROW_NAT_REPLY'
        : step.why === 'entry'
          ? 'ROW_NAT_ENTRY'
          : 'ROW_NAT';
  return {
    ...BLANK,
    step: at,
    place: 'conntrack',
    result: view.say(id),
    changes: step.changes.map(changeText),
  };
}

const NAT_SKIPPED = {
  'not-first-packet': 'ROW_NAT_NOT_FIRST',
  'already-mapped': 'ROW_NAT_MAPPED',
  'no-conntrack': 'ROW_NAT_NO_CT',
} as const;

const FORWARD = {
  on: 'ROW_FORWARD_ON',
  off: 'ROW_FORWARD_OFF',
  assumed: 'ROW_FORWARD_ASSUMED',
  ttl: 'ROW_FORWARD_TTL',
} as const;

/** Whether a rule's match was drawn by chance or assumed; '' when it was neither. */
function openWord(step: StepOf<'rule'>, outcome: Outcome, view: View): string {
  if (!step.open) return '';
  const assumed = outcome.assumptions.some((assumption) => assumption.rule === step.rule);
  return view.say(assumed ? 'ROW_ASSUMED' : 'ROW_CHANCE');
}

function rowOf(step: Step, at: number, outcome: Outcome, view: View): Row | null {
  const say = view.say;
  switch (step.kind) {
    case 'conntrack':
      return conntrackRow(step, at, view);
    case 'rule':
      return ruleRow(step, at, openWord(step, outcome, view), view);
    case 'maybe':
      return {
        ...BLANK,
        step: at,
        group: step.depth === 0 ? step.rule.table : '',
        place: step.rule.chain,
        depth: step.depth,
        rule: String(step.rule.number),
        result: say('ROW_MAYBE', { target: targetOf(step.rule) || say('ROW_COUNTER') }),
        meaning: 'unknown',
        detail: `${ruleRef(step.rule).text}  (${placeOf(step.rule.span)})`,
      };
    case 'chain-end':
      return chainEndRow(step, at, view);
    case 'nat':
      return natRow(step, at, view);
    case 'nat-skipped':
      return {
        ...BLANK,
        step: at,
        group: 'nat',
        place: step.hook,
        result: say(NAT_SKIPPED[step.why]),
        meaning: 'dim',
      };
    case 'route':
      return routeRow(step, at, view);
    case 'source':
      if (step.why === 'given') return null;
      return {
        ...BLANK,
        step: at,
        place: say('ROW_SOURCE_PLACE'),
        result: say('ROW_SOURCE'),
        changes: [`src -> ${formatAddress(step.address)}`],
      };
    case 'rp-filter':
      if (step.passed && step.why === 'off' && !view.wide) return null;
      return {
        ...BLANK,
        step: at,
        place: 'rp_filter',
        result: step.passed
          ? reversePathText(step, view)
          : say('ROW_DROPPED', { reason: reversePathText(step, view) }),
        meaning: step.passed ? null : 'bad',
      };
    case 'forward':
      return {
        ...BLANK,
        step: at,
        place: 'forward',
        result: say(FORWARD[step.why]),
        meaning: step.allowed ? (step.why === 'assumed' ? 'unknown' : null) : 'bad',
        changes: step.changes.map(changeText),
      };
    case 'loopback':
      return { ...BLANK, step: at, place: 'lo', result: say('ROW_LOOPBACK') };
    case 'deliver':
      return { ...BLANK, step: at, place: 'socket', result: say('DELIVERED'), meaning: 'good' };
    case 'send':
      return { ...BLANK, step: at, place: step.device, result: say('ROW_SENT'), meaning: 'good' };
    default:
      return null;
  }
}

/** A drop that no row above it tells: not by a rule, a policy, the reverse path or the forwarding switch. */
function dropRow(step: StepOf<'drop'>, at: number, last: Row | undefined, view: View): Row | null {
  if (last?.meaning === 'bad') return null;
  return {
    ...BLANK,
    step: at,
    place: '',
    result: view.say('ROW_DROPPED', { reason: view.tell(`DROP_${step.reason}`) }),
    meaning: 'bad',
  };
}

/** A translation belongs to the row of the rule that asked for it. */
function joinsRule(step: StepOf<'nat'>, row: Row | undefined, steps: readonly Step[]): row is Row {
  if (step.by === null || row === undefined) return false;
  const before = steps[row.step];
  return before?.kind === 'rule' && before.rule === step.by;
}

/** Counts the rules that did not match, those of a built-in chain once. */
class MissCount {
  total = 0;
  #base = 0;

  add(step: Step): void {
    if (step.kind === 'table') this.#base = 0;
    if (step.kind === 'rule' || step.kind === 'chain-end') {
      this.total += step.missedCount;
      const { chain } = step.kind === 'rule' ? step.rule : step;
      if (chain === step.hook) this.#base += step.missedCount;
    }
    if (step.kind === 'policy') this.total += Math.max(0, step.total - step.matched - this.#base);
  }
}

/** The rules that were tried in vain at the end of a built-in chain, wherever the walk reported them. */
function missedAtEnd(before: Step | undefined): readonly Miss[] {
  if (before?.kind === 'chain-end' && before.chain === before.hook) return before.missed;
  return [];
}

/** `jump CHAIN`, without the comment: the chain turned out to be empty. */
function emptied(row: Row): string {
  const chain = row.jump ?? '';
  return row.result.slice(0, row.result.indexOf(chain) + chain.length);
}

/** Makes the rows of an outcome's walk. */
export function walkOf(outcome: Outcome, view: View): Walk {
  const rows: Row[] = [];
  const empty: string[] = [];
  const missed = new MissCount();
  for (const [at, step] of outcome.steps.entries()) {
    missed.add(step);
    const last = rows.at(-1);
    if (step.kind === 'policy') {
      if (step.total === 0 && step.policy === 'ACCEPT' && step.known && !view.wide)
        empty.push(`${step.table} ${step.hook}`);
      else rows.push(policyRow(step, at, missedAtEnd(outcome.steps[at - 1]), view));
    } else if (step.kind === 'nat' && joinsRule(step, last, outcome.steps)) {
      rows[rows.length - 1] = { ...last, changes: step.changes.map(changeText) };
    } else if (step.kind === 'chain-end' && step.total === 0 && last?.jump === step.chain) {
      rows[rows.length - 1] = { ...last, result: `${emptied(last)} ${view.say('ROW_EMPTY')}` };
    } else {
      const row = step.kind === 'drop' ? dropRow(step, at, last, view) : rowOf(step, at, outcome, view);
      if (row !== null) rows.push(row);
    }
  }
  return { rows, missed: missed.total, empty };
}
