import { describe, expect, it } from 'vitest';
import { loadNode } from '../snapshot/load-any.js';
import { ruleDifferences } from './rule-differences.js';
import { anyTextOf, shapesOf } from './shape.js';

const SAVE = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:a - [0:0]
:b - [0:0]
-A FORWARD -s 10.0.0.0/8 -j a
-A FORWARD -s 10.1.0.0/16 -j a
-A a -p tcp -m tcp --dport 80 -m comment --comment "web" -j b
-A a -p tcp -m tcp --dport 443 -j ACCEPT
-A b -s 10.1.2.3/32 -j DROP
COMMIT
`;

function differing(after: string): readonly string[] {
  const shapes = [SAVE, after].map((text) =>
    shapesOf(loadNode('node', [{ name: 'iptables-save.txt', text }]), 4),
  );
  const [a = new Map<never, never>(), b = new Map<never, never>()] = shapes;
  return ruleDifferences(a, b).map(({ side, thing }) =>
    thing.kind === 'rule'
      ? `${side} ${thing.rule.chain}:${String(thing.rule.number)} ${anyTextOf(thing.rule)}`
      : `${side} ${thing.kind}`,
  );
}

describe('rules in which two tables differ', () => {
  it('are none for other names, comments, counters and chains that nothing leads to', () => {
    const renamed = SAVE.replaceAll(/(:| -j |-A )a(?=\s)/g, '$1first').replace('"web"', '"www"');
    expect(renamed).toContain('-A first');
    expect(differing(renamed)).toEqual([]);
    expect(differing(SAVE.replaceAll('[0:0]', '[5:300]').replace(':b', ':c - [0:0]\n:b'))).toEqual([]);
  });

  it('are the rule itself, not the jumps to its chain', () => {
    expect(differing(SAVE.replace('10.1.2.3', '10.1.2.4'))).toEqual([
      'a b:1 -s 10.1.2.3/32 -j DROP',
      'b b:1 -s 10.1.2.4/32 -j DROP',
    ]);
  });

  it('are the one that has another place', () => {
    const lines = SAVE.split('\n');
    const [first, second] = [lines[6] ?? '', lines[7] ?? ''];
    const found = differing(SAVE.replace(`${first}\n${second}`, `${second}\n${first}`));
    expect(found.map((text) => text.slice(0, 9))).toEqual(['a FORWARD', 'b FORWARD']);
  });

  it('are those of both chains when a policy changes beside a rule', () => {
    const found = differing(
      SAVE.replace(':FORWARD ACCEPT', ':FORWARD DROP').replace('--dport 443', '--dport 444'),
    );
    expect(found).toHaveLength(4);
    expect(found.slice(0, 2)).toEqual(['a chain', 'b chain']);
  });

  it('end where a chain leads to itself', () => {
    const loop = SAVE.replace('-A b -s 10.1.2.3/32 -j DROP', '-A b -j a');
    expect(differing(loop).length).toBeGreaterThan(0);
  });
});
