/** What a student is shown after an answer: a refutation that stops at the step that refutes, or the whole walk. */
import { isOnWay } from '../../check/rule-name.js';
import { walkPath } from '../../cluster/path.js';
import { World } from '../../cluster/world.js';
import { headerLines } from '../../explain/blocks.js';
import { factsOf } from '../../explain/facts.js';
import { renderPath } from '../../explain/path.js';
import { walkOf } from '../../explain/rows.js';
import { tableLines } from '../../explain/table.js';
import { renderText } from '../../explain/text.js';
import { type View, viewOf } from '../../explain/view.js';
import type { Outcome } from '../../packet/result.js';
import { pathInput } from '../across.js';
import { type Ground, walked } from '../evaluate.js';
import type { Judged } from '../answer.js';
import type { Lab, LabPacket, Misconception, NamedRule, Question } from '../lab.js';
import { lineOf, paragraphs, wordsOf } from './words.js';

/** How many steps it takes up to the one that meets the rule. */
export function stepsTo(outcome: Outcome, stop: NamedRule | null): number {
  if (stop === null) return outcome.steps.length;
  for (let count = 1; count <= outcome.steps.length; count += 1)
    if (isOnWay(stop.name, { ...outcome, steps: outcome.steps.slice(0, count), path: [], pathMaybe: [] }))
      return count;
  return outcome.steps.length;
}

/** A packet's way across nodes. */
function pathLines({ path }: LabPacket, { cluster, nodes }: Ground, view: View): readonly string[] {
  const world = cluster === null ? null : new World(cluster, nodes);
  const given = world === null || path === null ? null : pathInput(world, path);
  if (world === null || given === null) return [];
  return renderPath(walkPath(world, given.origin, given.input), view)
    .trimEnd()
    .split('\n');
}

/** What is shown of a walk: up to a rule, the answer alone, or all of it. */
export type Part = { readonly stop: NamedRule } | 'answer' | 'all';

/** The walk of a packet of the lab, or the part of it that the reveal is about. */
export function walkLines(lab: Lab, name: string, part: Part, start: Ground, view: View): readonly string[] {
  const packet = lab.packets.get(name);
  if (packet === undefined) return [];
  if (packet.path !== null) return pathLines(packet, start, view);
  const wantsReply = part === 'answer' || (part === 'all' && packet.expect?.reply !== null);
  const result = walked(packet, start, wantsReply);
  const node = start.nodes.get(packet.node);
  if (!('outcomes' in result) || node === undefined) return [];
  const own = viewOf({ ...view, facts: factsOf(node) });
  const [outcome] = result.outcomes;
  if (typeof part === 'string' || outcome === undefined) {
    const lines = renderText(result, own).trimEnd().split('\n');
    const at = part === 'answer' ? lines.indexOf(own.paint('strong', own.say('REPLY'))) : -1;
    return at < 0 ? lines : [...headerLines(result, own), ...lines.slice(at)];
  }
  const count = stepsTo(outcome, part.stop);
  const rows = walkOf(outcome, own).rows.filter(({ step }) => step < count);
  return [...headerLines(result, own), ...tableLines(rows, own)];
}

/** What of its packet's walk refutes a belief; a belief about the answer is refuted by the answer. */
export function partOf({ stop, shows, claims }: Misconception): Part {
  if (stop !== null) return { stop };
  return shows.reply === null && claims.reply === null ? 'all' : 'answer';
}

function refutation(lab: Lab, misconception: Misconception, start: Ground, view: View): readonly string[] {
  const { belief, packet, refuted } = misconception;
  return [
    ...paragraphs(view.say('LAB_BELIEF', { text: lineOf(belief, view) }), view),
    '',
    ...walkLines(lab, packet, partOf(misconception), start, view),
    '',
    ...paragraphs(wordsOf(refuted, view), view),
  ];
}

/** What is said of an answer that was judged. */
export function judgedLines(
  lab: Lab,
  judged: Judged,
  tries: number,
  start: Ground,
  view: View,
): readonly string[] {
  if (judged.kind === 'form') return [];
  if (judged.kind === 'right') return [view.paint('good', view.say('LAB_RIGHT_ANSWER', { tries }))];
  const belief = judged.choice?.believes ?? null;
  const misconception = belief === null ? undefined : lab.misconceptions.get(belief);
  return [
    view.paint('bad', view.say('LAB_WRONG_ANSWER', { tries })),
    ...(misconception === undefined
      ? [view.say('LAB_TRY_AGAIN')]
      : refutation(lab, misconception, start, view)),
  ];
}

/** The whole walk, once every prediction was right; what really happens, once the cause was. */
export function revealLines(
  lab: Lab,
  kind: 'predict' | 'cause' | 'transfer',
  start: Ground,
  view: View,
): readonly string[] {
  if (kind === 'predict')
    return [
      '',
      ...walkLines(lab, lab.reveal.packet, 'all', start, view),
      '',
      ...paragraphs(wordsOf(lab.reveal.text, view), view),
    ];
  if (kind !== 'cause') return [];
  const sources = lab.sources.map((source) => `  ${source}`);
  return [
    ...['', ...paragraphs(wordsOf(lab.explain, view), view)],
    ...(sources.length === 0 ? [] : ['', view.say('LAB_SOURCES'), ...sources]),
  ];
}

/** Why an answer has not the form of one. */
export function formLine(
  question: Question,
  code: Extract<Judged, { kind: 'form' }>['code'],
  view: View,
): string {
  const { form } = question;
  const choices = form.kind === 'choices' ? form.choices.map(({ id }) => id).join(', ') : '';
  return view.say(code, { id: question.id, choices });
}
