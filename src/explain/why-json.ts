/** `natwalk why` as JSON, schema natwalk/why/1. Fields may be added; those here keep their name and meaning. */
import type { Node } from '../packet/node.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Assumption, CompletedPacket } from '../packet/result.js';
import type { Passing } from '../packet/passing.js';
import type { Change } from '../packet/steps.js';
import type { PolicyRule } from '../routing/model.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import type { Cut, Lead, Story, Tested } from '../why/story.js';
import type { Why } from '../why/why.js';
import { type ConditionAnswer, answersOf, seenPacket } from './condition-lines.js';
import { type AssumptionJson, type WarningJson, assumptionJson, warningJson } from './json.js';
import { conditionSpan, conditionText, selectorSpan } from './locate.js';
import { type Owner, ownerOf } from './owner.js';
import { actionOf, selectorOf } from './policy-rule.js';
import { type RuleRef, ruleRef } from './rule-ref.js';
import { viewOf } from './view.js';
import { wantedText } from './wanted.js';

interface PlaceJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

interface ReasonJson {
  readonly code: string;
  readonly params: Params;
  readonly text: string;
}

export interface ConditionJson {
  readonly text: string;
  readonly place: PlaceJson;
  readonly answer: ConditionAnswer;
  /** Why it does not hold, or what is open about it. */
  readonly reason: ReasonJson | null;
}

export interface TestedJson {
  readonly result: 'matched' | 'missed';
  readonly hook: string;
  readonly packet: string;
  /** What a rule that matched led to. */
  readonly outcome: string | null;
  readonly changes: readonly Change[];
  readonly conditions: readonly ConditionJson[];
}

export interface CutJson {
  readonly result: 'not-reached';
  readonly hook: string;
  /** The rule of the chain that ended its walk, and the one that then decided. */
  readonly by: RuleRef | null;
  readonly decided: RuleRef | null;
}

export interface LeadJson {
  readonly way: readonly RuleRef[];
  readonly why: 'missed' | 'not-reached' | 'elsewhere' | 'hook' | 'no-jump';
  readonly test: TestedJson | null;
  readonly cut: CutJson | null;
  readonly chain: string | null;
}

export interface PolicyRuleJson {
  readonly priority: number;
  readonly selector: string;
  readonly action: string;
  readonly place: PlaceJson | null;
}

export interface WhyCaseJson {
  /** Numbers of the outcomes, from 1, as text prints them. */
  readonly outcomes: readonly number[];
  readonly inReply: boolean;
  readonly assumptions: readonly AssumptionJson[];
  readonly result: 'matched' | 'missed' | 'not-reached' | 'decided' | 'passed' | 'merged';
  readonly places: readonly unknown[];
  readonly leads: readonly LeadJson[];
}

export interface WhyJson {
  readonly schema: 'natwalk/why/1';
  readonly packet: CompletedPacket;
  readonly rule: (RuleRef & { readonly owner: Owner | null }) | null;
  readonly policyRules: readonly PolicyRuleJson[];
  readonly cases: readonly WhyCaseJson[];
  readonly truncated: boolean;
  readonly warnings: readonly WarningJson[];
}

/** Ways to the rule that are told. */
const MOST_LEADS = 50;
const ENGLISH = viewOf();

function placeJson(span: Span): PlaceJson {
  const { line, column } = span.source.position(span.start);
  const width = [...span.source.text.slice(span.start, span.end)].length;
  return { file: span.source.name, line, column, endColumn: column + width };
}

function conditionsJson(passing: Passing): readonly ConditionJson[] {
  const answers = answersOf(passing);
  return passing.conditions.map(({ part, answer, reason }, at) => {
    const open = answer !== null && typeof answer === 'object' ? answer : null;
    const why = reason ?? open;
    return {
      text: conditionText(passing.rule, part),
      place: placeJson(conditionSpan(passing.rule, part, reason?.option ?? null)),
      answer: answers[at] ?? 'not-tested',
      reason:
        why === null
          ? null
          : {
              code: why.code,
              params: why.params,
              text: wantedText({ code: why.code, params: why.params }, ENGLISH),
            },
    };
  });
}

