import { describe, expect, it } from 'vitest';
import {
  GONE,
  aPolicyRule,
  aResult,
  aRule,
  anOutcome,
  change,
  matched,
  routed,
} from '../../test/support/result.js';
import { coloured } from './colour.js';
import { renderSummary } from './summary.js';
import { renderText } from './text.js';
import { NO_FACTS } from './view.js';
import { widthOf } from './width.js';

/** Everything under the header line. */
function answer(...args: Parameters<typeof renderSummary>): string {
  return renderSummary(...args)
    .split('\n')
    .slice(2)
    .join('\n');
}

describe('the answer', () => {
  it('names the rule that dropped the packet, its place, its comment, and what the sender sees', () => {
    const rule = aRule('filter', 'KUBE-EXTERNAL-SERVICES', 1, {
      matches: [['comment', '--comment "default/web has no local endpoints"']],
      target: ['DROP', ''],
    });
    const steps = [
      matched('INPUT', rule, 'drop', { depth: 1 }),
      { kind: 'drop', reason: 'rule', rule } as const,
    ];
    const outcome = anOutcome({
      ...GONE,
      verdict: 'dropped',
      drop: { rule, reason: 'rule', table: 'filter', chain: rule.chain },
      steps,
    });
    expect(answer(aResult([outcome]))).toMatchInlineSnapshot(`
      "DROPPED in filter KUBE-EXTERNAL-SERVICES rule 1
        sender sees  nothing: it waits until its timeout
        save.txt:11  -A KUBE-EXTERNAL-SERVICES -m comment --comment "default/web has no local endpoints"
                     -j DROP
        owner        kube-proxy
      "
    `);
  });

  it('names the policy that dropped the packet', () => {
    const steps = [
      {
        kind: 'policy',
        hook: 'FORWARD',
        table: 'filter',
        chain: 'FORWARD',
        policy: 'DROP',
        total: 7,
        matched: 0,
        known: true,
      } as const,
      { kind: 'drop', reason: 'policy', rule: null } as const,
    ];
    const drop = { rule: null, reason: 'policy', table: 'filter', chain: 'FORWARD' };
    expect(answer(aResult([anOutcome({ ...GONE, verdict: 'dropped', drop, steps })]))).toMatchInlineSnapshot(`
      "DROPPED by the policy of filter FORWARD
        sender sees  nothing: it waits until its timeout
        reason       none of its 7 rules matched, so the policy DROP decided
      "
    `);
  });

  it('explains a drop by the reverse-path filter with the way back', () => {
    const steps = [
      {
        kind: 'rp-filter',
        device: 'eth1',
        mode: 1,
        passed: false,
        reverseDevice: 'eth0',
        why: 'other-device',
      } as const,
      { kind: 'drop', reason: 'rp_filter', rule: null } as const,
    ];
    const drop = { rule: null, reason: 'rp_filter' };
    expect(renderText(aResult([anOutcome({ ...GONE, verdict: 'dropped', drop, steps })])))
      .toMatchInlineSnapshot(`
        "tcp 10.0.1.57:40000 > 203.0.113.9:443 SYN                   in eth1

        DROPPED by the reverse-path filter
          sender sees  nothing: it waits until its timeout
          reason       rp_filter of eth1 is 1 (strict), and the way back leaves by eth0

           WHERE             RULE  RESULT                   CHANGED
         1        rp_filter     -  DROPPED: rp_filter of eth1 is 1 (strict), and the way back leaves by eth0
        "
      `);
  });

  it('tells a TTL that ran out', () => {
    const steps = [
      { kind: 'forward', allowed: false, why: 'ttl', changes: [] } as const,
      { kind: 'drop', reason: 'ttl', rule: null } as const,
    ];
    const outcome = anOutcome({ ...GONE, verdict: 'dropped', drop: { rule: null, reason: 'ttl' }, steps });
    expect(renderText(aResult([outcome]))).toMatchInlineSnapshot(`
      "tcp 10.0.1.57:40000 > 203.0.113.9:443 SYN                   in eth1

      DROPPED because the TTL ran out
        sender sees  an ICMP error "Time to live exceeded" (as traceroute shows it)
        reason       the TTL ran out

         WHERE           RULE  RESULT                   CHANGED
       1        forward     -  the TTL ran out: DROPPED
      "
    `);
  });

  it('tells a rejection and the error that the sender gets', () => {
    const rule = aRule('filter', 'KUBE-SERVICES', 2, {
      target: ['REJECT', '--reject-with icmp-port-unreachable'],
    });
    const steps = [
      matched('FORWARD', rule, 'reject', { depth: 1 }),
      { kind: 'reject', with: 'icmp-port-unreachable', rule } as const,
    ];
    const reject = { with: 'icmp-port-unreachable', to: '10.0.1.57' };
    expect(renderText(aResult([anOutcome({ ...GONE, verdict: 'rejected', reject, steps })])))
      .toMatchInlineSnapshot(`
        "tcp 10.0.1.57:40000 > 203.0.113.9:443 SYN                   in eth1

        REJECTED with icmp-port-unreachable in filter KUBE-SERVICES rule 2
          sender sees  the error "Connection refused" at once
          save.txt:12  -A KUBE-SERVICES -j REJECT --reject-with icmp-port-unreachable
          owner        kube-proxy

           WHERE                   RULE  RESULT                   CHANGED
         1          KUBE-SERVICES   2/5  REJECT reject-with icmp-port-unreachable
        "
      `);
  });

  it('tells that there is no route', () => {
    const steps = [
      {
        ...routed('eth0', '10.0.1.1'),
        rule: null,
        route: null,
        device: null,
        via: null,
        result: 'error',
        errno: 'ENETUNREACH',
      } as const,
      { kind: 'unroutable', errno: 'ENETUNREACH' } as const,
    ];
    const outcome = anOutcome({
      ...GONE,
      verdict: 'unroutable',
      unroutable: { errno: 'ENETUNREACH' },
      steps,
    });
    expect(renderText(aResult([outcome]))).toMatchInlineSnapshot(`
      "tcp 10.0.1.57:40000 > 203.0.113.9:443 SYN                   in eth1

      NO ROUTE to 203.0.113.9 (ENETUNREACH)
        sender sees  the error "Network is unreachable"
        reason       no policy rule led to a route
        missing      a route to 203.0.113.9: the tables that were asked have none (main)

         WHERE                  RULE  RESULT                   CHANGED
       1 route  no policy rule     -  no route (ENETUNREACH)
      "
    `);
  });

  it('tells a delivery to a local socket', () => {
    const local = aPolicyRule(0, { action: { kind: 'lookup', table: 255, name: 'local' } });
    const step = { ...routed('lo', '10.0.1.1', local), via: null, result: 'local' } as const;
    const outcome = anOutcome({
      ...GONE,
      verdict: 'delivered',
      steps: [step, { kind: 'deliver', device: 'eth1' }],
    });
    expect(renderText(aResult([outcome]))).toMatchInlineSnapshot(`
      "tcp 10.0.1.57:40000 > 203.0.113.9:443 SYN                   in eth1

      DELIVERED to a socket of this node as 10.0.1.57:40000 > 203.0.113.9:443
        why here  policy rule 0, any packet -> table local, route default

         WHERE                 RULE  RESULT                   CHANGED
       1 route  policy rule 0     -  any packet -> local      to this node itself
       2        socket            -  DELIVERED
      "
    `);
  });

  it('warns of a source that belongs to another device', () => {
    const facts = {
      ...NO_FACTS,
      deviceOfAddress: (address: string): string | null => (address === '10.0.1.10' ? 'eth0' : null),
      hasAddressLike: (): boolean => true,
    };
    const final = { ...anOutcome().final, src: '10.0.1.10' };
    const egress = { iface: 'eth2', via: '10.0.2.1', table: '2', policyRule: 1536, route: null };
    expect(answer(aResult([anOutcome({ final, egress })]), { facts })).toMatchInlineSnapshot(`
      "LEAVES by eth2 via 10.0.2.1 as 10.0.1.10:40000 > 203.0.113.9:443
        WARNING        leaves eth2 with 10.0.1.10, an address of eth0: a network that checks sources (as
                       AWS does per ENI) drops it, and an answer would come in by eth0
        why 10.0.1.10  no rule translated the source
      "
    `);
  });

  it('does not warn when the device that it leaves by has no address itself', () => {
    const facts = { ...NO_FACTS, deviceOfAddress: (): string => 'eth0' };
    const egress = { iface: 'veth1', via: null, table: 'main', policyRule: 512, route: null };
    expect(answer(aResult([anOutcome({ egress })]), { facts })).not.toContain('WARNING');
  });

  it('says who set the mark that the policy rule looked at, and what would be without it', () => {
    const set = aRule('nat', 'MARKER', 2, { target: ['CONNMARK', '--set-xmark 0x80/0x80'] });
    const restore = aRule('nat', 'PREROUTING', 3, {
      target: ['CONNMARK', '--restore-mark --nfmask 0x80 --ctmask 0x80'],
    });
    const marked = aPolicyRule(1024, { fwmark: { value: 0x80, mask: 0x80 } });
    const route = {
      ...routed('eth0', '10.0.1.1', marked),
      withoutMark: { rule: aPolicyRule(1536), device: 'eth2', via: null, errno: null },
    };
    const steps = [
      matched('PREROUTING', set, 'continue', { depth: 1, changes: [change('ctmark', '0x0', '0x80')] }),
      matched('PREROUTING', restore, 'continue', { changes: [change('mark', '0x0', '0x80')] }),
      route,
    ];
    expect(answer(aResult([anOutcome({ steps })]))).toMatchInlineSnapshot(`
      "LEAVES by eth0 via 10.0.1.1 as 10.0.1.57:40000 > 203.0.113.9:443
        why eth0           policy rule 1024, fwmark 0x80/0x80 -> table main, route default
        who set mark 0x80  CONNMARK, nat PREROUTING rule 3 (save.txt:13)
        and ct mark 0x80   CONNMARK, nat MARKER rule 2 (save.txt:12)
        without the mark   policy rule 1536, any packet -> table main: out eth2
        why 10.0.1.57      no rule translated the source
        owner              unowned, look here (CONNMARK)
      "
    `);
    const unseen = { ...route, withoutMark: { ...route.withoutMark, device: null } };
    expect(answer(aResult([anOutcome({ steps: [...steps.slice(0, 2), unseen] })]))).toContain(
      'policy rule 1536, any packet -> table main: (the snapshot does not show this',
    );
  });

  it('tells EPERM to a local process whose datagram is dropped on the way out, a timeout to TCP', () => {
    const rule = aRule('filter', 'OUTPUT', 1, { target: ['DROP', ''] });
    const outcome = anOutcome({
      ...GONE,
      verdict: 'dropped',
      drop: { rule, reason: 'rule' },
      steps: [matched('OUTPUT', rule, 'drop')],
    });
    expect(answer(aResult([outcome], { in: null, proto: 'udp' }))).toContain('Operation not permitted');
    expect(answer(aResult([outcome], { in: null }))).toContain('timeout');
  });
});

