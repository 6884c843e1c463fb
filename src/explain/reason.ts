/** One reason under a headline, and how reasons name rules. */
import type { AnyRule } from '../packet/any-rule.js';
import type { Meaning } from './colour.js';
import { placeOf, tableLabelOf } from './rule-ref.js';
import type { View } from './view.js';

export interface Reasoned {
  readonly label: string;
  readonly text: string;
  readonly meaning: Meaning | null;
}

/** `nat AWS-SNAT-CHAIN-0 rule 2`. */
export function ruleName(rule: AnyRule, view: View): string {
  return view.say('RULE_NAME', { table: tableLabelOf(rule), chain: rule.chain, number: rule.number });
}

/** The same with file and line. */
export function ruleWithPlace(rule: AnyRule, view: View): string {
  return `${ruleName(rule, view)} (${placeOf(rule.span)})`;
}
