/** Which element of a set or map a value finds, when the value may be known in part. */
import { decide } from '../chooser/enumerate.js';
import { type Ternary, allOf, chance, unsure } from '../chooser/question.js';
import type { Choice } from '../chooser/question.js';
import { type CompiledSet, type Entry, compiledOf, findEntry, mayStop } from './compiled-set.js';
import type { DataType } from './datatype.js';
import type { Element, Expression, NftSet, Verdict } from './model.js';
import { printData } from './print-expression.js';
import { type TypeScope, keyTypes } from './type-of.js';
import { type Drawn, type Value, bitsOfValue, within } from './value.js';
import type { NftContext } from './world.js';

type Data = Element['value'];

/** A set or map as a lookup sees it. */
export interface Lookup {
  readonly compiled: CompiledSet;
  /** The named set, or null for an anonymous one. */
  readonly set: NftSet | null;
  /** How questions name it. */
  readonly name: string;
}

/** Of the set behind `in` or `map`; null when there is no such set, or its keys have types that are not known. */
export function lookupOf(
  expression: Expression,
  types: readonly DataType[],
  { table }: NftContext,
  scope: TypeScope,
): Lookup | null {
  if (expression.kind === 'set')
    return types.length === 0
      ? null
      : { compiled: compiledOf(expression.elements, types), set: null, name: '{ … }' };
  if (expression.kind !== 'set-name') return null;
  const set = table.sets.get(expression.name);
  if (set === undefined) return null;
  const own = keyTypes(set, scope);
  const keys = own.length > 0 ? own : types;
  if (keys.length === 0) return null;
  return { compiled: compiledOf(set.elements, keys), set, name: `@${set.name}` };
}

/** The parts of a value; a value that is no tuple has one. */
function partsOf(value: Value): readonly Value[] {
  return value.kind === 'tuple' ? value.parts : [value];
}

/** All parts exactly, or null when one of them is not settled. */
export function exactParts(value: Value): readonly bigint[] | null {
  const parts: bigint[] = [];
  for (const part of partsOf(value)) {
    if (part.kind !== 'exact') return null;
    parts.push(part.value);
  }
  return parts;
}

/** The identity of an element in a walk's memory. */
export function memoryKey(parts: readonly bigint[]): string {
  return parts.map(String).join(' ');
}

interface Outcome {
  readonly element: Element;
  readonly fits: Ternary;
}

/** Every element that may hold the value, and how sure that is; one that surely does ends the list. */
function* candidates({ compiled }: Lookup, value: Value): Iterable<Outcome> {
  const parts = partsOf(value);
  for (const { element, intervals } of compiled.entries) {
    const fits = allOf(
      intervals.map((interval, at): Ternary => {
        const part = parts[at];
        const type = compiled.types[at];
        return part === undefined || type === undefined ? false : within(part, interval, type);
      }),
    );
    if (fits === false) continue;
    yield { element, fits };
    if (fits === true) return;
  }
}

function nameOf(value: Value): string {
  return JSON.stringify(partsOf(value), (_key, one: unknown) =>
    typeof one === 'bigint' ? one.toString() : one,
  );
}

/** How many of the numbers that may be drawn lie in an element. */
function share({ offset, modulus }: Drawn, { intervals: [first] }: Entry): number {
  if (first === undefined) return 0;
  const from = Math.max(Number(first.from), offset);
  const to = Math.min(Number(first.to), offset + modulus - 1);
  return Math.max(0, to - from + 1);
}

/** How many of the numbers that may be drawn lie in some element. Elements of one set do not overlap. */
function hits({ compiled }: Lookup, drawn: Drawn): number {
  return compiled.entries.reduce((sum, entry) => sum + share(drawn, entry), 0);
}

function bounds(value: Value): { readonly from: bigint; readonly to: bigint } | null {
  if (value.kind === 'span') return value;
  const bits = bitsOfValue(value);
  return bits === null ? null : { from: bits.value, to: bits.value | bits.unknown };
}

