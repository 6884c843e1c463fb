/** Looking rules up by a text in their lines. */
import type { RuleFinder } from '../model.js';
import type { Block } from './block.js';
import type { DumpRule } from './dump-rule.js';
import { decodeWord } from './words.js';

/** What stands before the name of a rule's chain. */
const CHAIN =
  /^[ \t]*(?:[0-9]+:?[ \t]*)?(?:\[[0-9]+:[0-9]+\][ \t]*)?(?:-[AI]|--append|--insert)[ \t]+("[^"]*"|\S+)/;

/** The places of texts in `own`, found in one pass: to look for six takes hardly longer than for one. */
function placesOf(texts: readonly string[], own: string): Map<string, number[]> {
  const found = new Map(texts.map((text): [string, number[]] => [text, []]));
  const any = new RegExp(texts.map((text) => text.replace(/[^\w ]/g, '\\$&')).join('|'), 'g');
  for (let hit = any.exec(own); hit !== null; hit = any.exec(own)) {
    // One may be the beginning of another.
    for (const [text, places] of found) if (own.startsWith(text, hit.index)) places.push(hit.index);
    any.lastIndex = hit.index + 1;
  }
  return found;
}

/** Looks up the rules of a block, the lines of one table. */
export class RuleSearch implements RuleFinder {
  readonly #block: Block;
  /** Texts that will be asked for. */
  readonly #expected = new Set<string>();
  readonly #places = new Map<string, readonly number[]>();

  constructor(block: Block) {
    this.#block = block;
  }

  /** Says what `find` will be asked for; the first of these looks for all. */
  expect(texts: readonly string[]): void {
    for (const text of texts) if (!this.#places.has(text)) this.#expected.add(text);
  }

  /**
   * The rules in whose lines the text stands, in order; `then` (sticky) must match behind it. A rule that goes over
   * several lines is found by its first.
   */
  find(text: string, then?: RegExp): readonly DumpRule[] {
    const { source, chains, from, to } = this.#block;
    // A block may be a small part of a large text.
    const own = source.text.slice(from, to);
    if (this.#expected.has(text)) {
      for (const [one, places] of placesOf([...this.#expected], own)) this.#places.set(one, places);
      this.#expected.clear();
    }
    const found: DumpRule[] = [];
    let end = 0;
    for (const at of this.#places.get(text) ?? occurrences(text, own)) {
      if (at < end) continue;
      if (then !== undefined) {
        then.lastIndex = at + text.length;
        if (!then.test(own)) continue;
      }
      const start = own.lastIndexOf('\n', at) + 1;
      const next = own.indexOf('\n', at + text.length - 1);
      end = next < 0 ? own.length : next;
      const name = CHAIN.exec(own.slice(start, end))?.[1];
      const rule = name === undefined ? null : (chains.get(decodeWord(name))?.ruleAt(from + at) ?? null);
      if (rule !== null) found.push(rule);
    }
    return found;
  }
}

function* occurrences(text: string, own: string): Generator<number> {
  for (let at = own.indexOf(text); at >= 0; at = own.indexOf(text, at + text.length)) yield at;
}
