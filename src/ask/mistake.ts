/** What is wrong with a question: with an option of the command line, or a field of the page. */
import type { MessageId } from '../explain/messages/index.js';
import type { Params } from '../source/diagnostic.js';

/** One mistake: a message id, and which option's value (or which part of it) is wrong. */
export interface Mistake {
  readonly code: string;
  readonly params: Params;
  /** The option (`--from`) whose value is wrong, or null when it is about no single one. */
  readonly option: string | null;
  /** The wrong part within the value; the whole value when left out. */
  readonly part?: { readonly start: number; readonly end: number };
}

/** Thrown for a command line that makes no sense: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map((mistake) => mistake.code).join(', '));
    this.mistakes = mistakes;
  }
}

/** Throws a single mistake about an option's value. */
export function misuse(
  code: MessageId,
  option: string | null,
  params: Params = {},
  part?: Mistake['part'],
): UsageError {
  return new UsageError([{ code, option, params, ...(part === undefined ? {} : { part }) }]);
}
