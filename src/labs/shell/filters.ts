/** Commands behind a pipe: they read lines and print lines. */
import { widthOf } from '../../explain/width.js';
import { COLUMN_FILTERS } from './columns.js';
import { linesIn } from './lines-in.js';
import { NOTHING, type Call, type Command, type Output, lines, refuse, unknownOption } from './output.js';
import { Pattern, PatternError } from './pattern.js';

interface GrepOptions {
  extended: boolean;
  fixed: boolean;
  ignoreCase: boolean;
  inverted: boolean;
  count: boolean;
  numbered: boolean;
  only: boolean;
  word: boolean;
  before: number;
  after: number;
  most: number;
  readonly patterns: string[];
}

const GREP_KNOWN = '-E -F -i -v -c -n -w -A N -B N -C N -m N -e PATTERN --color';

function numberOf(text: string | undefined, command: string, option: string): number {
  if (text !== undefined && /^\d{1,6}$/.test(text)) return Number(text);
  throw unknownOption(command, `${option} ${text ?? ''}`.trim(), GREP_KNOWN);
}

class GrepReader {
  readonly options: GrepOptions = {
    ...{ extended: false, fixed: false, ignoreCase: false, inverted: false, count: false, numbered: false },
    ...{ only: false, word: false, before: 0, after: 0, most: Infinity, patterns: [] },
  };
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  read(): { readonly options: GrepOptions; readonly files: readonly string[] } {
    const rest: string[] = [];
    for (; this.#at < this.#words.length; this.#at += 1) {
      const word = this.#words[this.#at] ?? '';
      if (word === '--') rest.push(...this.#words.slice(this.#at + 1));
      if (word === '--') break;
      if (word.startsWith('--')) this.#long(word);
      else if (/^-\d+$/.test(word)) this.#around(Number(word.slice(1)));
      else if (word.startsWith('-') && word.length > 1) this.#short(word.slice(1));
      else rest.push(word);
    }
    if (this.options.patterns.length === 0) this.options.patterns.push(...rest.splice(0, 1));
    return { options: this.options, files: rest };
  }

  #around(count: number): void {
    Object.assign(this.options, { before: count, after: count });
  }

  #long(word: string): void {
    if (/^--colou?r(?:=\w+)?$/.test(word) || word === '--line-buffered') return;
    const name: Readonly<Record<string, string>> = {
      ...{ '--extended-regexp': 'E', '--fixed-strings': 'F', '--ignore-case': 'i', '--invert-match': 'v' },
      ...{ '--count': 'c', '--line-number': 'n', '--word-regexp': 'w' },
    };
    const short = Object.hasOwn(name, word) ? name[word] : undefined;
    if (short === undefined) throw unknownOption('grep', word, GREP_KNOWN);
    this.#short(short);
  }

  #value(letters: string, at: number): string | undefined {
    const rest = letters.slice(at + 1);
    if (rest !== '') return rest;
    this.#at += 1;
    return this.#words[this.#at];
  }

  #short(letters: string): void {
    const { options } = this;
    for (const [at, letter] of [...letters].entries()) {
      if ('ABCm'.includes(letter)) {
        const count = numberOf(this.#value(letters, at), 'grep', `-${letter}`);
        if (letter === 'A') options.after = count;
        else if (letter === 'B') options.before = count;
        else if (letter === 'C') this.#around(count);
        else options.most = count;
        return;
      }
      if (letter === 'e') {
        options.patterns.push(this.#value(letters, at) ?? '');
        return;
      }
      this.#flag(letter);
    }
  }

  #flag(letter: string): void {
    const { options } = this;
    if (letter === 'E') options.extended = true;
    else if (letter === 'F') options.fixed = true;
    else if (letter === 'i' || letter === 'y') options.ignoreCase = true;
    else if (letter === 'v') options.inverted = true;
    else if (letter === 'c') options.count = true;
    else if (letter === 'n') options.numbered = true;
    else if (letter === 'w') options.word = true;
    else if (letter !== 'G' && letter !== 's' && letter !== 'h')
      throw unknownOption('grep', `-${letter}`, GREP_KNOWN);
  }
}

