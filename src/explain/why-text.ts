/** `natwalk why` as text: for each way that the packet can go, what became of the rule. */
import type { AnyRule } from '../packet/any-rule.js';
import { tableNameOf } from '../packet/any-rule.js';
import type { Outcome } from '../packet/result.js';
import type { Change } from '../packet/steps.js';
import type { PolicyPlace } from '../why/policy-story.js';
import type { Cut, Lead, Story, Tested } from '../why/story.js';
import type { PolicyCase, RuleCase, Why } from '../why/why.js';
import { answerOf } from './answer.js';
import { assumptionText } from './assumption.js';
import { headerLines } from './blocks.js';
import type { Meaning } from './colour.js';
import { labelWidth, labelledText, markedLines, passingLines } from './condition-lines.js';
import { selectorSpan } from './locate.js';
import type { MessageId } from './messages/index.js';
import { ownerText } from './owner.js';
import { actionOf, selectorOf } from './policy-rule.js';
import { ruleName, ruleWithPlace } from './reason.js';
import { policyRuleReason } from './route-reasons.js';
import { changeText, type StepOf } from './row.js';
import { placeOf } from './rule-ref.js';
import { ruleRow } from './rule-row.js';
import { sanitize } from './sanitize.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { wantedText } from './wanted.js';
import { widthOf, wrap } from './width.js';

/** Ways to a rule that are told in full. */
const SHOWN = 5;

/** What a rule that matched did: its verdict, and what it changed. */
function didText(step: StepOf<'rule'>, changes: readonly Change[], view: View): string {
  const { result } = ruleRow(step, 0, '', view);
  return changes.length === 0 ? result : `${result}: ${changes.map(changeText).join(', ')}`;
}

function head(word: MessageId, meaning: Meaning, rest: string, view: View): string[] {
  const text = view.say(word);
  return wrap(sanitize(rest), view.width - widthOf(text) - 2).map((line, at) =>
    at === 0 ? `${view.paint(meaning, text)}  ${line}` : `  ${line}`,
  );
}

function testedLines({ passing, did, changes }: Tested, view: View): string[] {
  const { rule, matched, hook } = passing;
  const where = view.say('WHY_AT', { rule: ruleName(rule, view), hook });
  return [
    ...head(matched ? 'WHY_MATCHED' : 'WHY_MISSED', matched ? 'good' : 'bad', where, view),
    ...passingLines(passing, did === null ? null : didText(did, changes, view), view),
  ];
}

function cutText({ by, decided }: Cut, view: View): string {
  if (by === null) return view.say('WHY_ENDED');
  const rule = ruleWithPlace(by.rule, view);
  if (decided === null) return view.say('WHY_ENDED_BY', { rule, did: didText(by, by.changes, view) });
  const row = ruleRow(by, 0, '', view);
  const chain = row.jump ?? '';
  if (decided === by) return view.say('WHY_GONE', { rule, chain });
  return view.say('WHY_ENDED_BELOW', {
    rule,
    chain,
    decided: ruleWithPlace(decided.rule, view),
    did: didText(decided, decided.changes, view),
  });
}

function unreachedHead(rule: AnyRule, hook: string | null, view: View): string[] {
  const name = ruleWithPlace(rule, view);
  return head(
    'WHY_UNREACHED',
    'unknown',
    hook === null ? name : view.say('WHY_AT', { rule: name, hook }),
    view,
  );
}

function cutLines(rule: AnyRule, cut: Cut, view: View): string[] {
  return [
    ...unreachedHead(rule, cut.visit.hook, view),
    ...labelledText(view.say('WHY_BY'), cutText(cut, view), labelWidth(view), view),
  ];
}

function leadName({ way }: Lead, view: View): string {
  const [first, ...rest] = way;
  if (first === undefined) return '';
  const rule = ruleWithPlace(first, view);
  return rest.length === 0
    ? view.say('WHY_LEAD_DIRECT', { rule })
    : view.say('WHY_LEAD_THROUGH', { rule, chains: rest.map((one) => one.chain).join(', ') });
}

