/** The known walks of every lab node, by its folder. */
import type { WalkCase } from '../walks/case.js';
import { EKS_WALKS } from './eks-walks.js';
import { METAL_WALKS } from './metal-walks.js';

const all = [...EKS_WALKS, ...METAL_WALKS];

export const byNode: ReadonlyMap<string, readonly WalkCase[]> = new Map(
  [...new Set(all.flatMap((walk) => walk.fixtures))].map((node) => [
    node,
    all.filter((walk) => walk.fixtures.includes(node)),
  ]),
);

/** Nodes on which no dump says which of two tables of one priority the kernel asks first. */
export const UNORDERED: ReadonlySet<string> = new Set([
  'labs/nodes/eks-incident',
  'labs/nodes/eks-proxy-nft',
]);
