/** A flow as a snapshot shows it: before each packet the kernel's table is listed, and natwalk begins from the listing alone. */
import { expect } from 'vitest';
import { type ConntrackEntry, printEntry } from '../../../src/packet/conntrack-entry.js';
import type { Node } from '../../../src/packet/node.js';
import type { Outcome, PacketInput, TraceResult } from '../../../src/packet/result.js';
import { FlowTracer, type TraceOptions } from '../../../src/packet/trace.js';
import { type SnapshotFile, loadNode } from '../../../src/snapshot/load.js';
import type { Sender, Tracer } from '../soak/flows/play.js';

const OPTIONS: TraceOptions = { steps: false };

/** Reads a listing beside the other dumps. What is read must be all of it: printed back it is what conntrack printed. */
export function withTable(files: readonly SnapshotFile[], lines: readonly string[]): Node {
  const text = lines.map((line) => `${line}\n`).join('');
  const node = loadNode('node', [...files, { name: 'conntrack.txt', text: `$ conntrack -L\n${text}` }]);
  expect((node.connections ?? []).map(printEntry)).toEqual(lines);
  return node;
}

/** What is special about a packet and its entry. */
function wordsOf(
  { conntrack }: Outcome,
  { name, state, mark, zone, replied }: ConntrackEntry,
  packet: PacketInput,
): string[] {
  const nat = (conntrack?.status ?? []).filter((word) => word.endsWith('_NAT'));
  return [
    ...[name, state ?? 'no state', replied ? 'replied' : 'unreplied', ...nat],
    ...(mark === 0 ? [] : ['mark']),
    ...(zone === null ? [] : [`zone ${zone.direction ?? 'of both'}`]),
    ...(packet.inner === undefined ? [] : ['error']),
  ];
}

/** Sends packets to the kernel, and tells natwalk of the table that was there before. */
export class DumpTracer implements Tracer, Sender {
  readonly #judge: Sender;
  readonly #files: readonly SnapshotFile[];
  #before: readonly string[] = [];
  #after: readonly string[] = [];
  /** Of the packet that was sent last: what its node answers comes on top of it, and is in no listing yet. */
  #tracer: FlowTracer | null = null;
  /** How many packets belonged to an entry of a dump, and what was special about these. */
  found = 0;
  readonly met = new Set<string>();

  constructor(judge: Sender, files: readonly SnapshotFile[]) {
    this.#judge = judge;
    this.#files = files;
  }

  async begin(): ReturnType<Sender['begin']> {
    const send = await this.#judge.begin();
    this.#after = [];
    return async (packet, sequence) => {
      this.#before = this.#after;
      const observation = await send(packet, sequence);
      this.#after = observation.conntrack;
      this.#tracer = null;
      return observation;
    };
  }

  next(packet: PacketInput): TraceResult {
    this.#tracer ??= new FlowTracer(withTable(this.#files, this.#before), OPTIONS);
    const result = this.#tracer.next(packet);
    const [outcome] = result.outcomes;
    if (outcome?.entry !== undefined) {
      this.found += 1;
      for (const word of wordsOf(outcome, outcome.entry, packet)) this.met.add(word);
    }
    return result;
  }
}