function endText(result: Why['result'], outcome: Outcome, view: View): string {
  const { word, rest } = answerOf(result.packet, outcome, view);
  const { drop } = outcome;
  const span = drop?.rule?.span ?? drop?.declared;
  return `${word} ${rest}${span === undefined ? '' : ` (${placeOf(span)})`}`;
}

/** One way to the rule in a line. */
function leadText(lead: Lead, rule: AnyRule, end: string, view: View): string {
  const { why } = lead;
  const table = tableNameOf(rule);
  const name = leadName(lead, view);
  switch (why.kind) {
    case 'tested':
      return view.say('WHY_LEAD_MISSED', { lead: name });
    case 'cut':
      return view.say('WHY_LEAD_CUT', { lead: name, cut: cutText(why, view) });
    case 'elsewhere':
      return view.say('WHY_LEAD_ELSEWHERE', { lead: name, chain: why.passing.to ?? '-' });
    case 'no-jump':
      return view.say('WHY_NO_JUMP', { table, chain: why.chain });
    case 'hook': {
      const { chain, skipped } = why;
      if (skipped === null) return view.say('WHY_HOOK', { table, chain, end });
      const id = {
        'not-first-packet': 'ROW_NAT_NOT_FIRST',
        'already-mapped': 'ROW_NAT_MAPPED',
        'no-conntrack': 'ROW_NAT_NO_CT',
      } as const;
      return view.say('WHY_HOOK_SKIPPED', { chain, reason: view.say(id[skipped]) });
    }
  }
}

/** The ways that matter: those that broke off within rules before those that never began. */
function toldLeads(leads: readonly Lead[]): readonly Lead[] {
  const within = leads.filter(({ why }) => why.kind !== 'hook' && why.kind !== 'no-jump');
  return within.length > 0 ? within : leads;
}

function leadLines(rule: AnyRule, { leads, more }: Story, end: string, view: View): string[] {
  const told = toldLeads(leads);
  const lines = told.slice(0, SHOWN).flatMap((lead, at) => {
    const text = leadText(lead, rule, end, view);
    const line = labelledText(view.say('WHY_BY'), text, labelWidth(view), view);
    const { why } = lead;
    if (why.kind !== 'tested') return line;
    if (at === 0) return [...line, ...passingLines(why.passing, null, view)];
    const failed = why.passing.conditions.find(({ answer }) => answer === false);
    if (failed === undefined || failed.reason === null) return line;
    return labelledText(
      view.say('WHY_BY'),
      `${text}: ${wantedText(failed.reason, view)}`,
      labelWidth(view),
      view,
    );
  });
  const rest = told.length - SHOWN + more;
  return rest > 0 ? [...lines, `  ${view.say('WHY_MORE_LEADS', { count: rest })}`] : lines;
}

function storyLines(rule: AnyRule, story: Story, end: string, view: View): string[] {
  if (story.places.length === 0)
    return [...unreachedHead(rule, null, view), ...leadLines(rule, story, end, view)];
  return story.places.flatMap((place, at) => [
    ...(at === 0 ? [] : ['']),
    ...(place.kind === 'tested' ? testedLines(place, view) : cutLines(rule, place, view)),
  ]);
}

const PURPOSE = {
  input: 'WHY_LOOKUP_INPUT',
  output: 'WHY_LOOKUP_OUTPUT',
  reroute: 'WHY_LOOKUP_REROUTE',
} as const;

const POLICY = {
  decided: ['WHY_DECIDED', 'good'],
  passed: ['WHY_PASSED', 'good'],
  missed: ['WHY_MISSED', 'bad'],
  'not-reached': ['WHY_UNREACHED', 'unknown'],
  merged: ['WHY_UNREACHED', 'unknown'],
} as const satisfies Record<PolicyPlace['result'], readonly [MessageId, Meaning]>;

