/** A line that a student typed, as commands: words, pipes, lists, variables and `for` loops. Nothing is ever executed by it. */

/** Commands of a pipe, in order. */
export interface Pipe {
  readonly kind: 'pipe';
  readonly commands: readonly Simple[];
}

export interface Loop {
  readonly kind: 'for';
  readonly name: string;
  readonly values: readonly Word[];
  readonly body: List;
  /** What the output of all rounds goes into. */
  readonly into: readonly Simple[];
}

/** A pipe, and when it runs: after the one before, whatever that came to, or by its status. */
export interface Item {
  readonly when: 'always' | 'done' | 'failed';
  readonly run: Pipe | Loop;
}

export type List = readonly Item[];

export interface Simple {
  readonly words: readonly Word[];
  readonly out: 'shown' | 'dropped';
  readonly err: 'shown' | 'dropped' | 'out';
  /** The file that the output goes to; null for none. */
  readonly file: Word | null;
}

/** Pieces of a word: text, and names of variables. */
export type Word = readonly (string | { readonly name: string })[];

/** Why a line cannot be read: an id of the catalogue. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly sign: string;

  constructor(sign: string) {
    super(sign);
    this.sign = sign;
  }
}

type Token =
  | { readonly kind: 'word'; readonly word: Word; readonly bare: string | null }
  | { readonly kind: 'sign'; readonly sign: string };

/** Longer lines nobody types. */
export const LONGEST_LINE = 4000;

