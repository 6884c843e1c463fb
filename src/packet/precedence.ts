/** Which functions of one priority come before which others, as far as a walk knows or has assumed. */
import { decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import type { ConnectionTable } from './connection-table.js';
import type { Assumption } from './result.js';
import type { Walk } from './walk.js';

/** Message id of what is assumed about an order. */
export const ORDER_CODE = 'UNK_TABLE_ORDER';

/** Pairs of labels, and all that follows from them. */
export class Precedence {
  readonly #later = new Map<string, Set<string>>();

  copy(): Precedence {
    const copy = new Precedence();
    for (const [label, later] of this.#later) copy.#later.set(label, new Set(later));
    return copy;
  }

  /** From now on, the first comes before the second. */
  add(first: string, second: string): void {
    const later = this.#later.get(first) ?? new Set<string>();
    later.add(second);
    this.#later.set(first, later);
  }

  #leads(from: string, to: string): boolean {
    const seen = new Set<string>();
    const todo = [from];
    for (let label = todo.pop(); label !== undefined; label = todo.pop()) {
      if (label === to) return true;
      if (seen.has(label)) continue;
      seen.add(label);
      todo.push(...(this.#later.get(label) ?? []));
    }
    return false;
  }

  /** Does the first come before the second? Null: nothing says. */
  of(first: string, second: string): boolean | null {
    if (this.#leads(first, second)) return true;
    return this.#leads(second, first) ? false : null;
  }

  /** The same, asked where nothing says. The first of the two is the one that the snapshot lists first. */
  ask(walk: Walk, first: string, second: string): boolean {
    const known = this.of(first, second);
    if (known !== null) return known;
    const question = unsure(`order of ${first} and ${second}`, ORDER_CODE, { first, second });
    const answer = decide(walk.chooserFor(null), question);
    if (answer) this.add(first, second);
    else this.add(second, first);
    return answer;
  }

  /**
   * Asks which of several comes first; what that says of each pair is noted.
   * @param labels as the snapshot lists them; of no two it is known which comes first
   * @returns the index of the first
   */
  askFirst(walk: Walk, labels: readonly string[]): number {
    const [one, two, ...more] = labels;
    if (one === undefined || two === undefined) return 0;
    if (more.length === 0) return this.ask(walk, one, two) ? 0 : 1;
    const key = `first of ${labels.join(', ')}`;
    const chosen = walk.chooserFor(null).choose(
      key,
      labels.map(() => ({ probability: null, assumption: null })),
    );
    for (const [at, label] of labels.entries()) {
      if (at === chosen) continue;
      const [first, second] = [labels[Math.min(at, chosen)] ?? '', labels[Math.max(at, chosen)] ?? ''];
      walk.assume(ORDER_CODE, { first, second, answer: chosen < at ? 'yes' : 'no' });
      this.add(labels[chosen] ?? '', label);
    }
    return chosen;
  }
}

/** One for all walks that share conntrack state: a packet's and its answer's. */
const KNOWN = new WeakMap<ConnectionTable, Precedence>();

/** What a walk has assumed about orders until now. */
export function precedenceOf({ connections }: Walk): Precedence {
  const known = KNOWN.get(connections) ?? new Precedence();
  KNOWN.set(connections, known);
  return known;
}

/** Takes over what earlier packets of the flow have assumed: an order is the same for all of them. */
export function rememberOrders(connections: ConnectionTable, earlier: readonly Assumption[]): void {
  const orders = earlier.filter(({ code }) => code === ORDER_CODE);
  if (orders.length === 0) return;
  const known = new Precedence();
  for (const { params } of orders) {
    const pair = [String(params['first']), String(params['second'])] as const;
    if (params['answer'] === 'yes') known.add(pair[0], pair[1]);
    else known.add(pair[1], pair[0]);
  }
  KNOWN.set(connections, known);
}
