/** What a node and a cluster have in common as they are asked: answers that are kept, what is told of them, files of them. */
import { describe } from '../../src/explain/messages/index.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import type { Ask, Calls, Loaded, TraceAnswer } from '../shared/protocol.js';
import type { ChainView, Language, WalkView } from '../shared/walk.js';
import { BadEdit } from './edits.js';
import { findingView, findingViews } from './findings.js';
import { problemsOf } from './form.js';
import { sliceOf } from './slice.js';

/** Findings that are told in full. */
const MOST_FINDINGS = 60;
/** Questions whose answers are kept. */
const MOST_KEPT = 6;
/** Cells of a line of what is told about one rule: it stands in a column. */
export const WHY_WIDTH = 52;

/** The answers to the last questions. */
export class Answers<Kept> {
  readonly #kept = new Map<string, Kept | BadEdit>();

  /** The answer of before, or a new one. */
  of(question: unknown, make: () => Kept | BadEdit): Kept | BadEdit {
    const key = JSON.stringify(question);
    const known = this.#kept.get(key) ?? make();
    this.#kept.set(key, known);
    for (const old of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(old);
    return known;
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** An answer that was there a moment ago. @throws Error for a change that cannot be made */
export function demanded<Kept extends object>(kept: Kept | BadEdit): Kept {
  if (kept instanceof BadEdit) throw new Error('the change cannot be made');
  return kept;
}

/** The answer as it is shown, or what is wrong with the question. */
export function answered<Kept extends object>(
  make: () => Kept | BadEdit,
  show: (kept: Kept) => WalkView,
  language: Language,
): TraceAnswer {
  try {
    const kept = make();
    if (!(kept instanceof BadEdit)) return { kind: 'walk', walk: show(kept) };
    const findings = kept.faults.map((one) => findingView(one, language));
    return { kind: 'edit', edit: kept.edit, findings };
  } catch (error) {
    const problems = problemsOf(error, language);
    if (problems === null) throw error;
    return { kind: 'form', problems };
  }
}

/** What was settled of a question, as options. */
export function givenOf({ settled, pick }: Ask): {
  readonly assume: readonly string[];
  readonly pick?: string;
} {
  return { assume: settled, ...(pick === null ? {} : { pick }) };
}

/** Findings about the question, in words. */
export function notesOf(warnings: readonly Diagnostic[], language: Language): readonly string[] {
  return warnings.map(({ code, params }) => describe(code, params, language));
}

/** What is told of all findings. */
export function toldOf(
  all: readonly Diagnostic[],
  language: Language,
): Pick<Loaded, 'findings' | 'moreFindings' | 'errors' | 'warnings'> {
  return {
    findings: findingViews(all, MOST_FINDINGS, language),
    moreFindings: Math.max(0, all.length - MOST_FINDINGS),
    errors: all.filter(({ severity }) => severity === 'error').length,
    warnings: all.filter(({ severity }) => severity === 'warning').length,
  };
}

/** The slice of an answer, whose chains are whole. */
export function sliceFor(
  answer: TraceAnswer,
  { ask, outcome, language }: Calls['slice']['takes'],
  chain: (takes: Calls['chain']['takes']) => ChainView | null,
): Calls['slice']['gives']['sliced'] {
  if (answer.kind !== 'walk') throw new Error('there is no walk');
  const whole = { filter: '', only: null, from: 0, count: Number.MAX_SAFE_INTEGER } as const;
  return sliceOf(answer.walk, outcome, (leg, step) => chain({ ask, outcome, leg, step, language, ...whole }));
}

/** The words of names, each once. */
export function namesIn(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => text.split(/[ ,/]+/)))];
}

type File = Calls['export']['gives'];

export function jsonFile(name: string, value: unknown): File {
  return { ...textFile(name, `${JSON.stringify(value)}\n`), type: 'application/json' };
}

export function textFile(name: string, text: string): File {
  return { name, type: 'text/plain', bytes: new TextEncoder().encode(text) };
}
