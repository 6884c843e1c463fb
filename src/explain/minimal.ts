/** One stable line per outcome, for regression tests: words and order never change with the language. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { backendOf, tableNameOf } from '../packet/any-rule.js';
import { finalDestination, finalSource } from './endpoint.js';
import { sanitize } from './sanitize.js';

function probability(value: number | null): string {
  return value === null ? '?' : String(Number(value.toPrecision(6)));
}

function ending(outcome: Outcome): string[] {
  switch (outcome.verdict) {
    case 'forwarded':
    case 'sent': {
      const via = outcome.egress?.via ?? null;
      return [outcome.egress?.iface ?? '?', ...(via === null ? [] : ['via', via])];
    }
    case 'dropped': {
      const rule = outcome.drop?.rule ?? null;
      const { table, chain, reason } = outcome.drop ?? { table: undefined, chain: undefined, reason: '?' };
      const backend = rule === null ? undefined : backendOf(rule);
      if (rule !== null)
        return [
          'in',
          `${backend === undefined ? '' : `${backend}:`}${tableNameOf(rule)}:${rule.chain}:${String(rule.number)}`,
        ];
      return ['by', table === undefined || chain === undefined ? reason : `${reason}:${table}:${chain}`];
    }
    case 'rejected':
      return ['with', outcome.reject?.with ?? '?'];
    case 'unroutable':
      return [outcome.unroutable?.errno ?? '?'];
    case 'delivered':
      return [];
  }
}

/** `forwarded ens5 via 192.168.32.1 src 192.168.45.10:1024-65535 dst 203.0.113.9:443 p=1` */
export function minimalLine(outcome: Outcome): string {
  const words = [
    outcome.verdict,
    ...ending(outcome),
    'src',
    finalSource(outcome.final),
    'dst',
    finalDestination(outcome.final),
  ];
  words.push(`p=${probability(outcome.probability)}`);
  return sanitize(words.join(' '));
}

/** One line per outcome, and `truncated` when there are more than were walked; each ends with a line feed. */
export function renderMinimal(result: TraceResult): string {
  const lines = result.outcomes.map(minimalLine);
  return [...lines, ...(result.truncated ? ['truncated'] : [])].map((line) => `${line}\n`).join('');
}