/** Do the elements cover every value that an unsettled number may have? */
function coversAll(lookup: Lookup, value: Value): boolean {
  if (value.kind === 'drawn') return hits(lookup, value) >= value.modulus;
  const range = bounds(value);
  if (range === null || lookup.compiled.types.length !== 1) return false;
  let next = range.from;
  const ordered = lookup.compiled.entries
    .flatMap(({ intervals: [first] }) => (first === undefined ? [] : [first]))
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  for (const { from, to } of ordered) {
    if (from > next) break;
    if (to >= next) next = to + 1n;
  }
  return next > range.to;
}

/** May the set hold other elements than the listing and the rules tell? */
function isDoubtful({ set }: Lookup, { node }: NftContext): boolean {
  return set !== null && node.memory.isDoubtful(set);
}

/** What an element carries behind its key, and the data that it has in a map. */
interface Found {
  readonly rest: string;
  readonly data: Data | undefined;
}

/** The element that surely has the key, by a rule of this walk or by the listing; null for none. */
function elementFor({ compiled, set }: Lookup, parts: readonly bigint[], { node }: NftContext): Found | null {
  const changed = set === null ? undefined : node.memory.changed(set, memoryKey(parts));
  const entry = changed === null ? null : findEntry(compiled, parts);
  const rest = changed ?? entry?.element.rest ?? null;
  if (rest === null) return null;
  const given = set === null ? null : node.memory.dataOf(set, memoryKey(parts));
  return { rest, data: given ?? entry?.element.value };
}

function wasTaken({ set }: Lookup, parts: readonly bigint[], { node }: NftContext): boolean {
  return set !== null && node.memory.changed(set, memoryKey(parts)) === null;
}

/** Do the statements of an element let the rule go on that found it? Each rule asks anew. */
function letsPass({ name }: Lookup, parts: readonly bigint[], rest: string, context: NftContext): Ternary {
  if (!mayStop(rest)) return true;
  const asked = `${context.ruleKey} in ${context.world.hook}`;
  return unsure(`${name} ${memoryKey(parts)} within ${rest} of ${asked}`, 'UNK_LIMIT', { rate: rest });
}

/** Has the set elements that nobody could read, or that the listing does not show? */
function hasHoles({ compiled, set }: Lookup): boolean {
  return compiled.unread > 0 || set?.partial === true;
}

function holdsExactly(
  lookup: Lookup,
  parts: readonly bigint[],
  context: NftContext,
  inverted: boolean,
): Ternary {
  const { compiled, name, set } = lookup;
  const key = memoryKey(parts);
  if (set !== null && isDoubtful(lookup, context))
    return unsure(`${name} holds ${key}`, 'UNK_NFT_SET_CHANGED', { set: set.name });
  const rest = elementFor(lookup, parts, context)?.rest ?? compiled.catchAll?.rest;
  if (rest !== undefined) return inverted || letsPass(lookup, parts, rest, context);
  if (!hasHoles(lookup) || wasTaken(lookup, parts, context)) return false;
  return unsure(`${name} ${key}`, 'UNK_NFT_SET_ELEMENT', { set: name });
}

/**
 * Does the set hold the value, and do the statements of its element let the rule go on?
 * @param inverted the rule ends when it holds the value: then nothing asks the element's statements
 */
export function holds(lookup: Lookup, value: Value, context: NftContext, inverted = false): Ternary {
  const { compiled, name, set } = lookup;
  const parts = exactParts(value);
  if (parts !== null) return holdsExactly(lookup, parts, context, inverted);
  const stops = compiled.stops && !inverted;
  if (compiled.catchAll !== null && !stops) return true;
  const found = [...candidates(lookup, value)];
  const last = found.at(-1);
  if (!stops && (last?.fits === true || (last !== undefined && coversAll(lookup, value)))) return true;
  const doubtful = stops || hasHoles(lookup) || (set !== null && context.node.memory.hasChanges(set));
  if (last === undefined && !doubtful) return false;
  if (value.kind === 'drawn' && value.fair && !doubtful) return shareOf(lookup, value);
  if (found.length === 1 && !doubtful && last !== undefined) return last.fits;
  return unsure(`${name} holds ${nameOf(value)}`, 'UNK_NFT_SET', { set: name });
}

