/** Views that are made of all results together: of one packet, or of a whole batch. */
import { joinBytes } from '../explain/pcapng.js';
import { renderPcap } from '../explain/pcap.js';
import { CountersView } from '../explain/listing/counters.js';
import type { Node } from '../packet/node.js';
import type { TraceResult } from '../packet/result.js';
import type { Format } from './output.js';

const WHOLE = ['pcap', 'counters'] as const;

export type WholeFormat = (typeof WHOLE)[number];

/** Is the format's output one thing, and not a piece for each result? */
export function isWhole(format: Format): format is WholeFormat {
  return WHOLE.some((one) => one === format);
}

/** Takes results one by one, and prints what they come to. */
export interface WholeView {
  add(result: TraceResult): void;
  finish(): string | Uint8Array;
}

class Capture implements WholeView {
  readonly #pieces: Uint8Array[] = [];

  add(result: TraceResult): void {
    this.#pieces.push(renderPcap(result));
  }

  finish(): Uint8Array {
    return joinBytes(this.#pieces);
  }
}

/** What such a view is told besides the results. */
export interface WholeContext {
  readonly node: Node;
  readonly allRules: boolean;
}

/** The view of many results in a format. */
export function wholeView(format: WholeFormat, { node, allRules }: WholeContext): WholeView {
  return format === 'pcap' ? new Capture() : new CountersView(node, allRules);
}

/** The view of one result by itself. */
export function printWhole(
  format: WholeFormat,
  result: TraceResult,
  context: WholeContext,
): string | Uint8Array {
  if (format === 'pcap') return renderPcap(result);
  return new CountersView(context.node, context.allRules).render(result);
}
