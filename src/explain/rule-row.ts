/** Rows of rules, ends of chains and policies. */
import type { Miss } from '../packet/steps.js';
import { isNative } from '../packet/any-rule.js';
import type { NftRule } from '../nft/model.js';
import type { Meaning } from './colour.js';
import { nativeAction, nativeComment, nativeCondition } from './native-rule.js';
import { BLANK, type MissedLine, type Row, type StepOf, changeText } from './row.js';
import {
  commentOf,
  conditionOf,
  placeOf,
  ruleRef,
  tableLabel,
  tableLabelOf,
  targetOf,
  targetOptions,
} from './rule-ref.js';
import type { View } from './view.js';

function missedRules(missed: readonly Miss[], total: number, view: View): MissedLine[] {
  if (!view.allRules) return [];
  return missed.map(({ rule, reason }) => ({
    number: `${String(rule.number)}/${String(total)}`,
    reason: view.tell(reason.code, reason.params),
  }));
}

interface VerdictText {
  readonly result: string;
  readonly meaning: Meaning | null;
  readonly jump: string | null;
}

/** What a native rule did, in nft's words. */
function nativeVerdict(step: StepOf<'rule'>, rule: NftRule, view: View): VerdictText {
  const { outcome, to } = step;
  const action = nativeAction(rule);
  const condition = nativeCondition(rule);
  const because = condition === '' ? '' : `: ${condition}`;
  const comment = rule.comment === null ? '' : ` ${nativeComment(rule)}`;
  switch (outcome) {
    case 'jump':
    case 'goto': {
      const chain = to ?? '';
      const direct = action === `${outcome} ${chain}`;
      const by = direct ? comment : `: ${action}`;
      return { result: `${outcome} ${chain}${by}`, meaning: null, jump: chain };
    }
    case 'accept':
    case 'return':
      return { result: `${action}${because}`, meaning: null, jump: null };
    case 'drop':
      return { result: `${action}${because}`, meaning: 'bad', jump: null };
    case 'reject':
      return { result: action, meaning: 'bad', jump: null };
    case 'break':
      return { result: view.say('ROW_BROKE', { action }), meaning: null, jump: null };
    default:
      return { result: action === '' ? view.say('ROW_NO_TARGET') : action, meaning: null, jump: null };
  }
}

function verdictText(step: StepOf<'rule'>, view: View): VerdictText {
  const { rule } = step;
  if (isNative(rule)) return nativeVerdict(step, rule, view);
  const target = targetOf(rule);
  const options = targetOptions(rule);
  const condition = conditionOf(rule);
  const because = condition === '' ? '' : `: ${condition}`;
  switch (step.outcome) {
    case 'jump':
    case 'goto': {
      const comment = commentOf(rule);
      return {
        result: `${step.outcome} ${target}${comment === '' ? '' : ` ${comment}`}`,
        meaning: null,
        jump: target,
      };
    }
    case 'accept':
      return { result: `ACCEPT${because}`, meaning: null, jump: null };
    case 'return':
      return { result: `RETURN${because}`, meaning: null, jump: null };
    case 'drop':
      return { result: `DROP${because}`, meaning: 'bad', jump: null };
    case 'reject':
      return {
        result: `${target === '' ? 'REJECT' : target}${options === '' ? '' : ` ${options}`}`,
        meaning: 'bad',
        jump: null,
      };
    default:
      if (target === '') return { result: view.say('ROW_NO_TARGET'), meaning: null, jump: null };
      return { result: options === '' ? target : `${target} ${options}`, meaning: null, jump: null };
  }
}

/** The row of a rule that matched; `open` says how an undecidable match was settled. */
export function ruleRow(step: StepOf<'rule'>, at: number, open: string, view: View): Row {
  const { rule } = step;
  const words = verdictText(step, view);
  return {
    ...BLANK,
    step: at,
    group: step.depth === 0 ? tableLabelOf(rule) : '',
    place: rule.chain,
    depth: step.depth,
    rule: `${String(rule.number)}/${String(step.total)}`,
    result: open === '' ? words.result : `${open} ${words.result}`,
    meaning: step.open ? 'unknown' : words.meaning,
    jump: words.jump,
    changes: step.changes.map(changeText),
    detail: `${ruleRef(rule).text}  (${placeOf(rule.span)})`,
    missed: missedRules(step.missed, step.total, view),
  };
}

/** The row of a user chain's end; null where it tells nothing new. */
export function chainEndRow(step: StepOf<'chain-end'>, at: number, view: View): Row | null {
  // The end of a built-in chain is told by its policy.
  if (step.base) return null;
  const missed = missedRules(step.missed, step.total, view);
  if (step.matched > 0 && missed.length === 0) return null;
  const result = step.matched > 0 ? 'ROW_CHAIN_END' : step.total === 0 ? 'ROW_EMPTY_CHAIN' : 'ROW_NO_MATCH';
  return {
    ...BLANK,
    step: at,
    place: step.chain,
    depth: Math.max(1, step.depth),
    rule: step.matched > 0 ? '-' : `0/${String(step.total)}`,
    result: view.say(result),
    meaning: 'dim',
    missed,
  };
}

/** The row of a built-in chain's policy. */
export function policyRow(step: StepOf<'policy'>, at: number, missed: readonly Miss[], view: View): Row {
  const words = `policy ${step.policy}`;
  return {
    ...BLANK,
    step: at,
    group: tableLabel(step),
    place: step.chain,
    rule: step.matched === 0 && step.total > 0 ? `0/${String(step.total)}` : '-',
    result: step.known ? words : `${words} ${view.say('ROW_NOT_SHOWN')}`,
    meaning: step.policy === 'DROP' ? 'bad' : step.known ? null : 'unknown',
    missed: missedRules(missed, step.total, view),
  };
}

/** The row of a rule that may have matched and changes nothing. */
export function maybeRow(step: StepOf<'maybe'>, at: number, view: View): Row {
  const { rule } = step;
  return {
    ...BLANK,
    step: at,
    group: step.depth === 0 ? tableLabelOf(rule) : '',
    place: rule.chain,
    depth: step.depth,
    rule: String(rule.number),
    result: view.say('ROW_MAYBE', { target: targetOf(rule) || view.say('ROW_COUNTER') }),
    meaning: 'unknown',
    detail: `${ruleRef(rule).text}  (${placeOf(rule.span)})`,
  };
}
