/** The token that the reader looks at, lit wherever else it stands. No text is changed for it: ranges are painted. */
import type { Known, Token } from './tokens.js';
import { tokensIn } from './tokens.js';

const NAME = 'token';

class TokenMarks {
  /** Null for none. */
  now: string | null = $state(null);
  /** How often it stands on the page. */
  places: number = $state(0);
}

export const tokenMarks: TokenMarks = new TokenMarks();

function* textsIn(root: Node): Generator<Text> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) yield node as Text;
}

/** Texts for screen readers, and titles of the drawing, are not painted. */
const isUnseen = ({ parentElement }: Text): boolean =>
  parentElement !== null && parentElement.closest('.hidden-text, title') !== null;

function rangeOf(node: Text, { start, end }: Token): Range {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range;
}

/** Lights a token everywhere, or none. */
export function light(token: string | null, known: Known): void {
  const root = document.getElementById('walk');
  // A browser without painted ranges shows the words for it alone.
  if (root === null || !('highlights' in CSS)) {
    [tokenMarks.now, tokenMarks.places] = [token, 0];
    return;
  }
  const ranges: Range[] = [];
  if (token !== null)
    for (const node of textsIn(root)) {
      if (!node.data.includes(token) || isUnseen(node)) continue;
      for (const one of tokensIn(node.data, known)) if (one.text === token) ranges.push(rangeOf(node, one));
    }
  if (ranges.length === 0) CSS.highlights.delete(NAME);
  else CSS.highlights.set(NAME, new Highlight(...ranges));
  [tokenMarks.now, tokenMarks.places] = [token, ranges.length];
}

/** The token under the pointer; null for none. */
export function tokenAt(x: number, y: number, known: Known): string | null {
  if (!('caretPositionFromPoint' in document)) return null;
  const { offsetNode: node, offset: at } = document.caretPositionFromPoint(x, y) ?? {};
  if (!(node instanceof Text) || at === undefined) return null;
  const token = tokensIn(node.data, known).find(({ start, end }) => start <= at && at <= end);
  if (token === undefined) return null;
  // The caret goes to the nearest text, however far that is.
  const isOver = [...rangeOf(node, token).getClientRects()].some(
    ({ left, right, top, bottom }) => left <= x && x <= right && top <= y && y <= bottom,
  );
  return isOver ? token.text : null;
}
