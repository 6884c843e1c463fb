/** Looking rules up by a text in their lines. */
import type { Block } from './block.js';
import type { DumpRule } from './dump-rule.js';
import { decodeWord } from './words.js';

/** What stands before the name of a rule's chain. */
const CHAIN =
  /^[ \t]*(?:[0-9]+:?[ \t]*)?(?:\[[0-9]+:[0-9]+\][ \t]*)?(?:-[AI]|--append|--insert)[ \t]+("[^"]*"|\S+)/;

/** The rules of a block in whose lines the text stands, in order; `then` (sticky) must match behind it. A rule that goes over several lines is found by its first. */
export function findRules(
  { source, chains, from, to }: Block,
  text: string,
  then?: RegExp,
): readonly DumpRule[] {
  const found: DumpRule[] = [];
  // A block may be a small part of a large text.
  const own = source.text.slice(from, to);
  let end = 0;
  for (let at = own.indexOf(text); at >= 0; at = own.indexOf(text, end)) {
    end = at + text.length;
    if (then !== undefined) {
      then.lastIndex = end;
      if (!then.test(own)) continue;
    }
    const start = own.lastIndexOf('\n', at) + 1;
    const next = own.indexOf('\n', end - 1);
    end = next < 0 ? own.length : next;
    const name = CHAIN.exec(own.slice(start, end))?.[1];
    const rule = name === undefined ? null : (chains.get(decodeWord(name))?.ruleAt(from + at) ?? null);
    if (rule !== null) found.push(rule);
  }
  return found;
}
