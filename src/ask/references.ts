/** Rules that the command line names. */
import type { Family } from '../address/address.js';
import type { PacketInput } from '../packet/result.js';
import type { Node } from '../packet/node.js';
import { BadReference, type Target, resolve } from '../why/reference.js';
import { UsageError } from './mistake.js';

/** The family of a packet whose ends are addresses. */
export function familyOfPacket({ dst }: PacketInput): Family {
  return dst.includes(':') ? 6 : 4;
}

/**
 * The rule that a word of the command line names.
 * @param word as it stands in the command line, for the caret
 * @throws UsageError when it names nothing
 */
export function targetOf(node: Node, family: Family, text: string, word = text): Target {
  const found = resolve(node, family, text);
  if (found instanceof BadReference)
    throw new UsageError([{ code: found.code, params: found.params, option: word }]);
  return found;
}