function testerOf({ patterns, extended, fixed, ignoreCase, word }: GrepOptions): (line: string) => boolean {
  const wanted = patterns.flatMap((pattern) => pattern.split('\n'));
  if (fixed && !word) {
    const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
    return (line) => wanted.some((one) => fold(line).includes(fold(one)));
  }
  const texts = fixed ? wanted.map((one) => one.replace(/[\\.[\]*^$]/g, '\\$&')) : wanted;
  const isExtended = extended && !fixed;
  const compiled = texts.map((one) => {
    const whole = word ? (isExtended ? `\\<(${one})\\>` : `\\<\\(${one}\\)\\>`) : one;
    return new Pattern(whole, { extended: isExtended, ignoreCase });
  });
  return (line) => compiled.some((pattern) => pattern.test(line));
}

function grepOf(words: readonly string[], { stdin }: Call, extended: boolean): Output {
  const { options, files } = new GrepReader(words).read();
  if (extended) options.extended = true;
  if (options.patterns.length === 0) return refuse('Usage: grep [OPTION]... PATTERNS [FILE]...', 2);
  if (files.length > 0 && files[0] !== '-')
    return refuse(`grep: ${files[0] ?? ''}: No such file or directory`, 2);
  let test: (line: string) => boolean;
  try {
    test = testerOf(options);
  } catch (error) {
    if (error instanceof PatternError) return refuse(`grep: ${error.message}`, 2);
    throw error;
  }
  const list = linesIn(stdin);
  const hits: number[] = [];
  for (const [at, line] of list.entries()) {
    if (hits.length >= options.most) break;
    if (test(line) !== options.inverted) hits.push(at);
  }
  if (options.count) return { ...lines([String(hits.length)]), status: hits.length > 0 ? 0 : 1 };
  return { ...lines(around(list, hits, options)), status: hits.length > 0 ? 0 : 1 };
}

/** The lines that match with those around them; `--` between groups that do not touch. */
function around(list: readonly string[], hits: readonly number[], options: GrepOptions): readonly string[] {
  const isHit = new Set(hits);
  const shown = new Set<number>();
  for (const hit of hits)
    for (
      let at = Math.max(0, hit - options.before);
      at <= Math.min(list.length - 1, hit + options.after);
      at += 1
    )
      shown.add(at);
  const found: string[] = [];
  let last: number | null = null;
  for (const at of [...shown].sort((a, b) => a - b)) {
    if (options.before + options.after > 0 && last !== null && at > last + 1) found.push('--');
    const mark = options.numbered ? `${String(at + 1)}${isHit.has(at) ? ':' : '-'}` : '';
    found.push(`${mark}${list[at] ?? ''}`);
    last = at;
  }
  return found;
}

/** `-n 5`, `-n5`, `-5`; `+5` for tail. */
function countOf(
  words: readonly string[],
  command: string,
): { readonly count: number; readonly from: boolean } {
  let [count, from] = [10, false];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const joined = /^-n?(\+?\d{1,6})$/.exec(word)?.[1];
    const value = joined ?? (word === '-n' ? words[(at += 1)] : undefined);
    if (value === undefined || !/^[+-]?\d{1,6}$/.test(value)) throw unknownOption(command, word, '-n N');
    from = value.startsWith('+');
    count = Math.abs(Number(value));
  }
  return { count, from };
}

function sorted(words: readonly string[], { stdin }: Call): Output {
  let [reverse, numeric, unique, key] = [false, false, false, 0];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const column = /^-k(\d{1,2})?(?:,\d{1,2})?[nr]*$/.exec(word);
    if (column !== null) {
      const value = column[1] ?? words[(at += 1)] ?? '';
      key = Number(/^\d{1,2}/.exec(value)?.[0] ?? 0);
      if (/[n]/.test(`${word.slice(2)}${value}`)) numeric = true;
      if (/[r]/.test(`${word.slice(2)}${value}`)) reverse = true;
    } else if (/^-[rnu]+$/.test(word)) {
      reverse ||= word.includes('r');
      numeric ||= word.includes('n');
      unique ||= word.includes('u');
    } else throw unknownOption('sort', word, '-n -r -u -k N');
  }
  const of = (line: string): string =>
    key === 0
      ? line
      : line
          .trim()
          .split(/\s+/)
          .slice(key - 1)
          .join(' ');
  const number = (line: string): number => Number(/^\s*-?\d{1,15}/.exec(of(line))?.[0] ?? 0);
  const text = (one: string, two: string): number => (one < two ? -1 : one > two ? 1 : 0);
  const order = (one: string, two: string): number =>
    (numeric ? number(one) - number(two) : 0) || text(of(one), of(two)) || text(one, two);
  const list = [...linesIn(stdin)].sort((one, two) => (reverse ? order(two, one) : order(one, two)));
  return lines(unique ? list.filter((line, at) => line !== list[at - 1]) : list);
}

