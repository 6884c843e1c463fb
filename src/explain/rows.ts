/** The walk as rows: one per decision. Steps that decided nothing become counts. */
import { hidesInterfaces } from '../iptables/listed.js';
import { UNKNOWN_INTERFACE } from '../iptables/view.js';
import { isNative } from '../packet/any-rule.js';
import type { Outcome } from '../packet/result.js';
import type { Miss, Step } from '../packet/steps.js';
import { conntrackRow, natRow, natSkippedRow } from './conntrack-row.js';
import { forwardRow, reversePathRow, routeRow, sourceRow } from './route-row.js';
import { BLANK, type Row, type StepOf, changeText } from './row.js';
import { tableLabel } from './rule-ref.js';
import { chainEndRow, maybeRow, policyRow, ruleRow } from './rule-row.js';
import type { View } from './view.js';

export interface Walk {
  readonly rows: readonly Row[];
  /** Rules that were tried and did not match. */
  readonly missed: number;
  /** Built-in chains without rules that let the packet pass, as `table CHAIN`. */
  readonly empty: readonly string[];
}

/** Rests the match on interfaces that a listing does not show, and on nothing drawn? They are assumed for a whole table. */
function isUnlisted({ rule }: StepOf<'rule'>): boolean {
  if (isNative(rule) || !rule.matches.some(hidesInterfaces)) return false;
  return !rule.matches.some((match) => !('opaque' in match) && match.extension.name === 'statistic');
}

/** Whether a rule's match was drawn by chance or assumed; '' when it was neither. */
function openWord(step: StepOf<'rule'>, outcome: Outcome, view: View): string {
  if (!step.open) return '';
  const assumed = isUnlisted(step) || outcome.assumptions.some(({ rule }) => rule === step.rule);
  return view.say(assumed ? 'ROW_ASSUMED' : 'ROW_CHANCE');
}

function rowOf(step: Step, at: number, outcome: Outcome, view: View): Row | null {
  switch (step.kind) {
    case 'conntrack':
      return conntrackRow(step, at, view);
    case 'rule':
      return ruleRow(step, at, openWord(step, outcome, view), view);
    case 'maybe':
      return maybeRow(step, at, view);
    case 'chain-end':
      return chainEndRow(step, at, view);
    case 'nat':
      return natRow(step, at, view);
    case 'nat-skipped':
      return natSkippedRow(step, at, view);
    case 'route':
      return routeRow(step, at, view);
    case 'source':
      return sourceRow(step, at, view);
    case 'rp-filter':
      return reversePathRow(step, at, view);
    case 'forward':
      return forwardRow(step, at, view);
    case 'loopback':
      return { ...BLANK, step: at, place: 'lo', result: view.say('ROW_LOOPBACK') };
    case 'deliver':
      return {
        ...BLANK,
        step: at,
        place: view.say('ROW_SOCKET_PLACE'),
        result: view.say('DELIVERED'),
        meaning: 'good',
      };
    case 'send':
      return {
        ...BLANK,
        step: at,
        place: step.device === UNKNOWN_INTERFACE ? '?' : step.device,
        result: view.say('ROW_SENT'),
        meaning: 'good',
      };
    default:
      return null;
  }
}

/** A drop that no row above it tells: not by a rule, a policy, the reverse path or the forwarding switch. */
function dropRow(
  step: StepOf<'drop'>,
  at: number,
  last: Row | undefined,
  before: Step | undefined,
  view: View,
): Row | null {
  if (last?.meaning === 'bad') return null;
  // A rule of which it is not certain that it matches tells its drop all the same.
  if (step.rule !== null && before?.kind === 'rule' && before.rule === step.rule && step.reason === 'rule')
    return null;
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
  /** Of the chain that began at the hook. */
  #base = 0;
  #chain = '';

  add(step: Step): void {
    if (step.kind === 'table') [this.#base, this.#chain] = [0, step.chain];
    if (step.kind === 'rule' || step.kind === 'chain-end') {
      this.total += step.missedCount;
      const { chain } = step.kind === 'rule' ? step.rule : step;
      if (chain === this.#chain) this.#base += step.missedCount;
    }
    if (step.kind === 'policy') this.total += Math.max(0, step.total - step.matched - this.#base);
  }
}

/** The rules that were tried in vain at the end of a built-in chain, wherever the walk reported them. */
function missedAtEnd(before: Step | undefined): readonly Miss[] {
  if (before?.kind === 'chain-end' && before.base) return before.missed;
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
        empty.push(`${tableLabel(step)} ${step.chain}`);
      else rows.push(policyRow(step, at, missedAtEnd(outcome.steps[at - 1]), view));
    } else if (step.kind === 'nat' && joinsRule(step, last, outcome.steps)) {
      rows[rows.length - 1] = { ...last, changes: step.changes.map(changeText) };
    } else if (step.kind === 'chain-end' && step.total === 0 && last?.jump === step.chain) {
      rows[rows.length - 1] = { ...last, result: `${emptied(last)} ${view.say('ROW_EMPTY')}` };
    } else {
      const row =
        step.kind === 'drop'
          ? dropRow(step, at, last, last === undefined ? undefined : outcome.steps[last.step], view)
          : rowOf(step, at, outcome, view);
      if (row !== null) rows.push(row);
    }
  }
  return { rows, missed: missed.total, empty };
}
