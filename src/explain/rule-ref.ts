/** A rule as results name it, and the words that views say about rules. */
import type { Rule, RuleMatch } from '../iptables/model.js';
import { printRule, printRuleBody } from '../iptables/print.js';
import type { Span } from '../source/source.js';

/** A rule by its place in the rule set and in the dump; `text` is the canonical line of `iptables -S`. */
export interface RuleRef {
  /** Which iptables made it; where the kernel runs rules of both. */
  readonly backend?: 'legacy' | 'nft' | undefined;
  readonly table: string;
  readonly chain: string;
  readonly rule: number;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Rules are named again and again in bulk; a name is made once. */
const NAMED = new WeakMap<Rule, RuleRef>();

/** Names a rule for JSON. */
export function ruleRef(rule: Rule): RuleRef {
  const known = NAMED.get(rule);
  if (known !== undefined) return known;
  const made: RuleRef = {
    ...(rule.backend === undefined ? {} : { backend: rule.backend }),
    table: rule.table,
    chain: rule.chain,
    rule: rule.number,
    file: rule.span.source.name,
    line: rule.span.source.position(rule.span.start).line,
    text: printRule(rule),
  };
  NAMED.set(rule, made);
  return made;
}

/** A table's name; with whose it is, where the kernel runs tables of both. */
export function tableLabel({
  table,
  backend,
}: {
  readonly table: string;
  readonly backend?: 'legacy' | 'nft' | undefined;
}): string {
  return backend === undefined ? table : `${backend} ${table}`;
}

/** `file:line` of a place. */
export function placeOf(span: Span): string {
  return `${span.source.name}:${String(span.source.position(span.start).line)}`;
}

/** The word that stands after `-j`: ACCEPT, SNAT, a chain's name; '' for a rule without target. */
export function targetOf(rule: Rule): string {
  const { action } = rule;
  if (action.kind === 'target') return action.target.extension.name;
  if (action.kind === 'chain') return action.chain;
  return action.kind === 'opaque' ? action.name : '';
}

/** Options that only repeat what the CHANGED column says, each with its value. */
const SAID_BY_CHANGE = /(^| )--(?:to-source|to-destination|nfmask|ctmask) [^ ]+/g;

/** What the target was told, short: without dashes and without what the change itself says. */
export function targetOptions(rule: Rule): string {
  const { action } = rule;
  const text = action.kind === 'target' ? action.target.text : action.kind === 'opaque' ? action.text : '';
  return text
    .replace(SAID_BY_CHANGE, '')
    .replace(/(^| )--/g, '$1')
    .trim();
}

/** The rule's `-m comment` in quotes, or '' when it has none. */
export function commentOf(rule: Rule): string {
  for (const match of rule.matches) {
    if ('opaque' in match || match.extension.name !== 'comment') continue;
    const text = match.text.replace(/^--comment /, '');
    return text.startsWith('"') ? text : `"${text}"`;
  }
  return '';
}

/** What a rule asks of a packet, without comment and target: `-d 10.0.0.0/8 -m addrtype --dst-type LOCAL`. */
export function conditionOf(rule: Rule): string {
  const isComment = (match: RuleMatch): boolean => !('opaque' in match) && match.extension.name === 'comment';
  const matches = rule.matches.filter((match) => !isComment(match));
  return printRuleBody({ ...rule, matches, action: { kind: 'none' } });
}
