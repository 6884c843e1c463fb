/** The expressions of -m u32: read, printed, and asked about a packet's bytes (net/netfilter/xt_u32.c). */
import { BadValue, type ValueType } from '../extension.js';
import type { PacketBytes } from '../packet-bytes.js';
import {
  type Bits,
  type Maybe,
  add,
  and,
  anyBits,
  known,
  least,
  most,
  shiftLeft,
  shiftRight,
  smallestFrom,
} from './bits.js';
import { hex, parseNumber } from './number.js';

/** XT_U32_MAXSIZE: so many numbers on either side of `=`, and so many tests. */
const MAX = 10;
const LARGEST = 0xffffffff;
/** The kernel refuses to shift by more. */
const MAX_SHIFT = 31;
const TOKEN = /\s*(?:(0[xX][0-9a-fA-F]{1,8}|\d{1,11})|(&&|<<|>>|[&@=:,]))\s*/y;

type Sign = '&' | '<<' | '>>' | '@';
const SIGNS: ReadonlyMap<string, Sign> = new Map([
  ['&', '&'],
  ['<<', '<<'],
  ['>>', '>>'],
  ['@', '@'],
]);

/** A step from the number read so far to the next. */
interface Step {
  readonly sign: Sign;
  readonly number: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** `START[SIGN NUMBER…]=RANGE[,RANGE…]`: read four bytes at START, and go on from there. */
interface Test {
  readonly start: number;
  readonly steps: readonly Step[];
  readonly ranges: readonly Range[];
}

/** Tests of which all must hold. */
export type Expression = readonly Test[];

type Token = number | string;

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, number, sign] = TOKEN.exec(text) ?? [];
    const value = number === undefined ? null : parseNumber(number);
    if (sign === undefined && (value === null || value > LARGEST)) return null;
    tokens.push(value ?? sign ?? '');
  }
  return tokens;
}

/** Takes tokens one after the other. */
class Tokens {
  #at = 0;
  readonly #list: readonly Token[];

  constructor(list: readonly Token[]) {
    this.#list = list;
  }

  get done(): boolean {
    return this.#at === this.#list.length;
  }

  number(): number | null {
    const token = this.#list[this.#at];
    if (typeof token !== 'number') return null;
    this.#at += 1;
    return token;
  }

  /** The next token if it is a sign for which `find` has something. */
  sign<T>(find: (sign: string) => T | undefined): T | null {
    const token = this.#list[this.#at];
    const found = typeof token === 'string' ? find(token) : undefined;
    if (found === undefined) return null;
    this.#at += 1;
    return found;
  }

  is(sign: string): boolean {
    return this.sign((one) => one === sign || undefined) !== null;
  }
}

function stepsOf(tokens: Tokens): Step[] | null {
  const steps: Step[] = [];
  for (;;) {
    const sign = tokens.sign((one) => SIGNS.get(one));
    if (sign === null) return steps.length < MAX ? steps : null;
    const number = tokens.number();
    const shifts = sign === '<<' || sign === '>>';
    if (number === null || (shifts && number > MAX_SHIFT)) return null;
    steps.push({ sign, number });
  }
}

function rangesOf(tokens: Tokens): Range[] | null {
  const ranges: Range[] = [];
  do {
    const from = tokens.number();
    const to = tokens.is(':') ? tokens.number() : from;
    if (from === null || to === null || ranges.length === MAX) return null;
    ranges.push({ from, to });
  } while (tokens.is(','));
  return ranges;
}

/** TEST[&&TEST…]. @returns null when it is no expression, or one that is too long */
export function readExpression(text: string): Expression | null {
  const list = tokensOf(text);
  if (list === null) return null;
  const tokens = new Tokens(list);
  const tests: Test[] = [];
  do {
    const start = tokens.number();
    const steps = stepsOf(tokens);
    if (start === null || steps === null || !tokens.is('=') || tests.length === MAX) return null;
    const ranges = rangesOf(tokens);
    if (ranges === null) return null;
    tests.push({ start, steps, ranges });
  } while (tokens.is('&&'));
  return tokens.done ? tests : null;
}

