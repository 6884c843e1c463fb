/** The first two packets of a connection: only the first meets nat, so that a mark may be there once and not again. */
import { PacketError } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { PacketInput } from '../packet/result.js';
import { FlowTracer } from '../packet/trace.js';
import type { Shown } from './finding.js';

/** The same packet twice in one connection; null unless each has one outcome that is sure. */
export function twice(node: Node, packet: PacketInput): readonly [Shown, Shown] | null {
  const tracer = new FlowTracer(node);
  try {
    const shown = [packet, packet].map((one): Shown | null => {
      const result = tracer.next(one);
      const [outcome, ...more] = result.outcomes;
      return outcome === undefined || more.length > 0 || outcome.assumptions.length > 0
        ? null
        : { packet: one, result, outcome };
    });
    const [first, second] = shown;
    return first === null || second === null || first === undefined || second === undefined
      ? null
      : [first, second];
  } catch (error) {
    if (error instanceof PacketError) return null;
    throw error;
  }
}

/** Do the two leave by different devices? */
export function parts([first, second]: readonly [Shown, Shown]): boolean {
  const [one, two] = [first.outcome.egress?.iface ?? null, second.outcome.egress?.iface ?? null];
  return one !== null && two !== null && one !== two;
}
