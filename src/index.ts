/**
 * natwalk: what a Linux node's kernel will do with a packet, from the node's own dumps.
 *
 * `loadNode` reads the dumps, `trace` walks a packet, `traceBatch` walks many.
 */
export { loadNode } from './snapshot/load-any.js';
export { type HeldKind, type NodeSummary, nodesOf } from './snapshot/nodes.js';
export { trace, FlowTracer, type TraceOptions } from './packet/trace.js';
export { type BatchLine, traceBatch } from './packet/batch.js';
export { type Coverage, type DiffOptions, type DiffResult, diff } from './diff/diff.js';
export type { Group as DiffGroup } from './diff/groups.js';
export type { Difference } from './diff/difference.js';
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
export { renderMinimal } from './explain/minimal.js';
export { renderSummary } from './explain/summary.js';
export { renderText } from './explain/text.js';
export { renderTrace } from './explain/trace-log.js';
export type { Facts, ViewOptions } from './explain/view.js';
