/** Lines of JSON against JSON.stringify of the same results, whatever a walk may end in. */
import { describe, expect, it } from 'vitest';
import { aResult, aRule, anOutcome } from '../../test/support/result.js';
import type { Rule } from '../iptables/model.js';
import { trace } from '../packet/trace.js';
import type { Outcome, PacketInput, TraceResult } from '../packet/result.js';
import { loadNode } from '../snapshot/load.js';
import { factsOf } from './facts.js';
import { type WarningJson, traceJsonWith, warningJson } from './json.js';
import { JsonLines } from './json-line.js';
import { nameRule } from './rule-ref.js';
import { type Facts, NO_FACTS } from './view.js';

function stringified(result: TraceResult, warnings: readonly WarningJson[], facts: Facts): unknown {
  return JSON.parse(JSON.stringify(traceJsonWith(result, warnings, facts)), (key, value: unknown) =>
    key === 'steps' ? undefined : value,
  );
}

/** The line of a result of no node, after it was compared with the other way to make it. */
function lineOf(result: TraceResult): string {
  const line = new JsonLines([], NO_FACTS).line(result);
  expect(JSON.parse(line)).toEqual(stringified(result, [], NO_FACTS));
  return line;
}

const SAVE = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:"ODD" - [0:0]
-A PREROUTING -d 10.100.0.1/32 -p tcp -m comment --comment "default/a \\"b\\":http" -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.0.7:8080
-A PREROUTING -d 10.100.0.1/32 -p tcp -j DNAT --to-destination 10.0.0.8-10.0.0.9
-A POSTROUTING -o e1 -j MASQUERADE --random-fully
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -p udp --dport 53 -j REJECT
-A FORWARD -m set --match-set gone src -j ACCEPT
-A FORWARD -i e0 -j ACCEPT
-A FORWARD -s 203.0.113.0/24 -j LOG
COMMIT
`;

const node = loadNode('n', [
  { name: 'save.txt', text: SAVE },
  { name: 'ip-addr.txt', text: '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: e0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global e0\n3: e1: <UP> mtu 1500\n    inet 192.0.2.1/24 scope global e1\n' },
  { name: 'ip-route.txt', text: 'default via 192.0.2.254 dev e1\n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1\n192.0.2.0/24 dev e1 proto kernel scope link src 192.0.2.1\n' },
  { name: 'ip-rule.txt', text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n' },
]); // prettier-ignore

const PACKETS: readonly PacketInput[] = [
  { id: 'to a service', in: 'e0', proto: 'tcp', src: '10.0.0.7', dst: '10.100.0.1', dport: 80 },
  { id: 'out', in: 'e0', proto: 'tcp', src: '10.0.0.7', sport: 4000, dst: '198.51.100.7', dport: 443 },
  { id: 'pinged "out"', in: 'e0', proto: 'icmp', src: '10.0.0.7', dst: '198.51.100.7', mark: 7, ttl: 9 },
  { in: 'e0', proto: 'udp', src: '10.0.0.7', dst: '198.51.100.7', uid: 5, gid: 6, length: 90 },
  { in: 'e1', proto: 'udp', src: '203.0.113.9', dst: '10.0.0.7', dport: 54, tos: 8 },
  { in: null, proto: 'tcp', src: '10.0.0.1', dst: '10.0.0.9', tcpFlags: [], oif: 'e0', connected: true },
  { in: null, proto: 'gre', dst: '198.51.100.7' },
  { in: 'e0', proto: 'tcp', src: '10.0.0.7', dst: '10.0.0.1', ct: 'established' },
  { in: 'e0', proto: 'tcp', src: '10.0.0.7', dst: '198.51.100.7', ttl: 1 },
];

describe('a line of JSON', () => {
  it.each(PACKETS)('is the JSON of the result without steps: %j', (packet) => {
    const warnings = node.diagnostics.map(warningJson);
    const facts = factsOf(node);
    const lines = new JsonLines(warnings, facts);
    for (const reply of [false, true]) {
      const result = trace(node, packet, { steps: false, reply });
      const wanted = `${JSON.stringify(stringified(result, warnings, facts))}\n`;
      expect(lines.line(result)).toBe(wanted);
      // The second time much is remembered.
      expect(lines.line(result)).toBe(wanted);
    }
  });

  it('escapes what dumps and users may have written', () => {
    const rule = aRule('nat', 'A "B"\\', 1, {});
    const egress = { iface: 'e"0', via: null, table: 'a\tb', policyRule: null, route: 'default dev e"0' };
    const odd: Partial<Outcome> = {
      egress,
      dnat: { from: 'a', to: 'b', rule },
      path: ['nat:"X":rule:1', 'nat:한:rule:2'],
      pathMaybe: ['nat:\u2028:rule:3'],
      drop: { rule, reason: 'rule', chain: 'A "B"' },
    };
    const line = lineOf({ ...aResult([anOutcome(odd)]), id: 'a"b' });
    expect(JSON.parse(line)).toMatchObject({ id: 'a"b', outcomes: [{ egress }] });
  });

  it('has ranges where the kernel draws', () => {
    const drawn = anOutcome({
      final: {
        ...{ proto: 'tcp', srcRange: ['1.1.1.1', '1.1.1.9'], dst: '2.2.2.2', sportRange: [1, 9], dport: 80 },
        ...{ mark: '0x0', markUnknown: '0xff', ttl: 1, tos: 0 },
      },
    });
    expect(lineOf(aResult([drawn, drawn]))).toContain('"sportRange":[1,9]');
  });
});

it.each([{}, { backend: 'legacy' }, { chain: 'a "b"\u00e9' }])(
  'names a rule as other views do: %j',
  (other) => {
    const parts = {
      matches: [['comment', '--comment "a \\"b\\""']],
      target: ['DNAT', '--to-destination 10.0.0.7'],
    } as const;
    const rule: Rule = Object.assign(aRule('nat', 'PREROUTING', 3, parts), other);
    const dnat = { from: '10.0.0.1:80', to: '10.0.0.7:80', rule };
    expect(lineOf(aResult([anOutcome({ dnat })]))).toContain(`"rule":${JSON.stringify(nameRule(rule))}`);
  },
);
