/** What if a command were run: one that adds, replaces or deletes a rule, read by the readers of dumps and done as its tool does. */
import { printPolicyRule } from '../../src/routing/print.js';
import { rulesOf } from '../../src/routing/policy-rules.js';
import { addedRule } from '../../src/labs/shell/ip-rule.js';
import type { Node } from '../../src/packet/node.js';
import { addedNative } from './added-native.js';
import { type Added, Adding } from './adding.js';
import { deletedRule, replacedRule } from './changed-rule.js';
import { commandIn } from './command-words.js';
import { readPolicyRule } from './edit-text.js';
import { argsOf, backendOf, isTargets, targetsOf } from './rule-command.js';

function changeRule(adding: Adding): Added {
  const args = argsOf(adding);
  if (!('rule' in args)) return args;
  const { action, chain, number } = args;
  if (chain === null) return adding.fault('PAGE_ADD_FORM', {});
  const place = { ...args, chain };
  if (action === 'D') return deletedRule(adding, place);
  if (action === 'R') return replacedRule(adding, place);
  if (action !== 'A' && action !== 'I') return adding.fault('PAGE_ADD_FORM', {});
  const targets = targetsOf(adding, place, backendOf(adding.command));
  if (!isTargets(targets)) return targets;
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

/** Does what a command does. */
export function withAdded(node: Node, text: string, index: number): Added {
  const isOne = text.length <= LONGEST && !/[\n\r]/.test(text.trim());
  const command = isOne ? commandIn(text) : null;
  const adding = new Adding(node, text, index, command ?? { tool: '', words: [] });
  if (command === null) return adding.fault('PAGE_ADD_FORM', {});
  if (command.tool === 'nft') return addedNative(adding);
  return command.tool === 'ip' ? addPolicyRule(adding) : changeRule(adding);
}
