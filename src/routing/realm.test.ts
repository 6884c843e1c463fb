import { describe, expect, it } from 'vitest';
import { trace } from '../packet/trace.js';
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
    expect(noRealms(RULES, MAIN + SEVEN.replace('table', 'realms 3/5 table'))).toBe(false);
    expect(noRealms(RULES.replace('main', 'main realms 3/4'), MAIN + SEVEN)).toBe(false);
  });

  it('is not known while a table that a rule looks in is not shown', () => {
    expect(noRealms(RULES, MAIN)).toBe(false);
    expect(noRealms('', MAIN + SEVEN)).toBe(false);
  });
});

describe('the realm of what is sent', () => {
  const verdicts = (rules: string, routes: string, dst = '203.0.113.9'): readonly string[] => {
    const node = loadNode('node', [
      { name: 'ip-rule.txt', text: rules },
      { name: 'ip-route.txt', text: routes },
      { name: 'ip-addr.txt', text: '2: e0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global e0\n' },
      {
        name: 'iptables-save.txt',
        text: '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m realm --realm 0x5 -j DROP\nCOMMIT\n',
      },
    ]);
    return trace(node, { in: null, proto: 'udp', src: '10.0.0.1', dst, dport: 9 }).outcomes.map(
      ({ verdict }) => verdict,
    );
  };
  const FIVE = 'default via 10.0.0.2 dev e0 realm 5\n10.0.0.0/24 dev e0 scope link\n';
  const LINK = '10.0.0.0/24 dev e0 scope link\n';
  const NEVER = ['sent'];
  const ALWAYS = ['dropped'];
  const OPEN = ['dropped', 'sent'];

  it('is that of the route, also where a table that was not asked is not shown', () => {
    expect(verdicts(RULES, FIVE + SEVEN)).toEqual(ALWAYS);
    expect(verdicts(RULES, FIVE + SEVEN, '10.0.0.7')).toEqual(NEVER);
    expect(verdicts(RULES, FIVE)).toEqual(ALWAYS);
  });

  it('is open where the realm has a name, or a rule that leads there may have left its own', () => {
    expect(verdicts(RULES, FIVE.replace('realm 5', 'realm uplink') + SEVEN)).toEqual(OPEN);
    const two = RULES.replace('32766:', '50:\tfrom all tos 0x10 lookup main realms 5\n32766:');
    expect(verdicts(two, MAIN + SEVEN)).toEqual(OPEN);
    expect(verdicts(two.replaceAll('lookup main\n', 'lookup main realms 5\n'), MAIN + SEVEN)).toEqual(ALWAYS);
  });

  it('is that of one next hop where it has its own', () => {
    const hops =
      'default \n\tnexthop via 10.0.0.2 dev e0 weight 1 realm 5\n\tnexthop via 10.0.0.3 dev e0 weight 1 realm 5\n';
    expect(new Set(verdicts(RULES, hops + LINK + SEVEN))).toEqual(new Set(ALWAYS));
  });
});
