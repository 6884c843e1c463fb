import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineList } from './line-list.js';

describe('the lines of a text', () => {
  it('are those between its line ends, and its parts are those of a list of them', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', 'é'), maxLength: 4 });
    const lists = fc.array(line, { minLength: 1, maxLength: 12 });
    const changes = fc.array(fc.tuple(fc.nat(11), line), { maxLength: 5 });
    fc.assert(
      fc.property(lists, changes, fc.nat(13), fc.nat(13), fc.nat(5), (list, changed, from, to, blank) => {
        const own = [...list];
        const lines = new LineList(list.join('\n'));
        for (const [at, text] of changed)
          if (at < own.length) {
            own[at] = text;
            lines.put(at, text);
          }
        const count = Math.min(blank, own.length);
        own.fill('', 0, count);
        lines.blank(count);
        const end = Math.min(to, own.length);
        expect(Array.from({ length: lines.length }, (_, at) => lines.at(at))).toEqual(own);
        expect(lines.at(own.length)).toBeUndefined();
        const part = own.slice(from, end).join('\n') + (end < own.length && from < end ? '\n' : '');
        expect(lines.between(from, end)).toBe(part);
      }),
      { numRuns: 2000 },
    );
  });
});
