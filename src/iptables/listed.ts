/**
 * What `iptables -L` leaves open about a rule. It is kept as a match that no extension has, so that it is printed with
 * the rule, read back as the same, and never decided.
 */
import { type Unsure, unsure } from '../chooser/question.js';
import type { OpaqueMatch, RuleMatch } from './model.js';
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
    return unsure(`${hook} ${ruleKey} interfaces`, 'UNK_LISTED_INTERFACES', {
      rule: ruleKey.replaceAll(':', ' '),
    });
  return unsure(`${hook} ${ruleKey} ${match.text}`, 'UNK_LISTED', {
    text: match.text.replace(/^--\w+ /, ''),
  });
}
