/** The answer alone: what becomes of the packet, and why. */
import type { TraceResult } from '../packet/result.js';
import { type Reasoned, answerOf } from './answer.js';
import { answerLines, certaintyLines, headerLines } from './blocks.js';
import { partingText } from './diverge.js';
import { percent } from './endpoint.js';
import type { Walk } from './rows.js';
import { type View, type ViewOptions, viewOf } from './view.js';

/** `[1] 33.3 %  `: the number of an outcome and how likely it is. */
export function outcomePrefix(index: number, probability: number | null, view: View): string {
  const chance = probability === null ? view.say('OUTCOME_IF') : percent(probability);
  return `[${String(index + 1)}] ${chance}  `;
}

/** What else an answer block says: lines in the columns of its reasons, and what is not certain. */
function more(result: TraceResult, index: number, walk: Walk | null, view: View): Reasoned[] {
  const [first] = result.outcomes;
  const outcome = result.outcomes[index];
  if (index === 0 || first === undefined || outcome === undefined || walk === null) return [];
  const parting = partingText(first, outcome, walk, view);
  return parting === null ? [] : [{ label: view.say('PARTS_FROM'), text: parting, meaning: null }];
}

/**
 * Header and answers of a result, one block per outcome. Outcomes after the first say what differs.
 * @param walk the first outcome's walk when its rows are printed too: the others say where they part from it
 */
export function answerBlocks(result: TraceResult, view: View, walk: Walk | null): string[] {
  const lines = [...headerLines(result, view)];
  const { outcomes } = result;
  const several = outcomes.length > 1;
  const [first] = outcomes;
  const known = first === undefined ? [] : answerOf(result.packet, first, view).reasons;
  const certain = first === undefined ? [] : certaintyLines(first, view);
  if (several) lines.push('', view.paint('strong', view.say('OUTCOMES', { count: outcomes.length })));
  for (const [index, outcome] of outcomes.entries()) {
    const prefix = several ? outcomePrefix(index, outcome.probability, view) : '';
    const style = { prefix, more: more(result, index, walk, view), known: index === 0 ? [] : known };
    lines.push('', ...answerLines(answerOf(result.packet, outcome, view), view, style));
    if (several || walk === null)
      lines.push(...certaintyLines(outcome, view).filter((line) => index === 0 || !certain.includes(line)));
  }
  if (result.truncated) lines.push('', view.paint('unknown', view.say('TRUNCATED')));
  return lines;
}

/** Renders a result as its answer only. Ends with a line feed. */
export function renderSummary(result: TraceResult, options: ViewOptions = {}): string {
  return `${answerBlocks(result, viewOf(options), null).join('\n')}\n`;
}
