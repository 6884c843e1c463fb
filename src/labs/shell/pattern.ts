/**
 * Regular expressions of grep, basic and extended, matched in time that grows with the text alone: all ways are followed at
 * once (Thompson's construction), so that no pattern makes a terminal hang.
 */

/** More states than this no pattern that somebody typed has. */
const MOST_STATES = 4000;
/** The most repetitions that `{m,n}` may ask for. */
const MOST_REPEATED = 255;

type Test = (code: string, before: string, after: string) => boolean;

type State =
  | { readonly kind: 'one'; readonly test: Test; next: number }
  /** Takes no character: the place must be as it asks. */
  | { readonly kind: 'at'; readonly test: (before: string, after: string) => boolean; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'end' };

/** Why a pattern cannot be read, in the words of grep. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** A part of the pattern: what it is made of is built when it is needed, as often as it is repeated. */
type Part = (machine: Builder, next: number) => number;

class Builder {
  readonly states: State[] = [{ kind: 'end' }];

  add(state: State): number {
    if (this.states.length >= MOST_STATES) throw new PatternError('Regular expression too big');
    this.states.push(state);
    return this.states.length - 1;
  }
}

const isWord = (character: string): boolean => /^[A-Za-z0-9_]$/.test(character);

const CLASSES: Readonly<Record<string, (character: string) => boolean>> = {
  alpha: (one) => /^[A-Za-z]$/.test(one),
  digit: (one) => /^[0-9]$/.test(one),
  alnum: (one) => /^[A-Za-z0-9]$/.test(one),
  upper: (one) => /^[A-Z]$/.test(one),
  lower: (one) => /^[a-z]$/.test(one),
  space: (one) => /^\s$/.test(one),
  blank: (one) => one === ' ' || one === '\t',
  punct: (one) => /^[!-/:-@[-`{-~]$/.test(one),
  xdigit: (one) => /^[0-9A-Fa-f]$/.test(one),
};

const ESCAPES: Readonly<Record<string, (character: string) => boolean>> = {
  w: isWord,
  W: (one) => !isWord(one),
  s: (one) => /^\s$/.test(one),
  S: (one) => !/^\s$/.test(one),
  d: (one) => /^[0-9]$/.test(one),
};

class Reader {
  readonly #characters: readonly string[];
  readonly #extended: boolean;
  readonly #fold: (text: string) => string;
  #at = 0;
  #depth = 0;

  constructor(text: string, extended: boolean, ignoreCase: boolean) {
    this.#characters = [...text];
    this.#extended = extended;
    this.#fold = ignoreCase ? (one) => one.toLowerCase() : (one) => one;
  }

  read(): Part {
    const part = this.#alternatives();
    if (this.#at < this.#characters.length) throw new PatternError('Unmatched ) or \\)');
    return part;
  }

  /** Is the operator next? In basic expressions it stands behind a backslash. */
  #operator(sign: string): boolean {
    const [one, two] = this.#characters.slice(this.#at, this.#at + 2);
    return this.#extended ? one === sign : one === '\\' && two === sign;
  }

  #take(sign: string): boolean {
    if (!this.#operator(sign)) return false;
    this.#at += this.#extended ? 1 : 2;
    return true;
  }

  #alternatives(): Part {
    const all = [this.#sequence()];
    while (this.#take('|')) all.push(this.#sequence());
    return all.reduceRight(
      (rest, part) => (machine, next) =>
        machine.add({ kind: 'fork', next: part(machine, next), other: rest(machine, next) }),
    );
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (
      this.#at < this.#characters.length &&
      !this.#operator('|') &&
      !(this.#depth > 0 && this.#operator(')'))
    )
      parts.push(this.#repeated(this.#atom(parts.length === 0), parts.length === 0));
    return (machine, next) => parts.reduceRight((after, part) => part(machine, after), next);
  }

  #repeated(part: Part, first: boolean): Part {
    let repeated = part;
    for (;;) {
      const sign = this.#characters[this.#at];
      if (sign === '*' && !(first && !this.#extended && repeated === NOTHING)) {
        this.#at += 1;
        repeated = times(repeated, 0, Infinity);
      } else if (this.#take('+')) repeated = times(repeated, 1, Infinity);
      else if (this.#take('?')) repeated = times(repeated, 0, 1);
      else if (this.#take('{')) repeated = this.#bounded(repeated);
      else return repeated;
    }
  }

  #bounded(part: Part): Part {
    let text = '';
    while (this.#at < this.#characters.length && !this.#operator('}')) {
      text += this.#characters[this.#at] ?? '';
      this.#at += 1;
    }
    const [, low = '', comma, high = ''] = /^(\d{0,5})(,?)(\d{0,5})$/.exec(text) ?? [];
    if (!this.#take('}') || (low === '' && high === '')) throw new PatternError('Invalid content of \\{\\}');
    const least = Number(low);
    const most = comma === '' ? least : high === '' ? Infinity : Number(high);
    if (least > MOST_REPEATED || (most !== Infinity && most > MOST_REPEATED))
      throw new PatternError('Regular expression too big');
    if (least > most) throw new PatternError('Invalid content of \\{\\}');
    return times(part, least, most);
  }

  #atom(first: boolean): Part {
    if (this.#take('(')) {
      this.#depth += 1;
      if (this.#depth > 50) throw new PatternError('Regular expression too big');
      const part = this.#alternatives();
      this.#depth -= 1;
      if (!this.#take(')')) throw new PatternError('Unmatched ( or \\(');
      return part;
    }
    const character = this.#characters[this.#at] ?? '';
    this.#at += 1;
    if (character === '.') return one(() => true);
    if (character === '[') return this.#bracket();
    if (character === '\\') return this.#escaped();
    if (character === '^' && (this.#extended || first)) return at((before) => before === '');
    if (character === '$' && (this.#extended || this.#isLast())) return at((_before, after) => after === '');
    return this.#literal(character);
  }

  #isLast(): boolean {
    return this.#at >= this.#characters.length || this.#operator('|') || this.#operator(')');
  }

  #literal(character: string): Part {
    const wanted = this.#fold(character);
    return one((got) => this.#fold(got) === wanted);
  }

  #escaped(): Part {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new PatternError('Trailing backslash');
    this.#at += 1;
    if (/[1-9]/.test(character)) throw new PatternError('Back-references are not emulated');
    if (character === 'b' || character === 'B')
      return at((before, after) => (isWord(before) !== isWord(after)) === (character === 'b'));
    if (character === '<') return at((before, after) => !isWord(before) && isWord(after));
    if (character === '>') return at((before, after) => isWord(before) && !isWord(after));
    const known = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
    return known === undefined ? this.#literal(character) : one(known);
  }

  #bracket(): Part {
    const isInverted = this.#characters[this.#at] === '^';
    if (isInverted) this.#at += 1;
    const tests: ((character: string) => boolean)[] = [];
    for (let first = true; ; first = false) {
      const character = this.#characters[this.#at];
      if (character === undefined) throw new PatternError('Unmatched [, [^, [:, [., or [=');
      this.#at += 1;
      if (character === ']' && !first) break;
      tests.push(this.#member(character));
    }
    return one((got) => {
      const folded = [got, got.toLowerCase(), got.toUpperCase()];
      const variants = this.#fold('A') === 'a' ? folded : [got];
      return tests.some((test) => variants.some(test)) !== isInverted;
    });
  }

  #member(character: string): (got: string) => boolean {
    const rest = this.#characters.slice(this.#at, this.#at + 12).join('');
    const [whole = '', name = ''] = (character === '[' ? /^:([a-z]{1,8}):\]/.exec(rest) : null) ?? [];
    if (whole !== '') {
      const known = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
      if (known === undefined) throw new PatternError('Invalid character class name');
      this.#at += whole.length;
      return known;
    }
    const [dash, high] = this.#characters.slice(this.#at, this.#at + 2);
    if (dash !== '-' || high === undefined || high === ']') return (got) => got === character;
    this.#at += 2;
    if (high < character) throw new PatternError('Invalid range end');
    return (got) => got >= character && got <= high;
  }
}

const NOTHING: Part = (_machine, next) => next;

const one =
  (test: Test): Part =>
  (machine, next) =>
    machine.add({ kind: 'one', test, next });

const at =
  (test: (before: string, after: string) => boolean): Part =>
  (machine, next) =>
    machine.add({ kind: 'at', test, next });

function times(part: Part, least: number, most: number): Part {
  return (machine, next) => {
    let start = next;
    if (most === Infinity) {
      const fork: State = { kind: 'fork', next: 0, other: next };
      const loop = machine.add(fork);
      fork.next = part(machine, loop);
      start = loop;
    } else
      for (let count = least; count < most; count += 1)
        start = machine.add({ kind: 'fork', next: part(machine, start), other: next });
    for (let count = 0; count < least; count += 1) start = part(machine, start);
    return start;
  };
}

/** A compiled pattern. */
export class Pattern {
  readonly #states: readonly State[];
  readonly #start: number;

  /** @throws PatternError */
  constructor(text: string, options: { readonly extended: boolean; readonly ignoreCase: boolean }) {
    const part = new Reader(text, options.extended, options.ignoreCase).read();
    const builder = new Builder();
    this.#start = part(builder, 0);
    this.#states = builder.states;
  }

  /** Does it stand anywhere in the line? */
  test(line: string): boolean {
    const characters = [...line];
    let active = new Set<number>();
    for (let place = 0; place <= characters.length; place += 1) {
      const [before = '', after = ''] = [characters[place - 1], characters[place]];
      const reached = new Set<number>();
      for (const state of [...active, this.#start]) this.#follow(state, before, after, reached);
      if (reached.has(0)) return true;
      active = new Set();
      if (after === '') continue;
      for (const number of reached) {
        const state = this.#states[number];
        if (state?.kind === 'one' && state.test(after, before, after)) active.add(state.next);
      }
    }
    return false;
  }

  /** All states that are reached from one without taking a character. */
  #follow(from: number, before: string, after: string, reached: Set<number>): void {
    const open = [from];
    while (open.length > 0) {
      const number = open.pop() ?? 0;
      if (reached.has(number)) continue;
      reached.add(number);
      const state = this.#states[number];
      if (state?.kind === 'fork') open.push(state.next, state.other);
      else if (state?.kind === 'at' && state.test(before, after)) open.push(state.next);
    }
  }
}
