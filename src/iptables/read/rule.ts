/** Reads one rule by itself. */
import type { Family } from '../../address/address.js';
import { parse } from '../../generated/iptables.js';
import type { RuleBody } from '../print.js';
import type { Problem } from './problem.js';
import { type RuleParts, torn } from './rule-draft.js';
import type { IsChain } from './rule-parser.js';
import { RuleReader } from './rule-reader.js';
import { Words } from './words.js';

export type { Problem } from './problem.js';

/**
 * Reads what follows `-A CHAIN`, with everything that was found. A comma list of addresses gives several headers.
 * Never throws: a text that is no rule is a rule of opaque parts, with the problem named.
 */
export function readRuleParts(text: string, family: Family, isChain: IsChain = () => false): RuleParts {
  // The grammar expects the blank that stands before every word.
  const line = ` ${text}`;
  const words = new Words(line);
  const reader = new RuleReader(family);
  const read: RuleParts[] = [];
  const builder = {
    word: (start: number, end: number): void => {
      words.add(start, end);
    },
    rule: (): void => {
      read.push(reader.read(words, 0, isChain));
    },
    torn: (): void => {
      read.push(torn(text.trim(), 1, line.length));
    },
  };
  parse(line, { startRule: 'Words', builder });
  const [{ problems, ...rest } = torn(text.trim(), 1, line.length)] = read;
  return { ...rest, problems: problems.map((one) => ({ ...one, from: one.from - 1, to: one.to - 1 })) };
}

/**
 * Reads what follows `-A CHAIN`.
 * @param family 4 as iptables reads it, 6 as ip6tables does
 * @returns the rule's parts, or what is wrong with it: at least one problem
 */
export function readRule(text: string, family: Family): RuleBody | readonly Problem[] {
  const { headers, matches, action, problems } = readRuleParts(text, family);
  const [header] = headers;
  return problems.length > 0 || header === undefined ? problems : { header, matches, action };
}
