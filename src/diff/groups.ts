/**
 * Packets that the nodes treat differently, by cause; of each group, of those that make the greatest difference, the packet
 * with the least to say.
 */
import type { Outcome, PacketInput, TraceResult } from '../packet/result.js';
import { type Cause, causeOf } from './cause.js';
import { parting } from './outcomes.js';
import { shrink, sizeOf } from './shrink.js';
import type { Both, PairWalker } from './walker.js';

/** Packets that are treated differently for one cause, with the smallest of them. */
export interface Group {
  readonly cause: Cause;
  /** Packets of it that were walked. */
  readonly count: number;
  /** The smallest of them, shrunk. */
  readonly packet: PacketInput;
  readonly a: TraceResult;
  readonly b: TraceResult;
}

interface Open {
  count: number;
  packet: PacketInput;
  grade: number;
  size: number;
}

/** What of an outcome people ask for first, the most telling last. */
const ASPECTS: readonly ((outcome: Outcome) => string)[] = [
  ({ final }) => [final.src, final.sport, final.dst, final.dport].join(' '),
  ({ egress }) => [egress?.iface, egress?.via].join(' '),
  ({ verdict }) => verdict,
];

/** How much of a difference two results make: of addresses 1, of ways out 2, of verdicts 3; of anything else 0. */
function gradeOf(a: TraceResult, b: TraceResult): number {
  const told = ({ outcomes }: TraceResult, aspect: (outcome: Outcome) => string): string =>
    [...new Set(outcomes.map(aspect))].toSorted().join('\n');
  return ASPECTS.findLastIndex((aspect) => told(a, aspect) !== told(b, aspect)) + 1;
}

/** So many groups are kept apart; packets of further causes are only counted. */
const MOST = 1000;

/** Groups of one agreement: packets that are treated differently, or perhaps. */
export class Groups {
  readonly #groups = new Map<string, Open>();
  readonly #walker: PairWalker;
  readonly #wanted: 'different' | 'open';
  readonly #differs: ReadonlySet<object>;
  #total = 0;
  #beyond = 0;

  constructor(walker: PairWalker, wanted: 'different' | 'open', differs: ReadonlySet<object>) {
    this.#walker = walker;
    this.#wanted = wanted;
    this.#differs = differs;
  }

  /** Packets in all groups. */
  get total(): number {
    return this.#total;
  }

  /** Packets whose cause came after as many others as are kept. */
  get beyond(): number {
    return this.#beyond;
  }

  #cause(a: TraceResult, b: TraceResult): Cause {
    return causeOf(...parting(a, b), this.#differs);
  }

  /** Adds a packet whose results, with steps, do not agree. */
  add(packet: PacketInput, { a, b }: Both): void {
    this.#total += 1;
    const { key } = this.#cause(a, b);
    const size = sizeOf(packet);
    const grade = gradeOf(a, b);
    const known = this.#groups.get(key);
    if (known === undefined) {
      if (this.#groups.size >= MOST) this.#beyond += 1;
      else this.#groups.set(key, { count: 1, packet, grade, size });
      return;
    }
    known.count += 1;
    if (grade < known.grade || (grade === known.grade && size >= known.size)) return;
    known.packet = packet;
    known.grade = grade;
    known.size = size;
  }

  /** The groups, the largest first, each with its packet shrunk. */
  shrunk(most: number): readonly Group[] {
    const all = [...this.#groups].toSorted(([, x], [, y]) => y.count - x.count);
    return all.slice(0, most).flatMap(([key, { count, packet, grade }]) => {
      const smallest = packet.flow === undefined ? this.#shrink(packet, key, grade) : packet;
      const settled = this.#walker.settled(smallest) ?? smallest;
      const both = this.#walker.walk(settled, true);
      if (both === null) return [];
      const { a, b } = both;
      return [{ cause: this.#cause(a, b), count, packet: smallest, a, b }];
    });
  }

  get size(): number {
    return this.#groups.size;
  }

  #shrink(packet: PacketInput, key: string, grade: number): PacketInput {
    return shrink(packet, (candidate) => {
      if (candidate.in === undefined && !this.#walker.agreesOnWayIn(candidate)) return false;
      const settled = this.#walker.settled(candidate);
      const both = settled === null ? null : this.#walker.walk(settled, true);
      if (both?.agreement !== this.#wanted || gradeOf(both.a, both.b) < grade) return false;
      return this.#cause(both.a, both.b).key === key;
    });
  }
}
