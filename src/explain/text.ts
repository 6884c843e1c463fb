/** The default view: the answer first, then one line per decision, then what was passed over and what is not certain. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { answerOf } from './answer.js';
import { answerLines, certaintyLines, certaintyOf } from './blocks.js';
import { type Walk, walkOf } from './rows.js';
import { answerBlocks } from './summary.js';
import { tableLines } from './table.js';
import { type View, type ViewOptions, replyView, viewOf } from './view.js';
import { wrap } from './width.js';

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

/** The walk of the answer, with its own headline. */
function replyLines(result: TraceResult, outcome: Outcome, asked: View): string[] {
  const { reply } = outcome;
  if (reply === undefined) return [];
  const view = replyView(asked);
  const packet = { ...result.packet, in: outcome.egress?.iface ?? null };
  return [
    '',
    view.paint('strong', view.say('REPLY')),
    ...answerLines(answerOf(packet, reply, view), view),
    '',
    ...walkLines(walkOf(reply, view), view),
    ...certaintyLines(reply, view, certaintyOf(outcome, view)),
  ];
}

/** Renders a result for people. Ends with a line feed. */
export function renderText(result: TraceResult, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const [first] = result.outcomes;
  const several = result.outcomes.length > 1;
  const walk = first === undefined ? null : walkOf(first, view);
  const lines = answerBlocks(result, view, walk);
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
