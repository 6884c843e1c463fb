/** What a kernel draws for a connection: ports and identifiers out of a range. */
import type { Outcome, TupleText } from '../../packet/result.js';
import type { Random } from './random.js';

/** Values that the kernel draws, drawn once for a connection. */
export class Draws {
  readonly #random: Random;
  readonly #drawn = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  number(value: number | undefined, range: readonly [number, number] | undefined): number | undefined {
    if (range === undefined) return value;
    const key = range.join('-');
    const known = this.#drawn.get(key) ?? this.#random.between(range[0], range[1]);
    this.#drawn.set(key, known);
    return known;
  }

  /** What stands for the lowest of a range that was drawn from; any other number for itself. */
  inPlaceOf(number: number | undefined): number | undefined {
    const found = [...this.#drawn].find(([key]) => key.startsWith(`${String(number)}-`));
    return found?.[1] ?? number;
  }

  /** What is seen of a drawn port is the port. */
  headers(outcome: Outcome): Outcome {
    const steps = outcome.steps.map((step) =>
      'changes' in step ? { ...step, changes: step.changes.map((change) => this.#change(change)) } : step,
    );
    return { ...outcome, steps };
  }

  #change<T extends { readonly field: string; readonly to: string }>(change: T): T {
    const [, head = '', low, high] = /^(.*(?::| id ))(\d{1,5})-(\d{1,5})$/.exec(change.to) ?? [];
    if (low === undefined || high === undefined) return change;
    return { ...change, to: `${head}${String(this.number(undefined, [Number(low), Number(high)]))}` };
  }

  tuple(tuple: TupleText): TupleText {
    const { sportRange, dportRange, icmpIdRange, srcRange, dstRange, ...rest } = tuple;
    const [sport, dport, icmpId] = [
      this.number(tuple.sport, sportRange),
      this.number(tuple.dport, dportRange),
      this.number(tuple.icmpId, icmpIdRange),
    ];
    return {
      ...rest,
      ...(srcRange === undefined ? {} : { src: srcRange[0] }),
      ...(dstRange === undefined ? {} : { dst: dstRange[0] }),
      ...(sport === undefined ? {} : { sport }),
      ...(dport === undefined ? {} : { dport }),
      ...(icmpId === undefined ? {} : { icmpId }),
    };
  }

  /** The entry as the kernel has it. */
  settled(outcome: Outcome): Outcome {
    const { conntrack } = outcome;
    if (conntrack === null) return outcome;
    const { original, reply } = conntrack;
    return {
      ...outcome,
      conntrack: { ...conntrack, original: this.tuple(original), reply: this.tuple(reply) },
    };
  }
}
