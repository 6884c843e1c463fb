/** The known walks of an EKS node: what each packet comes to, and why. The kernel confirms the same table. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/explain/facts.js';
import { renderMinimal } from '../../src/explain/minimal.js';
import { renderSummary } from '../../src/explain/summary.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from './all.js';
import { UNORDERED, packetsOf } from './case.js';
import { expectWays } from './ways.js';

const nodes = new Map([...byFixture.keys()].map((fixture) => [fixture, nodeOf(fixture)]));

describe.each([...byFixture])('%s', (fixture, cases) => {
  const node = nodes.get(fixture);
  if (node === undefined) throw new Error(fixture);

  it('is read without a finding', () => {
    const expected = fixture.endsWith('/mixed-backends') ? ['RULE_TWO_BACKENDS'] : [];
    expect(node.diagnostics.map(({ code }) => code)).toEqual(expected);
  });

  it.each(cases.map((walk) => [walk.id, walk.title, walk] as const))('%s: %s', (_id, _title, walk) => {
    const tracer = new FlowTracer(node);
    for (const [at, packet] of packetsOf(walk).entries()) {
      const { expected = { verdict: 'dropped' }, or = [] } = walk.steps[at] ?? {};
      const { outcomes } = tracer.next(packet);
      const assumed = new Set(outcomes.flatMap(({ assumptions }) => assumptions.map(({ code }) => code)));
      if (UNORDERED.has(fixture)) assumed.delete('UNK_TABLE_ORDER');
      else if (or.length === 0) expect(outcomes).toMatchObject([{ probability: 1 }]);
      expect([...assumed]).toEqual([]);
      expectWays(outcomes, [expected, ...or]);
    }
  });

  it('reads as before', async () => {
    const lines = cases.flatMap((walk) => {
      const tracer = new FlowTracer(node);
      return packetsOf(walk).map(
        (packet) => `${packet.id ?? ''}: ${renderMinimal(tracer.next(packet)).trimEnd()}\n`,
      );
    });
    await expect(lines.join('')).toMatchFileSnapshot(`golden/${basename(fixture)}.minimal.golden`);
  });
});

it('tells the default walks as before', async () => {
  const [fixture = '', cases = []] = [...byFixture][0] ?? [];
  const node = nodes.get(fixture);
  if (node === undefined) throw new Error(fixture);
  const texts = cases.flatMap((walk) => {
    const tracer = new FlowTracer(node);
    return packetsOf(walk).map(
      (packet) =>
        `## ${packet.id ?? ''} ${walk.title}\n${renderSummary(tracer.next(packet), { facts: factsOf(node) })}\n`,
    );
  });
  await expect(texts.join('')).toMatchFileSnapshot('golden/eks-node.summary.golden');
});
