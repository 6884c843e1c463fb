import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_CHOICE, decide, enumerate } from './enumerate.js';
import { type Chooser, allOf, chance, invertIf, unsure } from './question.js';

const ask = (chooser: Chooser, key: string): boolean => decide(chooser, unsure(key, 'UNK_MATCH'));

describe('enumerate', () => {
  it('runs once when nothing is asked', () => {
    expect(enumerate(() => 'done', 10)).toEqual({
      branches: [{ value: 'done', probability: 1, chances: 1 }],
      truncated: false,
    });
  });

  it('takes all answers in order, later questions first', () => {
    const { branches } = enumerate((chooser) => [ask(chooser, 'a'), ask(chooser, 'b')], 10);
    expect(branches.map((branch) => branch.value)).toEqual([
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ]);
    expect(branches.every((branch) => branch.probability === null)).toBe(true);
  });

  it('answers one key once', () => {
    expect(
      enumerate((chooser) => ask(chooser, 'a') === ask(chooser, 'a'), 10).branches.map(
        (branch) => branch.value,
      ),
    ).toEqual([true, true]);
  });

  it('skips what cannot happen', () => {
    const { branches } = enumerate((chooser) => decide(chooser, chance('a', 1, 'UNK_RANDOM')), 10);
    expect(branches).toEqual([{ value: true, probability: 1, chances: 1 }]);
  });

  it('keeps the chances apart from what is assumed', () => {
    const { branches } = enumerate(
      (chooser) => [ask(chooser, 'a'), decide(chooser, chance('b', 0.25, 'UNK_RANDOM'))],
      10,
    );
    expect(branches.map(({ probability, chances }) => [probability, chances])).toEqual([
      [null, 0.25],
      [null, 0.75],
      [null, 0.25],
      [null, 0.75],
    ]);
  });

  it('says that it stopped at the bound', () => {
    const { branches, truncated } = enumerate((chooser) => [ask(chooser, 'a'), ask(chooser, 'b')], 3);
    expect([branches.length, truncated]).toEqual([3, true]);
  });

  it('gives probabilities that sum to one, whatever is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (chances) => {
        const { branches } = enumerate((chooser) => {
          let held = 0;
          for (const [at, probability] of chances.entries()) {
            if (
              held < 3 &&
              decide(chooser, chance(`${String(at)} after ${String(held)}`, probability, 'UNK_RANDOM'))
            )
              held += 1;
          }
          return held;
        }, 1000);
        expect(branches.reduce((sum, branch) => sum + (branch.probability ?? 0), 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('open facts', () => {
  it('inverted twice are themselves', () => {
    const fact = unsure('a', 'UNK_MATCH');
    expect(invertIf(true, invertIf(true, fact))).toEqual(fact);
    expect(invertIf(true, true)).toBe(false);
  });

  it('inverted give the inverted answer to the same question', () => {
    const fact = unsure('a', 'UNK_MATCH');
    const { branches } = enumerate(
      (chooser) => decide(chooser, fact) !== decide(chooser, invertIf(true, fact)),
      10,
    );
    expect(branches.map((branch) => branch.value)).toEqual([true, true]);
  });

  it('joined hold only together: "yes" to the joint question is yes to all', () => {
    expect(allOf([true, unsure('a', 'UNK_MATCH'), false])).toBe(false);
    expect(allOf([true, true])).toBe(true);
    expect(allOf([unsure('a', 'UNK_MATCH'), invertIf(true, unsure('b', 'UNK_MATCH'))])).toMatchObject({
      key: 'a & !b',
      negated: false,
    });
  });

  it('are answered first-come by the chooser that does not fork', () => {
    expect(decide(FIRST_CHOICE, unsure('a', 'UNK_MATCH'))).toBe(true);
    expect(decide(FIRST_CHOICE, chance('a', 0, 'UNK_RANDOM'))).toBe(false);
  });
});
