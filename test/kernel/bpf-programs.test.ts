/** Which BPF programs the kernel takes, against natwalk's checker: random programs, one rule each. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Instruction,
  type Program,
  isProgram,
  printProgram,
} from '../../src/iptables/values/bpf-program.js';
import { whyNoKernel } from './available.js';

const namespace = `natwalk-bpf-${String(process.pid)}`;
const reason = whyNoKernel();
const SEED = 20_260_105;
const COUNT = 300;

const LOADS = [0x20, 0x28, 0x30, 0x80, 0x40, 0x48, 0x50, 0x00, 0x81, 0xb1, 0x01];
const ARITHMETIC = [0x04, 0x0c, 0x14, 0x24, 0x34, 0x3c, 0x44, 0x54, 0x64, 0x6c, 0x74, 0x84, 0x94, 0x9c, 0xa4];
const JUMPS = [0x05, 0x15, 0x1d, 0x25, 0x35, 0x45, 0x4d];
const ALL = [
  ...LOADS,
  ...ARITHMETIC,
  ...JUMPS,
  ...JUMPS,
  0x60,
  0x61,
  0x02,
  0x02,
  0x03,
  0x06,
  0x16,
  0x07,
  0x87,
];

const instruction: fc.Arbitrary<Instruction> = fc.record({
  code: fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...ALL) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xff }) },
  ),
  jt: fc.integer({ min: 0, max: 3 }),
  jf: fc.integer({ min: 0, max: 3 }),
  k: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 3 }) },
    fc.constantFrom(15, 16, 31, 32, 0x7fffffff, 0x80000000, 0xffffefff, 0xffffffff),
    fc.integer({ min: 0, max: 18 }).map((at) => 0xfffff000 + 4 * at),
  ),
});
const programs = fc
  .tuple(fc.array(instruction, { maxLength: 7 }), fc.constantFrom(0x06, 0x16, 0x16, 0x16, 0x04))
  .map(([list, code]): Program => [
    ...list,
    ...[code, code].map((end) => ({ code: end, jt: 0, jf: 0, k: 1 })),
  ]);

const inside = (command: readonly string[], input = ''): boolean =>
  spawnSync('ip', ['netns', 'exec', namespace, ...command], { input }).status === 0;

function kernelTakes(program: Program): boolean {
  const rule = `-A INPUT -m bpf --bytecode "${printProgram(program)}"`;
  return inside(['iptables-legacy-restore', '-w'], `*filter\n${rule}\nCOMMIT\n`);
}

describe.skipIf(reason !== null)(`BPF programs${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(() => {
    spawnSync('ip', ['netns', 'add', namespace]);
  });
  afterAll(() => {
    spawnSync('ip', ['netns', 'del', namespace]);
  });

  it('are taken by the kernel where natwalk takes them, and by nobody else', { timeout: 120_000 }, () => {
    const drawn = fc.sample(programs, { seed: SEED, numRuns: COUNT });
    const taken = drawn.filter(isProgram);
    expect(taken.length).toBeGreaterThan(COUNT / 10);
    expect(taken.length).toBeLessThan((COUNT * 9) / 10);
    const differing = drawn.filter((program) => isProgram(program) !== kernelTakes(program));
    expect(differing.map(printProgram)).toEqual([]);
  });
});
