/**
 * How the listing (`iptables -L`) prints a match or a target, and how that reads as options again. Each extension has a
 * table of pieces: a pattern of the listing, and the option words that it stands for.
 */
import type { Family } from '../../address/address.js';

/** What a pattern caught, by letter (`a` for the first), and whether `!` stood there. */
export interface Caught {
  readonly not: boolean;
  readonly family: Family;
  /** The text of a capture; '' when it caught nothing. */
  of(letter: string): string;
}

/**
 * Option words of a piece: a template (`! --flag $a`, where `!` stays only if it was there), or a function, which says
 * null where a name stands for something that cannot be told.
 */
export type Turn = string | ((caught: Caught) => readonly string[] | null);

interface Piece {
  readonly pattern: RegExp;
  readonly turn: Turn;
}

/** How one extension looks. */
export interface ListingForm {
  readonly name: string;
  readonly families: readonly Family[];
  /** What it begins with; null when its pieces speak for themselves. */
  readonly lead: Piece | null;
  readonly pieces: readonly Piece[];
  /** Words that hold where a piece is missing: `statistic … every 3` is `--packet 0`. */
  readonly unless: readonly (readonly [flag: string, words: readonly string[]])[];
  /** The listing leaves out something that decides: the rest is no more than a hint. */
  readonly hides: boolean;
  /** The letters that its text can begin with; null when they cannot be told from its patterns. */
  readonly begins: ReadonlySet<string> | null;
}

/** A stretch of a listing line that an extension claims. */
export interface Claim {
  readonly words: readonly string[];
  /** Offset behind it. */
  readonly end: number;
  /** It stands there, but what it says cannot be told. */
  readonly obscure: boolean;
}

/** Names of captures in the order of a pattern. */
const LETTERS = 'abcdef';

/**
 * Makes a pattern: `%!` is an optional exclamation mark, `%w` a word, `%q` a text in double quotes, `%{…}` whatever the
 * expression says. Blanks are one or more blanks. A piece ends where a word does, unless its pattern ends with `%_`.
 */
function compile(text: string, turn: Turn): Piece {
  let letters = 0;
  const next = (body: string): string => {
    letters += 1;
    return `(?<${LETTERS.charAt(letters - 1)}>${body})`;
  };
  const open = text.endsWith('%_');
  const source = (open ? text.slice(0, -2) : text).replace(
    /%!|%w|%q|%\{((?:[^{}]|\{[^{}]*\})*)\}| /g,
    (macro: string, body: string | undefined) => {
      if (macro === '%!') return '(?<not>! ?)?';
      if (macro === '%w') return next('[^\\s]+');
      if (macro === '%q') return `"${next('[^"]*')}"`;
      return macro === ' ' ? '[ \\t]+' : next(body ?? '');
    },
  );
  return { pattern: new RegExp(`${source}${open ? '' : '(?=[ \\t]|$)'}`, 'y'), turn };
}

/** The letters that a pattern's text can begin with. */
function beginnings(pattern: string): readonly string[] | null {
  if (pattern.startsWith('%!')) {
    const rest = beginnings(pattern.slice(2));
    return rest === null ? null : ['!', ...rest];
  }
  const group = /^\(\?:([^()]+)\)/.exec(pattern)?.[1];
  const words = group?.split('|') ?? [pattern];
  return words.every((word) => /^[A-Za-z0-9#-]/.test(word)) ? words.map((word) => word.charAt(0)) : null;
}

function anyBeginning(patterns: readonly string[]): ReadonlySet<string> | null {
  const all = patterns.map(beginnings);
  return all.includes(null) ? null : new Set(all.flatMap((letters) => letters ?? []));
}

type Written = readonly [pattern: string, turn: Turn];

/** The rest of a form's definition. */
export interface FormOptions {
  readonly lead?: Written;
  readonly families?: readonly Family[];
  readonly unless?: ListingForm['unless'];
  readonly hides?: boolean;
}

/** Defines how an extension is listed. A lead without words of its own is written `['tcp', '']`. */
export function form(name: string, options: FormOptions, ...pieces: readonly Written[]): ListingForm {
  return {
    name,
    families: options.families ?? [4, 6],
    lead: options.lead === undefined ? null : compile(...options.lead),
    pieces: pieces.map(([pattern, turn]) => compile(pattern, turn)),
    unless: options.unless ?? [],
    hides: options.hides ?? false,
    begins: anyBeginning(options.lead === undefined ? pieces.map(([pattern]) => pattern) : [options.lead[0]]),
  };
}

function fill(template: string, caught: Caught): readonly string[] {
  const words: string[] = [];
  for (const word of template.split(' ')) {
    if (word === '!') {
      if (caught.not) words.push('!');
    } else if (word !== '') words.push(word.replace(/\$([a-f])/g, (_, letter: string) => caught.of(letter)));
  }
  return words;
}

/** Reads one piece at `at`; null when it does not stand there. */
function take(piece: Piece, text: string, at: number, family: Family): Claim | null {
  piece.pattern.lastIndex = at;
  const found = piece.pattern.exec(text);
  if (found === null) return null;
  const groups = new Map(Object.entries(found.groups ?? {}));
  const caught: Caught = {
    not: (groups.get('not') ?? '') !== '',
    family,
    of: (letter) => groups.get(letter) ?? '',
  };
  const words = typeof piece.turn === 'string' ? fill(piece.turn, caught) : piece.turn(caught);
  return { words: words ?? [], end: at + found[0].length, obscure: words === null };
}

/** The next word's place. */
export function skipBlanks(text: string, at: number): number {
  let next = at;
  while (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9) next += 1;
  return next;
}

/**
 * Reads an extension at `at`, as far as its pieces go. They are printed in the table's order, each once: where one
 * comes that should have come before, another match of the same kind begins.
 * @returns its option words, or null when it does not stand there
 */
export function claim(form: ListingForm, text: string, at: number, family: Family): Claim | null {
  if (!form.families.includes(family)) return null;
  const words: string[] = [];
  let end = at;
  let obscure = form.hides;
  let found = false;
  if (form.lead !== null) {
    const lead = take(form.lead, text, at, family);
    if (lead === null) return null;
    words.push(...lead.words);
    ({ end } = lead);
    obscure ||= lead.obscure;
    found = true;
  }
  for (const piece of form.pieces) {
    const part = take(piece, text, skipBlanks(text, end), family);
    if (part === null) continue;
    words.push(...part.words);
    ({ end } = part);
    obscure ||= part.obscure;
    found = true;
  }
  if (!found) return null;
  for (const [flag, instead] of form.unless) if (!words.includes(flag)) words.push(...instead);
  return { words, end, obscure };
}