describe('several outcomes', () => {
  const jump = (number: number): ReturnType<typeof aRule> =>
    aRule('nat', 'KUBE-SVC-ERIFXISQEP7F7OF4', number, {
      matches: [['statistic', '--mode random --probability 0.5']],
      jump: `KUBE-SEP-${String(number)}`,
    });
  const service = aRule('nat', 'PREROUTING', 1, { jump: 'KUBE-SVC-ERIFXISQEP7F7OF4' });
  const to = (number: number, probability: number | null): ReturnType<typeof anOutcome> =>
    anOutcome({
      probability,
      final: { ...anOutcome().final, dst: `10.0.2.${String(number)}` },
      steps: [
        matched('PREROUTING', service, 'jump'),
        matched('PREROUTING', jump(number), 'jump', {
          depth: 1,
          open: number === 1,
          missedCount: number - 1,
        }),
        { kind: 'send', device: 'eth0', via: null },
      ],
    });

  it('each say how likely they are and where they part from the first', () => {
    expect(renderText(aResult([to(1, 0.5), to(2, 0.5)]))).toMatchInlineSnapshot(`
      "tcp 10.0.1.57:40000 > 203.0.113.9:443 SYN                   in eth1

      2 OUTCOMES

      [1] 50 %  LEAVES by eth0 via 10.0.1.1 as 10.0.1.57:40000 > 10.0.2.1:443
        why 10.0.1.57  no rule translated the source

      [2] 50 %  LEAVES by eth0 via 10.0.1.1 as 10.0.1.57:40000 > 10.0.2.2:443
        parts from 1  at row 2: nat KUBE-SVC-ERIFXISQEP7F7OF4 rule 2 matched: jump KUBE-SEP-2

      WALK OF OUTCOME 1
         WHERE                               RULE  RESULT                   CHANGED
       1 nat    PREROUTING                    1/5  jump KUBE-SVC-ERIFXISQEP7F7OF4
       2          KUBE-SVC-ERIFXISQEP7F7OF4   1/5  (by chance) jump KUBE-SEP-1
       3        eth0                            -  SENT
      "
    `);
  });

  it('each say what they rest on when nobody knows how likely they are', () => {
    const rule = aRule('filter', 'CUSTOM', 3);
    const assumed = (yes: string): ReturnType<typeof anOutcome> => ({
      ...to(1, null),
      path: [yes],
      assumptions: [
        { code: 'UNK_MATCH', params: { name: 'bpf', text: ' --bytecode "1,6 0 0 0"', answer: yes }, rule },
      ],
    });
    expect(renderSummary(aResult([assumed('yes'), assumed('no')]))).toMatchInlineSnapshot(`
      "tcp 10.0.1.57:40000 > 203.0.113.9:443 SYN                   in eth1

      2 OUTCOMES

      [1] assumed  LEAVES by eth0 via 10.0.1.1 as 10.0.1.57:40000 > 10.0.2.1:443
        why 10.0.1.57  no rule translated the source
        ASSUMES        "-m bpf --bytecode "1,6 0 0 0"" matches: yes (filter CUSTOM rule 3)

      [2] assumed  LEAVES by eth0 via 10.0.1.1 as 10.0.1.57:40000 > 10.0.2.1:443
        ASSUMES  "-m bpf --bytecode "1,6 0 0 0"" matches: no (filter CUSTOM rule 3)
      "
    `);
  });

  it('say when some are missing', () => {
    expect(renderText({ ...aResult([to(1, 0.5)]), truncated: true })).toContain('more outcomes');
  });
});

