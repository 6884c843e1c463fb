/** natwalk says of every fact what is expected; `test/kernel/facts.test.ts` asks the kernel. */
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/packet/result.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { SECTIONS } from './all.js';
import type { Expected, Fact } from './fact.js';
import { foundInOutcome } from './hold.js';
import { filesOf } from './node.js';
import { NOT_JUDGED } from './not-judged.js';

function matches(expected: Expected, outcome: Outcome): boolean {
  const { expected: wanted, found } = foundInOutcome(expected, outcome);
  return JSON.stringify(wanted) === JSON.stringify(found);
}

/** Every outcome is one of what is expected, and all that is expected can come out. */
function hold(expected: readonly Expected[], outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    const fitting = expected.find((one) => matches(one, outcome)) ?? expected[0];
    if (fitting === undefined) throw new Error('the fact expects nothing');
    const { expected: wanted, found } = foundInOutcome(fitting, outcome);
    expect(found).toEqual(wanted);
  }
  expect(expected.filter((one) => !outcomes.some((outcome) => matches(one, outcome)))).toEqual([]);
}

function run({ node, family, backends, steps }: Fact): void {
  for (const backend of backends) {
    const files = Object.entries(filesOf(node, family, backend)).map(([name, text]) => ({ name, text }));
    const loaded = loadNode('fact', files);
    const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code }) => code)).toEqual([]);
    const tracer = new FlowTracer(loaded);
    for (const { packet, expect: given, because } of steps) {
      const { outcomes } = tracer.next(packet);
      hold([given].flat(), outcomes);
      const codes = new Set(outcomes.flatMap(({ assumptions }) => assumptions.map(({ code }) => code)));
      expect([...codes].sort()).toEqual([...because].sort());
    }
  }
}

describe.each(SECTIONS.map((section) => [section.title, section] as const))('%s', (_title, { facts }) => {
  it.each(facts.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    run(one);
  });
});

it('what has no fact has a reason, once, and no fact after all', () => {
  const abouts = NOT_JUDGED.map(({ about }) => about);
  const names = new Set(SECTIONS.flatMap(({ facts }) => facts.map(({ name }) => name)));
  expect(new Set(abouts).size).toBe(abouts.length);
  expect(NOT_JUDGED.filter(({ about, reason }) => reason === '' || names.has(about))).toEqual([]);
});

it('names every fact once', () => {
  const names = SECTIONS.flatMap(({ facts }) => facts.map(({ name }) => name));
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
