/** No text that a few seconds draw makes a reader fail or slow, and the fuzzer finds readers that do. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../bench/node/random.js';
import { type Fault, crashOf, growthOf, smallest } from './fault.js';
import { fuzz } from './fuzz.js';
import { GrammarTexts } from './grammar-text.js';
import { GRAMMARS, type Reader, parserOf } from './readers.js';
import { bent, grown, growing, seeds } from './shapes.js';

const reader = (read: (text: string) => void): Reader => ({ name: 'planted', read });

/** How many characters the planted readers looked at. */
let looks = 0;
/** A clock that goes on by looking alone, so that a busy machine changes nothing. */
const byLooks = (work: () => void): number => {
  const before = looks;
  work();
  return (looks - before) / 10_000;
};

/** Looks at each character as often as there are characters before it. */
const quadratic = reader((text) => {
  looks += (text.length * (text.length - 1)) / 2;
});

const linear = reader((text) => {
  looks += 300 * text.length;
});

describe('every reader', () => {
  it('reads what is drawn in a few seconds', () => {
    const faults: Fault[] = [];
    const progress = { starts: () => undefined, fault: (fault: Fault) => faults.push(fault) };
    let rounds = 0;
    const counts = fuzz(7, progress, () => (rounds += 1) <= 20);
    expect(faults).toEqual([]);
    expect(counts).toMatchObject({ texts: 20, readings: 60 });
    expect(counts.growths).toBeGreaterThan(0);
  });
});

describe('texts by grammar', () => {
  it.each(GRAMMARS)('%s: some are taken without a word lost', (name) => {
    const grammar = new GrammarTexts(name);
    const random = new Random(3);
    const texts = Array.from({ length: 60 }, () => grammar.write(random));
    expect(new Set(texts).size).toBeGreaterThan(10);
    const parser = parserOf(name, grammar.starts);
    expect(texts.map((text) => crashOf(parser, text)).filter((says) => says !== null)).toEqual([]);
  });

  it('are the same for the same seed', () => {
    const write = (): string => new GrammarTexts('nft').write(new Random(5));
    expect(write()).toBe(write());
    const bend = (): string => bent(seeds()[0] ?? '', new Random(5));
    expect(bend()).toBe(bend());
  });
});

describe('a text that grows', () => {
  it('has the length that is asked for, and the same ends', () => {
    expect(grown({ head: 'a', unit: 'bc', tail: 'd' }, 5)).toBe('abcbcbcd');
    const shape = growing('one two\nthree four\n', new Random(1));
    expect(shape.unit).not.toBe('');
    expect(shape.head + shape.unit + shape.tail).toBe('one two\nthree four\n');
  });
});

describe('a fault', () => {
  it('is found where a reader throws', () => {
    const throwing = reader((text) => {
      if (text.includes('x')) throw new RangeError('x');
    });
    expect(crashOf(throwing, 'aaxaa')).toBe('RangeError: x');
    expect(crashOf(throwing, 'aaaa')).toBeNull();
  });

  it('is found where twice the text takes four times as long', () => {
    const shape = { head: '', unit: 'ab', tail: '' };
    expect(growthOf(quadratic, shape, Infinity, byLooks)?.kind).toBe('quadratic');
    expect(growthOf(linear, shape, Infinity, byLooks)).toBeNull();
  });

  it('is found where a text takes longer than is allowed', () => {
    const shape = { head: '', unit: 'ab', tail: '' };
    expect(growthOf(linear, shape, 1, byLooks)?.kind).toBe('slow');
    expect(
      growthOf(
        reader(() => undefined),
        shape,
      ),
    ).toBeNull();
  });

  it('is shown by the smallest text, within the tries', () => {
    const isFaulty = (text: string): boolean => text.includes('a') && text.includes('z');
    expect(smallest('bcabcd\nefz\nghi', isFaulty, 500)).toBe('az');
    expect(smallest('bcabcd\nefz\nghi', isFaulty, 1).length).toBeLessThanOrEqual(14);
  });
});
