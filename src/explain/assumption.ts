/** Assumptions in words. */
import type { Assumption } from '../packet/result.js';
import { ruleName } from './answer.js';
import type { View } from './view.js';

/** What an outcome takes for true, and whose question it was. */
export function assumptionText(assumption: Assumption, view: View): string {
  const { code, params, rule } = assumption;
  const text = view.tell(code, params);
  const answer = params['answer'];
  const taken = answer === undefined ? text : view.say('ASSUMED', { text, answer });
  return rule === null ? taken : view.say('ASSUMED_AT', { text: taken, rule: ruleName(rule, view) });
}
