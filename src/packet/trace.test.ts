import { describe, expect, it } from 'vitest';
import { FORWARD, LOCAL_IN, nodeOf, only, table } from '../../test/support/router.js';
import { MachineSequencer } from './hook-machine.js';
import type { Outcome } from './result.js';
import { trace } from './trace.js';

describe('chains', () => {
  it('MARK, CONNMARK and LOG go on to the next rule', () => {
    const save = table(
      'mangle',
      `-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff\n-A PREROUTING -j LOG\n-A PREROUTING -j MARK --set-xmark 0x2/0x2`,
    );
    expect(only(nodeOf({ save }), FORWARD).final.mark).toBe('0x3');
  });

  it('goto leaves no way back: the rest of its own chain is skipped', () => {
    const save = table(
      'filter',
      `:A - [0:0]\n:B - [0:0]\n-A FORWARD -j A\n-A FORWARD -j ACCEPT\n-A A -g B\n-A A -j DROP\n-A B -j LOG`,
    );
    const { verdict, path } = only(nodeOf({ save }), FORWARD);
    expect(verdict).toBe('forwarded');
    expect(path).toContain('filter:B:return:2');
    expect(path).not.toContain('filter:A:return:2');
  });

  it('goto from a built-in chain ends at its policy', () => {
    const save = table(
      'filter',
      `:FORWARD DROP [0:0]\n:A - [0:0]\n-A FORWARD -g A\n-A FORWARD -j ACCEPT\n-A A -s 10.1.0.0/16 -j RETURN`,
    );
    expect(only(nodeOf({ save }), FORWARD)).toMatchObject({
      verdict: 'dropped',
      drop: { reason: 'policy', table: 'filter', chain: 'FORWARD', rule: null },
    });
  });

  it('RETURN in a built-in chain is the policy, not ACCEPT', () => {
    const save = table('filter', `:FORWARD DROP [0:0]\n-A FORWARD -p tcp -j RETURN\n-A FORWARD -j ACCEPT`);
    const { verdict, path } = only(nodeOf({ save }), FORWARD);
    expect(verdict).toBe('dropped');
    expect(path.slice(-2)).toEqual(['filter:FORWARD:rule:1', 'filter:FORWARD:policy:3']);
  });

  it('ACCEPT in one table does not spare the packet the next', () => {
    const save =
      table('mangle', '-A FORWARD -j ACCEPT') +
      table('filter', '-A FORWARD -p tcp -m tcp --dport 443 -j DROP');
    const { verdict, drop } = only(nodeOf({ save }), FORWARD);
    expect(verdict).toBe('dropped');
    expect(drop?.rule).toMatchObject({ table: 'filter', chain: 'FORWARD', number: 1 });
  });

  it('a rule without conditions and with a plain verdict is named as TRACE names the end of a chain', () => {
    const save = table('filter', `:A - [0:0]\n-A FORWARD -j A\n-A A -j ACCEPT`);
    expect(only(nodeOf({ save }), FORWARD).path).toContain('filter:A:return:1');
  });

  it('POSTROUTING knows the input device of a forwarded packet, and none of a local one', () => {
    const save = table(
      'mangle',
      `:A - [0:0]
-A POSTROUTING -j A
-A A -i eth1 -j MARK --set-xmark 0x1/0x1
-A A ! -i eth1 -j MARK --set-xmark 0x2/0x2
-A A -o eth0 -j MARK --set-xmark 0x4/0x4`,
    );
    expect(only(nodeOf({ save }), FORWARD).final.mark).toBe('0x5');
    expect(only(nodeOf({ save }), { in: null, proto: 'tcp', dst: '8.8.8.8' }).final.mark).toBe('0x6');
  });

  it('a name without device does not match -o, and does match it inverted', () => {
    const save = table(
      'mangle',
      `:A - [0:0]
-A PREROUTING -j A
-A A -o eth0 -j MARK --set-xmark 0x1/0x1
-A A ! -o eth0 -j MARK --set-xmark 0x2/0x2`,
    );
    expect(only(nodeOf({ save }), FORWARD).final.mark).toBe('0x2');
  });
});

