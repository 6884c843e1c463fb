/** A result as the page shows it. */
import { type Answer, answerOf } from '../../src/explain/answer.js';
import { assumptionText } from '../../src/explain/assumption.js';
import { cameFrom, certaintyOf } from '../../src/explain/blocks.js';
import { changedTexts } from '../../src/explain/changed.js';
import { partingText } from '../../src/explain/diverge.js';
import { packetText, percent } from '../../src/explain/endpoint.js';
import { nameReasons } from '../../src/explain/names.js';
import { walkOf } from '../../src/explain/rows.js';
import type { View } from '../../src/explain/view.js';
import type { Node } from '../../src/packet/node.js';
import { endpointsOf } from '../../src/packet/pick.js';
import type { CompletedPacket, Outcome, TraceResult } from '../../src/packet/result.js';
import type { Said } from '../../src/why/conversation.js';
import { editWords } from '../shared/edit-words.js';
import type { Edit, Headline, LegView, OpenRule, OutcomeView, WalkView } from '../shared/walk.js';
import { startOf } from './state.js';
import { Places } from './stations.js';
import { openRule, stepsOf } from './steps-view.js';

/** A question with its answer. */
export interface Answered {
  readonly node: Node;
  readonly edits: readonly Edit[];
  readonly result: TraceResult;
  /** On the node as the dumps have it; null without edits. */
  readonly before: TraceResult | null;
  readonly said: readonly Said[];
}

/** More outcomes than this are counted and not walked through. */
const MOST_OUTCOMES = 64;

/** Outcomes of the unchanged node that are told beside those of the changed one. */
export const MOST_HEADLINES = 3;

/** The way of one packet, with its answer. */
export interface Way {
  readonly name: string;
  readonly packet: CompletedPacket;
  readonly outcome: Outcome;
  readonly answer: Answer;
}

const ENDS: Readonly<Record<string, LegView['end']>> = { forwarded: 'out', sent: 'out', delivered: 'local' };

/** A way as it is shown. */
export function legOf(
  { name, packet, outcome, answer }: Way,
  { node, edits }: Pick<Answered, 'node' | 'edits'>,
  view: View,
): LegView {
  const family = packet.dst.includes(':') ? 6 : 4;
  const places = new Places(node, family, outcome.steps);
  const start = startOf(packet);
  const { steps, missed } = stepsOf({ node, family, edits, outcome, start, spots: places.spots }, view);
  return {
    name,
    title: packetText(packet),
    from: cameFrom(packet, view),
    word: answer.word,
    meaning: answer.meaning,
    rest: answer.rest,
    reasons: answer.reasons,
    certainty: certaintyOf(outcome, view),
    stations: places.stations(steps),
    way: places.way,
    end: ENDS[outcome.verdict] ?? 'lost',
    start,
    steps,
    counts: view.say('PAGE_MISSED', { count: missed }),
  };
}

/** The packet that answers, as it comes back. */
function replyPacket(packet: CompletedPacket, { egress, final }: Outcome, reply: Outcome): CompletedPacket {
  const { original } = reply.conntrack ?? { original: null };
  const there = original === null ? null : final;
  return {
    ...packet,
    in: egress?.iface ?? null,
    inferred: 'given',
    src: there?.dst ?? packet.dst,
    dst: there?.src ?? there?.srcRange?.[0] ?? packet.src,
    ...(there?.dport === undefined ? {} : { sport: there.dport }),
    ...(there?.sport === undefined ? {} : { dport: there.sport }),
    ...(packet.tcpFlags === undefined ? {} : { tcpFlags: ['SYN', 'ACK'] }),
    mark: '0x0',
    ttl: 64,
  };
}

function waysOf(result: TraceResult, outcome: Outcome, view: View): readonly Way[] {
  const { packet } = result;
  const own = answerOf(packet, outcome, view);
  const answer = { ...own, reasons: [...own.reasons, ...nameReasons(packet, outcome, view)] };
  const first: Way = { name: view.say('PAGE_LEG_PACKET'), packet, outcome, answer };
  const { reply } = outcome;
  if (reply === undefined) return [first];
  const back = replyPacket(packet, outcome, reply);
  const { again: _again, ...plain } = view;
  return [
    first,
    { name: view.say('PAGE_LEG_ANSWER'), packet: back, outcome: reply, answer: answerOf(back, reply, plain) },
  ];
}

