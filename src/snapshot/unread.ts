/** Tells about files and listings that nothing is read from. */
import type { Diagnostics } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import { asideKind, isShortList } from './aside.js';
import type { Kind } from './command.js';
import type { Placed, PlacedFile } from './places.js';
import { isProseText } from './prose.js';

/** In a bundle of hundreds of logs, that many are named one by one. */
const MOST_NAMED = 20;

/** The first line of a listing. */
export function firstLine({ section: { source } }: Placed): Span {
  return { source, start: 0, end: Math.max(source.text.indexOf('\n'), 0) };
}

/** The first line of a listing with a NUL byte in it; null without one. */
function lineWithNul({ section: { source } }: Placed): Span | null {
  const at = source.text.indexOf('\0');
  if (at < 0) return null;
  const end = source.text.indexOf('\n', at);
  return { source, start: source.text.lastIndexOf('\n', at) + 1, end: end < 0 ? source.text.length : end };
}

/** What a text without any listing is. */
function explain(text: string): readonly [string, Readonly<Record<string, string>>] {
  const kind = asideKind(text);
  if (kind !== null) return ['READ_ASIDE', { kind }];
  if (isProseText(text)) return ['READ_PROSE', {}];
  return isShortList(text) ? ['READ_SHORT_LIST', {}] : ['READ_UNRECOGNISED', {}];
}

/** Files without any listing, and listings of kinds that are not used. */
export function reportUnread(
  files: readonly PlacedFile[],
  isUsed: (kind: Kind) => boolean,
  diagnostics: Diagnostics,
): void {
  let unnamed = 0;
  let named = 0;
  for (const { file, list, isBundled } of files) {
    const [first] = list;
    if (list.every(({ kind }) => kind === null)) {
      const isEmpty = file.text.trim() === '';
      const [code, params] = isEmpty ? ['READ_EMPTY' as const, {}] : explain(file.text);
      // What else a collector writes is no surprise.
      if (isBundled || named >= MOST_NAMED) unnamed += 1;
      else {
        named += 1;
        const span = first === undefined ? null : firstLine(first);
        diagnostics.warn(code, span, { file: file.name, ...params });
      }
    }
    const damage = list.map(lineWithNul).find((span) => span !== null) ?? null;
    if (damage !== null) diagnostics.error('READ_NUL', damage, { file: file.name });
    for (const one of list)
      if (one.kind !== null && !isUsed(one.kind))
        diagnostics.warn('READ_NOT_USED', firstLine(one), { kind: one.kind });
  }
  if (unnamed > 0) diagnostics.warn('READ_UNNAMED', null, { count: unnamed });
}