describe('open questions', () => {
  it('a match that nobody knows forks, and both ends name it', () => {
    const save = table('filter', '-A FORWARD -m moonphase --full -j DROP');
    const { outcomes } = trace(nodeOf({ save }), FORWARD);
    expect(outcomes.map((outcome) => outcome.verdict)).toEqual(['dropped', 'forwarded']);
    expect(outcomes.map((outcome) => outcome.probability)).toEqual([null, null]);
    expect(outcomes.map((outcome) => outcome.assumptions[0]?.params['answer'])).toEqual(['yes', 'no']);
    expect(outcomes[0]?.assumptions[0]?.rule).toMatchObject({ chain: 'FORWARD', number: 1 });
  });

  it('one fact has one answer in a walk', () => {
    const save = table(
      'filter',
      `-A FORWARD -m moonphase --full -j LOG\n-A FORWARD -m moonphase --full -j MARK --set-xmark 0x1/0x1\n-A FORWARD -m moonphase --full -j DROP`,
    );
    const { outcomes } = trace(nodeOf({ save }), FORWARD);
    expect(outcomes).toHaveLength(2);
  });

  it('a target that nobody knows may pass, accept or drop', () => {
    const save = table('filter', '-A FORWARD -j MOONBEAM --full');
    expect(trace(nodeOf({ save }), FORWARD).outcomes.map((outcome) => outcome.verdict)).toEqual([
      'forwarded',
      'forwarded',
      'dropped',
    ]);
  });

  it('a limit before LOG forks nothing, a limit before DROP does', () => {
    const save = table(
      'filter',
      `-A FORWARD -m limit --limit 3/min -j LOG\n-A FORWARD -m limit --limit 3/min -j DROP`,
    );
    const { outcomes } = trace(nodeOf({ save }), FORWARD);
    expect(outcomes.map((outcome) => outcome.verdict)).toEqual(['dropped', 'forwarded']);
    expect(outcomes[0]?.pathMaybe).toEqual(['filter:FORWARD:rule:1']);
  });

  it('every chance of a rule is one of its own', () => {
    const share = (match: string): number => {
      const save = table('mangle', `-A PREROUTING ${match} -j MARK --set-xmark 0x1/0x1`);
      const { outcomes } = trace(nodeOf({ save }), FORWARD);
      return outcomes.reduce((sum, one) => sum + (one.final.mark === '0x1' ? (one.probability ?? 0) : 0), 0);
    };
    const half = '-m statistic --mode random --probability 0.5';
    expect(share(half)).toBeCloseTo(0.5);
    expect(share(`${half} ${half}`)).toBeCloseTo(0.25);
    expect(share(`${half} ${half.replace('--prob', '! --prob')}`)).toBeCloseTo(0.25);
  });

  it('gives each of three endpoints its exact share', () => {
    const save = table(
      'nat',
      `-A PREROUTING -m statistic --mode random --probability 0.33333333349 -p tcp -j DNAT --to-destination 10.1.0.11:80
-A PREROUTING -m statistic --mode random --probability 0.50000000000 -p tcp -j DNAT --to-destination 10.1.0.12:80
-A PREROUTING -p tcp -j DNAT --to-destination 10.1.0.13:80`,
    );
    const { outcomes } = trace(nodeOf({ save }), LOCAL_IN);
    const third = Math.round(0.33333333349 * 0x80000000) / 0x80000000;
    expect(outcomes.map((outcome) => [outcome.final.dst, outcome.probability])).toEqual([
      ['10.1.0.11', third],
      ['10.1.0.12', (1 - third) / 2],
      ['10.1.0.13', (1 - third) / 2],
    ]);
    expect(outcomes.reduce((sum, outcome) => sum + (outcome.probability ?? 0), 0)).toBeCloseTo(1, 12);
  });

  it('stops at the bound, and says so', () => {
    const rules = Array.from(
      { length: 6 },
      (_, at) => `-A FORWARD -m moonphase --day ${String(at)} -j MARK --set-xmark 0x1/0x1`,
    );
    const result = trace(nodeOf({ save: table('filter', rules.join('\n')) }), FORWARD, { limit: 10 });
    expect(result.outcomes).toHaveLength(10);
    expect(result.truncated).toBe(true);
  });
});

