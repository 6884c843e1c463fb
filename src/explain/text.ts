/** The default view: the answer first, then one line per decision, then what was passed over and what is not certain. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { answerLines, certaintyLines, labelled } from './blocks.js';
import { partingText } from './diverge.js';
import { type Walk, walkOf } from './rows.js';
import { answerBlocks } from './summary.js';
import { tableLines } from './table.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { widthOf, wrap } from './width.js';

function countLines(walk: Walk, view: View): string[] {
  const sentences: string[] = [];
  if (walk.missed > 0) {
    const id = view.allRules ? 'MISSED_SHOWN' : walk.missed === 1 ? 'MISSED_ONE' : 'MISSED_MANY';
    sentences.push(view.say(id, { count: walk.missed }));
  }
  if (walk.empty.length > 0) sentences.push(view.say('EMPTY_CHAINS', { chains: walk.empty.join(', ') }));
  return sentences.flatMap((sentence) => wrap(sentence, view.width)).map((line) => view.paint('dim', line));
}

function walkLines(walk: Walk, view: View): string[] {
  return [...tableLines(walk.rows, view), '', ...countLines(walk, view)];
}

function replyLines(result: TraceResult, outcome: Outcome, view: View): string[] {
  const { reply } = outcome;
  if (reply === undefined) return [];
  const packet = { ...result.packet, in: outcome.egress?.iface ?? null };
  const title = view.paint('strong', view.say('REPLY'));
  return [
    '',
    title,
    ...answerLines(packet, reply, view),
    '',
    ...walkLines(walkOf(reply, view), view),
    ...certaintyLines(reply, view),
  ];
}

/** What an outcome beyond the first says beside its answer: where it parts, and on what it hangs. */
function partLines(result: TraceResult, index: number, walk: Walk | null, view: View): string[] {
  const outcome = result.outcomes[index];
  const first = result.outcomes[0];
  if (outcome === undefined || first === undefined || walk === null || result.outcomes.length === 1)
    return [];
  const parting = index === 0 ? null : partingText(first, outcome, walk, view);
  const label = view.say('PARTS_FROM');
  return [
    ...(parting === null ? [] : labelled(label, parting, widthOf(label), view, 'dim')),
    ...certaintyLines(outcome, view).map((line) => `  ${line}`),
  ];
}

/** Renders a result for people. Ends with a line feed. */
export function renderText(result: TraceResult, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const narrower: View = { ...view, width: view.width - 2 };
  const [first] = result.outcomes;
  const several = result.outcomes.length > 1;
  const walk = first === undefined ? null : walkOf(first, view);
  const lines = answerBlocks(result, view, (index) => partLines(result, index, walk, narrower));
  if (first !== undefined && walk !== null) {
    lines.push('');
    if (several) lines.push(view.paint('strong', view.say('WALK_OF', { number: 1 })));
    lines.push(...walkLines(walk, view));
    if (!several) lines.push(...certaintyLines(first, view));
    lines.push(...replyLines(result, first, view));
  }
  while (lines.at(-1) === '') lines.pop();
  return `${lines.join('\n')}\n`;
}