function shareOf(lookup: Lookup, drawn: Drawn): Ternary {
  const part = hits(lookup, drawn) / drawn.modulus;
  const params = { probability: part.toFixed(6) };
  return chance(`${drawn.key} in ${lookup.name}`, part, 'UNK_RANDOM', params);
}

interface Way {
  readonly data: Data | undefined;
  /** Of a draw: how many numbers lead here. */
  count: number;
}

function textOf(data: Data | undefined): string {
  return data === undefined ? 'none' : JSON.stringify(data);
}

function answerOf(data: Data | undefined): string {
  if (data === undefined) return 'none';
  return data === null ? 'something that is not shown' : printData(data);
}

function waysOf(lookup: Lookup, value: Value): readonly Way[] {
  const { compiled } = lookup;
  const ways = new Map<string, Way>();
  const add = (data: Data | undefined, count = 1): void => {
    if (count === 0) return;
    const key = textOf(data);
    const way = ways.get(key);
    if (way === undefined) ways.set(key, { data, count });
    else way.count += count;
  };
  if (value.kind === 'drawn') {
    for (const entry of compiled.entries) add(entry.element.value, share(value, entry));
    add(compiled.catchAll?.value, Math.max(0, value.modulus - hits(lookup, value)));
    return [...ways.values()];
  }
  let sure = false;
  for (const { element, fits } of candidates(lookup, value)) {
    add(element.value);
    if (fits === true) sure = true;
  }
  if (!sure && !coversAll(lookup, value)) add(compiled.catchAll?.value);
  return [...ways.values()];
}

/** The element that surely answers for the key, with its data; null when that cannot be told, undefined for none. */
function surely(lookup: Lookup, parts: readonly bigint[], context: NftContext): Found | null | undefined {
  if (isDoubtful(lookup, context)) return null;
  const { catchAll } = lookup.compiled;
  const found = elementFor(lookup, parts, context);
  if (found?.data !== undefined && found.data !== null) return found;
  if (hasHoles(lookup) && !wasTaken(lookup, parts, context)) return null;
  return catchAll === null ? undefined : { rest: catchAll.rest, data: catchAll.value };
}

/**
 * The data of the element that the value finds; undefined for none, null for data that nobody could read. A value that
 * is not settled is asked about: one choice for each different datum.
 */
export function mapped(
  lookup: Lookup,
  value: Value,
  context: NftContext,
): Expression | Verdict | undefined | null {
  const { name, set } = lookup;
  const parts = exactParts(value);
  const found = parts === null ? null : surely(lookup, parts, context);
  if (found === undefined) return undefined;
  if (parts !== null && found !== null) {
    return decide(context, letsPass(lookup, parts, found.rest, context)) ? found.data : undefined;
  }
  const { stops } = lookup.compiled;
  const [first, ...others] = waysOf(lookup, value);
  const { memory } = context.node;
  const doubtful = hasHoles(lookup) || (set !== null && memory.hasChanges(set));
  if (first !== undefined && others.length === 0 && !doubtful && !stops) return first.data ?? undefined;
  const ways: Way[] = first === undefined ? [] : [first, ...others];
  if (ways.every(({ data }) => data !== undefined))
    if (doubtful || stops || ways.length === 0) ways.push({ data: undefined, count: 1 });
  if (doubtful) ways.push({ data: null, count: 1 });
  const fair = value.kind === 'drawn' && value.fair && !doubtful && !stops;
  const total = ways.reduce((sum, { count }) => sum + count, 0);
  const choices = ways.map(({ data, count }): Choice => {
    if (fair) return { probability: count / total, assumption: null };
    return {
      probability: null,
      assumption: {
        code: 'UNK_NFT_MAP',
        params: { map: name, answer: answerOf(data) },
      },
    };
  });
  const key = `${name} of ${nameOf(value)}${set === null ? ` in ${context.ruleKey}` : ''}`;
  return ways[context.choose(key, choices)]?.data;
}
