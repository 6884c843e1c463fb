/** Looking rules up by a text in their lines. */
import type { Block } from './block.js';
import type { DumpRule } from './dump-rule.js';
import { decodeWord } from './words.js';

/** What stands before the name of a rule's chain. */
const CHAIN =
  /^[ \t]*(?:[0-9]+:?[ \t]*)?(?:\[[0-9]+:[0-9]+\][ \t]*)?(?:-[AI]|--append|--insert)[ \t]+("[^"]*"|\S+)/;

/** The rules of a block in whose lines the text stands, in order. A rule that goes over several lines is found by its first. */
export function findRules({ source, chains, from, to }: Block, text: string): readonly DumpRule[] {
  const found: DumpRule[] = [];
  let end = from;
  for (let at = source.text.indexOf(text, from); at >= 0 && at < to; at = source.text.indexOf(text, end)) {
    const start = source.text.lastIndexOf('\n', at) + 1;
    const next = source.text.indexOf('\n', at + 1);
    end = next < 0 ? source.text.length : next;
    const name = CHAIN.exec(source.text.slice(start, end))?.[1];
    const rule = name === undefined ? null : (chains.get(decodeWord(name))?.ruleAt(at) ?? null);
    if (rule !== null) found.push(rule);
  }
  return found;
}
