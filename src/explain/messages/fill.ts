/** Parameters in the place of placeholders. */
import type { Params } from '../../source/diagnostic.js';

/** A placeholder, and the text before it. */
interface Place {
  readonly before: string;
  /** As it is written, for a parameter that is not there. */
  readonly whole: string;
  readonly name: string;
  /** The words for one and for many; null where the parameter itself is put in. */
  readonly words: readonly [one: string, many: string] | null;
}

interface Template {
  readonly places: readonly Place[];
  /** The text behind the last placeholder. */
  readonly rest: string;
}

/** The templates of a catalogue that were filled so far; a long batch fills the same few again and again. */
const KNOWN = new Map<string, Template>();
/** More than a catalogue has; texts that are no templates of one do not gather here. */
const MOST = 10_000;

function templateOf(text: string): Template {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  const places: Place[] = [];
  let from = 0;
  for (const { 0: whole, 1: name = '', 2: one, 3: many, index } of text.matchAll(
    /\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g,
  )) {
    const words = one === undefined || many === undefined ? null : ([one, many] as const);
    places.push({ before: text.slice(from, index), whole, name, words });
    from = index + whole.length;
  }
  const made = { places, rest: text.slice(from) };
  if (KNOWN.size >= MOST) KNOWN.clear();
  KNOWN.set(text, made);
  return made;
}

/**
 * Puts parameters into `{name}` placeholders, and a word in the number of one into `{name:check|checks}`; a placeholder
 * without parameter stays visible.
 */
export function fill(template: string, params: Params): string {
  const { places, rest } = templateOf(template);
  let text = '';
  for (const { before, whole, name, words } of places) {
    text += before;
    if (!Object.hasOwn(params, name)) text += whole;
    else if (words === null) text += String(params[name]);
    else text += String(params[name]) === '1' ? words[0] : words[1];
  }
  return text + rest;
}
