/** The answer alone: what becomes of the packet, and why. */
import type { TraceResult } from '../packet/result.js';
import { answerLines, certaintyLines, headerLines } from './blocks.js';
import { percent } from './endpoint.js';
import { type View, type ViewOptions, viewOf } from './view.js';

/** `[1] 33.3 %  `: the number of an outcome and how likely it is. */
export function outcomePrefix(index: number, probability: number | null, view: View): string {
  const chance = probability === null ? view.say('OUTCOME_IF') : percent(probability);
  return `[${String(index + 1)}] ${chance}  `;
}

/** Header and answers of a result, one block per outcome. */
export function answerBlocks(
  result: TraceResult,
  view: View,
  extra: (index: number) => readonly string[],
): string[] {
  const lines = [...headerLines(result, view)];
  const several = result.outcomes.length > 1;
  if (several) lines.push('', view.paint('strong', view.say('OUTCOMES', { count: result.outcomes.length })));
  for (const [index, outcome] of result.outcomes.entries()) {
    lines.push('');
    lines.push(
      ...answerLines(
        result.packet,
        outcome,
        view,
        several ? outcomePrefix(index, outcome.probability, view) : '',
      ),
    );
    lines.push(...extra(index));
  }
  if (result.truncated) lines.push('', view.paint('unknown', view.say('TRUNCATED')));
  return lines;
}

/** Renders a result as its answer only. Ends with a line feed. */
export function renderSummary(result: TraceResult, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const lines = answerBlocks(result, view, (index) => {
    const outcome = result.outcomes[index];
    return outcome === undefined ? [] : certaintyLines(outcome, view);
  });
  return `${lines.join('\n')}\n`;
}