describe('the walk', () => {
  const long = aRule('nat', 'KUBE-SVC-ERIFXISQEP7F7OF4-AND-MUCH-LONGER-THAN-ANY', 12345, {
    matches: [
      [
        'comment',
        '--comment "한글 주석이 매우 길다 한글 주석이 매우 길다 한글 주석이 매우 길다 한글 주석이 매우 길다 한글 주석"',
      ],
    ],
    jump: 'KUBE-SEP-ERIFXISQEP7F7OF4-AND-MUCH-LONGER-THAN-ANY-CHAIN-NAME-MAY-BE',
  });
  const v6 = '[2001:db8:1111:2222:3333:4444:5555:6666]:1024-65535';
  const steps = [
    matched('PREROUTING', long, 'jump', {
      depth: 7,
      total: 99999,
      changes: [change('dst', 'a', v6), change('mark', '0x0', '0xffffffff')],
    }),
    matched('PREROUTING', aRule('nat', 'EVIL\u001b[2J\u202e', 1, { jump: 'X\r\n' }), 'jump', { depth: 1 }),
  ];
  const packet = {
    src: '2001:db8:1111:2222:3333:4444:5555:6666',
    dst: '2001:db8:1111:2222:3333:4444:5555:7777',
  };
  const wide = aResult([anOutcome({ steps, final: { ...anOutcome().final, ...packet } })], packet);

  it('never takes more than 100 cells', () => {
    for (const line of renderText(wide).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
  });

  it('keeps control characters and overrides of dumps off the terminal', () => {
    expect(renderText(wide, { wide: true }).replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it('is the same without colour as with colour less its escapes', () => {
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    for (const options of [{}, { allRules: true, wide: true }]) {
      const text = renderText(wide, { ...options, paint: coloured });
      expect(text).not.toBe(renderText(wide, options));
      expect(text.replace(escapes, '')).toBe(renderText(wide, options));
    }
  });

  it('lists the rules that did not match, with reasons, when asked', () => {
    const miss = {
      rule: aRule('nat', 'PREROUTING', 1),
      reason: { code: 'NO_DPORT', params: { has: 443, wanted: '80' }, option: 'dport' },
      match: 0,
    };
    const told = { missed: [miss], missedCount: 1 };
    const step = matched('PREROUTING', aRule('nat', 'PREROUTING', 2), 'accept', told);
    const result = aResult([anOutcome({ steps: [step] })]);
    const all = renderText(result, { allRules: true });
    expect(all).toMatch(/ 1\/5 +no match: destination port 443 is not in 80\n/);
    expect(renderText(result)).toContain('1 rule did not match');
  });
});
