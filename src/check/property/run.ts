/** A property, tried: packets are drawn until one fails, and that one is made as simple as it can be. */
import type { Domain, Draw } from './domain.js';
import type { PacketInput } from '../../packet/result.js';
import { randomOf } from './random.js';
import type { PropertySpec } from './spec.js';

/** The most packets that are walked to find a simpler one. */
const MOST_SHRINKS = 2000;

export interface Tried<T> {
  /** What the simplest failing packet came to; null when none failed. */
  readonly failed: T | null;
  readonly walked: number;
  /** All packets that there are, when each was walked. */
  readonly all: number | null;
  readonly shrinks: number;
}

function* drawn(domain: Domain, { runs, seed }: PropertySpec): Generator<Draw, void, undefined> {
  if (domain.size <= BigInt(runs)) {
    yield* domain.all();
    return;
  }
  const random = randomOf(seed);
  for (let run = 0; run < runs; run += 1) yield domain.draw(random);
}

/**
 * Tries a property.
 * @param fails walks a packet; null when it does as the property says
 */
export function tryProperty<T>(
  domain: Domain,
  property: PropertySpec,
  fails: (packet: PacketInput) => T | null,
): Tried<T> {
  let walked = 0;
  const all = domain.size <= BigInt(property.runs) ? Number(domain.size) : null;
  for (const draw of drawn(domain, property)) {
    walked += 1;
    const failed = fails(domain.packet(draw));
    if (failed !== null) return { ...shrink(domain, draw, failed, fails), walked, all };
  }
  return { failed: null, walked, all, shrinks: 0 };
}

function shrink<T>(
  domain: Domain,
  first: Draw,
  firstFailed: T,
  fails: (packet: PacketInput) => T | null,
): Pick<Tried<T>, 'failed' | 'shrinks'> {
  let [draw, failed, shrinks, walks] = [first, firstFailed, 0, 0];
  for (let isSimpler = true; isSimpler && walks < MOST_SHRINKS;) {
    isSimpler = false;
    for (const candidate of domain.simpler(draw)) {
      walks += 1;
      const still = fails(domain.packet(candidate));
      if (still !== null) {
        [draw, failed] = [candidate, still];
        shrinks += 1;
        isSimpler = true;
        break;
      }
      if (walks >= MOST_SHRINKS) break;
    }
  }
  return { failed, shrinks };
}
