/** The answer alone: what becomes of the packet, and why. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { answerOf } from './answer.js';
import type { Reasoned } from './reason.js';
import {
  answerLines,
  certaintyOf,
  headerLines,
  sharedCertainty,
  together,
  uncertainLines,
  untold,
} from './blocks.js';
import { partingText } from './diverge.js';
import { percent } from './endpoint.js';
import { type Numbered, alike, numbersOf } from './fold.js';
import { nameReasons } from './names.js';
import type { Walk } from './rows.js';
import { type View, type ViewOptions, replyView, viewOf } from './view.js';

/** `[1] 33.3 %  `: the number of an outcome, or those of several, and how likely it is. */
export function outcomePrefix(numbers: string, probability: number | null, view: View): string {
  const chance = probability === null ? view.say('OUTCOME_IF') : percent(probability);
  return `[${numbers}] ${chance}  `;
}

/** What is not certain about all of the outcomes that are alike. */
function commonOf(group: readonly [Numbered, ...Numbered[]], view: View): readonly Reasoned[] {
  const outcomes = group.map(({ outcome }) => outcome);
  return outcomes.length === 1 ? certaintyOf(group[0].outcome, view) : sharedCertainty(outcomes, view);
}

/** What each of several outcomes that are alike assumes of its own; nothing where one of them assumes nothing of its own. */
function alternatives(group: readonly Numbered[], common: readonly Reasoned[], view: View): Reasoned[] {
  if (group.length === 1) return [];
  const texts = group.map(({ outcome }) =>
    untold(certaintyOf(outcome, view), common)
      .map(({ text }) => text)
      .join('; '),
  );
  if (texts.includes('')) return [];
  const each = [...new Set(texts)];
  return each.map((text, at) => ({
    label: view.say(each.length === 1 ? 'ASSUMES' : at === 0 ? 'EITHER' : 'OR'),
    text,
    meaning: 'unknown',
  }));
}

/** How many outcomes there are. */
function countOf(count: number, kinds: number, view: View): string {
  if (kinds === count) return view.say('OUTCOMES', { count });
  return kinds === 1
    ? view.say('OUTCOMES_ALIKE', { count })
    : view.say('OUTCOMES_OF_KINDS', { count, kinds });
}

/** Where an outcome parts from the first, when the rows of the first are shown. */
function parting(result: TraceResult, index: number, walk: Walk | null, view: View): Reasoned[] {
  const [first] = result.outcomes;
  const outcome = result.outcomes[index];
  if (index === 0 || first === undefined || outcome === undefined || walk === null) return [];
  const text = partingText(first, outcome, walk, view);
  return text === null ? [] : [{ label: view.say('PARTS_FROM'), text, meaning: null }];
}

/** Whose rules the packet met, when the kernel runs those of both iptables. */
function mixture({ packet }: TraceResult, view: View): Reasoned[] {
  const parts = view.facts.mixture(packet.dst);
  if (parts.length === 0) return [];
  return [
    {
      label: view.say('RULE_SETS'),
      text: view.say('MIXTURE', { parts: parts.join(', ') }),
      meaning: 'unknown',
    },
  ];
}

/** What becomes of the answer to an outcome, where that was walked. @param told what is not certain about the request too */
export function replyAnswer(
  result: TraceResult,
  { egress, reply }: Outcome,
  asked: View,
  told: readonly Reasoned[] = [],
): string[] {
  if (reply === undefined) return [];
  const view = replyView(asked);
  const answer = answerOf({ ...result.packet, in: egress?.iface ?? null }, reply, view);
  const reasons = [...answer.reasons, ...untold(certaintyOf(reply, view), told)];
  return ['', view.paint('strong', view.say('REPLY')), ...answerLines({ ...answer, reasons }, view)];
}

/**
 * Header and answers of a result, one block per outcome, or for all that differ in what they assume alone. Outcomes after
 * the first say what differs.
 * @param walk the first outcome's walk when its rows are printed too: the others say where they part from it, and what
 *   is not certain about a single outcome comes after its rows
 */
export function answerBlocks(result: TraceResult, view: View, walk: Walk | null): string[] {
  const lines = [...headerLines(result, view)];
  const { outcomes } = result;
  const several = outcomes.length > 1;
  const known: Reasoned[] = [];
  const shared = sharedCertainty(outcomes, view);
  const groups = alike(outcomes);
  if (several) lines.push('', view.paint('strong', countOf(outcomes.length, groups.length, view)));
  for (const group of groups) {
    const [{ index, outcome }, ...others] = group;
    const answer = answerOf(result.packet, outcome, view);
    const uncertain = certaintyOf(outcome, view);
    const common = commonOf(group, view);
    const certainty = several || walk === null ? untold(common, shared) : [];
    const prefix = several ? outcomePrefix(numbersOf(group), outcome.probability, view) : '';
    const mixed = index === 0 ? mixture(result, view) : [];
    const more = others.map((one) => answerOf(result.packet, one.outcome, view).reasons);
    const told = [...together([answer.reasons, ...more]), ...nameReasons(result.packet, outcome, view)];
    const either = alternatives(group, common, view);
    const reasons = [...told, ...mixed, ...parting(result, index, walk, view), ...certainty, ...either];
    lines.push('', ...answerLines({ ...answer, reasons }, view, prefix, known));
    if (walk === null) lines.push(...replyAnswer(result, outcome, view, uncertain));
    if (index === 0) known.push(...told);
  }
  if (shared.length > 0)
    lines.push('', view.paint('strong', view.say('IN_ALL_OUTCOMES')), ...uncertainLines(shared, view, '  '));
  if (result.truncated) lines.push('', view.paint('unknown', view.say('TRUNCATED')));
  return lines;
}

/** Renders a result as its answer only. Ends with a line feed. */
export function renderSummary(result: TraceResult, options: ViewOptions = {}): string {
  return `${answerBlocks(result, viewOf(options), null).join('\n')}\n`;
}
