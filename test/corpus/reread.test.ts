/** What `natwalk show` prints of the nodes of the corpus reads back as equal nodes. */
import { describe, expect, it } from 'vitest';
import { printRule } from '../../src/iptables/print.js';
import { type RuleSet, TABLES } from '../../src/iptables/model.js';
import { canonicalTable } from '../../src/nft/canonical.js';
import type { Node } from '../../src/packet/node.js';
import { printEntry } from '../../src/packet/conntrack-entry.js';
import { loadNode } from '../../src/snapshot/load.js';
import { nodesOf } from '../../src/snapshot/nodes.js';
import { printNode } from '../../src/snapshot/print.js';
import { readSnapshot } from '../../src/snapshot/files.js';
import { folders } from './folders.js';

/** Chains with their policies and rules; counters are not printed, and move on. */
function rulesOf(ruleSet: RuleSet | undefined): unknown {
  if (ruleSet === undefined) return null;
  const { backend, tables, unknown, other, beside, legacyUnseen, nativeUnseen } = ruleSet;
  const shown = TABLES.flatMap((name) => tables.get(name) ?? []).map(({ name, chains }) => [
    name,
    Object.fromEntries(
      [...chains.values()].map((chain) => [chain.name, [chain.policy, ...chain.rules.map(printRule)]]),
    ),
  ]);
  return {
    ...{ backend, beside, legacyUnseen, nativeUnseen, shown, unknown: [...unknown].sort() },
    other: rulesOf(other),
  };
}

/** Everything but the places in the text. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (key, one: unknown) => {
    if (key === 'span') return undefined;
    if (typeof one === 'bigint') return `${String(one)}n`;
    if (one instanceof Map) return [...one];
    return one instanceof Set ? [...one] : one;
  });
  const parsed: unknown = JSON.parse(text);
  return parsed;
}

function substance(node: Node): unknown {
  const { ruleSets, networks, sets, sysctls, neighbours, forwarding, nft, connections, names, grounds } =
    node;
  return plain({
    ruleSets: [rulesOf(ruleSets[4]), rulesOf(ruleSets[6])],
    networks: [networks[4], networks[6]],
    ...{ sets, sysctls, neighbours, forwarding, grounds },
    nft:
      nft === null
        ? null
        : {
            partial: nft.partial === true,
            tables: nft.tables.map(canonicalTable),
            unknown: nft.unknownTables?.map(({ name }) => name),
          },
    connections: connections?.map(printEntry) ?? null,
    names: names.listed,
  });
}

describe.each(folders)('$name', ({ path, name }) => {
  it('reads back as equal nodes', async () => {
    const { files } = await readSnapshot(path);
    for (const summary of nodesOf(files)) {
      const node = loadNode(name, files, summary.name);
      const show = printNode(node);
      const again = loadNode(name, [{ name: 'show.txt', text: show }]);
      expect([summary.name, substance(again)]).toEqual([summary.name, substance(node)]);
      expect(printNode(again)).toBe(show);
    }
  });
});
