/** Walks one packet on both nodes: it must be the same packet, so that its way in is settled once. */
import { BatchWalker, type NumberedPacket } from '../packet/batch.js';
import { PacketError, complete } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { PacketInput, TraceResult } from '../packet/result.js';
import { trace } from '../packet/trace.js';
import { type Agreement, agreement } from './outcomes.js';

export interface Both {
  readonly a: TraceResult;
  readonly b: TraceResult;
  /** Null: there are more ways to go than are walked. */
  readonly agreement: Agreement | null;
}

/** So many outcomes of a packet are compared. */
const LIMIT = 1024;

const hasUnknown = ({ a, b }: Pick<Both, 'a' | 'b'>): boolean => a.truncated || b.truncated;

function judged(a: TraceResult, b: TraceResult): Both {
  return { a, b, agreement: hasUnknown({ a, b }) ? null : agreement(a, b) };
}

/** The device by which a packet comes in to a node; undefined where it cannot be walked. */
function deviceOf(node: Node, packet: PacketInput): string | null | undefined {
  try {
    return complete(node, packet).device;
  } catch (error) {
    if (error instanceof PacketError) return undefined;
    throw error;
  }
}

export class PairWalker {
  readonly #a: Node;
  readonly #b: Node;
  readonly #onWalk: () => void;

  /** @param onWalk called before each packet is walked */
  constructor(a: Node, b: Node, onWalk: () => void = () => undefined) {
    this.#a = a;
    this.#b = b;
    this.#onWalk = onWalk;
  }

  /** The packet with its way in, as the first node that can tell infers it; null when neither can. */
  settled(packet: PacketInput): PacketInput | null {
    if (packet.in !== undefined) return packet;
    const device = deviceOf(this.#a, packet) ?? deviceOf(this.#b, packet);
    if (device === undefined) return deviceOf(this.#a, packet) === null ? { ...packet, in: null } : null;
    return { ...packet, in: device };
  }

  /** Both nodes infer one and the same way in. */
  agreesOnWayIn(packet: PacketInput): boolean {
    const device = deviceOf(this.#a, packet);
    return device !== undefined && device === deviceOf(this.#b, packet);
  }

  /** Walks a packet whose way in is settled; null when one of the nodes cannot have it (no such device). */
  walk(packet: PacketInput, steps: boolean): Both | null {
    const options = { steps, reply: true, limit: LIMIT };
    this.#onWalk();
    try {
      return judged(trace(this.#a, packet, options), trace(this.#b, packet, options));
    } catch (error) {
      if (error instanceof PacketError) return null;
      throw error;
    }
  }

  /** Walks recorded packets, those of flows on top of each other; each with what came of it. */
  *recorded(
    packets: Iterable<PacketInput>,
    window: number,
  ): Generator<{ readonly packet: PacketInput; readonly both: Both | null }, void, undefined> {
    const options = { steps: true, reply: true, limit: LIMIT };
    const [a, b] = [new BatchWalker(this.#a, options), new BatchWalker(this.#b, options)];
    let waiting: NumberedPacket[] = [];
    const walked = function* (): ReturnType<PairWalker['recorded']> {
      const [linesA, linesB] = [[...a.window(waiting)], [...b.window(waiting)]];
      for (const [at, { packet }] of waiting.entries()) {
        const [one, other] = [linesA[at], linesB[at]];
        const fits = one !== undefined && other !== undefined && 'result' in one && 'result' in other;
        yield { packet, both: fits ? judged(one.result, other.result) : null };
      }
      waiting = [];
    };
    let number = 0;
    for (const packet of packets) {
      this.#onWalk();
      number += 1;
      waiting.push({ packet: this.settled(packet) ?? packet, number });
      if (waiting.length >= window) yield* walked();
    }
    yield* walked();
  }
}