function testedJson({ passing, did, changes }: Tested): TestedJson {
  return {
    result: passing.matched ? 'matched' : 'missed',
    hook: passing.hook,
    packet: seenPacket(passing),
    outcome: did?.outcome ?? null,
    changes,
    conditions: conditionsJson(passing),
  };
}

const reference = (rule: AnyRule | undefined): RuleRef | null => (rule === undefined ? null : ruleRef(rule));

function cutJson({ visit, by, decided }: Cut): CutJson {
  return {
    result: 'not-reached',
    hook: visit.hook,
    by: reference(by?.rule),
    decided: reference(decided?.rule),
  };
}

function leadJson({ way, why }: Lead): LeadJson {
  const base = { way: way.map((rule) => ruleRef(rule)), test: null, cut: null, chain: null };
  switch (why.kind) {
    case 'tested':
      return { ...base, why: 'missed', test: testedJson(why) };
    case 'cut':
      return { ...base, why: 'not-reached', cut: cutJson(why) };
    case 'elsewhere':
      return { ...base, why: 'elsewhere', chain: why.passing.to };
    default:
      return { ...base, why: why.kind, chain: why.chain };
  }
}

function resultOf({ places }: Story): WhyCaseJson['result'] {
  const tested = places.filter((one) => one.kind === 'tested');
  if (tested.some(({ passing }) => passing.matched)) return 'matched';
  return tested.length > 0 ? 'missed' : 'not-reached';
}

function policyJson(rule: PolicyRule): PolicyRuleJson {
  return {
    priority: rule.priority,
    selector: selectorOf(rule),
    action: actionOf(rule),
    place: rule.span === null ? null : placeJson(rule.span),
  };
}

function assumptionsOf(why: Why, outcomes: readonly number[]): readonly Assumption[] {
  const [only, another] = outcomes;
  return only === undefined || another !== undefined ? [] : (why.result.outcomes[only]?.assumptions ?? []);
}

function casesOf(why: Why): readonly WhyCaseJson[] {
  const frame = (one: Why['cases'][number]): Pick<WhyCaseJson, 'outcomes' | 'inReply' | 'assumptions'> => ({
    outcomes: one.outcomes.map((index) => index + 1),
    inReply: one.inReply,
    assumptions: assumptionsOf(why, one.outcomes).map(assumptionJson),
  });
  if (why.kind === 'rule')
    return why.cases.map((one) => ({
      ...frame(one),
      result: resultOf(one.story),
      places: one.story.places.map((place) => (place.kind === 'tested' ? testedJson(place) : cutJson(place))),
      leads: one.story.leads.slice(0, MOST_LEADS).map(leadJson),
    }));
  return why.cases.map((one) => ({
    ...frame(one),
    result: one.places[0]?.result ?? 'not-reached',
    places: one.places.map(({ step, result, tried }) => {
      const span = selectorSpan(one.rule, tried?.code ?? null);
      return {
        rule: policyJson(one.rule),
        lookup: step.purpose,
        result,
        place: span === null ? null : placeJson(span),
        reason:
          tried === null
            ? null
            : { code: tried.code, params: tried.params, text: wantedText(tried, ENGLISH) },
        decided: step.rule === null ? null : policyJson(step.rule),
      };
    }),
    leads: [],
  }));
}

/** What became of a rule, with the findings of its node, ready for JSON.stringify. */
export function whyJson(why: Why, node: Node, more: readonly WarningJson[] = []): WhyJson {
  return {
    schema: 'natwalk/why/1',
    packet: why.result.packet,
    rule: why.kind === 'rule' ? { ...ruleRef(why.rule), owner: ownerOf(why.rule) } : null,
    policyRules: why.kind === 'policy' ? why.rules.map(policyJson) : [],
    cases: casesOf(why),
    truncated: why.result.truncated,
    warnings: [...node.diagnostics.map(warningJson), ...more],
  };
}
