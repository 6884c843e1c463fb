/** What a line of a dump is called when it is changed: by its place there, also when it is a changed one already. */
import type { Span } from '../../src/source/source.js';
import type { Edit, EditTarget } from '../shared/walk.js';
import { editName } from './edit-text.js';

/** The edit whose text a place lies in; -1 for a place in a dump. */
export function editOf(span: Span, edits: readonly Edit[]): number {
  return edits.findIndex((_, index) => editName(index) === span.source.name);
}

/** How to change what stands at a place; null where no dump shows it. */
export function targetFor(
  span: Span | null,
  edits: readonly Edit[],
  make: (file: string, line: number) => EditTarget,
): EditTarget | null {
  if (span === null) return null;
  const known = edits[editOf(span, edits)];
  if (known !== undefined) return known.target;
  return make(span.source.name, span.source.position(span.start).line);
}
