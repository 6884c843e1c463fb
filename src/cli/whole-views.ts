/** Views that are made of all results together: of one packet, or of a whole batch. */
import { joinBytes } from '../explain/pcapng.js';
import { renderPcap } from '../explain/pcap.js';
import type { TraceResult } from '../packet/result.js';
import type { Format } from './output.js';

const WHOLE = ['pcap'] as const;

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

/** The view of a format. */
export function wholeView(_format: WholeFormat): WholeView {
  return new Capture();
}

/** The view of these results. */
export function printWhole(format: WholeFormat, results: readonly TraceResult[]): string | Uint8Array {
  const view = wholeView(format);
  for (const result of results) view.add(result);
  return view.finish();
}
