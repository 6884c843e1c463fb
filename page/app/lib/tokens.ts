/** Words of a walk that mean one thing wherever they stand: addresses, marks, chains, interfaces. */
import type { LegView, StateField, StepView } from '../../shared/walk.js';

export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Names that only the walk itself tells from other words. */
export type Known = ReadonlySet<string>;

const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?`;
const IPV6 = String.raw`(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?:/\d{1,3})?`;
const MARK = String.raw`0x[0-9a-f]+`;
const CHAIN = String.raw`[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+|PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING`;
/** Of chains and interfaces; what is none of them is looked up among those of the walk. */
const NAME = String.raw`[A-Za-z][\w.-]*\w`;
const WORD = new RegExp(`(?<![\\w.:-])(?:(${IPV4}|${IPV6}|${MARK}|${CHAIN})(?![\\w-]|\\.\\w)|${NAME})`, 'g');

/** The tokens of a text, in their order. */
export function tokensIn(text: string, known: Known): readonly Token[] {
  return [...text.matchAll(WORD)].flatMap(({ 0: word, 1: told, index }): Token[] =>
    told === undefined && !known.has(word) ? [] : [{ text: word, start: index, end: index + word.length }],
  );
}

/** Chains and interfaces of a walk. */
export function knownIn({ start, steps }: LegView): Known {
  const states = [start, ...steps.map(({ state }) => state)];
  const names = [
    ...states.flatMap((state) => [state.in, state.out]),
    ...steps.map(({ chain }) => chain?.chain ?? ''),
  ];
  return new Set(names.filter((name) => name !== '' && name !== '?'));
}

/** The tokens that a step is about, each once. */
export function tokensOfStep(step: StepView, known: Known): readonly string[] {
  const { place, result, changes, changed, state, chain, route } = step;
  const texts = [
    ...[chain?.chain ?? place, result, ...changes, ...changed.map((field) => state[field])],
    ...(route === null ? [] : [route.result]),
  ];
  const tokens = texts.flatMap((text) => tokensIn(text, known).map((token) => token.text));
  // No mark stands in every walk, and means nothing.
  return [...new Set(tokens)].filter((token) => token !== '0x0');
}

/** A stretch of the walk in which the token stands in a field of the packet; step 0 is the packet as sent. */
export interface Stretch {
  readonly field: StateField;
  readonly from: number;
  readonly to: number;
}

const FIELDS: readonly StateField[] = ['src', 'dst', 'via', 'mark', 'ctmark', 'in', 'out'];

/** Where in the packet's own fields the token is, and when. */
export function stretchesOf(token: string, { start, steps }: LegView, known: Known): readonly Stretch[] {
  const states = [start, ...steps.map(({ state }) => state)];
  return FIELDS.flatMap((field) => {
    const found: Stretch[] = [];
    for (const [at, state] of states.entries()) {
      if (!tokensIn(state[field], known).some(({ text }) => text === token)) continue;
      const last = found.at(-1);
      if (last?.to === at - 1) found[found.length - 1] = { ...last, to: at };
      else found.push({ field, from: at, to: at });
    }
    return found;
  });
}

/** The steps in a chain of that name, counted from 1. */
export function stepsInChain(token: string, { steps }: LegView): readonly number[] {
  return steps.flatMap(({ chain }, index) => (chain?.chain === token ? [index + 1] : []));
}
