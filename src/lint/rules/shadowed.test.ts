import { describe, expect, it } from 'vitest';
import { findingsOf, lintCases } from '../../../test/support/lint.js';
import { nodeOf, table } from '../../../test/support/router.js';
import rule from './shadowed.js';

const forward = (lines: string): string => table('filter', lines);

describe('rules that an earlier one takes everything from', () => {
  lintCases(rule, [
    {
      title: 'a narrower rule that decides otherwise',
      save: forward('-A FORWARD -s 10.1.0.0/16 -j ACCEPT\n-A FORWARD -s 10.1.0.0/24 -p tcp -j DROP'),
      finds: ['LINT_SHADOWED -A FORWARD -s 10.1.0.0/24 -p tcp -j DROP'],
    },
    {
      title: 'a narrower rule that decides the same',
      save: forward('-A FORWARD -s 10.1.0.0/16 -j ACCEPT\n-A FORWARD -s 10.1.0.0/24 -j ACCEPT'),
      finds: ['LINT_REDUNDANT -A FORWARD -s 10.1.0.0/24 -j ACCEPT'],
    },
    {
      title: 'the same rule twice, whatever its comment says',
      save: forward(
        '-A FORWARD -s 10.1.0.0/24 -j DROP\n-A FORWARD -s 10.1.0.0/24 -m comment --comment again -j DROP',
      ),
      finds: ['LINT_DUPLICATE -A FORWARD -s 10.1.0.0/24 -m comment --comment again -j DROP'],
    },
    {
      title: 'everything behind a rule without conditions, told once',
      save: forward('-A INPUT -j REJECT\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p icmp -j ACCEPT'),
      finds: ['LINT_AFTER_TERMINAL -A INPUT -p tcp --dport 22 -j ACCEPT'],
    },
    {
      title: 'behind a jump to a chain from which nothing comes back',
      save: forward(
        ':END - [0:0]\n-A FORWARD -j END\n-A FORWARD -p tcp -j ACCEPT\n-A END -p udp -j ACCEPT\n-A END -j DROP',
      ),
      finds: ['LINT_AFTER_TERMINAL -A FORWARD -p tcp -j ACCEPT'],
    },
    {
      title: 'behind a goto',
      save: forward(':X - [0:0]\n-A FORWARD -g X\n-A FORWARD -p tcp -j DROP\n-A X -p udp -j ACCEPT'),
      finds: ['LINT_AFTER_TERMINAL -A FORWARD -p tcp -j DROP'],
    },
    {
      title: 'a port of a range, of many ports, and a state of several',
      save: forward(
        '-A FORWARD -p tcp -m tcp --dport 80:90 -j DROP\n-A FORWARD -p tcp -m multiport --dports 81,85 -j ACCEPT\n' +
          '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -m state --state ESTABLISHED -j DROP',
      ),
      finds: [
        'LINT_SHADOWED -A FORWARD -p tcp -m multiport --dports 81,85 -j ACCEPT',
        'LINT_SHADOWED -A FORWARD -m state --state ESTABLISHED -j DROP',
      ],
    },
    {
      title: 'no packet for a device that is not there',
      save: forward('-A FORWARD -i gone+ -j ACCEPT\n-A FORWARD -i gone0 -j DROP'),
      finds: ['none LINT_SHADOWED -A FORWARD -i gone0 -j DROP'],
    },
  ]);
});

describe('rules that may still match', () => {
  lintCases(rule, [
    {
      title: 'a mark that is set between the two',
      save: table(
        'mangle',
        '-A PREROUTING -m mark --mark 0x1 -j ACCEPT\n-A PREROUTING -i eth1 -j MARK --set-xmark 0x1/0xffffffff\n-A PREROUTING -m mark --mark 0x1 -j DROP',
      ),
      finds: [],
    },
    {
      title: 'a wider rule, an overlapping one, and an inverted one',
      save: forward(
        '-A FORWARD -s 10.1.0.0/24 -j ACCEPT\n-A FORWARD -s 10.1.0.0/16 -j DROP\n-A FORWARD -d 10.2.0.0/16 -p tcp -j ACCEPT\n' +
          '-A FORWARD ! -s 10.3.0.0/16 -j DROP\n-A FORWARD -s 10.0.0.0/8 -j ACCEPT',
      ),
      finds: [],
    },
    {
      title: 'chance, limits and clocks',
      save: forward(
        '-A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT\n-A FORWARD -m limit --limit 1/sec -j ACCEPT\n-A FORWARD -p tcp -j DROP',
      ),
      finds: [],
    },
    {
      title: 'a jump to a chain that comes back, and one that only says LOG',
      save: forward(
        ':X - [0:0]\n-A FORWARD -j X\n-A FORWARD -j LOG\n-A FORWARD -p tcp -j DROP\n-A X -p udp -j DROP',
      ),
      finds: [],
    },
    {
      title: 'a chain that ends in a drop behind a conditional RETURN',
      save: forward(
        ':X - [0:0]\n-A FORWARD -j X\n-A FORWARD -p tcp -j ACCEPT\n-A X -p tcp -j RETURN\n-A X -j DROP',
      ),
      finds: [],
    },
    {
      title: 'rules of a chain to which nothing leads',
      save: forward(':X - [0:0]\n-A X -p tcp -j ACCEPT\n-A X -p tcp -j DROP'),
      finds: [],
    },
    {
      title: 'kube-proxy repeating itself in its own chains',
      save: table(
        'filter',
        ':KUBE-NODEPORTS - [0:0]\n-A INPUT -j KUBE-NODEPORTS\n-A KUBE-NODEPORTS -p tcp -m tcp --dport 30000 -j ACCEPT\n-A KUBE-NODEPORTS -p tcp -m tcp --dport 30000 -j ACCEPT',
      ),
      finds: [],
    },
  ]);

  it('walks a packet that the earlier rule decides', () => {
    const save = forward(
      '-A FORWARD -s 10.1.0.0/16 -j ACCEPT\n-A FORWARD -s 10.1.0.0/24 -p tcp --dport 25 -j DROP',
    );
    const [found] = findingsOf(nodeOf({ save }), rule);
    expect(found?.proof).toMatchObject({
      kind: 'packet',
      shown: { packet: { in: 'eth1', proto: 'tcp', dport: 25 }, outcome: { verdict: 'forwarded' } },
    });
  });
});
