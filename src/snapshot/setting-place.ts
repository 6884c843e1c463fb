/** Where the dumps show a setting: a line of `sysctl -a` or of `grep . /proc/sys/…`, a copied file of /proc/sys. */
import type { SourceText, Span } from '../source/source.js';
import { procSysPath } from './proc-sys.js';
import { canonicalKey } from './sysctl.js';

/** A name as it may stand there, then `=`, or `:` behind a path. */
const LINE = /^[ \t]*(?:(\/proc\/sys\/[^\s:=]+)[ \t]*[:=]|([^\s:=#;]+)[ \t]*=)(.*)$/;

/** The last line of a text that gives a setting this value; null where none does. */
export function placeOfSetting(source: SourceText, name: string, value: string): Span | null {
  const { text } = source;
  if (procSysPath(source.name) !== null) return { source, start: 0, end: text.length };
  const word = name.slice(name.lastIndexOf('.') + 1);
  for (let at = text.lastIndexOf(word); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(word, at - 1)) {
    const start = text.lastIndexOf('\n', at) + 1;
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const [, path, dotted = '', shown = ''] = LINE.exec(text.slice(start, end).trimEnd()) ?? [];
    if (canonicalKey(path ?? dotted) === name && shown.trim() === value.trim()) return { source, start, end };
  }
  return null;
}
