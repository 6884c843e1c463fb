/** Packets of one flow, or single ones, held against what the kernel did with them. */
import { PacketError } from '../../../src/packet/complete.js';
import type { PacketInput } from '../../../src/packet/result.js';
import type { FlowTracer } from '../../../src/packet/trace.js';
import type { Observation } from '../adapter/judge.js';
import { stackAnswer } from './flows/play.js';
import { type Comparison, compare } from './compare.js';
import type { Course } from './course.js';

/** What became of one packet; neither `refused` nor `skipped` is agreement: it was not sent. */
export type PacketResult = { readonly packet: PacketInput } & (Comparison | Unsent);

/** A tool or the kernel refused the snapshot (`example` is that in full), or it could not be judged. */
export type Unsent =
  | { readonly kind: 'refused'; readonly why: string; readonly example: string }
  | { readonly kind: 'skipped'; readonly why: string };

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

/**
 * Walks the packets of one group, and compares each. What the node's own stack answers is walked too, so that the packets
 * after it are known; it is held against the kernel in scripts.
 */
export function compareGroup(
  tracer: FlowTracer,
  observations: readonly Observation[],
  course: Course,
): PacketResult[] {
  return observations.map((observation, at): PacketResult => {
    const packet = observation.sent;
    try {
      const result: PacketResult = { packet, ...compare(tracer.next(packet), observation, course) };
      const answer = at + 1 < observations.length ? stackAnswer(observation) : null;
      if (answer !== null) tracer.next(answer);
      return result;
    } catch (error) {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const why = error instanceof PacketError ? `natwalk refused ${error.message}` : `natwalk threw ${said}`;
      // What is drawn can be sent, so that a packet that is refused is a mistake too.
      return { packet, kind: 'wrong', why };
    }
  });
}
