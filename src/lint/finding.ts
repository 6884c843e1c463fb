/** What the linter says of a node: a fault that stands in its dumps, and the packet that shows it. */
import type { AnyRule } from '../packet/any-rule.js';
import type { Outcome, PacketInput, TraceResult } from '../packet/result.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';

/** `error`: traffic goes wrong; `warning`: something does not do what it says; `note`: good to know, nothing is wrong. */
export const SEVERITIES = ['error', 'warning', 'note'] as const;

/** How much a finding matters. */
export type LintSeverity = (typeof SEVERITIES)[number];

/** A packet that was walked, and the outcome of it that shows the fault. */
export interface Shown {
  readonly packet: PacketInput;
  readonly result: TraceResult;
  readonly outcome: Outcome;
}

/** How a finding is shown: by a packet that was walked, and a second one of its connection, or by none and why not. */
export type Proof =
  | { readonly kind: 'packet'; readonly shown: Shown; readonly second?: Shown }
  /** `code` is a message id (LINT_UNSHOWN_…). */
  | { readonly kind: 'none'; readonly code: string };

/** Another place that has to do with it; `code` is a message id (LINT_AT_…) that says what it is. */
export interface Related {
  readonly code: string;
  readonly span: Span;
}

/** A fault that stands in the dumps. */
export interface Finding {
  /** Stable id of the message (LINT_…), never reused. */
  readonly code: string;
  readonly severity: LintSeverity;
  readonly params: Params;
  /** Where it stands. */
  readonly span: Span | null;
  /** The rule that it is about; null where it is about something else. */
  readonly rule: AnyRule | null;
  readonly related: Related | null;
  readonly proof: Proof;
}

/** Everything that was found, in the order of files and lines. */
export interface LintReport {
  readonly findings: readonly Finding[];
  /** The search for packets, or for pairs of rules, was cut off: a bound was reached. */
  readonly cut: boolean;
}

/** No packet shows it, and why: a message id. */
export const unshown = (code: string): Proof => ({ kind: 'none', code });

/** Does a report have something that must be seen to? */
export function isFaulty({ findings }: LintReport): boolean {
  return findings.some(({ severity }) => severity !== 'note');
}
