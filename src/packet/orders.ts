/**
 * The order of functions with one priority, where the snapshot does not tell it: one answer for all packets of a flow,
 * and none at all where both orders come to the same.
 */
import type { Choice, Chooser } from '../chooser/question.js';
import { type AnyRule, backendOf, tableNameOf } from './any-rule.js';
import type { ConnectionTable } from './connection-table.js';
import type { Assumption, Outcome, Translation } from './result.js';

const CODE = 'UNK_TABLE_ORDER';

/** One way that a packet went, with what it left behind. */
export interface Way {
  readonly outcome: Outcome;
  readonly connections: ConnectionTable;
  /** Product of the chances taken, assumptions aside. */
  readonly chances: number;
}

const ruleName = (rule: AnyRule | null): string =>
  rule === null ? '' : [tableNameOf(rule), backendOf(rule), rule.chain, rule.number].join(' ');

function identity({ code, params, rule }: Assumption): string {
  return JSON.stringify([code, Object.entries(params).sort(), ruleName(rule)]);
}

function translation(value: Translation | null): unknown {
  return value === null ? null : { ...value, rule: ruleName(value.rule) };
}

function isSame(one: Assumption, choice: Choice): boolean {
  const { assumption } = choice;
  if (assumption === null) return false;
  return identity(one) === identity({ ...assumption, rule: null });
}

/** What a flow rested on before, and what its packet adds. */
export function joined(earlier: readonly Assumption[], own: readonly Assumption[]): readonly Assumption[] {
  if (earlier.length === 0) return own;
  const known = new Set(earlier.map(identity));
  return [...earlier, ...own.filter((one) => !known.has(identity(one)))];
}

/** Answers as earlier packets of the flow were answered. */
export function remembering(chooser: Chooser, earlier: readonly Assumption[]): Chooser {
  const orders = earlier.filter(({ code }) => code === CODE);
  if (orders.length === 0) return chooser;
  return {
    choose(key, choices) {
      const known = choices.findIndex((choice) => orders.some((one) => isSame(one, choice)));
      return known < 0 ? chooser.choose(key, choices) : known;
    },
  };
}

/** What is told of an outcome beside who met the packet in which order. */
function visible({ outcome, chances }: Way, question: Assumption): string {
  const left: readonly (keyof Outcome)[] = [
    ...(['path', 'pathMaybe', 'steps', 'probability', 'assumptions', 'entry'] as const),
  ];
  const told = (one: Outcome): unknown => ({
    ...Object.fromEntries(Object.entries(one).filter(([field]) => !left.some((name) => name === field))),
    ...{ snat: translation(one.snat), dnat: translation(one.dnat) },
    drop: one.drop === null ? null : { ...one.drop, rule: ruleName(one.drop.rule) },
    assumptions: without(one.assumptions, question).map(identity).sort(),
    reply: one.reply === undefined ? null : told(one.reply),
  });
  return JSON.stringify([told(outcome), chances]);
}

/** Entries that only one of the paths has. */
function differing(one: readonly string[], two: readonly string[]): readonly string[] {
  const [first, second] = [new Set(one), new Set(two)];
  return [...one.filter((name) => !second.has(name)), ...two.filter((name) => !first.has(name))];
}

function without(list: readonly Assumption[], question: Assumption): readonly Assumption[] {
  const asked = identity(question);
  return list.filter((one) => identity(one) !== asked);
}

function answered(question: Assumption, answer: string): Assumption {
  return { ...question, params: { ...question.params, answer } };
}

/** The question that the two answered differently, and on which nothing else of them hangs; null when there is none. */
function needless(one: Way, two: Way): Assumption | null {
  for (const asked of one.outcome.assumptions) {
    if (asked.code !== CODE) continue;
    const other = answered(asked, asked.params['answer'] === 'yes' ? 'no' : 'yes');
    const wanted = identity(other);
    if (!two.outcome.assumptions.some((candidate) => identity(candidate) === wanted)) continue;
    if (visible(one, asked) === visible(two, other)) return asked;
  }
  return null;
}

function merged(one: Outcome, two: Outcome, asked: Assumption, chances: number): Outcome {
  const assumptions = without(one.assumptions, asked);
  const open = differing(one.path, two.path);
  const reply =
    one.reply === undefined || two.reply === undefined
      ? {}
      : { reply: merged(one.reply, two.reply, asked, chances) };
  return {
    ...one,
    assumptions,
    pathMaybe: [...new Set([...one.pathMaybe, ...two.pathMaybe, ...open])],
    probability: assumptions.length === 0 ? chances : null,
    ...reply,
  };
}

/** Takes ways together that differ in nothing but an order. The steps are those of the first. */
export function mergeOrders(ways: readonly Way[]): readonly Way[] {
  const left = [...ways];
  for (let at = 0; at < left.length; at += 1) {
    for (let next = at + 1; next < left.length; next += 1) {
      const [one, two] = [left[at], left[next]];
      if (one === undefined || two === undefined) continue;
      const asked = needless(one, two);
      if (asked === null) continue;
      left[at] = { ...one, outcome: merged(one.outcome, two.outcome, asked, one.chances) };
      left.splice(next, 1);
      // The merged way may fit one that was passed over.
      at = -1;
      break;
    }
  }
  return left;
}

/** Does any of the outcomes rest on an order? */
export function restsOnOrder({ assumptions }: Outcome): boolean {
  return assumptions.some(({ code }) => code === CODE);
}
