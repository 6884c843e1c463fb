/** Was a connection of a dump masqueraded? It may then leave by one device only, and the dump does not tell. */
import type { Family } from '../address/address.js';
import { type Ternary, unsure } from '../chooser/question.js';
import { type RuleKind, someRule } from '../iptables/digest.js';
import type { RuleSet } from '../iptables/model.js';
import type { NftTable } from '../nft/model.js';
import { UNKNOWN_INTERFACE } from '../iptables/view.js';
import type { Connection } from './connection.js';
import type { Node } from './node.js';
import type { Walk } from './walk.js';

function inRuleSet({ tables }: RuleSet): boolean {
  const nat = tables.get('nat');
  const isOne = ({ action }: RuleKind): boolean =>
    action.kind === 'target' && action.target.extension.name === 'MASQUERADE';
  if (nat?.search !== undefined) return nat.search.find('MASQUERADE').some(isOne);
  return [...(nat?.chains.values() ?? [])].some((chain) => someRule(chain, isOne));
}

function inTable({ chains }: NftTable): boolean {
  return [...chains.values()].some(({ rules }) =>
    rules.some(({ statements }) => statements.some(({ kind }) => kind === 'masquerade')),
  );
}

const CACHE = new WeakMap<Node, Map<Family, boolean>>();

/** Does any rule of the node masquerade? */
function masquerades(node: Node, family: Family): boolean {
  const known = CACHE.get(node) ?? new Map<Family, boolean>();
  CACHE.set(node, known);
  const { other, ...own } = node.ruleSets[family];
  const found =
    known.get(family) ??
    (inRuleSet(own) || (other !== undefined && inRuleSet(other)) || node.nativeTables[family].some(inTable));
  known.set(family, found);
  return found;
}

/**
 * Did a masquerading rule make the mapping of this dumped connection, while its packets left by another device than now?
 * Not where the address is that of the present device, or of none: SNAT gives any address, MASQUERADE one of the device.
 */
export function masqueradedElsewhere(walk: Walk, { entry, sourceNat, reply }: Connection): Ternary {
  const { network, node, family, packet } = walk;
  if (entry === null || !sourceNat || packet.outInterface === UNKNOWN_INTERFACE) return false;
  const owners = [...network.links.values()].filter(({ addresses }) =>
    addresses.some(({ address }) => address === reply.destination),
  );
  if (owners.length === 0 || owners.some(({ name }) => name === packet.outInterface)) return false;
  return masquerades(node, family) && unsure('the dumped connection was masqueraded', 'UNK_MASQUERADED');
}
