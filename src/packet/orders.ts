/**
 * The order of functions with one priority, where the snapshot does not tell it: one answer for all packets of a flow,
 * and none at all where both orders come to the same.
 */
import { type AnyRule, backendOf, tableNameOf } from './any-rule.js';
import type { ConnectionTable } from './connection-table.js';
import { ORDER_CODE } from './precedence.js';
import type { Assumption, Outcome, Translation } from './result.js';

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

/** What a flow rested on before, and what its packet adds. */
export function joined(earlier: readonly Assumption[], own: readonly Assumption[]): readonly Assumption[] {
  if (earlier.length === 0) return own;
  const known = new Set(earlier.map(identity));
  return [...earlier, ...own.filter((one) => !known.has(identity(one)))];
}

/** What is told of an outcome beside who met the packet in which order. */
function visible({ outcome, chances }: Way, question: Assumption): string {
  const left: readonly (keyof Outcome)[] = [
    ...(['path', 'pathMaybe', 'steps', 'passings', 'probability', 'assumptions', 'entry'] as const),
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

function timesOf(names: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}

/** Longer paths than this, where they differ, are compared by how often they have an entry alone. */
const LONGEST = 2000;

/**
 * Entries of two paths that are not in both in one order: those outside a longest common subsequence. The paths have
 * each entry equally often.
 */
function misplaced(one: readonly string[], two: readonly string[]): readonly string[] {
  let from = 0;
  while (from < one.length && one[from] === two[from]) from += 1;
  if (from === one.length) return [];
  const [a, b] = [one.slice(from), two.slice(from)];
  if (a.length > LONGEST) return a;
  // The length of a longest common subsequence of what is left of both from each place on.
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const found = new Set<string>();
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && x === y) {
      i += 1;
      j += 1;
    } else if (y === undefined || (x !== undefined && at(i + 1, j) >= at(i, j + 1))) {
      if (x !== undefined) found.add(x);
      i += 1;
    } else {
      found.add(y);
      j += 1;
    }
  }
  return [...found];
}

/** Entries that not all of the paths have equally often, and in one order. */
export function differing(...paths: readonly (readonly string[])[]): readonly string[] {
  const times = paths.map(timesOf);
  const open = new Set(
    [...new Set(paths.flat())].filter((name) => new Set(times.map((one) => one.get(name) ?? 0)).size > 1),
  );
  const [first = [], ...others] = paths.map((path) => path.filter((name) => !open.has(name)));
  for (const other of others) for (const name of misplaced(first, other)) open.add(name);
  return [...open];
}

function without(list: readonly Assumption[], question: Assumption): readonly Assumption[] {
  const asked = identity(question);
  return list.filter((one) => identity(one) !== asked);
}

function answered(question: Assumption, answer: string): Assumption {
  return { ...question, params: { ...question.params, answer } };
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

/** The questions about orders that any of the ways answered "yes". */
function questionsOf(ways: readonly Way[]): ReadonlyMap<string, Assumption> {
  const found = new Map<string, Assumption>();
  for (const { outcome } of ways)
    for (const one of outcome.assumptions)
      if (one.code === ORDER_CODE && one.params['answer'] === 'yes') found.set(identity(one), one);
  return found;
}

/** Joins the ways that differ in nothing but the answer to one question. Each way is looked at once. */
function mergeOver(
  ways: readonly Way[],
  yes: Assumption,
): { readonly ways: readonly Way[]; readonly any: boolean } {
  const no = answered(yes, 'no');
  const [asYes, asNo] = [identity(yes), identity(no)];
  const left: Way[] = [];
  const places = new Map<string, { readonly at: number; readonly answer: Assumption }>();
  let any = false;
  for (const way of ways) {
    const answers = way.outcome.assumptions.map(identity);
    const answer = answers.includes(asYes) ? yes : answers.includes(asNo) ? no : null;
    const key = answer === null ? null : visible(way, answer);
    const known = key === null ? undefined : places.get(key);
    const twin = known === undefined ? undefined : left[known.at];
    if (known !== undefined && twin !== undefined && known.answer !== answer) {
      left[known.at] = { ...twin, outcome: merged(twin.outcome, way.outcome, known.answer, twin.chances) };
      any = true;
    } else {
      if (key !== null && answer !== null && known === undefined)
        places.set(key, { at: left.length, answer });
      left.push(way);
    }
  }
  return { ways: left, any };
}

/** Takes ways together that differ in nothing but an order. The steps are those of the first. */
export function mergeOrders(ways: readonly Way[]): readonly Way[] {
  let left = ways;
  for (let again = true; again;) {
    again = false;
    for (const question of questionsOf(left).values()) {
      const found = mergeOver(left, question);
      left = found.ways;
      // What was joined may now fit another over a question that was looked at before.
      again ||= found.any;
    }
  }
  return left;
}

/** Does any of the outcomes rest on an order? */
export function restsOnOrder({ assumptions }: Outcome): boolean {
  return assumptions.some(({ code }) => code === ORDER_CODE);
}
