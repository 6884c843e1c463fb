/** Whether a walk came to what the table of known walks says. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Outcome } from '../../src/packet/result.js';
import type { Expected } from './case.js';

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
export function expectWays(outcomes: readonly Outcome[], ways: readonly [Expected, ...Expected[]]): void {
  for (const outcome of outcomes) {
    const way = ways.find((one) => is(outcome, one)) ?? ways[0];
    expect(found(outcome, way)).toEqual(way);
  }
  for (const way of ways) expect(outcomes.filter((outcome) => is(outcome, way))).not.toEqual([]);
}
