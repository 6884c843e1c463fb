/** What becomes in a walk of rules whose interfaces a listing does not show. */
import { describe, expect, it } from 'vitest';
import { assumptionText } from '../../src/explain/assumption.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { chainOf } from '../support/listing.js';

describe('a walk', () => {
  const node = (lines: readonly string[], policy: string): ReturnType<typeof loadNode> =>
    loadNode('node', [
      {
        name: 'iptables-L.txt',
        text: [
          chainOf('INPUT', [], lines).replace('policy ACCEPT', `policy ${policy}`),
          chainOf('FORWARD', [], []),
          chainOf('OUTPUT', [], []),
          chainOf(
            'U',
            [],
            ['DROP       tcp  --  anywhere             anywhere             tcp dpt:http'],
          ).replace('policy ACCEPT', '1 references'),
        ].join(''),
      },
      {
        name: 'ip-rule.txt',
        text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
      },
      {
        name: 'ip-addr.txt',
        text: '1: eth0: <UP,LOWER_UP> mtu 1500\n    link/ether 02:00:00:00:00:01\n    inet 10.0.0.1/24 scope global eth0\n',
      },
      { name: 'ip-route.txt', text: '10.0.0.0/24 dev eth0 scope link src 10.0.0.1\n' },
    ]);
  const ask = (dport: number, from: ReturnType<typeof loadNode>): string[][] =>
    trace(from, { in: 'eth0', proto: 'tcp', src: '10.0.0.9', dst: '10.0.0.1', dport }).outcomes.map(
      ({ verdict, assumptions }) => [
        verdict,
        ...assumptions.map((one) => assumptionText(one)).filter((text) => text.includes('listing')),
      ],
    );

  it('goes both ways where a rule ends a chain for every packet, and others stand behind it', () => {
    const trap = node(
      [
        'ACCEPT     all  --  anywhere             anywhere',
        'ACCEPT     tcp  --  anywhere             anywhere             tcp dpt:http',
      ],
      'DROP',
    );
    expect(ask(22, trap)).toEqual([
      ['delivered', expect.stringMatching(/this rule holds .*: yes/)],
      ['dropped', expect.stringMatching(/this rule holds .*: no/)],
    ]);
    expect(ask(80, trap)).toEqual([
      ['delivered', expect.stringMatching(/this rule holds .*: yes/)],
      [
        'delivered',
        expect.stringMatching(/this rule holds .*: no/),
        expect.stringMatching(/this rule is taken to have none/),
      ],
    ]);
  });

  it('takes other rules to have no interfaces, and says that the outcome rests on it', () => {
    const jump = node(['U          all  --  anywhere             anywhere'], 'ACCEPT');
    expect(ask(22, jump)).toEqual([
      ['delivered', expect.stringContaining('table filter shows no interfaces')],
    ]);
    expect(ask(80, jump)).toEqual([
      [
        'dropped',
        expect.stringContaining('rules that jump'),
        expect.stringContaining('this rule is taken to have none'),
      ],
    ]);
  });

  it('asks nothing about rules that do not match anyway', () => {
    const other = node(['ACCEPT     udp  --  anywhere             anywhere'], 'DROP');
    expect(ask(22, other)).toEqual([['dropped']]);
  });
});