function policyWords({ result, step, tried }: PolicyPlace, view: View): string {
  if (result === 'decided') return policyRuleReason(step, view);
  if (result === 'merged') return view.say('WHY_POLICY_MERGED');
  if (result === 'not-reached') return view.say('WHY_POLICY_EARLIER', { rule: policyRuleReason(step, view) });
  return tried === null ? '' : wantedText(tried, view);
}

function policyLines({ rule, places }: PolicyCase, view: View): string[] {
  const name = `${view.say('POLICY_RULE', { priority: rule.priority })} (${selectorOf(rule) || view.say('ANY_PACKET')} -> ${actionOf(rule)})`;
  if (places.length === 0)
    return [
      ...head('WHY_UNREACHED', 'unknown', name, view),
      ...labelledText(view.say('WHY_BY'), view.say('WHY_NO_LOOKUP'), labelWidth(view), view),
    ];
  return places.flatMap((place, at) => {
    const [word, meaning] = POLICY[place.result];
    const where = view.say(PURPOSE[place.step.purpose], { rule: name });
    const span = selectorSpan(rule, place.result === 'missed' ? (place.tried?.code ?? null) : null);
    const words = policyWords(place, view);
    return [
      ...(at === 0 ? [] : ['']),
      ...head(word, meaning, where, view),
      ...(span === null
        ? labelledText(view.say('WHY_BY'), words, labelWidth(view), view)
        : markedLines(span, words, view)),
    ];
  });
}

/** Of several outcomes, which ones a case is about. */
function caseHead({ outcomes, inReply }: RuleCase | PolicyCase, total: number, view: View): string[] {
  const numbers = outcomes.map((index) => String(index + 1)).join(', ');
  if (total === 1) return inReply ? [view.paint('strong', view.say('WHY_REPLY'))] : [];
  const id = inReply ? 'WHY_IN_REPLY' : outcomes.length === 1 ? 'WHY_OUTCOME' : 'WHY_OUTCOMES';
  return wrap(view.say(id, { outcomes: numbers }), view.width).map((line) => view.paint('strong', line));
}

function outcomeOfCase(why: Why, { outcomes, inReply }: RuleCase | PolicyCase): Outcome | undefined {
  const outcome = why.result.outcomes[outcomes[0] ?? 0];
  return inReply ? outcome?.reply : outcome;
}

function caseLines(why: Why, one: RuleCase | PolicyCase, view: View): string[] {
  const outcome = outcomeOfCase(why, one);
  if ('rule' in one) return policyLines(one, view);
  if (why.kind !== 'rule' || outcome === undefined) return [];
  return storyLines(why.rule, one.story, endText(why.result, outcome, view), view);
}

/** What tells an outcome from the others: the questions that were answered for it. */
function assumedLines(outcome: Outcome | undefined, view: View): string[] {
  const answered = (outcome?.assumptions ?? []).filter(({ params }) => params['answer'] !== undefined);
  return answered.flatMap((one) =>
    labelledText(view.say('ASSUMES'), assumptionText(one, view.language), labelWidth(view), view),
  );
}

/** Renders why a rule matched or not. Ends with a line feed. */
export function renderWhy(why: Why, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const { result } = why;
  const total = result.outcomes.length;
  const lines = [...headerLines(result, view)];
  for (const one of why.cases) {
    lines.push('', ...caseHead(one, total, view), ...caseLines(why, one, view));
    if (total > 1 && one.outcomes.length === 1) lines.push(...assumedLines(outcomeOfCase(why, one), view));
  }
  if (why.kind === 'rule')
    lines.push(
      ...(why.cases.length > 1 ? [''] : []),
      ...labelledText(view.say('WHY_OWNER'), ownerText(why.rule, view), labelWidth(view), view),
    );
  if (result.truncated) lines.push('', view.paint('unknown', view.say('TRUNCATED')));
  return `${lines.join('\n')}\n`;
}
