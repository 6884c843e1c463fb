import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compiledOf, findEntry } from './compiled-set.js';
import { type DataType, integerType } from './datatype.js';
import type { Element, Expression } from './model.js';

const BITS = 6;
const TOP = 2 ** BITS - 1;
const type: DataType = integerType(BITS);

const word = (value: number): Expression => ({ kind: 'word', text: String(value) });
const element = (key: Expression): Element => ({ key, value: null, rest: '' });

interface Span {
  readonly from: number;
  readonly to: number;
}

const part = (span: Span): Expression =>
  span.from === span.to ? word(span.from) : { kind: 'range', from: word(span.from), to: word(span.to) };
const spans = fc
  .tuple(fc.nat(TOP), fc.nat(TOP))
  .map(([a, b]): Span => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const holds = (span: Span, value: number): boolean => value >= span.from && value <= span.to;

describe('a set that was made ready', () => {
  it('finds what a scan of all intervals finds', () => {
    fc.assert(
      fc.property(fc.array(spans, { maxLength: 12 }), (all) => {
        const set = compiledOf(
          all.map((span) => element(part(span))),
          [type],
        );
        for (let value = 0; value <= TOP; value += 1)
          expect(findEntry(set, [BigInt(value)]) !== null).toBe(all.some((span) => holds(span, value)));
      }),
    );
  });

  it('finds what a scan finds where keys are joined of parts, each of them perhaps a range', () => {
    const pairs = fc.tuple(spans, spans);
    const asked = fc.tuple(fc.nat(TOP), fc.nat(TOP));
    fc.assert(
      fc.property(fc.array(pairs, { maxLength: 8 }), fc.array(asked, { maxLength: 40 }), (all, values) => {
        const set = compiledOf(
          all.map(([a, b]) => element({ kind: 'concat', parts: [part(a), part(b)] })),
          [type, type],
        );
        for (const [a, b] of values)
          expect(findEntry(set, [BigInt(a), BigInt(b)]) !== null).toBe(
            all.some(([first, second]) => holds(first, a) && holds(second, b)),
          );
      }),
    );
  });

  it('gives the element of the value, and counts those that it cannot read', () => {
    const elements = [element(word(5)), element(word(TOP + 1)), element({ kind: 'other', text: 'osf name' })];
    const set = compiledOf(elements, [type]);
    expect(findEntry(set, [5n])?.element).toBe(elements[0]);
    expect(set.unread).toBe(2);
  });
});
