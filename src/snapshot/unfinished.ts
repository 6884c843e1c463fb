/** Texts that stop without the end of a line: the last line of a transcript may be a part of what was printed. */
import type { Ground } from '../packet/node.js';
import type { Diagnostics } from '../source/diagnostic.js';
import { readDocuments } from './json/documents.js';
import type { NodeGroup } from './nodes.js';
import type { Placed, PlacedFile } from './places.js';
import { looksLikeJson } from './recognise.js';
import { shown } from './report.js';

/** Lines that only stand at the end of a listing, or of a part that is whole. */
const LAST = /^(?:COMMIT|\}|\]|# Completed on .*|32767:\s.*lookup default)\s*$/;

/** May the text of a listing stop within its last line? */
export function mayStopWithin(text: string): boolean {
  return !text.endsWith('\n') && !LAST.test(text.slice(text.lastIndexOf('\n') + 1));
}

/** Where the last line of a listing begins, when the text ends within it; null when it is whole. */
function lastLine({ section: { source }, kind }: Placed): number | null {
  const { text } = source;
  if (kind === null || text === '') return null;
  if (looksLikeJson(text)) return readDocuments(text, false).documents.at(-1)?.cutAt ?? null;
  if (text.endsWith('\n')) return null;
  const from = text.lastIndexOf('\n') + 1;
  const line = text.slice(from, from + 400);
  return line.trim() === '' || LAST.test(line) ? null : from;
}

/**
 * Names the last line of each transcript that has no end, and returns what answers rest on: a shortened line may read
 * well and mean something else. A file with nothing but one listing is left to its reader.
 */
export function unfinishedListings(
  files: readonly PlacedFile[],
  group: NodeGroup | undefined,
  diagnostics: Diagnostics,
): readonly Ground[] {
  const own = new Set(group?.list);
  return files.flatMap(({ list }): readonly Ground[] => {
    const placed = list.at(-1);
    if (placed === undefined || !own.has(placed)) return [];
    const { source, command } = placed.section;
    const isTranscript = list.length > 1 || (command !== null && source.firstLine > 1);
    const from = isTranscript ? lastLine(placed) : null;
    if (from === null) return [];
    const line = shown(source.text.slice(from).trim());
    // The reader of JSON names the place itself.
    if (!looksLikeJson(source.text))
      diagnostics.warn('READ_UNFINISHED', { source, start: from, end: source.text.length }, { line });
    return [{ code: 'ASM_UNFINISHED', params: { line }, family: null, command: null }];
  });
}
