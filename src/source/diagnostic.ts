/** What went wrong while reading, as data. Its words are in the message catalogue, under `code`. */
import type { Span } from './source.js';

/** `error`: something could not be read and is left out; `warning`: it was read, and the reader should know something. */
export type Severity = 'error' | 'warning';

/** Values that a message's placeholders take. */
export type Params = Readonly<Record<string, string | number>>;

/** One finding, with the place it is about. */
export interface Diagnostic {
  /** Stable id of the message (READ…, RULE…, ROUTE…, NODE…), never reused. */
  readonly code: string;
  readonly severity: Severity;
  /** Where; null when it is about the snapshot as a whole. */
  readonly span: Span | null;
  readonly params: Params;
  /** A second place that explains the first (an earlier definition, the caller of a missing chain). */
  readonly related?: Span;
}

/** Collects findings in the order they are met. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  error(code: string, span: Span | null, params: Params = {}, related?: Span): void {
    this.list.push({ code, severity: 'error', span, params, ...(related === undefined ? {} : { related }) });
  }

  warn(code: string, span: Span | null, params: Params = {}, related?: Span): void {
    this.list.push({
      code,
      severity: 'warning',
      span,
      params,
      ...(related === undefined ? {} : { related }),
    });
  }
}
