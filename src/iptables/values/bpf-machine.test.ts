import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scene } from '../../../test/support/view.js';
import { PacketBytes } from '../packet-bytes.js';
import { known } from './bits.js';
import { returnsTrue } from './bpf-machine.js';
import { type Instruction, type Program, isProgram, printProgram, readProgram } from './bpf-program.js';
import { fits, printExpression, readExpression } from './u32.js';

const bytesOf = (words: string): PacketBytes => new PacketBytes(scene(words).packet);
const run = (text: string, words = 'length=60'): boolean | null => {
  const program = readProgram(text);
  if (program === null) throw new Error(`not a program: ${text}`);
  return returnsTrue(program, bytesOf(words), { family: 4, mark: known(7), hasDevice: true });
};

const CODES = [
  ...[0x20, 0x28, 0x30, 0x80, 0x40, 0x48, 0x50, 0x00, 0x60, 0x81, 0xb1, 0x01, 0x61, 0x02, 0x03, 0x05, 0x06],
  ...[0x16, 0x07, 0x87, 0x84, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64],
  ...[0x6c, 0x74, 0x7c, 0x94, 0x9c, 0xa4, 0xac, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d],
];
const instruction: fc.Arbitrary<Instruction> = fc.record({
  code: fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...CODES) }, fc.integer({ min: 0, max: 0xffff })),
  jt: fc.integer({ min: 0, max: 4 }),
  jf: fc.integer({ min: 0, max: 4 }),
  k: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 64 }) },
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.integer({ min: 0, max: 20 }).map((at) => 0xfffff000 + 4 * at),
  ),
});
const END: Instruction = { code: 0x16, jt: 0, jf: 0, k: 0 };
/** Programs as somebody might write them who wants to do harm: many are refused, the others are run. */
const programs = fc
  .array(instruction, { maxLength: 40 })
  .map((list): Program => [...list, ...Array.from({ length: 5 }, () => END)]);

describe('the BPF machine', () => {
  it('runs every program that the checker takes, and says the same of a packet that is known better', () => {
    let taken = 0;
    fc.assert(
      fc.property(programs, (program) => {
        expect(readProgram(printProgram(program))).toEqual(program);
        if (!isProgram(program)) return;
        taken += 1;
        const [vague, better] = ['', 'length=60'].map((words) =>
          returnsTrue(program, bytesOf(words), { family: 4, mark: known(7), hasDevice: true }),
        );
        if (vague !== null) expect(better).toBe(vague);
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(20);
  });

  it('gives up on a program whose ways double at every unknown jump', () => {
    const forks = Array.from({ length: 30 }, () => '40 0 0 4,21 0 0 7,135 0 0 0').flatMap((line) =>
      line.split(','),
    );
    const lines = [...forks.filter((line) => !line.startsWith('135')), '6 0 0 1'];
    expect(run([lines.length, ...lines].join(','))).toBe(true);
    // Both ways differ in what they add: nothing brings them together again.
    const doubling = Array.from({ length: 20 }, (_, at) => [
      '40 0 0 4',
      `69 0 1 ${1 << (at % 16)}`,
      '4 0 0 1',
    ]).flat();
    const all = [...doubling, '84 0 0 0', '6 0 0 1'];
    const start = performance.now();
    expect(run([all.length, ...all].join(','))).toBeNull();
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('ends with 0 where bytes are missing, and with A where there is no device', () => {
    expect(run('2,48 0 0 60,6 0 0 1')).toBe(false);
    expect(run('2,48 0 0 59,6 0 0 1')).toBe(true);
    const device = (text: string, hasDevice: boolean): boolean | null =>
      returnsTrue(readProgram(text) ?? [], bytesOf(''), { family: 4, mark: known(7), hasDevice });
    expect(device('3,0 0 0 1,32 0 0 4294963208,6 0 0 0', true)).toBe(false);
    expect(device('3,0 0 0 1,32 0 0 4294963208,6 0 0 0', false)).toBe(true);
    expect(device('3,0 0 0 0,32 0 0 4294963228,6 0 0 1', false)).toBe(false);
    expect(device('2,32 0 0 4294963208,22 0 0 0', true)).toBeNull();
    expect(device('2,48 0 0 4292870144,6 0 0 1', true)).toBeNull();
    expect(device('2,48 0 0 4292870144,6 0 0 1', false)).toBe(false);
  });
});

describe('u32', () => {
  const number = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 0xffffffff }));
  const step = fc.oneof(
    fc.tuple(fc.constantFrom('&', '@'), number),
    fc.tuple(fc.constantFrom('<<', '>>'), fc.integer({ min: 0, max: 31 })),
  );
  const range = fc.tuple(number, number).map(([from, to]) => `${String(from)}:${String(to)}`);
  const test = fc
    .tuple(number, fc.array(step, { maxLength: 9 }), fc.array(range, { minLength: 1, maxLength: 10 }))
    .map(([start, steps, ranges]) => `${String(start)}${steps.flat().join('')}=${ranges.join(',')}`);
  const expressions = fc.array(test, { minLength: 1, maxLength: 10 }).map((tests) => tests.join('&&'));

  it('reads back what it prints, and says the same of a packet that is known better', () => {
    fc.assert(
      fc.property(expressions, (text) => {
        const tests = readExpression(text);
        expect(tests).not.toBeNull();
        if (tests === null) return;
        expect(readExpression(printExpression(tests))).toEqual(tests);
        const vague = fits(tests, bytesOf(''));
        if (vague !== null) expect(fits(tests, bytesOf('length=60'))).toBe(vague);
      }),
    );
  });

  it('takes any text without a complaint of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123xf&=<>@:, \t')) }), (text) => {
        const tests = readExpression(text);
        expect([null, true, false]).toContain(tests === null ? null : fits(tests, bytesOf('')));
      }),
    );
  });
});
