/** Text of one rule, of elements, of one expression -> the model. */
import { parse } from '../../generated/nft.js';
import type { Element, Expression, Statement } from '../model.js';
import { MAKE, flat } from './make.js';

/** A stretch that could not be read, by its offsets in the text. */
export interface Unread {
  readonly start: number;
  readonly end: number;
}

export interface RuleText {
  readonly statements: readonly Statement[];
  readonly comment: string | null;
  /** The rest of the rule from a statement that is not known; it is the last statement, as `opaque`. */
  readonly unread: Unread | null;
}

/** Never fails: from the first statement that is not known the rest is one opaque statement. */
export function readRule(text: string): RuleText {
  const statements: Statement[] = [];
  let comment: string | null = null;
  let unread: Unread | null = null;
  parse(text, {
    startRule: 'Rule',
    make: MAKE,
    sink: {
      statement: (one: Statement) => statements.push(one),
      comment: (one: string) => (comment = one),
      opaque: (start: number, end: number) => {
        unread = { start, end };
        statements.push({ kind: 'opaque', text: text.slice(start, end).trim().replace(/\s+/gu, ' ') });
      },
    },
  });
  return { statements, comment, unread };
}

export interface ElementsText {
  readonly elements: readonly Element[];
  readonly unread: readonly Unread[];
}

/** The elements between the braces of a set or map; what is none is left out. */
export function readElements(text: string): ElementsText {
  const elements: Element[] = [];
  const unread: Unread[] = [];
  parse(text, {
    startRule: 'Elements',
    make: MAKE,
    sink: {
      element: (one: Element) => elements.push(one),
      badElement: (start: number, end: number) => unread.push({ start, end }),
    },
  });
  return { elements: flat(elements), unread };
}

export interface KeyAndValue {
  readonly key: Expression;
  /** Behind a colon. */
  readonly value: Expression | null;
}

/** An expression, as behind `typeof`, with what a map gives behind a colon; null when it is none. */
export function readExpression(text: string): KeyAndValue | null {
  let found: KeyAndValue | null = null;
  try {
    parse(text, {
      startRule: 'Whole',
      make: MAKE,
      sink: { whole: (key: Expression, value: Expression | null) => (found = { key, value }) },
    });
  } catch {
    return null;
  }
  return found;
}
