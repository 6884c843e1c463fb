/** How a batch is walked and written; the part of it that can be sent to a worker thread. */
import { coloured, plain } from '../explain/colour.js';
import { factsOf } from '../explain/facts.js';
import { warningJson } from '../explain/json.js';
import type { Language } from '../explain/messages/index.js';
import type { Node } from '../packet/node.js';
import type { BatchTraceOptions } from '../packet/batch.js';
import type { BatchOptions } from './batch.js';
import type { Format } from './output.js';

/** Plain values alone. */
export interface BatchSettings {
  /** The snapshot as it was typed. */
  readonly node: string;
  readonly format: Format;
  readonly language: Language;
  readonly isColoured: boolean;
  /** Cells per line. */
  readonly width: number;
  readonly trace: Pick<BatchTraceOptions, 'reply' | 'allRules' | 'steps' | 'seed'>;
}

/** The options of a batch of a node. */
export function batchOptions(node: Node, settings: BatchSettings): BatchOptions {
  const { format, language, isColoured, width, trace } = settings;
  const paint = isColoured ? coloured : plain;
  return {
    node,
    format,
    warnings: node.diagnostics.map(warningJson),
    view: { language, paint, width, facts: factsOf(node), allRules: trace.allRules === true },
    trace,
  };
}