function unique(words: readonly string[], { stdin }: Call): Output {
  const counts = words.includes('-c');
  const wrong = words.find((word) => word !== '-c');
  if (wrong !== undefined) throw unknownOption('uniq', wrong, '-c');
  const groups: { line: string; count: number }[] = [];
  for (const line of linesIn(stdin)) {
    const last = groups.at(-1);
    if (last?.line === line) last.count += 1;
    else groups.push({ line, count: 1 });
  }
  return lines(groups.map(({ line, count }) => (counts ? `${String(count).padStart(7)} ${line}` : line)));
}

/** `column -t`: words below each other. */
function columns(words: readonly string[], { stdin }: Call): Output {
  const wrong = words.find((word) => word !== '-t');
  if (wrong !== undefined || words.length === 0) throw unknownOption('column', wrong ?? '', '-t');
  const rows = linesIn(stdin)
    .map((line) => line.trim().split(/\s+/))
    .filter((row) => row.join('') !== '');
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  return lines(
    rows.map((row) =>
      widths
        .map((width, at) => {
          const cell = row[at] ?? '';
          return at === widths.length - 1 ? cell : cell + ' '.repeat(width - widthOf(cell));
        })
        .join('  '),
    ),
  );
}

function words(given: readonly string[], { stdin }: Call): Output {
  const text = stdin ?? '';
  const count = (text.match(/\n/g) ?? []).length;
  const letters = given.join('').replaceAll('-', '');
  if (letters === 'l') return lines([String(count)]);
  if (letters !== '') throw unknownOption('wc', given.join(' '), '-l');
  const all = text.split(/\s+/).filter((word) => word !== '').length;
  return lines([[count, all, text.length].map((value) => String(value).padStart(7)).join(' ')]);
}

/** `echo -e`: what stands behind a backslash (bash(1), echo). */
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };

/** `echo [-neE] WORD …` */
function echo(given: readonly string[]): Output {
  const first = given.findIndex((word) => !/^-[neE]+$/.test(word));
  const rest = first < 0 ? [] : given.slice(first);
  const letters = given.slice(0, first < 0 ? given.length : first).join('');
  const escapes = /[eE](?=[^eE]*$)/.exec(letters)?.[0] === 'e';
  const text = rest.join(' ');
  const shown = escapes ? text.replace(/\\([nt\\])/g, (_all, letter: string) => ESCAPES[letter] ?? '') : text;
  return { ...NOTHING, out: letters.includes('n') ? shown : `${shown}\n` };
}

/** Filters by name. */
export const FILTERS: Readonly<Record<string, Command>> = {
  grep: (given, call) => grepOf(given, call, false),
  egrep: (given, call) => grepOf(given, call, true),
  fgrep: (given, call) => grepOf(['-F', ...given], call, false),
  head: (given, { stdin }) => lines(linesIn(stdin).slice(0, countOf(given, 'head').count)),
  tail: (given, { stdin }) => {
    const { count, from } = countOf(
      given.filter((word) => word !== '-f'),
      'tail',
    );
    const list = linesIn(stdin);
    return lines(from ? list.slice(Math.max(0, count - 1)) : list.slice(Math.max(0, list.length - count)));
  },
  sort: sorted,
  uniq: unique,
  column: columns,
  wc: words,
  echo,
  ...COLUMN_FILTERS,
  true: () => NOTHING,
};
