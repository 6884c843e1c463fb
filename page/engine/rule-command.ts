/** A rule of iptables as a pasted command has it, read by the readers of dumps. */
import { ArgsError, type IptablesArgs, readArgs, ruleWord } from '../../src/labs/shell/iptables-args.js';
import type { Rule } from '../../src/iptables/model.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { numberedRule } from '../../src/why/change.js';
import type { Target } from '../../src/why/reference.js';
import { type Adding, LAST } from './adding.js';
import type { Command, Word } from './command-words.js';
import { readRule } from './edit-text.js';

/** A command's words, of one that names a chain. */
export type ChainArgs = IptablesArgs & { readonly chain: string };

/** A rule of iptables on its way into a node. */
export type RuleTarget = Extract<Target, { readonly kind: 'rule' }> & { readonly rule: Rule };

/** Places of the command's words in the rule that was made of them. */
function placed(rule: string, words: readonly Word[]): readonly (Word & { readonly at: number })[] {
  const line = `${rule} `;
  let at = 0;
  return words.flatMap((word) => {
    const written = ruleWord(word.text);
    if (!line.startsWith(`${written} `, at)) return [];
    const found = { ...word, at };
    at += written.length + 1;
    return [found];
  });
}

/** Findings about the line that the reader was given, at the words of the command. */
function moved(
  faults: readonly Diagnostic[],
  line: string,
  args: IptablesArgs,
  adding: Adding,
): readonly Diagnostic[] {
  const words = placed(args.rule, adding.command.words);
  const before = line.length - args.rule.length;
  return faults.map((fault) => {
    const { span } = fault;
    if (span === null) return { ...fault, span: adding.whole };
    const base = span.source.text.indexOf(`\n${line}\n`) + 1 + before;
    const [from, to] = [span.start - base, span.end - base];
    const first = words.findLast(({ at }) => at <= from);
    const last = words.findLast(({ at }) => at < to);
    if (first !== undefined && last !== undefined && last.end > first.start)
      return { ...fault, span: adding.span(first.start, last.end) };
    // About the rule as a whole: what it names is a word of it.
    const { start, end } = adding.wordOf(Object.values(fault.params).map(String)) ?? adding.whole;
    return { ...fault, span: adding.span(start, end) };
  });
}

/** Takes the words apart as the tool does, or says what it says. */
export function argsOf(adding: Adding): IptablesArgs | readonly Diagnostic[] {
  try {
    return readArgs(adding.command.words.map(({ text }) => text));
  } catch (error) {
    if (!(error instanceof ArgsError)) throw error;
    return adding.said(error.message);
  }
}

export function familyOf({ tool }: Command): 4 | 6 {
  return tool.startsWith('ip6') ? 6 : 4;
}

/** Whose tables are meant, where the command says it. */
export function backendOf({ tool }: Command): Rule['backend'] {
  return tool.endsWith('-nft') ? 'nft' : tool.endsWith('-legacy') ? 'legacy' : undefined;
}

/** The rules that the command spells, several where it lists addresses; or what is wrong with them. */
export function targetsOf(
  adding: Adding,
  args: ChainArgs,
  backend: Rule['backend'],
): readonly RuleTarget[] | readonly Diagnostic[] {
  const { node, command } = adding;
  const family = familyOf(command);
  const { table, chain } = args;
  const line = `-A ${ruleWord(chain)} ${args.rule}`;
  const target = { kind: 'rule', family, place: { table, chain }, file: '', line: 0 } as const;
  const { read, faults } = readRule(line, node, target, 0);
  if (faults.length > 0) return moved(faults, line, args, adding);
  const isMixed = node.ruleSets[family].other !== undefined;
  return read.map((rule): RuleTarget => ({
    kind: 'rule',
    family,
    rule: {
      ...numberedRule(rule, LAST),
      ...(isMixed && backend !== undefined ? { backend } : {}),
      span: adding.whole,
    },
  }));
}

export function isTargets(
  found: readonly RuleTarget[] | readonly Diagnostic[],
): found is readonly RuleTarget[] {
  return found.every((one) => 'kind' in one);
}
