import { describe, expect, it } from 'vitest';
import { loadNode } from '../snapshot/load.js';
import { hasNoRealms } from './realm.js';

const RULES =
  '0:\tfrom all lookup local\n100:\tfrom 10.0.0.9 lookup 7\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
const MAIN = 'default via 10.0.0.2 dev e0\n10.0.0.0/24 dev e0 scope link\n';
const SEVEN = 'default via 10.0.0.3 dev e0 table 7\n';

function noRealms(rules: string, routes: string): boolean {
  const files = [
    { name: 'ip-rule.txt', text: rules },
    { name: 'ip-route.txt', text: routes },
    { name: 'ip-addr.txt', text: '2: e0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global e0\n' },
  ];
  return hasNoRealms(loadNode('node', files).networks[4]);
}

describe('a node without realms', () => {
  it('is one whose rules and routes name none', () => {
    expect(noRealms(RULES, MAIN + SEVEN)).toBe(true);
    expect(noRealms(RULES, MAIN + SEVEN.replace('table', 'realm 5 table'))).toBe(false);
    expect(noRealms(RULES.replace('main', 'main realms 3/4'), MAIN + SEVEN)).toBe(false);
  });

  it('is not known while a table that a rule looks in is not shown', () => {
    expect(noRealms(RULES, MAIN)).toBe(false);
    expect(noRealms('', MAIN + SEVEN)).toBe(false);
  });
});
