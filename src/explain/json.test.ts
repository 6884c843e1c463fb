import { describe, expect, it } from 'vitest';
import {
  aPolicyRule,
  aResult,
  aRule,
  anOutcome,
  change,
  matched,
  routed,
} from '../../test/support/result.js';
import type { Step } from '../packet/steps.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { traceJson } from './json.js';

const rule = aRule('nat', 'AWS-SNAT-CHAIN-0', 2, {
  matches: [['comment', '--comment "AWS, SNAT"']],
  target: ['SNAT', '--to-source 192.168.1.5'],
});

describe('the JSON of a result', () => {
  it('has the fields of the contract', () => {
    const outcome = anOutcome({
      snat: { from: 'a', to: 'b', rule },
      assumptions: [{ code: 'UNK_NO_SET', params: { set: 's', answer: 'yes' }, rule }],
    });
    const json = traceJson({ ...aResult([outcome]), id: 'p1' }, []);
    expect(Object.keys(json)).toEqual(['schema', 'id', 'packet', 'outcomes', 'truncated', 'warnings']);
    expect(json.schema).toBe('natwalk/trace/1');
    const [one] = json.outcomes;
    expect(Object.keys(one ?? {})).toEqual([
      'probability',
      'assumptions',
      'verdict',
      'final',
      'egress',
      'snat',
      'dnat',
      'reject',
      'unroutable',
      'drop',
      'conntrack',
      'path',
      'pathMaybe',
      'steps',
    ]);
    expect(one?.snat?.rule).toEqual({
      table: 'nat',
      chain: 'AWS-SNAT-CHAIN-0',
      rule: 2,
      file: 'save.txt',
      line: 12,
      text: '-A AWS-SNAT-CHAIN-0 -m comment --comment "AWS, SNAT" -j SNAT --to-source 192.168.1.5',
    });
    expect(one?.assumptions[0]).toMatchObject({
      code: 'UNK_NO_SET',
      text: 'set s is not in the snapshot; it holds the packet: yes',
    });
  });

  it('has every kind of step as plain values', () => {
    const via = routed('eth0', '10.0.1.1');
    const steps: readonly Step[] = [
      { kind: 'enter', device: 'eth1' },
      { kind: 'table', hook: 'PREROUTING', table: 'nat', chain: 'PREROUTING', type: 'nat' },
      {
        kind: 'conntrack',
        hook: 'PREROUTING',
        state: 'NEW',
        entry: 'new',
        direction: 'ORIGINAL',
        changes: [],
      },
      matched('PREROUTING', rule, 'nat', {
        missed: [
          { rule, reason: { code: 'NO_DPORT', params: { has: 1, wanted: '2' }, option: 'dport' }, match: 0 },
        ],
      }),
      {
        kind: 'maybe',
        hook: 'PREROUTING',
        rule,
        depth: 0,
        code: 'UNK_MATCH',
        params: { name: 'limit', text: '', answer: 'yes' },
      },
      {
        kind: 'chain-end',
        hook: 'PREROUTING',
        table: 'nat',
        chain: 'X',
        base: false,
        total: 1,
        depth: 1,
        matched: 0,
        missed: [],
        missedCount: 1,
      },
      {
        kind: 'policy',
        hook: 'PREROUTING',
        table: 'nat',
        chain: 'PREROUTING',
        policy: 'ACCEPT',
        total: 0,
        matched: 0,
        known: true,
      },
      {
        kind: 'nat',
        hook: 'POSTROUTING',
        manip: 'src',
        why: 'rule',
        by: rule,
        changes: [change('src', 'a', 'b')],
      },
      { kind: 'nat-skipped', hook: 'POSTROUTING', why: 'already-mapped' },
      {
        ...via,
        withoutMark: {
          rule: aPolicyRule(1536),
          device: 'eth2',
          via: 0x20010db8000000000000000000000001n,
          errno: null,
        },
      },
      { kind: 'source', address: 167772161, why: 'route-src' },
      { kind: 'rp-filter', device: 'eth1', mode: 1, passed: true, reverseDevice: 'eth1', why: 'same-device' },
      { kind: 'forward', allowed: true, why: 'on', changes: [change('ttl', '64', '63')] },
      { kind: 'loopback' },
      { kind: 'deliver', device: 'lo' },
      { kind: 'send', device: 'eth0', via: 167772161 },
      { kind: 'drop', reason: 'rule', rule },
      { kind: 'reject', with: 'tcp-reset', rule },
      { kind: 'unroutable', errno: 'ENETUNREACH' },
    ];
    const json = traceJson(aResult([anOutcome({ steps })]), []);
    const copy: unknown = JSON.parse(JSON.stringify(json));
    expect(copy).toEqual(json);
    const route = json.outcomes[0]?.steps.find((step) => step.kind === 'route');
    expect(route).toMatchObject({
      via: '10.0.1.1',
      policyRule: { priority: 32766, text: '32766: from all lookup main' },
      route: { text: 'default via 10.0.1.1 dev eth0', table: 254 },
      withoutMark: { policyRule: { priority: 1536 }, via: '2001:db8::1' },
    });
    expect(json.outcomes[0]?.steps.map((step) => step.kind)).toEqual(steps.map((step) => step.kind));
  });

  it('has the answer as an outcome of its own', () => {
    const json = traceJson(
      aResult([anOutcome({ reply: anOutcome({ verdict: 'delivered', egress: null }) })]),
      [],
    );
    expect(json.outcomes[0]?.reply).toMatchObject({ verdict: 'delivered', egress: null });
    expect(traceJson(aResult([anOutcome()]), []).outcomes[0]).not.toHaveProperty('reply');
  });

  it('gives findings their place', () => {
    const found = new Diagnostics();
    const source = new SourceText('a.txt', 'one\ntwo three\n');
    found.warn('BATCH_LINE', { source, start: 8, end: 13 }, { line: 2, reason: 'r' });
    found.warn('NODE_EMPTY', null, { path: 'x' });
    expect(traceJson(aResult([]), found.list).warnings).toEqual([
      { code: 'BATCH_LINE', text: 'line 2 is not a packet: r', file: 'a.txt', line: 2, column: 5 },
      {
        code: 'NODE_EMPTY',
        text: 'nothing in "x" was recognised as a dump',
        file: null,
        line: null,
        column: null,
      },
    ]);
  });
});
