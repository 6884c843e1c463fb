/** A walk as `tcpdump -t -i any -nn` on the node would print it: the packet at each interface that it passes. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { outcomeLines, textOf } from './heading.js';
import { hopsOfOutcome } from './hops.js';
import { tcpdumpWords } from './tcpdump-line.js';

/** What the node itself answers, which no walk follows. */
function refusal({ reject, unroutable }: Outcome, isForwarded: boolean): readonly string[] {
  if (reject !== null) return [`# the node answers ${reject.to} with ${reject.with}`];
  if (unroutable !== null && isForwarded)
    return [`# the node answers that there is no way: ${unroutable.errno}`];
  return [];
}

function linesOf(result: TraceResult, outcome: Outcome): readonly string[] {
  const seen = hopsOfOutcome(result, outcome).map(
    (hop) => `${hop.device.padEnd(5)} ${hop.direction.padEnd(3)} ${tcpdumpWords(hop)}`,
  );
  return [
    ...(seen.length === 0 ? ['# no interface sees it'] : seen),
    ...refusal(outcome, result.packet.in !== null),
    ...(outcome.reply === undefined ? [] : refusal(outcome.reply, true)),
  ];
}

/** The lines of each outcome; what the kernel draws is `LOW-HIGH`. */
export function renderTcpdump(result: TraceResult): string {
  return textOf(outcomeLines(result, (outcome) => linesOf(result, outcome)));
}
