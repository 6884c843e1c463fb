/** Has an operand a value for the packet, and a reference its object (net/netfilter/nft_lookup.c, nft_objref.c)? */
import { type Ternary, allOf, unsure } from '../chooser/question.js';
import { describe } from './describe.js';
import { evaluate, isAbsent, scopeOf } from './evaluate.js';
import { holds, lookupOf } from './lookup.js';
import type { Expression, Statement } from './model.js';
import { typesOf } from './type-of.js';
import type { NftContext } from './world.js';

/** Objects that let pass, or do not. */
export function isLimit(type: string): boolean {
  return type === 'limit' || type === 'quota';
}

/** A map has an element for the packet; another expression asks for what the packet has. */
export function isGiven(expression: Expression, context: NftContext): Ternary {
  const scope = scopeOf(context);
  if (expression.kind !== 'map') return !isAbsent(evaluate(expression, context, typesOf(expression, scope)));
  const types = typesOf(expression.key, scope);
  const key = evaluate(expression.key, context, types);
  if (isAbsent(key)) return false;
  const lookup = lookupOf(expression.map, types, context, scope);
  if (lookup !== null) return holds(lookup, key, context);
  const text = `${describe(expression.key)} in ${describe(expression.map)}`;
  return unsure(text, 'UNK_NFT_COMPARE', { text });
}

/**
 * Does a rule go on behind `counter name …`, `limit name …`, `ct helper set …`? Not where a map has no object for the
 * packet (nft_objref_map_eval). Limits and quotas may stop it as well.
 */
export function referenceHolds(
  { type, name }: Extract<Statement, { kind: 'object' }>,
  context: NftContext,
): Ternary {
  const found = name.kind !== 'map' || isGiven(name, context);
  if (!isLimit(type)) return found;
  const params = { type, name: describe(name) };
  return allOf([found, unsure(`${type} ${params.name} lets pass`, 'UNK_NFT_OBJECT', params)]);
}
