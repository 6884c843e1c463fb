import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../test/support/node.js';
import type { Node } from '../packet/node.js';
import { BadReference, referenceOf, resolve } from './reference.js';

const eks = nodeOf('examples/eks-node');
const native = nodeOf('test/walks/fixtures/v1.23-nft-connmark');
const mixed = nodeOf('test/walks/fixtures/mixed-backends');

function named(node: Node, text: string): string {
  const found = resolve(node, 4, text);
  if (found instanceof BadReference) return `${found.code} ${JSON.stringify(found.params)}`;
  if (found.kind === 'policy')
    return found.rules.map(({ priority, to }) => `${String(priority)} ${String(to?.address)}`).join();
  return referenceOf(found.rule);
}

describe('a reference', () => {
  it.each([
    ['nat/AWS-SNAT-CHAIN-0:2', 'nat/AWS-SNAT-CHAIN-0:2'],
    ['AWS-SNAT-CHAIN-0:2', 'nat/AWS-SNAT-CHAIN-0:2'],
    ['nat POSTROUTING:1', 'nat/POSTROUTING:1'],
    // Of the chains of that name only the one in filter has rules.
    ['FORWARD:1', 'filter/FORWARD:1'],
  ])('%s names %s', (text, wanted) => {
    expect(named(eks, text)).toBe(wanted);
  });

  it('names native rules as nft does', () => {
    const [table] = native.nativeTables[4];
    const chain = [...(table?.chains.values() ?? [])].find(({ rules }) => rules.length > 0);
    const text = `${table?.family ?? ''} ${table?.name ?? ''} ${chain?.name ?? ''}:1`;
    expect(named(native, text)).toBe(text.replace(/ (\S+)$/, '/$1'));
  });

  it('names every rule so that it is read back', () => {
    for (const node of [eks, native, mixed]) {
      const { other } = node.ruleSets[4];
      const sets = [node.ruleSets[4], ...(other === undefined ? [] : [other])];
      const chains = [
        ...sets.flatMap(({ tables }) => [...tables.values()].flatMap((table) => [...table.chains.values()])),
        ...node.nativeTables[4].flatMap((table) => [...table.chains.values()]),
      ];
      for (const { rules } of chains)
        for (const rule of rules) {
          const found = resolve(node, 4, referenceOf(rule));
          expect(found).toEqual({ kind: 'rule', family: 4, rule });
        }
    }
  });

  it('names all policy rules of a priority, or one of them', () => {
    expect(named(eks, 'rule/512').split(',')).toHaveLength(4);
    expect(named(eks, 'rule/512:2')).toBe(named(eks, 'rule/512').split(',')[1]);
  });

  it.each([
    ['', 'USAGE_RULE_FORM'],
    ['nat/POSTROUTING', 'USAGE_RULE_FORM'],
    ['nat/POSTROUTING:x', 'USAGE_RULE_FORM'],
    ['nat/POSTROUTING:99999999999', 'USAGE_RULE_FORM'],
    ['gnat/POSTROUTING:1', 'USAGE_RULE_TABLE'],
    ['nat/AWS-SNAT-CHAIN:1', 'USAGE_RULE_CHAIN {.*AWS-SNAT-CHAIN-0'],
    ['nat/POSTROUTING:0', 'USAGE_RULE_NUMBER'],
    ['nat/POSTROUTING:3', 'USAGE_RULE_NUMBER {.*"count":2'],
    ['PREROUTING:1', 'USAGE_RULE_AMBIGUOUS {.*mangle/PREROUTING:1, nat/PREROUTING:1'],
    ['nat/__proto__:1', 'USAGE_RULE_CHAIN'],
    ['rule/', 'USAGE_RULE_PRIORITY {.*1536'],
    ['rule/7', 'USAGE_RULE_NO_POLICY {.*1536'],
    ['rule/512:5', 'USAGE_RULE_NO_POLICY {.*rule/512:1-4'],
  ])('%j is refused: %s', (text, says) => {
    expect(named(eks, text)).toMatch(new RegExp(`^${says}`));
  });
});
