/** Why a rule matched a packet, did not match it, or was not come to, in every way that the packet can go. */
import type { Node } from '../packet/node.js';
import type { Outcome, PacketInput, TraceResult } from '../packet/result.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import type { PolicyRule } from '../routing/model.js';
import type { AnyRule } from '../packet/any-rule.js';
import { type Jumps, type WaysTo, jumpsOf, tableOfRule, waysTo } from './ancestors.js';
import { type PolicyPlace, policyPlaces } from './policy-story.js';
import type { Target } from './reference.js';
import { type Story, chainsIn, rulesOf, storyOf } from './story.js';

/** Outcomes in which the rule fared alike. */
export interface RuleCase {
  /** Indexes of the outcomes, from 0. */
  readonly outcomes: readonly number[];
  /** It is about the walk of the answer. */
  readonly inReply: boolean;
  readonly story: Story;
}

export interface PolicyCase {
  readonly outcomes: readonly number[];
  readonly inReply: boolean;
  readonly rule: PolicyRule;
  readonly places: readonly PolicyPlace[];
}

export type Why =
  | {
      readonly kind: 'rule';
      readonly rule: AnyRule;
      readonly result: TraceResult;
      readonly cases: readonly RuleCase[];
    }
  | {
      readonly kind: 'policy';
      readonly rules: readonly PolicyRule[];
      readonly result: TraceResult;
      readonly cases: readonly PolicyCase[];
    };

interface Walked {
  readonly index: number;
  readonly inReply: boolean;
  readonly outcome: Outcome;
}

/** The walks of a result, each with its answer's. */
function walksOf({ outcomes }: TraceResult): readonly Walked[] {
  return outcomes.flatMap((outcome, index): readonly Walked[] => [
    { index, inReply: false, outcome },
    ...(outcome.reply === undefined ? [] : [{ index, inReply: true, outcome: outcome.reply }]),
  ]);
}

/** Of a rule whose table the node does not have. */
const NOWHERE: Story = { places: [], leads: [], more: 0 };

/** What makes two stories one: where the rule was tested, with which answers, and what ended the ways to it. */
function alike(story: Story): string {
  const name = (rule: AnyRule | undefined): string =>
    rule === undefined ? '-' : `${rule.table} ${rule.chain} ${String(rule.number)}`;
  const place = (one: Story['places'][number]): unknown =>
    one.kind === 'cut'
      ? [one.visit.hook, name(one.by?.rule), name(one.decided?.rule)]
      : [
          one.passing.hook,
          one.passing.matched,
          one.did?.changes ?? null,
          one.passing.conditions.map(({ answer, reason }) => [
            typeof answer === 'object' && answer !== null ? answer.key : answer,
            reason,
          ]),
          Object.values(one.passing.packet).map(String),
        ];
  const lead = ({ way, why }: Story['leads'][number]): unknown => [
    way.map(name),
    why.kind,
    why.kind === 'tested' || why.kind === 'cut' ? place(why) : why.kind === 'hook' ? why.skipped : null,
  ];
  return JSON.stringify([story.places.map(place), story.leads.slice(0, 20).map(lead), story.more]);
}

function grouped<T extends { readonly outcomes: readonly number[]; readonly inReply: boolean }>(
  cases: readonly T[],
  key: (one: T) => string,
): readonly T[] {
  const groups = new Map<string, T>();
  for (const one of cases) {
    const name = `${String(one.inReply)} ${key(one)}`;
    const known = groups.get(name);
    groups.set(
      name,
      known === undefined ? one : { ...known, outcomes: [...known.outcomes, ...one.outcomes] },
    );
  }
  return [...groups.values()];
}

function policyKey({ rule, places }: PolicyCase): string {
  const words = places.map(({ step, result, tried }) => [
    step.purpose,
    result,
    tried?.code,
    tried?.params,
    step.rule?.priority,
    step.device,
  ]);
  return JSON.stringify([rule.priority, rule.span?.start ?? rule.words, words]);
}

/**
 * Walks a packet and says what became of a rule.
 * @throws PacketError when the packet's description cannot be walked
 */
export function why(node: Node, input: PacketInput, target: Target, options: TraceOptions = {}): Why {
  return whyIn(node, target, (watched) => trace(node, input, { ...options, watched }));
}

/**
 * Says what became of a rule in a walk that is not of its own: a hop of a longer way.
 * @param walk the same walk each time, which reports the tests of the rules it is given
 */
export function whyIn(node: Node, target: Target, walk: (watched: ReadonlySet<AnyRule>) => TraceResult): Why {
  if (target.kind === 'policy') {
    const result = walk(new Set());
    const cases = target.rules.flatMap((rule) =>
      grouped(
        walksOf(result).map(({ index, inReply, outcome }): PolicyCase => ({
          outcomes: [index],
          inReply,
          rule,
          places: policyPlaces(outcome, rule),
        })),
        policyKey,
      ),
    );
    return { kind: 'policy', rules: target.rules, result, cases };
  }
  const { rule, family } = target;
  const table = tableOfRule(node, family, rule);
  let jumps: Jumps | null = null;
  const waysOf = ({ outcome }: Walked): WaysTo | null => {
    const wasIn = chainsIn(outcome, rule);
    if (table === null || wasIn.has(rule.chain)) return null;
    jumps ??= jumpsOf(table);
    return waysTo(rule.chain, table, jumps, (chain) => wasIn.has(chain));
  };
  const first = walk(new Set([rule]));
  const ways = walksOf(first).map(waysOf);
  const begun =
    table === null
      ? []
      : ways.flatMap((one) => one?.begun ?? []).flatMap((way) => rulesOf(way.slice(0, 1), table));
  // What is watched has no part in the walk: its outcomes are the same again.
  const result = begun.length === 0 ? first : walk(new Set([rule, ...begun]));
  const stories = walksOf(result).map(({ index, inReply, outcome }, at): RuleCase => ({
    outcomes: [index],
    inReply,
    story: table === null ? NOWHERE : storyOf(outcome, rule, table, ways[at] ?? null),
  }));
  return { kind: 'rule', rule, result, cases: grouped(stories, ({ story }) => alike(story)) };
}
