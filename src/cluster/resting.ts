/** What a way across a cluster rests on. */
import type { Outcome } from '../packet/result.js';
import type { PathOutcome } from './hop.js';

/** The answer rests on what the packet rested on, too: each is told once. */
export function withOthers(
  known: PathOutcome['assumptions'],
  node: string,
  more: Outcome['assumptions'],
): PathOutcome['assumptions'] {
  const keyOf = ({ code, params }: Outcome['assumptions'][number]): string => JSON.stringify([code, params]);
  const others = more.filter(
    (one) =>
      !known.some(
        (other) =>
          other.node === node && other.assumption.rule === one.rule && keyOf(other.assumption) === keyOf(one),
      ),
  );
  return [...known, ...others.map((assumption) => ({ node, assumption }))];
}
