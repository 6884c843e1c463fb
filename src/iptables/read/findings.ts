/** Collects what was found in one dump. The same finding in many rules is told once, with how often it was met. */
import type { Diagnostics, Params, Severity } from '../../source/diagnostic.js';
import type { SourceText } from '../../source/source.js';
import type { Problem } from './problem.js';

/** More different findings than this about one dump say nothing new. */
const MOST = 50;

interface Finding extends Problem {
  count: number;
  readonly related: { readonly from: number; readonly to: number } | null;
}

export class Findings {
  readonly #source: SourceText;
  readonly #found = new Map<string, Finding>();
  #more: Problem | null = null;

  constructor(source: SourceText) {
    this.#source = source;
  }

  add(problem: Problem, related: Finding['related'] = null): void {
    const key = `${problem.code} ${JSON.stringify(problem.params)}`;
    const known = this.#found.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.#found.size < MOST) this.#found.set(key, { ...problem, count: 1, related });
    else this.#more ??= problem;
  }

  report(severity: Severity, code: string, from: number, to: number, params: Params = {}): void {
    this.add({ code, severity, params, from, to });
  }

  /** Hands everything over, in the order of the text. */
  flush(diagnostics: Diagnostics): void {
    const span = ({
      from,
      to,
    }: {
      readonly from: number;
      readonly to: number;
    }): { source: SourceText; start: number; end: number } => ({
      source: this.#source,
      start: from,
      end: to,
    });
    const list = [...this.#found.values()].sort((a, b) => a.from - b.from);
    for (const one of list) {
      const params = { ...one.params, count: one.count };
      const related = one.related === null ? undefined : span(one.related);
      if (one.severity === 'error') diagnostics.error(one.code, span(one), params, related);
      else diagnostics.warn(one.code, span(one), params, related);
    }
    if (this.#more !== null) diagnostics.warn('RULE_MORE', span(this.#more), { most: MOST });
  }
}
