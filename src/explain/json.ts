/** A result as JSON, schema natwalk/trace/1. Fields may be added; those here keep their name and meaning. */
import type {
  Assumption,
  CompletedPacket,
  Egress,
  FinalPacket,
  Outcome,
  TraceResult,
  Translation,
  TupleText,
  VerdictName,
} from '../packet/result.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Diagnostic } from '../source/diagnostic.js';
import { assumptionText } from './assumption.js';
import { describe } from './messages/index.js';
import { namesOfResult } from './names.js';
import {
  type DropRef,
  type EntryRef,
  type RuleRef,
  type UnroutableRef,
  dropRef,
  entryRef,
  ruleRef,
  unroutableRef,
} from './rule-ref.js';
import { type StepJson, stepJson } from './step-json.js';
import { type Facts, NO_FACTS, viewOf } from './view.js';

export interface AssumptionJson {
  readonly code: string;
  readonly text: string;
  readonly rule: RuleRef | null;
  /** The option by which the user has said so (`--assume`); left out where nobody has. */
  readonly by?: string;
}

export interface TranslationJson {
  readonly from: string;
  readonly to: string;
  readonly rule: RuleRef | null;
}

/** A finding about the snapshot in JSON. */
export interface WarningJson {
  readonly code: string;
  readonly text: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** An outcome in JSON (schema/trace.schema.json). */
export interface OutcomeJson {
  readonly probability: number | null;
  readonly assumptions: readonly AssumptionJson[];
  readonly verdict: VerdictName;
  readonly final: FinalPacket;
  readonly egress: Egress | null;
  readonly snat: TranslationJson | null;
  readonly dnat: TranslationJson | null;
  readonly reject: { readonly with: string; readonly to: string } | null;
  readonly unroutable: UnroutableRef | null;
  readonly drop: DropRef | null;
  readonly conntrack: {
    readonly original: TupleText;
    readonly reply: TupleText;
    readonly mark: string;
    readonly status: readonly string[];
  } | null;
  /** The entry of the snapshot's conntrack dump that the packet belongs to, or that it is about. */
  readonly entry?: EntryRef;
  readonly path: readonly string[];
  readonly pathMaybe: readonly string[];
  readonly steps: readonly StepJson[];
  readonly reply?: OutcomeJson;
}

/** A result in JSON (schema/trace.schema.json). */
export interface TraceJson {
  readonly schema: 'natwalk/trace/1';
  readonly id: string | null;
  readonly packet: CompletedPacket;
  readonly outcomes: readonly OutcomeJson[];
  /** What addresses of the packet and its outcomes are called (`pod default/web`); left out when none has a name. */
  readonly names?: Readonly<Record<string, string>>;
  readonly truncated: boolean;
  readonly warnings: readonly WarningJson[];
}

const reference = (rule: AnyRule | null): RuleRef | null => (rule === null ? null : ruleRef(rule));

/** What an outcome rests on, as JSON. */
export function assumptionJson(one: Assumption): AssumptionJson {
  const { code, by } = one;
  return { code, text: assumptionText(one), rule: reference(one.rule), ...(by === undefined ? {} : { by }) };
}

function translation(value: Translation | null): TranslationJson | null {
  return value === null ? null : { from: value.from, to: value.to, rule: reference(value.rule) };
}

/** One outcome as JSON. */
export function outcomeJson(outcome: Outcome): OutcomeJson {
  return {
    probability: outcome.probability,
    assumptions: outcome.assumptions.map(assumptionJson),
    verdict: outcome.verdict,
    final: outcome.final,
    egress: outcome.egress,
    snat: translation(outcome.snat),
    dnat: translation(outcome.dnat),
    reject: outcome.reject,
    unroutable: outcome.unroutable === null ? null : unroutableRef(outcome.unroutable),
    drop: outcome.drop === null ? null : dropRef(outcome.drop),
    conntrack: outcome.conntrack,
    ...(outcome.entry === undefined ? {} : { entry: entryRef(outcome.entry) }),
    path: outcome.path,
    pathMaybe: outcome.pathMaybe,
    steps: outcome.steps.map(stepJson),
    ...(outcome.reply === undefined ? {} : { reply: outcomeJson(outcome.reply) }),
  };
}

/** A finding of the reader as JSON. */
export function warningJson(diagnostic: Diagnostic): WarningJson {
  const { code, params, span } = diagnostic;
  const at = span?.source.position(span.start) ?? null;
  return {
    code,
    text: describe(code, params),
    file: span?.source.name ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
  };
}

/**
 * A result with the findings of its node, ready for JSON.stringify.
 * @param facts of the node (`factsOf`), for names of addresses
 */
export function traceJson(
  result: TraceResult,
  diagnostics: readonly Diagnostic[],
  facts: Facts = NO_FACTS,
): TraceJson {
  return traceJsonWith(result, diagnostics.map(warningJson), facts);
}

/** The same with findings that are converted already, for many results of one node. */
export function traceJsonWith(
  result: TraceResult,
  warnings: readonly WarningJson[],
  facts: Facts = NO_FACTS,
): TraceJson {
  const names = namesOfResult(result, viewOf({ facts }));
  return {
    schema: 'natwalk/trace/1',
    id: result.id,
    packet: result.packet,
    outcomes: result.outcomes.map(outcomeJson),
    ...(names === undefined ? {} : { names }),
    truncated: result.truncated,
    warnings,
  };
}
