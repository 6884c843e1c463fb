/** The known walks of an EKS node: what each packet comes to, and why. The kernel confirms the same table. */
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/explain/facts.js';
import { renderMinimal } from '../../src/explain/minimal.js';
import { renderSummary } from '../../src/explain/summary.js';
import type { Outcome } from '../../src/packet/result.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from './all.js';
import { type Expected, UNORDERED, packetsOf } from './case.js';

const nodes = new Map([...byFixture.keys()].map((fixture) => [fixture, nodeOf(fixture)]));

function endpoint(
  wanted: string,
  address: string | undefined,
  port: number | undefined,
  range: readonly [number, number] | undefined,
): string {
  if (!wanted.endsWith(':*')) return `${address ?? '?'}:${String(port ?? range?.join('-'))}`;
  const drawn = port !== undefined || (range !== undefined && range[1] - range[0] > 20000);
  return drawn ? `${address ?? '?'}:*` : `${address ?? '?'}:${String(range)}`;
}

function withoutMarkOf(outcome: Outcome): Expected['withoutMark'] {
  const found = outcome.steps.flatMap((step) => (step.kind === 'route' ? (step.withoutMark ?? []) : []))[0];
  return found === undefined ? undefined : { rule: found.rule?.priority ?? -1, device: found.device ?? '' };
}

/** What the walk came to, in the words of the table (those that the table gives). */
function found(outcome: Outcome, wanted: Expected): Partial<Record<keyof Expected, unknown>> {
  const { final, egress, snat, drop } = outcome;
  const all: Readonly<Record<keyof Expected, unknown>> = {
    verdict: outcome.verdict,
    out: egress?.iface,
    via: egress?.via ?? null,
    src: endpoint(wanted.src ?? '', final.src, final.sport, final.sportRange),
    dst: endpoint(wanted.dst ?? '', final.dst, final.dport, final.dportRange),
    rule: egress?.policyRule,
    table: egress?.table,
    snat: snat === null ? null : `${snat.rule?.chain ?? '?'}:${String(snat.rule?.number)}`,
    drop: drop?.reason,
    withoutMark: withoutMarkOf(outcome),
  };
  return Object.fromEntries(Object.entries(all).filter(([key]) => key in wanted));
}

const is = (outcome: Outcome, way: Expected): boolean => isDeepStrictEqual(found(outcome, way), way);

/** Every outcome is one of the ways, and every way comes about. */
function expectWays(outcomes: readonly Outcome[], ways: readonly [Expected, ...Expected[]]): void {
  for (const outcome of outcomes) {
    const way = ways.find((one) => is(outcome, one)) ?? ways[0];
    expect(found(outcome, way)).toEqual(way);
  }
  for (const way of ways) expect(outcomes.filter((outcome) => is(outcome, way))).not.toEqual([]);
}

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