describe('routing in the walk', () => {
  it('uses the destination after DNAT and the mark after PREROUTING', () => {
    const rules =
      '0:\tfrom all lookup local\n100:\tfrom all fwmark 0x1 lookup 7\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
    const routes =
      'default via 10.1.0.254 dev eth1 table 7\ndefault via 10.0.0.254 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1\n10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1\nlocal 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1\nlocal 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1\n';
    const save = table(
      'mangle',
      '-A PREROUTING -p tcp -m tcp --dport 443 -j MARK --set-xmark 0x1/0xffffffff',
    );
    const outcome = only(nodeOf({ save, rules, routes }), FORWARD);
    expect(outcome.egress).toMatchObject({ iface: 'eth1', via: '10.1.0.254', policyRule: 100, table: '7' });
    const step = outcome.steps.find((one) => one.kind === 'route');
    expect(step).toMatchObject({ withoutMark: { device: 'eth0', rule: { priority: 32766 } } });
  });

  it('drops in silence what may not be forwarded, and what has no TTL left', () => {
    const sysctls =
      'net.ipv4.ip_forward = 0\nnet.ipv4.conf.all.forwarding = 0\nnet.ipv4.conf.eth1.forwarding = 0\n';
    expect(only(nodeOf({ sysctls }), FORWARD)).toMatchObject({
      verdict: 'dropped',
      drop: { reason: 'ip_forward' },
    });
    expect(only(nodeOf(), { ...FORWARD, ttl: 1 })).toMatchObject({
      verdict: 'dropped',
      drop: { reason: 'ttl' },
    });
    expect(only(nodeOf(), { ...FORWARD, ttl: 2 }).final.ttl).toBe(1);
  });

  it('routes local packets again after a mark in mangle OUTPUT, and not after one in filter', () => {
    const rules =
      '0:\tfrom all lookup local\n100:\tfrom all fwmark 0x1 lookup 7\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
    const routes =
      'default via 10.1.0.254 dev eth1 table 7\ndefault via 10.0.0.254 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1\nlocal 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1\n';
    const packet = { in: null, proto: 'tcp', dst: '8.8.8.8' } as const;
    const at = (name: 'mangle' | 'filter'): Outcome =>
      only(
        nodeOf({ save: table(name, '-A OUTPUT -j MARK --set-xmark 0x1/0xffffffff'), rules, routes }),
        packet,
      );
    expect(at('mangle')).toMatchObject({ egress: { iface: 'eth1' }, final: { src: '10.0.0.1' } });
    expect(at('filter')).toMatchObject({ egress: { iface: 'eth0' }, final: { mark: '0x1' } });
  });

  it('takes packets to itself round through lo, past nat PREROUTING', () => {
    const save = table(
      'nat',
      '-A PREROUTING -p tcp -j DNAT --to-destination 10.1.0.99\n-A POSTROUTING -o eth0 -j MASQUERADE',
    );
    const { verdict, path } = only(nodeOf({ save }), { in: null, proto: 'tcp', dst: '10.0.0.1', dport: 22 });
    expect(verdict).toBe('delivered');
    expect(path.filter((name) => name.startsWith('nat:'))).toEqual([
      'nat:OUTPUT:policy:1',
      'nat:POSTROUTING:policy:2',
    ]);
    expect(path.slice(-2)).toEqual(['mangle:PREROUTING:policy:1', 'filter:INPUT:policy:1']);
  });

  it('answers a packet without a route with an error, and a blackhole with nothing', () => {
    const routes =
      '10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1\n10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1\nblackhole 9.9.9.0/24\nlocal 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1\n';
    const node = nodeOf({ routes });
    expect(only(node, FORWARD)).toMatchObject({
      verdict: 'unroutable',
      unroutable: { errno: 'ENETUNREACH' },
    });
    expect(only(node, { ...FORWARD, dst: '9.9.9.9' })).toMatchObject({
      verdict: 'dropped',
      drop: { reason: 'blackhole' },
    });
  });
});

describe('the two drivers', () => {
  it('walk the same way', () => {
    const save =
      table('nat', '-A POSTROUTING -o eth0 -j MASQUERADE') +
      table('mangle', '-A OUTPUT -j MARK --set-xmark 0x1/0x1');
    const node = nodeOf({ save });
    for (const packet of [
      FORWARD,
      LOCAL_IN,
      { in: null, proto: 'tcp', dst: '8.8.8.8' },
      { in: null, proto: 'tcp', dst: '10.0.0.1' },
    ]) {
      const byTable = trace(node, packet).outcomes.map(({ verdict, path, final }) => ({
        verdict,
        path,
        final,
      }));
      const byMachine = trace(node, packet, {
        sequencer: (plan) => new MachineSequencer(plan),
      }).outcomes.map(({ verdict, path, final }) => ({ verdict, path, final }));
      expect(byMachine).toEqual(byTable);
    }
  });
});