function saidWays(said: readonly Said[], view: View): readonly Way[] {
  const { again: _again, ...plain } = view;
  return said.map(({ name, back, result, outcome }): Way => ({
    name: `${name} ${view.say(back ? 'PAGE_LEG_BACK' : 'PAGE_LEG_THERE')}`,
    packet: result.packet,
    outcome,
    answer: answerOf(result.packet, outcome, plain),
  }));
}

function openOf(outcome: Outcome, view: View): readonly OpenRule[] {
  const rules = new Set(
    outcome.assumptions.flatMap(({ rule, by }) => (rule === null || by !== undefined ? [] : [rule])),
  );
  return [...rules].flatMap((rule) => openRule(rule, outcome, view) ?? []);
}

function chanceOf(
  { outcomes }: TraceResult,
  { probability, assumptions }: Outcome,
  view: View,
): string | null {
  if (probability !== null) return outcomes.length === 1 ? null : percent(probability);
  const textsOf = (one: Pick<Outcome, 'assumptions'>): readonly string[] =>
    one.assumptions.map((assumption) => assumptionText(assumption, view.language));
  // What all outcomes rest on tells none from another.
  const [first = [], ...others] = outcomes.map(textsOf);
  const common = new Set(
    outcomes.length > 1 ? first.filter((text) => others.every((one) => one.includes(text))) : [],
  );
  const all = textsOf({ assumptions });
  const own = all.filter((text) => !common.has(text));
  const [text, ...more] = own.length > 0 ? own : all;
  if (text === undefined) return view.say('OUTCOME_IF');
  return more.length === 0 ? text : view.say('PAGE_ASSUMPTIONS', { text, count: more.length });
}

function outcomeView(answered: Answered, index: number, view: View): OutcomeView[] {
  const { result, said } = answered;
  const outcome = result.outcomes[index];
  const [first] = result.outcomes;
  if (outcome === undefined || first === undefined) return [];
  // What would be otherwise is walked for the first outcome alone: each such walk takes its time.
  const { again, ...plain } = view;
  const shown = index === 0 && again !== undefined ? view : plain;
  const ways = waysOf(result, outcome, shown);
  const all = index === 0 && said.length > 0 ? saidWays(said, view) : ways;
  const [own] = ways;
  const [endpoint] = result.outcomes.length > 1 ? endpointsOf([outcome]) : [];
  return [
    {
      chance: chanceOf(result, outcome, view),
      word: own?.answer.word ?? '',
      meaning: own?.answer.meaning ?? 'unknown',
      rest: own?.answer.rest ?? '',
      parts: index === 0 ? null : partingText(first, outcome, walkOf(first, plain), plain),
      pick: endpoint ?? null,
      open: openOf(outcome, view),
      legs: all.map((way) => legOf(way, answered, view)),
    },
  ];
}

/** How the packet ends, in a line for each outcome. */
function headlinesOf(result: TraceResult, { again: _again, ...view }: View): readonly Headline[] {
  return result.outcomes.slice(0, MOST_HEADLINES).map((outcome) => {
    const { word, meaning, rest } = answerOf(result.packet, outcome, view);
    const isOnly = result.outcomes.length === 1;
    return { chance: isOnly ? null : chanceOf(result, outcome, view), word, meaning, rest };
  });
}

/** What is otherwise, and what comes of it. */
export function changedView(
  texts: readonly string[],
  edits: readonly Edit[],
  before: readonly Headline[],
  view: View,
): NonNullable<WalkView['changed']> {
  const words = edits.map((edit) => editWords(edit, (id, params) => view.say(id, params)));
  return { same: texts.length === 0, texts, edits: words, before };
}

/** Makes the view. @param notes findings about the question, in words */
export function walkView(answered: Answered, notes: readonly string[], view: View): WalkView {
  const { result, before } = answered;
  const count = Math.min(MOST_OUTCOMES, result.outcomes.length);
  const texts = before === null ? [] : changedTexts(before.outcomes, result.outcomes, view);
  const mixed = view.facts.mixture(result.packet.dst);
  return {
    language: view.language,
    outcomes: Array.from({ length: count }, (_, index) => outcomeView(answered, index, view)).flat(),
    truncated:
      result.truncated || count < result.outcomes.length
        ? view.say('PAGE_OUTCOMES_CUT', { count: result.outcomes.length })
        : null,
    changed: before === null ? null : changedView(texts, answered.edits, headlinesOf(before, view), view),
    notes: mixed.length === 0 ? notes : [...notes, view.say('MIXTURE', { parts: mixed.join(', ') })],
  };
}
