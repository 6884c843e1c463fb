/** Packets of one flow, or single ones, held against what the kernel did with them. */
import { PacketError } from '../../../src/packet/complete.js';
import type { PacketInput } from '../../../src/packet/result.js';
import type { FlowTracer } from '../../../src/packet/trace.js';
import type { Observation } from '../adapter/judge.js';
import { type Comparison, compare } from './compare.js';
import type { Course } from './course.js';

/** What became of one packet; `skipped` is never agreement. */
export type PacketResult = { readonly packet: PacketInput } & (
  Comparison | { readonly kind: 'skipped'; readonly why: string }
);

/** Packets of one flow, or single ones, in the order in which they are sent. */
export function groupsOf(packets: readonly PacketInput[]): readonly (readonly PacketInput[])[] {
  const groups = new Map<string | PacketInput, PacketInput[]>();
  for (const packet of packets) {
    const key = packet.flow ?? packet;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [packet]);
    else group.push(packet);
  }
  return [...groups.values()].map((group) => group.toSorted((a, b) => (a.step ?? 0) - (b.step ?? 0)));
}

/** Walks the packets of one group, and compares each. */
export function compareGroup(
  tracer: FlowTracer,
  observations: readonly Observation[],
  course: Course,
): PacketResult[] {
  let answered = false;
  return observations.map((observation): PacketResult => {
    const packet = observation.sent;
    if (answered) return { packet, kind: 'skipped', why: 'a socket of the node has answered before' };
    answered = observation.delivered.length > 0 && observation.answers.length > 0;
    try {
      return { packet, ...compare(tracer.next(packet), observation, course) };
    } catch (error) {
      if (error instanceof PacketError)
        return { packet, kind: 'skipped', why: `natwalk refused the packet: ${error.message}` };
      const why = `natwalk threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      return { packet, kind: 'wrong', why };
    }
  });
}
