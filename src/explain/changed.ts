/** One line, first of all: what a change of the node changes about the answer. */
import type { Outcome } from '../packet/result.js';
import type { PolicyRule } from '../routing/model.js';
import { type Difference, differences, isSame, replyDifferences } from '../why/difference.js';
import type { Inserted } from '../why/inserted.js';
import type { Target } from '../why/reference.js';
import { actionOf, selectorOf } from './policy-rule.js';
import { ruleName, ruleWithPlace } from './reason.js';
import { placeOf, ruleRef, type RuleRef } from './rule-ref.js';
import { sanitize } from './sanitize.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { wrap } from './width.js';

/** What was taken out, put in and set. */
export interface ChangeOfNode {
  readonly without: readonly Target[];
  readonly inserted: readonly Inserted[];
  readonly sysctls: ReadonlyMap<string, string>;
}

function targetText(target: Target, view: View): string {
  if (target.kind === 'rule') return ruleWithPlace(target.rule, view);
  const [rule] = target.rules;
  const name = view.say('POLICY_RULE', { priority: rule?.priority ?? 0 });
  const count = target.rules.length;
  return count === 1 ? name : view.say('CHANGED_POLICY_RULES', { rule: name, count });
}

function insertedText(one: Inserted, view: View): string {
  const { of, was } = one;
  if (one.kind === 'policy') {
    const [first] = one.rules;
    if (first === undefined) return '';
    const rule = view.say('POLICY_RULE', { priority: first.priority });
    const params = { rule, was, of, selector: selectorOf(first) || 'from all', action: actionOf(first) };
    const id = first.priority === was ? 'CHANGED_INSERTED_POLICY' : 'CHANGED_INSERTED_POLICY_WAS';
    const text = view.say(id, params);
    const count = one.rules.length;
    return count === 1 ? text : view.say('CHANGED_POLICY_RULES', { rule: text, count });
  }
  const { rule, chains } = one;
  const params = { rule: ruleName(rule, view), was, of, place: placeOf(rule.span) };
  const inserted = view.say(rule.number === was ? 'CHANGED_INSERTED' : 'CHANGED_INSERTED_WAS', params);
  return chains.length === 0
    ? inserted
    : view.say('CHANGED_INSERTED_CHAINS', { inserted, chains: chains.join(', ') });
}

function changeText({ without, inserted, sysctls }: ChangeOfNode, view: View): string {
  const joined = (texts: readonly string[]): string =>
    texts.reduce((first, second) => view.say('AND', { first, second }));
  const parts: string[] = [];
  if (without.length > 0)
    parts.push(view.say('CHANGED_WITHOUT', { what: joined(without.map((one) => targetText(one, view))) }));
  if (inserted.length > 0)
    parts.push(
      view.say('CHANGED_WITH_RULE', { what: joined(inserted.map((one) => insertedText(one, view))) }),
    );
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
  const all = replyDifferences(before, after);
  // Where there is no answer any more, or none before, there is nothing else to say of it.
  const whole = all.find(({ field, from, to }) => field === 'verdict' && (from === '' || to === ''));
  const answer = (whole === undefined ? all : [whole]).map((one) => fieldText(one, view));
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

interface PolicyRuleRef {
  readonly policyRule: number;
  readonly selector: string;
  readonly action: string;
}

interface InsertedJson {
  /** The other node, as the user called it. */
  readonly node: string;
  /** The number or priority that it has there. */
  readonly was: number;
  /** As it stands in the changed node; file and line are of the other node's dump. */
  readonly rule: RuleRef | PolicyRuleRef;
  /** Chains that came with it. */
  readonly chains: readonly string[];
}

function policyRuleRef(rule: PolicyRule): PolicyRuleRef {
  return { policyRule: rule.priority, selector: selectorOf(rule), action: actionOf(rule) };
}

function insertedJson(one: Inserted): InsertedJson[] {
  const { of: node, was } = one;
  return one.kind === 'rule'
    ? [{ node, was, rule: ruleRef(one.rule), chains: one.chains }]
    : one.rules.map((rule) => ({ node, was, rule: policyRuleRef(rule), chains: [] }));
}

/** The same as JSON: field `changed` of a result. */
export interface ChangedJson {
  readonly without: readonly (RuleRef | PolicyRuleRef)[];
  /** What another node has, as it was put in; left out where nothing was. */
  readonly with?: readonly InsertedJson[];
  readonly set: Readonly<Record<string, string>>;
  readonly same: boolean;
  readonly differences: readonly Difference[];
  /** Of the answers, where they were walked and differ. */
  readonly replyDifferences?: readonly Difference[];
}

export function changedJson(
  { without, inserted, sysctls }: ChangeOfNode,
  before: readonly Outcome[],
  after: readonly Outcome[],
): ChangedJson {
  const fields = differences(before, after);
  const answer = replyDifferences(before, after);
  return {
    without: without.flatMap((target): ChangedJson['without'] =>
      target.kind === 'rule' ? [ruleRef(target.rule)] : target.rules.map(policyRuleRef),
    ),
    ...(inserted.length === 0 ? {} : { with: inserted.flatMap(insertedJson) }),
    set: Object.fromEntries(sysctls),
    same: fields.length === 0 && answer.length === 0 && isSame(before, after),
    differences: fields,
    ...(answer.length === 0 ? {} : { replyDifferences: answer }),
  };
}
