/**
 * Golden files: a walk as it was when somebody looked at it and found it right. Their words are those of the kernel and of
 * `-o minimal`, in every language and release the same: only what the node does changes them.
 */
import { packetText } from '../explain/endpoint.js';
import { minimalLine } from '../explain/minimal.js';
import { sanitize } from '../explain/sanitize.js';
import type { Outcome, TraceResult } from '../packet/result.js';
import { placeOf } from './compare.js';
import type { Failure } from './result.js';
import type { Golden } from './spec.js';

function outcomeLines(outcome: Outcome): readonly string[] {
  const { egress, final, conntrack, assumptions, path, pathMaybe } = outcome;
  const codes = [...new Set(assumptions.map(({ code }) => code))].sort();
  return [
    minimalLine(outcome),
    ...(egress === null
      ? []
      : [`  route: rule ${String(egress.policyRule)} table ${egress.table} ${egress.route ?? '?'}`]),
    `  mark: ${final.mark}${conntrack === null ? '' : ` ct ${conntrack.mark}`}`,
    ...codes.map((code) => `  rests on: ${code}`),
    ...path.map((entry) => `  path: ${entry}`),
    ...pathMaybe.map((entry) => `  path, maybe: ${entry}`),
  ];
}

/** The text of a golden file. */
export function goldenText({ packet, outcomes }: TraceResult): string {
  const head = `${packetText(packet)} in ${packet.in ?? 'local'}`;
  return [head, ...outcomes.flatMap(outcomeLines)].map((line) => `${sanitize(line)}\n`).join('');
}

/** Line ends of any system, and no blank line at the end. */
const linesOf = (text: string): readonly string[] => text.replaceAll('\r\n', '\n').trimEnd().split('\n');

/** How a walk differs from its golden file; null when it does not. */
export function goldenFailure({ path, span }: Golden, kept: string | null, text: string): Failure | null {
  const place = placeOf(span);
  if (kept === null) {
    const said = { code: 'CHECK_FAIL_NO_GOLDEN', params: { path } };
    return { key: 'golden', place, values: null, said, outcome: null };
  }
  const [before, after] = [linesOf(kept), linesOf(text)];
  const most = Math.max(before.length, after.length);
  for (let at = 0; at < most; at += 1) {
    const [expected, got] = [before[at], after[at]];
    if (expected === got) continue;
    const line = `${path}:${String(at + 1)}`;
    const values = { expected: `${line} ${expected ?? ''}`.trimEnd(), got: `${line} ${got ?? ''}`.trimEnd() };
    return { key: 'golden', place, values, said: null, outcome: null };
  }
  return null;
}
