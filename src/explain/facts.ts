/**
 * What answers need to know about a node: which device has which address, whose rules are loaded, and what
 * addresses are called.
 */
import { type Address, type Family, familyOf, parseAddress } from '../address/address.js';
import type { Node } from '../packet/node.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { ChainPlace } from './path-words.js';
import type { Facts } from './view.js';

/** Both iptables, and the native tables beside them; none unless both iptables have tables. */
function mixtureOf({ ruleSets, nativeTables }: Node, family: Family): readonly string[] {
  const { backend, beside, other } = ruleSets[family];
  const listed = nativeTables[family];
  const nft = listed.some(({ managed }) => managed) ? 'nft' : null;
  const variants = [...new Set([backend, other?.backend ?? null, beside ?? null, nft])];
  const iptables = variants.flatMap((variant) => (variant === null ? [] : [`iptables-${variant}`]));
  if (iptables.length < 2) return [];
  const native = listed.flatMap((table) => (table.managed ? [] : [`nftables ${table.family} ${table.name}`]));
  return [...iptables, ...native];
}

/** The rules of a chain, by the names that views give to its table. */
function rulesOf(
  { ruleSets, nativeTables }: Node,
  family: Family,
  { table, backend, chain }: ChainPlace,
): readonly AnyRule[] | null {
  const native = nativeTables[family].find((one) => `${one.family} ${one.name}` === table);
  if (native !== undefined) return native.chains.get(chain)?.rules ?? null;
  const { other } = ruleSets[family];
  const own = backend !== undefined && other?.backend === backend ? other : ruleSets[family];
  const found = [...own.tables.values()].find(({ name }) => name === table);
  return found?.chains.get(chain)?.rules ?? null;
}

/** Names of chains and tables that JSON writes as they are, which all sane ones are. */
const PLAIN = /^[\w. :@+-]*$/;

function namesArePlain({ ruleSets, nft }: Node): boolean {
  const sets = ([4, 6] as const).flatMap((family) => [ruleSets[family], ruleSets[family].other ?? []].flat());
  const tables = sets.flatMap((set) => [...set.tables.values()]);
  for (const { chains } of tables) for (const name of chains.keys()) if (!PLAIN.test(name)) return false;
  for (const { name, chains } of nft?.tables ?? [])
    if (!PLAIN.test(name) || ![...chains.keys()].every((chain) => PLAIN.test(chain))) return false;
  return true;
}

/** Looks into a node. */
export function factsOf(node: Node): Facts {
  const owners = new Map<Address, string>();
  const families = new Map<string, Set<4 | 6>>();
  for (const family of [4, 6] as const) {
    for (const link of node.networks[family].links.values()) {
      for (const { address } of link.addresses) {
        if (familyOf(address) !== family) continue;
        if (!owners.has(address)) owners.set(address, link.name);
        const seen = families.get(link.name) ?? new Set();
        families.set(link.name, seen.add(family));
      }
    }
  }
  return {
    deviceOfAddress(text) {
      const address = parseAddress(text);
      return address === null ? null : (owners.get(address) ?? null);
    },
    hasAddressLike: (device, text) => families.get(device)?.has(text.includes(':') ? 6 : 4) ?? false,
    portsOf: (address) => node.names.portsOf(address, owners.has(address)),
    pathsArePlain: () => namesArePlain(node),
    expectNames(addresses) {
      node.names.expect(addresses);
    },
    namesOf: (question) => node.names.namesOf({ ...question, isOwn: owners.has(question.address) }),
    rulesOf: (place, text) => rulesOf(node, text.includes(':') ? 6 : 4, place),
    mixture: (text) => mixtureOf(node, text.includes(':') ? 6 : 4),
  };
}
