/** Runs diff, and random packets beside it, over the changes. */
import { type DiffResult, diff } from '../../src/diff/diff.js';
import { PairWalker } from '../../src/diff/walker.js';
import type { Node } from '../../src/packet/node.js';
import { loadNode } from '../../src/snapshot/load-any.js';
import type { Change, NodeName } from './change.js';
import { type Files, busyNode, eksNode, nativeNode } from './nodes.js';
import { type Sampling, randomPackets } from './sample.js';

export interface Row {
  readonly name: string;
  readonly node: NodeName;
  /** Packets that diff walked; of those treated differently, and their causes. */
  readonly walked: number;
  readonly different: number;
  readonly causes: number;
  /** As many random packets, in two kinds: after how many one is treated differently; null when none is. */
  readonly anywhere?: number | null;
  readonly routes?: number | null;
}

export const BUDGET = 2000;

function read(files: Files): Node {
  return loadNode(
    'node',
    Object.entries(files).map(([name, text]) => ({ name, text })),
  );
}

const MAKERS: Readonly<Record<NodeName, () => Files>> = { eks: eksNode, busy: busyNode, native: nativeNode };

/** What a node and its change come to. */
export function changed({ node, apply }: Change): { readonly a: Node; readonly b: Node } {
  const files = MAKERS[node]();
  return { a: read(files), b: read(apply(files)) };
}

/** Compares a node with its change. */
export function compared(change: Change, budget = BUDGET): DiffResult {
  const { a, b } = changed(change);
  return diff(a, b, { budget, groups: 1 });
}

/** After how many random packets one is treated differently; null when none of them is. */
function atRandom(a: Node, b: Node, count: number, seed: number, sampling: Sampling): number | null {
  const walker = new PairWalker(a, b);
  let walked = 0;
  for (const packet of randomPackets(a, count, seed, sampling)) {
    walked += 1;
    if (walker.walk(packet, false)?.agreement === 'different') return walked;
  }
  return null;
}

/** The row of a change. @param seed of the random packets; null for none */
export function rowOf(change: Change, seed: number | null): Row {
  const { a, b } = changed(change);
  const { different, groupCount, coverage } = diff(a, b, { budget: BUDGET, groups: 1 });
  const { name, node } = change;
  const row = { name, node, walked: coverage.walked, different, causes: groupCount };
  if (seed === null) return row;
  const sampled = (sampling: Sampling): number | null => atRandom(a, b, coverage.walked, seed, sampling);
  return { ...row, anywhere: sampled('anywhere'), routes: sampled('routes') };
}