const SIGN = /^(?:\|\||&&|\||;|&|\(|\)|2>\s*\/dev\/null|2>&1|(?:1|&)?>\s*\/dev\/null|1?>>?(?![&(])|[<>])/;
const VARIABLE = /^\$(?:([A-Za-z_]\w{0,60})|\{([A-Za-z_]\w{0,60})\}|\?)/;

class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    if (text.length > LONGEST_LINE) throw new LineError(`${String(LONGEST_LINE)}+`);
    this.#text = text;
  }

  tokens(): readonly Token[] {
    const found: Token[] = [];
    for (;;) {
      const rest = this.#text.slice(this.#at);
      const blank = /^[ \t\r\n]+/.exec(rest)?.[0].length ?? 0;
      this.#at += blank;
      const next = rest.slice(blank);
      if (next === '' || (next.startsWith('#') && (blank > 0 || this.#at === 0))) return found;
      const sign = SIGN.exec(next)?.[0];
      if (sign !== undefined) {
        this.#at += sign.length;
        found.push({ kind: 'sign', sign: sign.replace(/\s+/g, '') });
      } else found.push(this.#word());
    }
  }

  #word(): Token {
    const pieces: (string | { readonly name: string })[] = [];
    let bare = true;
    const start = this.#at;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || /[\s|;&()<>]/.test(character)) break;
      if (character === "'" || character === '"') {
        bare = false;
        this.#quoted(character, pieces);
      } else if (character === '\\') {
        bare = false;
        pieces.push(this.#text[this.#at + 1] ?? '');
        this.#at += 2;
      } else if (character === '`') throw new LineError('`');
      else if (character === '$') this.#variable(pieces);
      else {
        pieces.push(character);
        this.#at += 1;
      }
    }
    return { kind: 'word', word: pieces, bare: bare ? this.#text.slice(start, this.#at) : null };
  }

  #variable(pieces: (string | { readonly name: string })[]): void {
    const [whole, name, braced] = VARIABLE.exec(this.#text.slice(this.#at, this.#at + 80)) ?? [];
    if (whole === undefined) {
      if (this.#text[this.#at + 1] === '(') throw new LineError('$(');
      pieces.push('$');
      this.#at += 1;
      return;
    }
    pieces.push({ name: name ?? braced ?? '?' });
    this.#at += whole.length;
  }

  #quoted(quote: string, pieces: (string | { readonly name: string })[]): void {
    this.#at += 1;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw new LineError(quote);
      if (character === quote) break;
      if (quote === '"' && character === '\\' && /["\\$`]/.test(this.#text[this.#at + 1] ?? '')) {
        pieces.push(this.#text[this.#at + 1] ?? '');
        this.#at += 2;
      } else if (quote === '"' && character === '$') this.#variable(pieces);
      else {
        pieces.push(character);
        this.#at += 1;
      }
    }
    // An empty word is a word.
    pieces.push('');
    this.#at += 1;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  line(): List {
    const list = this.#list();
    const left = this.#tokens[this.#at];
    if (left !== undefined) throw new LineError(left.kind === 'sign' ? left.sign : (left.bare ?? '?'));
    return list;
  }

  #sign(): string | null {
    const token = this.#tokens[this.#at];
    return token?.kind === 'sign' ? token.sign : null;
  }

  #bare(): string | null {
    const token = this.#tokens[this.#at];
    return token?.kind === 'word' ? token.bare : null;
  }

  #list(): List {
    const items: Item[] = [];
    let when: Item['when'] = 'always';
    while (this.#at < this.#tokens.length && this.#bare() !== 'done') {
      items.push({
        when,
        run: this.#bare() === 'for' ? this.#loop() : { kind: 'pipe', commands: this.#pipe() },
      });
      const sign = this.#sign();
      if (sign !== ';' && sign !== '&&' && sign !== '||' && sign !== '&') break;
      when = sign === '&&' ? 'done' : sign === '||' ? 'failed' : 'always';
      this.#at += 1;
    }
    return items;
  }

  #pipe(): Simple[] {
    const commands = [this.#simple()];
    while (this.#sign() === '|') {
      this.#at += 1;
      commands.push(this.#simple());
    }
    return commands;
  }

  #simple(): Simple {
    const words: Word[] = [];
    let out: Simple['out'] = 'shown';
    let err: Simple['err'] = 'shown';
    let file: Word | null = null;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) break;
      if (token.kind === 'word') words.push(token.word);
      else if (token.sign === '2>/dev/null') err = 'dropped';
      else if (token.sign === '2>&1') err = 'out';
      else if (token.sign === '>/dev/null' || token.sign === '1>/dev/null') out = 'dropped';
      else if (token.sign === '&>/dev/null') [out, err] = ['dropped', 'dropped'];
      else if (/^1?>>?$/.test(token.sign)) file = this.#file(token.sign);
      else break;
      this.#at += 1;
    }
    const sign = this.#sign();
    if (sign !== null && /[<>()]/.test(sign)) throw new LineError(sign);
    if (words.length === 0) throw new LineError(sign ?? '|');
    return { words, out, err, file };
  }

  /** The word behind `>`. */
  #file(sign: string): Word {
    const token = this.#tokens[this.#at + 1];
    if (token?.kind !== 'word') throw new LineError(sign);
    this.#at += 1;
    return token.word;
  }

  #loop(): Loop {
    this.#depth += 1;
    if (this.#depth > 3) throw new LineError('for');
    this.#at += 1;
    const name = this.#bare() ?? '';
    this.#at += 1;
    if (!/^[A-Za-z_]\w{0,60}$/.test(name) || this.#bare() !== 'in') throw new LineError('for');
    this.#at += 1;
    const values: Word[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'word') break;
      values.push(...ranged(token));
      this.#at += 1;
    }
    if (this.#sign() !== ';') throw new LineError('for');
    this.#at += 1;
    if (this.#bare() !== 'do') throw new LineError('for');
    this.#at += 1;
    const body = this.#list();
    if (this.#bare() !== 'done') throw new LineError('for');
    this.#at += 1;
    this.#depth -= 1;
    const into: Simple[] = [];
    while (this.#sign() === '|') {
      this.#at += 1;
      into.push(this.#simple());
    }
    return { kind: 'for', name, values, body, into };
  }
}

/** The most rounds of a loop. */
const MOST_ROUNDS = 1000;

/** `{1..100}` */
function ranged({ word, bare }: Extract<Token, { kind: 'word' }>): readonly Word[] {
  const [, from, to] = /^\{(\d{1,6})\.\.(\d{1,6})\}$/.exec(bare ?? '') ?? [];
  if (from === undefined || to === undefined) return [word];
  const [low, high] = [Number(from), Number(to)];
  const count = Math.abs(high - low) + 1;
  if (count > MOST_ROUNDS) throw new LineError(bare ?? 'for');
  return Array.from({ length: count }, (_, at) => [String(low <= high ? low + at : low - at)]);
}

/** Reads a line. @throws LineError with the sign that the emulated shell does not know, or that is left open */
export function parseLine(text: string): List {
  return new Parser(new Lexer(text).tokens()).line();
}

/** The text of a word. */
export function wordText(word: Word, variables: ReadonlyMap<string, string>): string {
  return word
    .map((piece) => (typeof piece === 'string' ? piece : (variables.get(piece.name) ?? '')))
    .join('');
}
