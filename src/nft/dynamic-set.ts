/** `add @set { … }`, `update`, `delete`, meters (net/netfilter/nft_dynset.c nft_dynset_eval). */
import { type Ternary, unsure } from '../chooser/question.js';
import { compiledOf, findEntry, mayStop } from './compiled-set.js';
import { isConstant } from './constant.js';
import { describe } from './describe.js';
import { evaluate, isAbsent, scopeOf } from './evaluate.js';
import { exactParts, memoryKey } from './lookup.js';
import type { Element, Expression, NftSet, Statement } from './model.js';
import { isVerdict } from './print-expression.js';
import { printStateless } from './print-statement.js';
import { dataTypes, keyTypes, typesOf } from './type-of.js';
import type { NftContext } from './world.js';

type DynamicSet = Extract<Statement, { kind: 'dynamic-set' }>;

/** `size 65535` among a set's properties. */
function sizeOf({ properties }: NftSet): number | null {
  const size = properties.find((property) => property.startsWith('size '));
  return size === undefined ? null : Number(size.slice('size '.length));
}

/** What a new element carries: what the rule says, or else what its set has for all (nft_dynset_init). */
function restOf({ statements }: DynamicSet, set: NftSet | undefined): string {
  if (statements.length > 0) return statements.map(printStateless).join(' ');
  return set?.properties.filter(mayStop).join(' ') ?? '';
}

/** A full set takes no more: the rule ends. What the element carries may stop the rule too. */
function goesOn(
  statement: DynamicSet,
  set: NftSet | undefined,
  { has, key, rest }: { readonly has: boolean; readonly key: string; readonly rest: string },
  context: NftContext,
): Ternary {
  if (mayStop(rest) || statement.statements.some(({ kind }) => kind === 'object'))
    return unsure(
      `element ${key} of @${statement.set} within its limit in ${context.ruleKey}`,
      'UNK_NFT_METER',
      { set: statement.set },
    );
  const size = set === undefined ? null : sizeOf(set);
  if (set === undefined || has || size === null || set.elements.length < size) return true;
  return unsure(`@${set.name} has room`, 'UNK_NFT_SET_FULL', { set: set.name });
}

/** What a new element of a map is given, as a listing would have it. What is there already keeps its data. */
function dataFor(
  { value: data }: DynamicSet,
  set: NftSet | undefined,
  context: NftContext,
): Element['value'] | 'break' | 'unknown' {
  if (data === null || isVerdict(data) || isConstant(data)) return data;
  const types = set === undefined ? [] : dataTypes(set);
  const value = evaluate(data, context, types);
  if (isAbsent(value)) return 'break';
  // Names are no numbers.
  if (types.length === 0 || types.some(({ bits, name }) => bits === 128 && name !== 'ipv6_addr'))
    return 'unknown';
  const words = exactParts(value)?.map((part): Expression => ({ kind: 'word', text: String(part) }));
  const [only, ...others] = words ?? [];
  if (words === undefined || only === undefined) return 'unknown';
  return others.length === 0 ? only : { kind: 'concat', parts: words };
}

/**
 * Changes the set for the rest of the walk.
 * @returns does the rule go on?
 */
export function applyDynamicSet(statement: DynamicSet, context: NftContext): Ternary {
  const set = context.table.sets.get(statement.set);
  const scope = scopeOf(context);
  const own = set === undefined ? [] : keyTypes(set, scope);
  const types = own.length > 0 ? own : typesOf(statement.key, scope);
  const value = evaluate(statement.key, context, types);
  const data = dataFor(statement, set, context);
  if (isAbsent(value) || data === 'break') return false;
  const { memory } = context.node;
  const parts = exactParts(value);
  const fresh = restOf(statement, set);
  if (parts === null || types.length === 0) {
    if (set !== undefined) memory.doubt(set);
    return goesOn(statement, set, { has: false, key: describe(statement.key), rest: fresh }, context);
  }
  const key = memoryKey(parts);
  if (set === undefined) return goesOn(statement, set, { has: false, key, rest: fresh }, context);
  if (statement.action === 'delete') {
    memory.take(set, key);
    return true;
  }
  const changed = memory.changed(set, key);
  const listed = findEntry(compiledOf(set.elements, types), parts)?.element.rest ?? null;
  // An element that is there keeps what it carries.
  const old = changed === undefined ? listed : changed;
  const rest = old ?? fresh;
  if (data === 'unknown' && old === null) memory.doubt(set);
  else memory.put(set, key, rest, old !== null || data === 'unknown' ? null : data);
  return goesOn(statement, set, { has: old !== null, key, rest }, context);
}
