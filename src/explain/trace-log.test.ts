import { describe, expect, it } from 'vitest';
import { aResult, aRule, anOutcome, change, matched, routed } from '../../test/support/result.js';
import { renderTrace } from './trace-log.js';

describe('the TRACE log', () => {
  const mark = aRule('mangle', 'PREROUTING', 1, { target: ['MARK', '--set-xmark 0x80/0x80'] });
  const chain = aRule('nat', 'PREROUTING', 1, { jump: 'KUBE-SERVICES' });
  const snat = aRule('nat', 'POSTROUTING', 2, { target: ['SNAT', '--to-source 10.0.1.10'] });
  const steps = [
    matched('PREROUTING', mark, 'continue', { changes: [change('mark', '0x0', '0x80')] }),
    {
      kind: 'policy',
      hook: 'PREROUTING',
      table: 'mangle',
      chain: 'PREROUTING',
      policy: 'ACCEPT',
      total: 1,
      matched: 1,
      known: true,
    } as const,
    matched('PREROUTING', chain, 'jump'),
    {
      kind: 'chain-end',
      hook: 'PREROUTING',
      table: 'nat',
      chain: 'KUBE-SERVICES',
      base: false,
      total: 2,
      depth: 1,
      matched: 0,
      missed: [],
      missedCount: 2,
    } as const,
    {
      kind: 'policy',
      hook: 'PREROUTING',
      table: 'nat',
      chain: 'PREROUTING',
      policy: 'ACCEPT',
      total: 1,
      matched: 1,
      known: true,
    } as const,
    routed('eth0', '10.0.1.1'),
    { kind: 'forward', allowed: true, why: 'on', changes: [change('ttl', '64', '63')] } as const,
    {
      kind: 'policy',
      hook: 'FORWARD',
      table: 'filter',
      chain: 'FORWARD',
      policy: 'ACCEPT',
      total: 0,
      matched: 0,
      known: true,
    } as const,
    matched('POSTROUTING', snat, 'nat'),
    {
      kind: 'nat',
      hook: 'POSTROUTING',
      manip: 'src',
      why: 'rule',
      by: snat,
      changes: [change('src', '10.0.1.57:40000', '10.0.1.10:1024-65535')],
    } as const,
  ];
  const path = [
    'mangle:PREROUTING:rule:1',
    'mangle:PREROUTING:policy:2',
    'nat:PREROUTING:rule:1',
    'nat:KUBE-SERVICES:return:3',
    'nat:PREROUTING:policy:2',
    'filter:FORWARD:policy:1',
    'nat:POSTROUTING:rule:2',
  ];

  it('shows the packet at each line as the kernel does: a change is seen one line later', () => {
    expect(renderTrace(aResult([anOutcome({ steps, path })], { length: 60 }))).toMatchInlineSnapshot(`
      "TRACE: mangle:PREROUTING:rule:1 IN=eth1 OUT= SRC=10.0.1.57 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=64 PROTO=TCP SPT=40000 DPT=443 SYN
      TRACE: mangle:PREROUTING:policy:2 IN=eth1 OUT= SRC=10.0.1.57 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=64 PROTO=TCP SPT=40000 DPT=443 SYN MARK=0x80
      TRACE: nat:PREROUTING:rule:1 IN=eth1 OUT= SRC=10.0.1.57 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=64 PROTO=TCP SPT=40000 DPT=443 SYN MARK=0x80
      TRACE: nat:KUBE-SERVICES:return:3 IN=eth1 OUT= SRC=10.0.1.57 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=64 PROTO=TCP SPT=40000 DPT=443 SYN MARK=0x80
      TRACE: nat:PREROUTING:policy:2 IN=eth1 OUT= SRC=10.0.1.57 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=64 PROTO=TCP SPT=40000 DPT=443 SYN MARK=0x80
      TRACE: filter:FORWARD:policy:1 IN=eth1 OUT=eth0 SRC=10.0.1.57 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=63 PROTO=TCP SPT=40000 DPT=443 SYN MARK=0x80
      TRACE: nat:POSTROUTING:rule:2 IN=eth1 OUT=eth0 SRC=10.0.1.57 DST=203.0.113.9 LEN=60 TOS=0x00 PREC=0x00 TTL=63 PROTO=TCP SPT=40000 DPT=443 SYN MARK=0x80
      "
    `);
  });

  it('words ICMP and IPv6 as the kernel does', () => {
    const packet = {
      proto: 'icmpv6',
      src: '2001:db8::1',
      dst: '2001:db8::2',
      icmpType: 128,
      icmpCode: 0,
      icmpId: 7,
    };
    const policy = {
      kind: 'policy',
      hook: 'INPUT',
      table: 'filter',
      chain: 'INPUT',
      policy: 'ACCEPT',
      total: 0,
      matched: 0,
      known: true,
    } as const;
    const outcome = anOutcome({ steps: [policy], path: ['filter:INPUT:policy:1'] });
    expect(renderTrace(aResult([outcome], packet))).toMatchInlineSnapshot(`
      "TRACE: filter:INPUT:policy:1 IN=eth1 OUT= SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 TC=0 HOPLIMIT=64 PROTO=ICMPv6 TYPE=128 CODE=0 ID=7
      "
    `);
  });

  it('parts several outcomes', () => {
    const text = renderTrace(aResult([anOutcome({ probability: 0.5 }), anOutcome({ probability: null })]));
    expect(text).toBe('# outcome 1 of 2, probability 0.5\n# outcome 2 of 2, probability unknown\n');
  });
});
