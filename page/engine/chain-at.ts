/** The chain beside a step of a walk, from a walk that reports the rules that did not match too. */
import type { View } from '../../src/explain/view.js';
import type { Node } from '../../src/packet/node.js';
import type { CompletedPacket, Outcome } from '../../src/packet/result.js';
import type { ChainAsk } from '../shared/protocol.js';
import type { ChainView, Edit } from '../shared/walk.js';
import { chainView } from './chain-view.js';
import { chainParts } from './node-parts.js';
import { startOf } from './state.js';
import { Places } from './stations.js';
import { stepsOf } from './steps-view.js';

/** A walk of one packet through one node. */
export interface WholeWalk {
  readonly node: Node;
  readonly edits: readonly Edit[];
  readonly packet: CompletedPacket;
  /** With every rule that did not match. */
  readonly outcome: Outcome;
}

/** The rows; null at a step that no chain stands beside. */
export function chainAt(
  { node, edits, packet, outcome }: WholeWalk,
  { step: index, filter, only, from, count }: ChainAsk,
  view: View,
): ChainView | null {
  const family = packet.dst.includes(':') ? 6 : 4;
  const places = new Places(node, family, outcome.steps);
  const start = startOf(packet);
  const { steps } = stepsOf({ node, family, edits, outcome, start, spots: places.spots }, view);
  const step = steps[index];
  if (step === undefined || step.chain === null) return null;
  const { rules, policy } = chainParts(node, family, step.chain);
  const { at, chain } = step;
  return chainView(
    { outcome, at, chain, rules, policy, family, edits, filter, only, from, count },
    (one) => steps.findIndex((other) => other.at === one),
    view,
  );
}
