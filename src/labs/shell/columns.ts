/** Filters that take columns and lines out of what is piped in: `awk`, `cut`, `sed -n`, and the digests. */
import { sha1 } from '../sha1.js';
import { sha256 } from '../sha256.js';
import { linesIn } from './lines-in.js';
import { type Call, type Command, type Output, lines, refuse, unknownOption } from './output.js';
import { Pattern, PatternError } from './pattern.js';

const AWK_KNOWN = "[-F C] '[/PATTERN/] {print $N, ...}'";
const PROGRAM = /^\s*(?:\/((?:[^/\\]|\\.)*)\/)?\s*(?:\{\s*print\b\s*([^{};]*?)\s*;?\s*\})?\s*$/;

type Field = (fields: readonly string[], line: string) => string;

/** `$1`, `$NF`, `$0`, `NF`, `"text"`. */
function fieldOf(text: string): Field | null {
  const [, number] = /^\$(\d{1,3})$/.exec(text) ?? [];
  if (text === '$0' || text === '') return (_fields, line) => line;
  if (number !== undefined) return (fields) => fields[Number(number) - 1] ?? '';
  if (text === '$NF') return (fields) => fields.at(-1) ?? '';
  if (text === 'NF') return (fields) => String(fields.length);
  const [, quoted] = /^"([^"\\]*)"$/.exec(text) ?? [];
  return quoted === undefined ? null : () => quoted;
}

/** Lines that a pattern of the tool matches. @throws PatternError */
function tester(pattern: string | undefined, extended: boolean): (line: string) => boolean {
  if (pattern === undefined) return () => true;
  const read = new Pattern(pattern, { extended, ignoreCase: false });
  return (line) => read.test(line);
}

function withPatterns(name: string, run: () => Output): Output {
  try {
    return run();
  } catch (error) {
    if (error instanceof PatternError) return refuse(`${name}: ${error.message}`, 2);
    throw error;
  }
}

/** `awk '/PATTERN/ {print $1, $NF}'`: no more of the language than that. */
function awk(words: readonly string[], { stdin }: Call): Output {
  let separator: string | null = null;
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, joined] = /^-F(.*)$/s.exec(word) ?? [];
    if (joined === undefined) rest.push(word);
    else separator = joined === '' ? (words[(at += 1)] ?? ' ') : joined;
  }
  const [program = '', more] = rest;
  const [whole, pattern, printed] = PROGRAM.exec(program) ?? [];
  const texts = (printed ?? '').split(',').map((text) => text.trim());
  const fields = texts.map(fieldOf);
  if (whole === undefined || whole.trim() === '' || more !== undefined || fields.includes(null))
    throw unknownOption('awk', rest.join(' '), AWK_KNOWN);
  const split = (line: string): readonly string[] =>
    separator === null || separator === ' '
      ? line.split(/\s+/).filter((part) => part !== '')
      : line.split(separator);
  return withPatterns('awk', () => {
    const isMeant = tester(pattern, true);
    return lines(
      linesIn(stdin)
        .filter(isMeant)
        .map((line) => fields.map((field) => field?.(split(line), line) ?? '').join(' ')),
    );
  });
}

/** `1`, `2-3`, `4-`, `-5`: is a place among them? */
function placesOf(text: string): ((place: number) => boolean) | null {
  const ranges = text.split(',').map((part) => /^(\d{0,5})(-?)(\d{0,5})$/.exec(part));
  if (ranges.some((range) => range === null || range[0] === '' || range[0] === '-')) return null;
  return (place) =>
    ranges.some((range) => {
      const [, low = '', dash = '', high = ''] = range ?? [];
      const from = low === '' ? 1 : Number(low);
      return place >= from && place <= (dash === '' ? from : high === '' ? Infinity : Number(high));
    });
}

const CUT_KNOWN = '-d C -f LIST, -c LIST';

/** `cut -d ' ' -f 1,3`, `cut -c 1-11`. */
function cut(words: readonly string[], { stdin }: Call): Output {
  let [separator, fields, characters]: [string, string | null, string | null] = ['\t', null, null];
  for (let at = 0; at < words.length; at += 1) {
    const [, flag = '', joined = ''] = /^-([dfc])(.*)$/s.exec(words[at] ?? '') ?? [];
    if (flag === '') throw unknownOption('cut', words[at] ?? '', CUT_KNOWN);
    const value = joined === '' ? (words[(at += 1)] ?? '') : joined;
    if (flag === 'd') separator = value;
    else if (flag === 'f') fields = value;
    else characters = value;
  }
  const isMeant = placesOf(fields ?? characters ?? '');
  if (isMeant === null || separator.length !== 1) throw unknownOption('cut', words.join(' '), CUT_KNOWN);
  const chosen = (parts: readonly string[], by: string): string =>
    parts.filter((_, at) => isMeant(at + 1)).join(by);
  return lines(
    linesIn(stdin).map((line) => {
      if (fields === null) return chosen(Array.from(line), '');
      return line.includes(separator) ? chosen(line.split(separator), separator) : line;
    }),
  );
}

/** `sed -n '2,5p'`, `sed -n '/PATTERN/p'`. */
function sed(words: readonly string[], { stdin }: Call): Output {
  const [option = '', script = '', more] = words;
  const [, low, high] = /^(\d{1,6})(?:,(\d{1,6}|\$))?p$/.exec(script) ?? [];
  const [, pattern] = /^\/((?:[^/\\]|\\.)+)\/p$/.exec(script) ?? [];
  if (option !== '-n' || more !== undefined || (low ?? pattern) === undefined)
    throw unknownOption('sed', words.join(' '), "-n 'FIRST,LASTp', -n '/PATTERN/p'");
  const list = linesIn(stdin);
  if (low !== undefined) {
    const last = high === undefined ? Number(low) : high === '$' ? list.length : Number(high);
    return lines(list.slice(Math.max(0, Number(low) - 1), Math.max(Number(low), last)));
  }
  return withPatterns('sed', () => lines(list.filter(tester(pattern, false))));
}

/** What is piped in, as a pager shows it. */
function pager(_words: readonly string[], { stdin }: Call): Output {
  return { out: stdin ?? '', err: '', status: 0 };
}

const digest =
  (name: string, of: (text: string) => string): Command =>
  (words, { stdin }) => {
    if (words.length > 0 && words.join(' ') !== '-') throw unknownOption(name, words.join(' '), '');
    return lines([`${of(stdin ?? '')}  -`]);
  };

/** Filters by name. */
export const COLUMN_FILTERS: Readonly<Record<string, Command>> = {
  ...{ awk, cut, sed, less: pager, more: pager },
  sha1sum: digest('sha1sum', sha1),
  sha256sum: digest('sha256sum', sha256),
};