/** One test as iptables prints it. */
export function printTest({ start, steps, ranges }: Test): string {
  const location = steps.map(({ sign, number }) => `${sign}${hex(number)}`).join('');
  const values = ranges.map(({ from, to }) => (from === to ? hex(from) : `${hex(from)}:${hex(to)}`));
  return `${hex(start)}${location}=${values.join(',')}`;
}

export function printExpression(tests: Expression): string {
  return tests.map(printTest).join('&&');
}

export const u32Expression: ValueType<Expression> = {
  words: 1,
  parse: ([word = '']) => readExpression(word) ?? new BadValue('VAL_U32', { text: word }),
  print: (tests) => `"${printExpression(tests)}"`,
};

/** What a test reads; null when it ends outside of the packet. `sure` is false when it may end so. */
interface Value {
  readonly bits: Bits;
  readonly sure: boolean;
}

/**
 * Where a test reads. `@` adds the number read so far to the place from which offsets count; it must not come round to
 * where it was, and four bytes must lie within the packet behind it.
 */
function read({ start, steps }: Test, bytes: PacketBytes): Value | null {
  let base = known(0);
  let sure = true;
  const load = (offset: number): Bits | null => {
    const from = least(base) + offset;
    if (most(base) - least(base) > 0) {
      sure = false;
      return from + 4 > bytes.longest ? null : anyBits();
    }
    const { within, bits } = bytes.read(from, 4);
    if (within === null) sure = false;
    return within === false ? null : bits;
  };
  let bits = load(start);
  for (const { sign, number } of steps) {
    if (bits === null) return null;
    if (sign === '&') bits = and(bits, known(number));
    else if (sign === '<<') bits = shiftLeft(bits, number);
    else if (sign === '>>') bits = shiftRight(bits, number);
    else {
      if (least(base) + least(bits) > LARGEST) return null;
      base = most(base) + most(bits) > LARGEST ? anyBits() : add(base, bits);
      bits = load(number);
    }
  }
  return bits === null ? null : { bits, sure };
}

/** Does the number lie in one of the ranges? */
function inRanges(bits: Bits, ranges: readonly Range[]): Maybe {
  const holds = ({ from, to }: Range): boolean => {
    const found = smallestFrom(bits, from);
    return found !== null && found <= to;
  };
  if (!ranges.some(holds)) return false;
  let free = 0;
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from > free && holds({ from: free, to: from - 1 })) return null;
    free = Math.max(free, to < from ? free : to + 1);
  }
  return free <= LARGEST && holds({ from: free, to: LARGEST }) ? null : true;
}

/** Does the test hold? */
export function testHolds(test: Test, bytes: PacketBytes): Maybe {
  const value = read(test, bytes);
  if (value === null) return false;
  const holds = inRanges(value.bits, test.ranges);
  return holds === true && !value.sure ? null : holds;
}

/** Do all tests hold? */
export function fits(tests: Expression, bytes: PacketBytes): Maybe {
  let open = false;
  for (const test of tests) {
    const holds = testHolds(test, bytes);
    if (holds === false) return false;
    open ||= holds === null;
  }
  return open ? null : true;
}

/** The first test that does not hold and the number that it reads, or null when it reads outside of the packet. */
export function failing(
  tests: Expression,
  bytes: PacketBytes,
): { readonly test: string; readonly has: string | null } | null {
  const test = tests.find((one) => testHolds(one, bytes) === false);
  if (test === undefined) return null;
  const value = read(test, bytes);
  if (value === null) return { test: printTest(test), has: null };
  const [low, high] = [hex(least(value.bits)), hex(most(value.bits))];
  return { test: printTest(test), has: low === high ? low : `${low} to ${high}` };
}
