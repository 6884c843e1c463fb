/**
 * natwalk: what a Linux node's kernel will do with a packet, from the node's own dumps.
 *
 * `loadNode` reads the dumps and `trace` walks a packet; `FlowTracer` and `traceBatch` walk many. `check` holds nodes against
 * specs, `diff` finds packets that two nodes treat differently, `lint` looks for faults. All of these are pure: they read no
 * file, send nothing and keep nothing, and give plain data, for which the functions `render…` and `…Json` are views.
 * `natwalk/node` reads folders and archives.
 * @packageDocumentation
 */
export { loadNode } from './snapshot/load-any.js';
export type { SnapshotFile } from './snapshot/places.js';
export { type HeldKind, type NodeSummary, nodesOf } from './snapshot/nodes.js';
export { trace, FlowTracer, type TraceOptions } from './packet/trace.js';
export { type BatchLine, traceBatch } from './packet/batch.js';
export { type CheckNodes, type CheckOptions, type CheckReport, type SpecFile, check } from './check/check.js';
export type {
  CheckResult,
  Deciding as CheckDeciding,
  Drawn as CheckDrawn,
  Failure as CheckFailure,
  Place as CheckPlace,
} from './check/result.js';
export type { Covered } from './check/coverage.js';
export { type Coverage as DiffCoverage, type DiffOptions, type DiffResult, diff } from './diff/diff.js';
export type { Group as DiffGroup } from './diff/groups.js';
export type { Difference } from './diff/difference.js';
export { type LintOptions, lint } from './lint/lint.js';
export {
  type Finding as LintFinding,
  type LintReport,
  type LintSeverity,
  type Proof as LintProof,
  type Related as LintRelated,
  type Shown as LintShown,
  isFaulty,
} from './lint/finding.js';
export { PacketError, type PacketProblem } from './packet/complete.js';
export type { Node } from './packet/node.js';
export type * from './packet/conntrack-entry.js';
export type * from './packet/result.js';
export type * from './packet/steps.js';
export type { Address, Family } from './address/address.js';
export type { Prefix } from './address/prefix.js';
export type * from './iptables/model.js';
export type * from './iptables/view.js';
export type * from './routing/model.js';
export type * from './routing/lookup.js';
export type { Diagnostic, Severity } from './source/diagnostic.js';
export type { Position, SourceText, Span } from './source/source.js';
export { factsOf } from './explain/facts.js';
export {
  type OutcomeJson,
  type TraceJson,
  type WarningJson,
  outcomeJson,
  traceJson,
} from './explain/json.js';
export type * from './explain/step-json.js';
export { type EntryRef, type RuleRef, ruleRef } from './explain/rule-ref.js';
export { renderDiagnostics } from './explain/diagnostic.js';
export { renderDiff, renderDiffMinimal } from './explain/diff.js';
export { type DiffJson, diffJson } from './explain/diff-json.js';
export { renderLint } from './explain/lint.js';
export { type LintJson, lintJson } from './explain/lint-json.js';
export { renderMinimal } from './explain/minimal.js';
export { renderSummary } from './explain/summary.js';
export { renderText } from './explain/text.js';
export { renderTrace } from './explain/trace-log.js';
export type { Facts, ViewOptions } from './explain/view.js';
