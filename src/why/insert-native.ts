/** A rule of another node's native table, put into the table of that name. */
import type { Family } from '../address/address.js';
import { nearest } from '../names/nearest.js';
import type { NftChain, NftRule, NftSet, NftTable } from '../nft/model.js';
import { printRule } from '../nft/print-statement.js';
import type { Node } from '../packet/node.js';
import type { Borrowed } from './borrow.js';
import { swappedNative } from './change.js';
import { type Insertion, type Place, newNumber } from './inserted.js';
import { BadReference } from './reference.js';

/** Names of chains and sets that stand anywhere within a rule or an element, by the shapes of the model. */
function namesIn(part: unknown, chains: Set<string>, sets: Set<string>): void {
  if (typeof part !== 'object' || part === null || ('source' in part && 'start' in part)) return;
  if (Array.isArray(part)) {
    for (const one of part) namesIn(one, chains, sets);
    return;
  }
  const fields = new Map<string, unknown>(Object.entries(part));
  const [kind, chain, name, set] = ['kind', 'chain', 'name', 'set'].map((key) => fields.get(key));
  if ((kind === 'jump' || kind === 'goto') && typeof chain === 'string' && !fields.has('inline'))
    chains.add(chain);
  if (kind === 'set-name' && typeof name === 'string') sets.add(name);
  if (kind === 'dynamic-set' && typeof set === 'string') sets.add(set);
  for (const one of fields.values()) namesIn(one, chains, sets);
}

/** What a rule leads to and asks that the table lacks, and what that leads to. */
function missing(
  table: NftTable,
  rule: NftRule,
  borrowed: Borrowed,
): { readonly chains: readonly NftChain[]; readonly sets: readonly NftSet[] } {
  const chains = new Map<string, NftChain>();
  const sets = new Map<string, NftSet>();
  const open: unknown[] = [rule.statements];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const names = { chains: new Set<string>(), sets: new Set<string>() };
    namesIn(part, names.chains, names.sets);
    for (const name of names.chains) {
      const chain = chains.has(name) || table.chains.has(name) ? null : borrowed.nativeChain(rule, name);
      if (chain === null) continue;
      chains.set(name, chain);
      open.push(chain.rules.map(({ statements }) => statements));
    }
    for (const name of names.sets) {
      const set = sets.has(name) || table.sets.has(name) ? null : borrowed.nativeSet(rule, name);
      if (set === null) continue;
      sets.set(name, set);
      open.push(set.elements);
    }
  }
  return { chains: [...chains.values()], sets: [...sets.values()] };
}

function noTable(node: Node, family: Family, table: string): BadReference {
  const names = node.nativeTables[family].map((one) => `${one.family} ${one.name}`);
  return new BadReference('USAGE_WITH_NO_TABLE', { table, tables: names.join(', ') || '-' });
}

/** As `nft insert rule FAMILY TABLE CHAIN index …` does. */
export function insertNative(
  node: Node,
  family: Family,
  rule: NftRule,
  borrowed: Borrowed,
  at: Place,
): Insertion | BadReference {
  const own = `${rule.family} ${rule.table}`;
  if (at.table !== null && at.table !== own)
    return new BadReference('USAGE_WITH_TABLE', { text: at.table, table: own });
  const table = node.nativeTables[family].find(
    (one) => one.family === rule.family && one.name === rule.table,
  );
  if (table === undefined) return noTable(node, family, own);
  const chain = table.chains.get(at.chain);
  if (chain === undefined) {
    const near = nearest(at.chain, [...table.chains.keys()], 3).join(', ') || '-';
    return new BadReference('USAGE_WITH_CHAIN', { chain: at.chain, table: own, near, from: rule.chain });
  }
  const number = newNumber(at, rule.number, chain.rules.length, own);
  if (number instanceof BadReference) return number;
  const placed: NftRule = { ...borrowed.nativeRule(rule), chain: chain.name, number };
  const behind = chain.rules.slice(number - 1).map((one) => ({ ...one, number: one.number + 1 }));
  const longer: NftChain = { ...chain, rules: [...chain.rules.slice(0, number - 1), placed, ...behind] };
  const { chains, sets } = missing(table, rule, borrowed);
  const changed: NftTable = {
    ...table,
    chains: new Map([
      ...table.chains,
      ...[longer, ...chains].map((one): [string, NftChain] => [one.name, one]),
    ]),
    sets: new Map([...table.sets, ...sets.map((one): [string, NftSet] => [one.name, one])]),
  };
  const before = chain.rules[number - 1];
  return {
    node: swappedNative(node, table, changed),
    inserted: {
      kind: 'rule',
      of: borrowed.name,
      rule: placed,
      was: rule.number,
      chains: chains.map(({ name }) => name),
      isThere: before !== undefined && printRule(before) === printRule(rule),
    },
  };
}
