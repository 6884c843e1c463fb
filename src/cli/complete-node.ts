/** What a node has that the word under the cursor may name. */
import { formatAddress } from '../address/address.js';
import { loadNode } from '../snapshot/load.js';
import type { Node } from '../packet/node.js';
import { readSnapshot } from '../snapshot/files.js';
import { readNodePath } from './node-path.js';

/** Saves from this length on are read in parts: their chains and no more. */
const LARGE = 128 * 1024;

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Standard input is the terminal's.
}

/** The node, or null where it cannot be read. */
export async function nodeOf(typed: string): Promise<Node | null> {
  try {
    const { path, node } = await readNodePath(typed);
    if (path === '-') return null;
    const { files } = await readSnapshot(path, nothing());
    if (files.length === 0) return null;
    return loadNode(typed, files, node ?? undefined, null, LARGE);
  } catch {
    return null;
  }
}

export const interfacesOf = ({ networks }: Node): string[] => [...networks[4].links.keys()];

const named = (namespace: string | null, name: string): string =>
  namespace === null ? name : `${namespace}/${name}`;

/** `pod:NAMESPACE/NAME` of pods that are known by name, and the addresses of the pods and of the node. */
export function endsOf({ names, networks }: Node): string[] {
  const { pods, services } = names.cluster;
  const own = [...networks[4].links.values()].flatMap(({ addresses }) => addresses);
  return [
    ...pods.map(({ namespace, name }) => `pod:${named(namespace, name)}`),
    ...services.map(({ namespace, name }) => `svc:${named(namespace, name)}`),
    ...names.cluster.endpoints.map(({ address }) => formatAddress(address)),
    ...own.map(({ address }) => formatAddress(address)),
  ];
}

/** `TABLE/CHAIN:` for the number of a rule to follow, and `rule/PRIORITY`. */
export function rulesOf({ ruleSets, networks }: Node): string[] {
  const { tables, other } = ruleSets[4];
  const chains = [tables, ...(other === undefined ? [] : [other.tables])].flatMap((all) =>
    [...all].flatMap(([table, { chains: named }]) => [...named.keys()].map((chain) => `${table}/${chain}:`)),
  );
  return [...chains, ...networks[4].rules.map(({ priority }) => `rule/${String(priority)}`)];
}
