/** What the benchmark makes of its figures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyNoHelper } from '../../bench/helper.js';
import { BadOptions, readOptions } from '../../bench/options.js';
import { onlyRows, planOf } from '../../bench/plan.js';
import { costOf } from '../../bench/process-cost.js';
import { rounds, summaryOf } from '../../bench/ratios.js';
import { readRecord, recordWith, regressions, writeRecord } from '../../bench/record.js';
import { isMet, rowOf } from '../../bench/row.js';
import { machineLines, printTable, resultsText } from '../../bench/table.js';

const low = rowOf({ id: 'low', what: 'a cost', bar: 2 }, { ratios: [1, 3, 1.5], of: '3 s / 2 s' });
const high = rowOf({ id: 'high', what: 'a gain', bar: 10, better: 'higher' }, { ratios: [8], of: '8 us' });
const compared = rowOf({ id: 'other', what: 'a comparison' }, { ratios: [4], of: '' });

describe('ratios', () => {
  it('are told by their middle and by what half of them lie within', () => {
    expect(summaryOf([5, 1, 2, 4, 3])).toEqual({ median: 3, half: [2, 4] });
    expect(summaryOf([1, 2])).toEqual({ median: 1.5, half: [1.25, 1.75] });
    expect(summaryOf([]).median).toBeNaN();
  });

  it('come of contenders that take turns, and the first rounds do not count', () => {
    const order: string[] = [];
    const turn = (name: string) => (): number => order.push(name);
    const all = rounds({ a: turn('a'), b: turn('b') }, 2, 1);
    expect(order.join('')).toBe('ababab');
    expect(all).toEqual([
      { a: 3, b: 4 },
      { a: 5, b: 6 },
    ]);
  });
});

describe('a row', () => {
  it('is met below its bar, or above it where more is better', () => {
    expect([low, high, compared].map(isMet)).toEqual([true, false, null]);
    expect(isMet({ ...high, ratio: 10 })).toBe(true);
  });

  it('is a regression when it is more than 1.5 times worse, in its own direction', () => {
    const rows = [low, high, compared];
    expect(regressions(rows, { low: 1.01, high: 11.9, other: 2.7 })).toEqual([]);
    expect(regressions(rows, { low: 0.99, high: 12.1, other: 100 })).toEqual([low, high]);
    expect(regressions(rows, {})).toEqual([]);
    const lost = rowOf({ id: 'low', what: 'a cost' }, { ratios: [], of: '' });
    expect(regressions([lost], { low: 1 })).toEqual([lost]);
  });
});

describe('the record', () => {
  it('keeps what it has unless it shall be replaced', () => {
    expect(recordWith({ low: 1 }, [low, high], false)).toEqual({ low: 1, high: 8 });
    expect(recordWith({ low: 1, gone: 2 }, [low, high], true)).toEqual({ low: 1.5, gone: 2, high: 8 });
  });

  it('is read as it was written, and empty where there is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'natwalk-record-'));
    const path = join(folder, 'record.json');
    expect(readRecord(path)).toEqual({ full: {}, quick: {} });
    writeRecord({ full: { low: 1 }, quick: { high: 2 } }, path);
    expect(readRecord(path)).toEqual({ full: { low: 1 }, quick: { high: 2 } });
    rmSync(folder, { recursive: true });
  });
});

describe('the table', () => {
  const machine = { cpu: '2 × cpu', kernel: '6.1', node: 'v20', iptables: 'v1.8.9', load: '0.5' };

  it('says what was reached, and what was recorded', () => {
    const lines = printTable([low, high, compared], { low: 1.2 }).split('\n');
    expect(lines[1]).toMatch(/^a cost +1\.50 \(recorded 1\.20\) +<= 2 +met +1\.25 to 2\.25 +3 s \/ 2 s$/);
    expect(lines[2]).toMatch(/^a gain +8\.00 +>= 10 +NOT MET/);
  });

  it('stands in RESULTS.md with the machine, and with what was not measured', () => {
    const text = resultsText([low, high, compared], machineLines(machine, '0.7'), 5, ['x (not root)']);
    expect(text).toContain('1 of 2 are met, in 5 rounds.');
    expect(text).toContain('load 0.5 before, 0.7 after');
    expect(text).toContain('| a comparison | 4.00 |  |  | 4.00 to 4.00 |  |');
    expect(text).toContain('Not measured: x (not root).');
  });
});

describe('the options', () => {
  it('are few rounds for a quick run, unless told', () => {
    expect(readOptions([])).toMatchObject({ quick: false, rounds: 5, rows: null });
    expect(readOptions(['--quick'])).toMatchObject({ quick: true, rounds: 3, kernel: false });
    expect(readOptions(['--rows', 'help', '--rounds', '9'])).toMatchObject({ rows: 'help', rounds: 9 });
  });

  it.each([['--rounds', '0'], ['--rounds', 'many'], ['--fast'], ['stray']])('refuse %s %s', (...words) => {
    expect(() => readOptions(words)).toThrow(BadOptions);
  });

  it('choose rows by a part of their name or words', () => {
    const plan = planOf(readOptions(['--quick', '--kernel']));
    const ids = (part: string): readonly string[] =>
      plan.flatMap((group) => onlyRows(group, part)?.rows.map(({ id }) => id) ?? []);
    expect(ids('--help')).toEqual(['help']);
    expect(ids('bulk')).toEqual(['bulk-kernel-1000', 'bulk-drawn-1000', 'bulk-growth-1000']);
    expect(ids('no such row')).toEqual([]);
  });

  it('give no two rows of a run the same name', () => {
    for (const words of [[], ['--quick', '--kernel']]) {
      const ids = planOf(readOptions(words)).flatMap(({ rows }) => rows.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe.skipIf(whyNoHelper() !== null)('the cost of a process', () => {
  const node = (code: string): readonly string[] => [process.execPath, '-e', code];

  it('is its own: time and memory of what it does, not of who started it', () => {
    const held = Buffer.alloc(3e8, 1);
    const idle = costOf({ words: node('0') });
    const busy = costOf({
      words: node(
        'const all = Buffer.alloc(2e8, 1); const end = Date.now() + 300; while (Date.now() < end) all[0]++',
      ),
    });
    expect(held[0]).toBe(1);
    expect(busy.memory - idle.memory).toBeGreaterThan(150);
    expect(idle.memory).toBeLessThan(150);
    expect(busy.cpu).toBeGreaterThan(idle.cpu);
    expect(busy.wall).toBeGreaterThan(0.3);
  });

  it('is none when it fails', () => {
    expect(() => costOf({ words: node('process.exit(3)') })).toThrow('ended with 3');
    expect(() => costOf({ words: ['/no/such/program'] })).toThrow('ended with 125');
  });
});
