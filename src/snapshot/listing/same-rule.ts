/** Whether two rules can be the same one, when a listing may leave out what a save shows. */
import { hidesInterfaces, isListed } from '../../iptables/listed.js';
import type { Header, Invertible, RuleAction, RuleMatch } from '../../iptables/model.js';
import { type RuleBody, printRuleBody } from '../../iptables/print.js';

type Selector = Header['source'];

const isName = (selector: Selector): boolean => selector !== null && 'hostName' in selector.value;

/** A name may be any one address. */
function withoutName(selector: Selector, other: Selector): Selector {
  const address = (one: Invertible<unknown> | null): boolean => one !== null;
  return (isName(selector) || isName(other)) && address(selector) && address(other) ? null : selector;
}

const isOpen = (action: RuleAction): boolean =>
  action.kind === 'opaque' && action.text.startsWith('--listed');

function comparable(rule: RuleBody, other: RuleBody, hidden: boolean): RuleBody {
  const { header, matches, action } = rule;
  return {
    header: {
      ...header,
      source: withoutName(header.source, other.header.source),
      destination: withoutName(header.destination, other.header.destination),
      ...(hidden ? { inInterface: null, outInterface: null } : {}),
    },
    matches: matches.filter((match) => !isListed(match)),
    action,
  };
}

/**
 * Do two dumps show the same rule here? What a listing leaves open fits everything: its text cannot be compared with
 * options.
 */
export function sameRule(one: RuleBody, two: RuleBody): boolean {
  if (printRuleBody(one) === printRuleBody(two)) return true;
  const both: readonly RuleMatch[] = [...one.matches, ...two.matches];
  if (both.some((match) => isListed(match) && !hidesInterfaces(match))) return true;
  if (isOpen(one.action) || isOpen(two.action)) return true;
  const hidden = both.some(hidesInterfaces);
  return printRuleBody(comparable(one, two, hidden)) === printRuleBody(comparable(two, one, hidden));
}
