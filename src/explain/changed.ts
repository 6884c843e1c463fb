/** One line, first of all: what a change of the node changes about the answer. */
import type { Outcome } from '../packet/result.js';
import { type Difference, differences, isSame, replyDifferences } from '../why/difference.js';
import type { Target } from '../why/reference.js';
import { actionOf, selectorOf } from './policy-rule.js';
import { ruleWithPlace } from './reason.js';
import { ruleRef, type RuleRef } from './rule-ref.js';
import { sanitize } from './sanitize.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { wrap } from './width.js';

/** What was taken out and set. */
export interface ChangeOfNode {
  readonly without: readonly Target[];
  readonly sysctls: ReadonlyMap<string, string>;
}

function targetText(target: Target, view: View): string {
  if (target.kind === 'rule') return ruleWithPlace(target.rule, view);
  const [rule] = target.rules;
  const name = view.say('POLICY_RULE', { priority: rule?.priority ?? 0 });
  const count = target.rules.length;
  return count === 1 ? name : view.say('CHANGED_POLICY_RULES', { rule: name, count });
}

function changeText({ without, sysctls }: ChangeOfNode, view: View): string {
  const joined = (texts: readonly string[]): string =>
    texts.reduce((first, second) => view.say('AND', { first, second }));
  const parts: string[] = [];
  if (without.length > 0)
    parts.push(view.say('CHANGED_WITHOUT', { what: joined(without.map((one) => targetText(one, view))) }));
  if (sysctls.size > 0)
    parts.push(
      view.say('CHANGED_WITH', { what: joined([...sysctls].map(([name, value]) => `${name}=${value}`)) }),
    );
  return parts.join(', ');
}

function fieldText({ field, from, to }: Difference, view: View): string {
  const none = view.say('CHANGED_NONE');
  return view.say('CHANGED_FIELD', {
    field: view.say(`CHANGED_${field}`),
    from: from === '' ? none : from,
    to: to === '' ? none : to,
  });
}

/** What differs between two walks, each a few words; none where they come to the same. */
export function changedTexts(before: readonly Outcome[], after: readonly Outcome[], view: View): string[] {
  const fields = differences(before, after).map((one) => fieldText(one, view));
  const answer = replyDifferences(before, after).map((one) => fieldText(one, view));
  const told = [
    ...fields,
    ...(answer.length === 0 ? [] : [view.say('CHANGED_ANSWER', { differences: answer.join(', ') })]),
  ];
  return told.length > 0 ? told : isSame(before, after) ? [] : [view.say('CHANGED_ways')];
}

/** The line. Ends with a line feed. */
export function renderChanged(
  change: ChangeOfNode,
  before: readonly Outcome[],
  after: readonly Outcome[],
  options: ViewOptions = {},
): string {
  const view = viewOf(options);
  const what = changeText(change, view);
  const texts = changedTexts(before, after, view);
  const text =
    texts.length === 0
      ? view.say('CHANGED_NOTHING', { change: what })
      : view.say('CHANGED_HEAD', { change: what, differences: texts.join(', ') });
  return wrap(sanitize(text), view.width)
    .map((line) => `${view.paint('change', line)}\n`)
    .join('');
}

/** The same as JSON: field `changed` of a result. */
export interface ChangedJson {
  readonly without: readonly (
    RuleRef | { readonly policyRule: number; readonly selector: string; readonly action: string }
  )[];
  readonly set: Readonly<Record<string, string>>;
  readonly same: boolean;
  readonly differences: readonly Difference[];
  /** Of the answers, where they were walked and differ. */
  readonly replyDifferences?: readonly Difference[];
}

export function changedJson(
  { without, sysctls }: ChangeOfNode,
  before: readonly Outcome[],
  after: readonly Outcome[],
): ChangedJson {
  const fields = differences(before, after);
  const answer = replyDifferences(before, after);
  return {
    without: without.flatMap((target): ChangedJson['without'] =>
      target.kind === 'rule'
        ? [ruleRef(target.rule)]
        : target.rules.map((rule) => ({
            policyRule: rule.priority,
            selector: selectorOf(rule),
            action: actionOf(rule),
          })),
    ),
    set: Object.fromEntries(sysctls),
    same: fields.length === 0 && answer.length === 0 && isSame(before, after),
    differences: fields,
    ...(answer.length === 0 ? {} : { replyDifferences: answer }),
  };
}
