/** docs/DIFF.md is what was recorded, and a part of what was recorded is so. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Table, documentOf } from './document.js';
import { FAULTS } from './faults.js';
import { HARMLESS } from './harmless.js';
import { compared, changed } from './table.js';

const root = join(import.meta.dirname, '../..');
const record = JSON.parse(readFileSync(join(import.meta.dirname, 'record.json'), 'utf8')) as Table;

/** Lines of a text without the padding of its tables. */
const unpadded = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{2,}/g, '-');

describe('the table', () => {
  it('is what docs/DIFF.md shows', () => {
    expect(unpadded(readFileSync(join(root, 'docs/DIFF.md'), 'utf8'))).toBe(unpadded(documentOf(record)));
  });

  it('is of the changes that there are', () => {
    expect(record.faults.map(({ name }) => name)).toEqual(FAULTS.map(({ name }) => name));
    expect(record.harmless.map(({ name }) => name)).toEqual(HARMLESS.map(({ name }) => name));
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(50);
    expect(new Set(HARMLESS.map(({ name }) => name)).size).toBe(50);
  });

  it('says that each fault is found and most are not at random, and that nothing else is reported', () => {
    expect(record.faults.filter(({ different }) => different === 0)).toEqual([]);
    expect(record.harmless.filter(({ different }) => different > 0)).toEqual([]);
    const byChance = record.faults.filter(({ anywhere }) => typeof anywhere === 'number');
    expect(byChance.length).toBeLessThan(25);
  });

  it('is what README tells of it', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('\n', ' ');
    const byChance = record.faults.filter(({ anywhere }) => typeof anywhere === 'number').length;
    expect([record.faults.length, record.harmless.length]).toEqual([50, 50]);
    expect(readme).toContain(
      `fifty seeded changes, of which as many random packets find ${String(byChance)}, and that it is silent for fifty others.`,
    );
  });

  it('changes listings in such a way that they can be read', () => {
    for (const change of [...FAULTS, ...HARMLESS]) {
      const { a, b } = changed(change);
      const errors = (node: typeof a): number =>
        node.diagnostics.filter(({ severity }) => severity === 'error').length;
      expect(errors(b), change.name).toBe(errors(a));
    }
  });
});

/** Every so manyth is compared again, with fewer packets. */
const EVERY = 7;

describe.each(FAULTS.filter((_one, at) => at % EVERY === 3))('$name', (change) => {
  it('is found', () => {
    expect(compared(change, 600).different).toBeGreaterThan(0);
  });
});

describe.each(HARMLESS.filter((_one, at) => at % EVERY === 3))('$name', (change) => {
  it('is not reported', () => {
    expect(compared(change, 300).different).toBe(0);
  });
});
