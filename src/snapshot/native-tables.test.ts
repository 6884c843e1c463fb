import { describe, expect, it } from 'vitest';
import { FORWARD, nodeOf } from '../../test/support/router.js';
import { trace } from '../packet/trace.js';
import { loadNode } from './load.js';
import { nativeTables } from './native-tables.js';

const LISTING = `table ip nat {
\tchain POSTROUTING {
\t}
}
table ip aws-cni {
\tchain nat-prerouting {
\t\ttype nat hook prerouting priority dstnat + 10; policy accept;
\t}
}
table inet firewalld {
}
table bridge filter {
}
`;

describe('native nftables tables', () => {
  it('are those that iptables-nft did not make, and that see routed packets', () => {
    const { nft } = loadNode('n', [{ name: 'nft.txt', text: LISTING }]);
    expect(nft === null ? [] : nativeTables(nft)).toEqual([
      { name: 'ip aws-cni', families: [4] },
      { name: 'inet firewalld', families: [4, 6] },
    ]);
    const json = '{"nftables": [{"table": {"family": "ip6", "name": "x", "handle": 1}}]}';
    expect(loadNode('n', [{ name: 'nft.json', text: json }]).nativeTables).toEqual({ 4: [], 6: ['ip6 x'] });
  });

  it('make every answer an assumption', () => {
    const plain = nodeOf();
    const node = { ...plain, nativeTables: loadNode('n', [{ name: 'nft.txt', text: LISTING }]).nativeTables };
    expect(trace(plain, FORWARD).outcomes[0]?.probability).toBe(1);
    const [outcome] = trace(node, FORWARD).outcomes;
    expect(outcome?.probability).toBe(null);
    expect(outcome?.assumptions).toEqual([
      { code: 'ASM_NATIVE_TABLE', params: { table: 'ip aws-cni' }, rule: null },
      { code: 'ASM_NATIVE_TABLE', params: { table: 'inet firewalld' }, rule: null },
    ]);
  });

  it('a save that is cut short rests on what was cut', () => {
    const save =
      '*mangle\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n-A FORWARD -s 1';
    const node = loadNode('n', [{ name: 'iptables-save.txt', text: save }]);
    expect([...node.ruleSets[4].unknown]).toContain('filter');
  });
});
