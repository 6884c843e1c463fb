/** A connection packet by packet: each answer in short, and which packets never saw the nat table. */
import type { Outcome } from '../packet/result.js';
import type { PacketName, Said } from '../why/conversation.js';
import { headerLines } from './blocks.js';
import { headline } from './counterfactual.js';
import { type TraceJson, type WarningJson, traceJsonWith } from './json.js';
import { sanitize } from './sanitize.js';
import { type View, type ViewOptions, NO_FACTS, viewOf } from './view.js';
import { isNarrow, padEnd, widthOf, wrap } from './width.js';

const NAMES = {
  data: 'FLOW_DATA',
  request: 'FLOW_REQUEST',
  answer: 'FLOW_ANSWER',
  second: 'FLOW_SECOND',
} as const;

/** TCP flags are kernel words. */
function nameOf(name: PacketName, view: View): string {
  return name === 'SYN' || name === 'SYN,ACK' || name === 'ACK' ? name : view.say(NAMES[name]);
}

function stateOf({ steps }: Outcome, view: View): string {
  const step = steps.find((one) => one.kind === 'conntrack');
  if (step?.kind !== 'conntrack') return '';
  const state = view.say('FLOW_STATE', { state: step.state });
  return step.direction === 'REPLY' ? `${state} ${view.say('ROW_REPLY')}` : state;
}

function natOf({ nat }: Said, view: View): string {
  return nat.length === 0
    ? view.say('FLOW_NAT_UNSEEN')
    : view.say('FLOW_NAT_SAW', { chains: nat.join(', ') });
}

function packetLines(said: Said, at: number, width: number, view: View): string[] {
  const { outcome, back } = said;
  const head = `${String(at + 1).padStart(2)} ${padEnd(nameOf(said.name, view), width)} ${back ? '<-' : '->'}  `;
  const isBelow = isNarrow(view.width, widthOf(head));
  const indent = ' '.repeat(isBelow ? 3 : widthOf(head));
  const good = outcome.drop === null && outcome.reject === null && outcome.unroutable === null;
  const answer = wrap(sanitize(headline(outcome, view)), view.width - indent.length);
  const more = [stateOf(outcome, view), natOf(said, view)].filter((text) => text !== '').join('; ');
  return [
    ...(isBelow ? [head.trimEnd()] : []),
    ...answer.map(
      (line, index) => `${index === 0 && !isBelow ? head : indent}${view.paint(good ? 'good' : 'bad', line)}`,
    ),
    ...wrap(sanitize(more), view.width - indent.length).map((line) => `${indent}${line}`),
  ];
}

/** Which packets never saw the nat table, in a sentence. */
function natSentence(all: readonly Said[], view: View): string {
  const unseen = all.flatMap(({ nat }, at) => (nat.length === 0 ? [String(at + 1)] : []));
  if (unseen.length === all.length) return view.say('FLOW_NAT_NONE');
  if (unseen.length === 0) return all.length > 1 ? view.say('FLOW_ALL_NAT') : '';
  const id = unseen.length === 1 ? 'FLOW_NO_NAT_ONE' : 'FLOW_NO_NAT';
  return view.say(id, { packets: unseen.join(', ') });
}

/** Renders a connection for people. Ends with a line feed. */
export function renderConversation(all: readonly Said[], options: ViewOptions = {}): string {
  const view = viewOf(options);
  const [first] = all;
  if (first === undefined) return '\n';
  const width = Math.max(...all.map(({ name }) => widthOf(nameOf(name, view))));
  const last = all.at(-1)?.outcome;
  const count = first.result.outcomes.length;
  const drawn = first.outcome.final.sportRange;
  const sentences = [
    ...(count > 1 ? [view.say('FLOW_OF_OUTCOME', { number: first.followed + 1, count })] : []),
    ...(last !== undefined && (last.drop !== null || last.reject !== null || last.unroutable !== null)
      ? [view.say('FLOW_STOPS')]
      : []),
    ...(drawn === undefined || all.length < 2 ? [] : [view.say('FLOW_DRAWN', { port: drawn[0] })]),
    natSentence(all, view),
  ].filter((text) => text !== '');
  const lines = [
    ...headerLines(first.result, view),
    '',
    ...wrap(view.say('FLOW_HEAD'), view.width).map((line) => view.paint('strong', line)),
    ...all.flatMap((said, at) => packetLines(said, at, width, view)),
    '',
    ...sentences.flatMap((text) => wrap(text, view.width)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A connection as JSON, schema natwalk/flow/1: of each packet the result, and which outcome is followed. */
export interface ConversationJson {
  readonly schema: 'natwalk/flow/1';
  readonly packets: readonly {
    readonly name: PacketName;
    readonly direction: 'forward' | 'back';
    /** Number of the outcome that is followed, from 1. */
    readonly followed: number;
    /** Hooks at which the packet met nat chains. */
    readonly nat: readonly string[];
    readonly result: TraceJson;
  }[];
  readonly warnings: readonly WarningJson[];
}

/** Ready for JSON.stringify. */
export function conversationJson(
  all: readonly Said[],
  warnings: readonly WarningJson[],
  options: ViewOptions = {},
): ConversationJson {
  return {
    schema: 'natwalk/flow/1',
    packets: all.map(({ name, back, followed, nat, result }) => ({
      name,
      direction: back ? 'back' : 'forward',
      followed: followed + 1,
      nat,
      result: traceJsonWith(result, [], options.facts ?? NO_FACTS),
    })),
    warnings,
  };
}
