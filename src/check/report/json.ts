/** A suite as JSON, schema natwalk/check/1. Fields may be added; those here keep their name and meaning. */
import { describe } from '../../explain/messages/index.js';
import type { CheckResult, Drawn, Failure } from '../result.js';
import { type Suite, failedOf } from './suite.js';

export interface FailureJson {
  readonly key: string;
  readonly expected: string | null;
  readonly got: string | null;
  /** What is wrong, where it is no value. */
  readonly code: string | null;
  readonly text: string | null;
  /** From 1; null when it is about the result as a whole. */
  readonly outcome: number | null;
  readonly line: number;
  readonly column: number;
}

export interface CheckJson {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly node: string;
  readonly passed: boolean;
  readonly packet: string;
  readonly command: string;
  readonly failures: readonly FailureJson[];
  readonly outcomes: readonly string[];
  readonly deciding: readonly {
    readonly name: string;
    readonly text: string;
    readonly file: string | null;
    readonly line: number | null;
  }[];
  readonly drawn?: Drawn;
}

export interface SuiteJson {
  readonly schema: 'natwalk/check/1';
  readonly checks: number;
  readonly failed: number;
  readonly shard: { readonly index: number; readonly count: number; readonly of: number } | null;
  readonly results: readonly CheckJson[];
}

function failureJson({ key, values, said, outcome, place }: Failure): FailureJson {
  return {
    key,
    expected: values?.expected ?? null,
    got: values?.got ?? null,
    code: said?.code ?? null,
    text: said === null ? null : describe(said.code, said.params),
    outcome,
    line: place.line,
    column: place.column,
  };
}

function checkJson(result: CheckResult, { fileOf }: Suite): CheckJson {
  const { name, spec, place, node, passed, packet, command, failures, outcomes, deciding, drawn } = result;
  return {
    name,
    file: spec,
    line: place.line,
    column: place.column,
    node,
    passed,
    packet,
    command,
    failures: failures.map(failureJson),
    outcomes,
    deciding: deciding.map((one) => ({ ...one, file: one.file === null ? null : fileOf(node, one.file) })),
    ...(drawn === null ? {} : { drawn }),
  };
}

/** The suite, ready for JSON.stringify. */
export function suiteJson(suite: Suite): SuiteJson {
  const { results, shard, all } = suite;
  return {
    schema: 'natwalk/check/1',
    checks: results.length,
    failed: failedOf(suite),
    shard: shard === null ? null : { ...shard, of: all },
    results: results.map((result) => checkJson(result, suite)),
  };
}
