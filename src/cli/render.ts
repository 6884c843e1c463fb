/** A result in the rendering that was asked for. */
import { renderConntrack } from '../explain/conntrack-list.js';
import { jsonLine } from '../explain/json-text.js';
import { type WarningJson, traceJsonWith } from '../explain/json.js';
import { renderDot } from '../explain/dot.js';
import { renderMermaid } from '../explain/mermaid.js';
import { renderMinimal } from '../explain/minimal.js';
import { renderSummary } from '../explain/summary.js';
import { renderTcpdump } from '../explain/tcpdump.js';
import { renderText } from '../explain/text.js';
import { renderTrace } from '../explain/trace-log.js';
import { expectNames } from '../explain/names.js';
import { NO_FACTS, type ViewOptions } from '../explain/view.js';
import type { TraceResult } from '../packet/result.js';
import type { Format } from './output.js';
import type { WholeFormat } from './whole-views.js';

/** Text of a result; ends with a line feed. */
export function render(
  result: TraceResult,
  format: Exclude<Format, WholeFormat>,
  warnings: readonly WarningJson[],
  view: ViewOptions,
): string {
  expectNames(result, view.facts ?? NO_FACTS);
  switch (format) {
    case 'json':
      return jsonLine(traceJsonWith(result, warnings, view.facts ?? NO_FACTS));
    case 'minimal':
      return renderMinimal(result);
    case 'summary':
      return renderSummary(result, view);
    case 'trace':
      return renderTrace(result);
    case 'conntrack':
      return renderConntrack(result);
    case 'tcpdump':
      return renderTcpdump(result);
    case 'mermaid':
      return renderMermaid(result, view);
    case 'dot':
      return renderDot(result, view);
    case 'wide':
      return renderText(result, { ...view, wide: true });
    case 'text':
      return renderText(result, view);
  }
}

/** Whether an outcome, or the answer to it, rests on an assumption. */
export function isAssumed(result: TraceResult): boolean {
  return result.outcomes.some(
    (one) => one.assumptions.length > 0 || (one.reply?.assumptions.length ?? 0) > 0,
  );
}
