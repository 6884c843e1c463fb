/** What if a rule were added: a command that adds one, read by the readers of dumps, and put where the command puts it. */
import { printPolicyRule } from '../../src/routing/print.js';
import { rulesOf } from '../../src/routing/policy-rules.js';
import { ArgsError, type IptablesArgs, readArgs, ruleWord } from '../../src/labs/shell/iptables-args.js';
import { addedRule } from '../../src/labs/shell/ip-rule.js';
import type { Node } from '../../src/packet/node.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { numberedRule } from '../../src/why/change.js';
import type { Target } from '../../src/why/reference.js';
import { addedNative } from './added-native.js';
import { type Added, Adding, LAST } from './adding.js';
import { type Word, commandIn } from './command-words.js';
import { readPolicyRule, readRule } from './edit-text.js';

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

function addRule(adding: Adding): Added {
  const { node, command } = adding;
  const { tool, words } = command;
  const family = tool.startsWith('ip6') ? 6 : 4;
  let args: IptablesArgs;
  try {
    args = readArgs(words.map(({ text }) => text));
  } catch (error) {
    if (!(error instanceof ArgsError)) throw error;
    return adding.said(error.message);
  }
  const { action, table, chain, number } = args;
  if (chain === null || (action !== 'A' && action !== 'I')) return adding.fault('PAGE_ADD_FORM', {});
  const line = `-A ${ruleWord(chain)} ${args.rule}`;
  const place = { table, chain };
  const { read, faults } = readRule(line, node, { kind: 'rule', family, place, file: '', line: 0 }, 0);
  if (faults.length > 0) return moved(faults, line, args, adding);
  const whose = tool.endsWith('-nft')
    ? ({ backend: 'nft' } as const)
    : tool.endsWith('-legacy')
      ? ({ backend: 'legacy' } as const)
      : {};
  const targets = read.map((rule): Target => ({
    ...{ kind: 'rule', family },
    rule: {
      ...numberedRule(rule, LAST),
      ...(node.ruleSets[family].other === undefined ? {} : whose),
      span: adding.whole,
    },
  }));
  const made = adding.insert(targets, action === 'A' ? null : String(number ?? 1));
  return 'node' in made ? made.node : made;
}

const FAMILY: Readonly<Record<string, 4 | 6>> = { '-4': 4, '-6': 6 };
const IP_RULE = /^ru(?:l|le)?$/;
const IP_ADD = /^a(?:d|dd)?$/;

function addPolicyRule(adding: Adding): Added {
  const { node, command } = adding;
  const texts = command.words.map(({ text }) => text);
  const [option = ''] = texts;
  const isOption = Object.hasOwn(FAMILY, option);
  const [what = '', verb = '', ...rest] = isOption ? texts.slice(1) : texts;
  if (!IP_RULE.test(what) || !IP_ADD.test(verb)) return adding.fault('PAGE_ADD_FORM', {});
  const family = (isOption ? FAMILY[option] : undefined) ?? 4;
  const shown = rulesOf(node.networks[family]).map((rule) => printPolicyRule(rule));
  const made = addedRule(rest, family, shown);
  if ('status' in made) return adding.said(made.err);
  const { read, faults } = readPolicyRule(made.line, family, 0);
  if (faults.length > 0) return faults.map((fault) => ({ ...fault, span: adding.whole }));
  const rules = read.map((rule) => ({ ...rule, span: adding.whole }));
  const put = adding.insert([{ kind: 'policy', family, rules }], null);
  if (!('node' in put)) return put;
  // The kernel refuses the same rule only where a priority is asked for: without one it finds another.
  return put.inserted.isThere ? adding.said('RTNETLINK answers: File exists') : put.node;
}

/** Nobody writes a longer line. */
const LONGEST = 8000;

/** Adds what a command adds. */
export function withAdded(node: Node, text: string, index: number): Added {
  const isOne = text.length <= LONGEST && !/[\n\r]/.test(text.trim());
  const command = isOne ? commandIn(text) : null;
  const adding = new Adding(node, text, index, command ?? { tool: '', words: [] });
  if (command === null) return adding.fault('PAGE_ADD_FORM', {});
  if (command.tool === 'nft') return addedNative(adding);
  return command.tool === 'ip' ? addPolicyRule(adding) : addRule(adding);
}
