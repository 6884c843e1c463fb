import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differing } from './orders.js';

const differ = (...paths: readonly string[]): string =>
  [...differing(...paths.map((path) => [...path]))].sort().join('');

describe('entries of paths that an order makes differ', () => {
  it.each([
    [['abc', 'abc'], ''],
    [['abc', 'ac'], 'b'],
    [['abab', 'ab'], 'ab'],
    // A rule that both orders meet, but at another place.
    [['nbcp', 'xcynbp'], 'cxy'],
    [['abc', 'bca'], 'a'],
    [['abc', 'abc', 'acb'], 'b'],
    [['', 'a'], 'a'],
  ])('of %j are %j', (paths, open) => {
    expect(differ(...paths)).toBe(open);
  });

  it('without them all paths are one', () => {
    const path = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), maxLength: 9 });
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), (paths) => {
        const open = differ(...paths);
        const rests = paths.map((one) => [...one].filter((name) => !open.includes(name)).join(''));
        expect(new Set(rests).size).toBe(1);
      }),
    );
  });
});
