/** The example node with listings of its tables in place of iptables-save. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderSummary } from '../../src/explain/summary.js';
import { printRuleSet } from '../../src/iptables/print.js';
import type { Node } from '../../src/packet/node.js';
import type { PacketInput } from '../../src/packet/result.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { sameRule } from '../../src/snapshot/listing/same-rule.js';

const example = 'examples/eks-node';

/** The example with another text for its IPv4 rules; as it is without one. */
function node(listing: string | null): Node {
  const files = readdirSync(example).map((name) => ({
    name,
    text: readFileSync(join(example, name), 'utf8'),
  }));
  if (listing === null) return loadNode('eks-node', files);
  const text = readFileSync(join(import.meta.dirname, listing), 'utf8');
  return loadNode('eks-node', [
    ...files.filter(({ name }) => name !== 'iptables-save.txt'),
    { name: 'iptables-L.txt', text },
  ]);
}

const saved = node(null);
const POD: PacketInput = { proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 };

describe('iptables -L -n -v --line-numbers', () => {
  const listed = node('eks-node-Lnv.txt');

  it('shows the same rules', () => {
    expect(printRuleSet(listed.ruleSets[4])).toBe(printRuleSet(saved.ruleSets[4]));
  });

  it('gives the same answer', () => {
    const answer = (one: Node): unknown =>
      trace(one, POD).outcomes.map(({ verdict, egress, final, path }) => ({ verdict, egress, final, path }));
    expect(answer(listed)).toEqual(answer(saved));
  });
});

describe('iptables -L', () => {
  const listed = node('eks-node-L.txt');

  it('shows rules that the others fit', () => {
    for (const [name, table] of saved.ruleSets[4].tables)
      for (const chain of table.chains.values()) {
        const rules = listed.ruleSets[4].tables.get(name)?.chains.get(chain.name)?.rules ?? [];
        expect(rules).toHaveLength(chain.rules.length);
        for (const [at, rule] of chain.rules.entries()) {
          const other = rules[at];
          expect(other !== undefined && sameRule(rule, other)).toBe(true);
        }
      }
  });

  it('gives an answer that says on what it rests', async () => {
    await expect(renderSummary(trace(listed, POD))).toMatchFileSnapshot('eks-node-L.golden');
  });
});
