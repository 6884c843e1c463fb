/**
 * What `iptables -L` leaves open about a rule. It is kept as a match that no extension has, so that it is printed with
 * the rule, read back as the same, and never decided.
 */
import { type Chooser, type Unsure, unsure } from '../chooser/question.js';
import { decide } from '../chooser/enumerate.js';
import type { Chain, OpaqueMatch, Rule, RuleMatch } from './model.js';
import type { Hook } from './view.js';

/** Its name after `-m`. */
export const LISTED = 'listing';

/** Its option in a listing without -v, which does not show the rule's interfaces. */
export const WITHOUT_INTERFACES = '--without-interfaces';

/** Does the match stand for interfaces that a listing does not show? */
export function hidesInterfaces(match: RuleMatch): boolean {
  return 'opaque' in match && match.name === LISTED && match.text === WITHOUT_INTERFACES;
}

/** Does the match stand for something that a listing leaves open? */
export function isListed(match: RuleMatch): boolean {
  return 'opaque' in match && match.name === LISTED;
}

/** The question that such a match asks at a hook, in the rule with this key. */
export function askListed(match: OpaqueMatch, hook: Hook, ruleKey: string): Unsure {
  if (match.text === WITHOUT_INTERFACES)
    return unsure(`${hook} ${ruleKey} interfaces`, 'UNK_LISTED_INTERFACES', { rule: ruleKey });
  return unsure(`${hook} ${ruleKey} ${match.text}`, 'UNK_LISTED', {
    text: match.text.replace(/^--\w+ /, ''),
  });
}

/** Targets behind which a packet does not go on in the chain. */
const LAST: ReadonlySet<string> = new Set([
  'ACCEPT', 'DROP', 'REJECT', 'RETURN', 'QUEUE', 'NFQUEUE', 'SNAT', 'DNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP', 'TPROXY',
]); // prettier-ignore

/** Does the rule, as it is listed, hold for every packet? A comment is no condition. */
function isForAll({ header, matches }: Rule): boolean {
  return (
    Object.values(header).every((condition) => condition === null) &&
    matches.every(
      (match) => hidesInterfaces(match) || (!('opaque' in match) && match.extension.name === 'comment'),
    )
  );
}

/**
 * Would the rules behind it never be met, if it had no interfaces? Then it has some, most likely: `ACCEPT all -- anywhere
 * anywhere` at the beginning of INPUT is for lo.
 */
function hidesTheRest(rule: Rule, chain: Chain): boolean {
  const { action } = rule;
  const ends = action.kind === 'target' && LAST.has(action.target.extension.name);
  return ends && rule.number < chain.rules.length && isForAll(rule);
}

/**
 * Settles the question whether a rule holds whose interfaces are not shown. It is taken to have none, as most rules, and
 * the outcome rests on that: to walk on in two ways at every rule would tell nothing. Where the listing makes no sense
 * without interfaces, both ways are walked.
 */
export function settleInterfaces(question: Unsure, rule: Rule, chain: Chain, chooser: Chooser): boolean {
  if (hidesTheRest(rule, chain)) return decide(chooser, question);
  const { table } = rule;
  const assumption =
    rule.action.kind === 'chain'
      ? { code: 'ASM_LISTED_JUMPS', params: { table } }
      : { code: 'ASM_LISTED_INTERFACES', params: question.params };
  chooser.choose(question.key, [{ probability: null, assumption }]);
  return true;
}
