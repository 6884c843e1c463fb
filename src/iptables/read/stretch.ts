/** The rules of one stretch of a dump's text. */
import { parse } from '../../generated/iptables.js';
import type { RuleParts } from './rule-draft.js';
import type { RuleReader } from './rule-reader.js';
import { Words } from './words.js';

interface CounterText {
  readonly packets: string;
  readonly bytes: string;
}

/** A rule's line. */
export interface ReadLine {
  readonly parts: RuleParts;
  readonly counters: CounterText | null;
}

/** Reads rules alone: tells of each where it begins in the text, and of its words, the first of which
 * is the name of its chain. Lines that are none are passed over. */
export function readStretch(
  text: string,
  reader: RuleReader,
  isChain: (name: string) => boolean,
  tell: (start: number, line: ReadLine, words: Words) => void,
): void {
  const words = new Words(text);
  const nothing = (): void => undefined;
  const builder = {
    word: (start: number, end: number): void => {
      words.add(start, end);
    },
    again: (): void => {
      words.count = 0;
    },
    name: (): string => '',
    rule: (_verb: string, counters: CounterText | null, start: number): void => {
      tell(start, { parts: reader.read(words, 1, isChain), counters }, words);
      words.count = 0;
    },
    tornRule: (): void => {
      words.count = 0;
    },
    ...{ chain: nothing, policy: nothing, newChain: nothing, table: nothing, commit: nothing },
    ...{ comment: nothing, blank: nothing, foreign: nothing },
  };
  parse(text, { startRule: 'Dump', builder });
}
