/** Each part of an outcome that a spec may name: one value that holds on the embedded node, and one that does not. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check/check.js';
import { FIELDS, GROUPS, type Group } from '../../src/check/fields.js';
import { loadNode } from '../../src/snapshot/load.js';

const eks = join(import.meta.dirname, '../../examples/eks-node');
/** The embedded node with a host to which nothing is forwarded, one that is refused, and a network without a way. */
const filtered = loadNode(
  'filtered',
  readdirSync(eks)
    .filter((name) => name !== 'nft-ruleset.txt')
    .map((name) => ({
      name,
      text: readFileSync(join(eks, name), 'utf8')
        .replace(
          /(?=^-A FORWARD )/m,
          '-A FORWARD -d 203.0.113.1/32 -j DROP\n-A FORWARD -d 203.0.113.2/32 -j REJECT --reject-with icmp-host-prohibited\n',
        )
        .replace(
          /(?=^default via 192\.168\.32\.1 dev ens5 proto)/m,
          'unreachable 198.51.100.0/24 metric 5\n',
        ),
    })),
);

/** The keys of what failed. */
function failed(packet: string, expected: string): readonly string[] {
  const text = `node: filtered\nflows:\n  - { name: f, packet: ${packet}, expect: ${expected} }\n`;
  const { faults, results } = check({ name: 's.yaml', text }, filtered);
  expect(faults).toEqual([]);
  return results.flatMap(({ failures }) => failures.map(({ key }) => key));
}

const OUT = '{ from: 192.168.61.33:40000, to: 203.0.113.9:443 }';
const PING = '{ from: 192.168.61.33, to: 203.0.113.9, proto: icmp, icmp-id: 7 }';
const DROP = '{ from: 192.168.61.33, to: 203.0.113.1 }';
const REJECT = '{ from: 192.168.61.33, to: 203.0.113.2 }';
const SERVICE = '{ from: 192.168.61.33, to: 10.100.5.20:80 }';
const NOWHERE = '{ local: true, from: 192.168.45.10, to: 198.51.100.7 }';

/** Field, packet, what holds, what does not. */
const CASES: readonly (readonly [key: string, packet: string, holds: string, fails: string])[] = [
  ['verdict', OUT, 'forwarded', 'dropped'],
  ['via', OUT, '192.168.32.1', '192.168.32.2'],
  ['table', OUT, 'main', '2'],
  ['policy-rule', OUT, '1024', '1536'],
  ['route', OUT, '"default via 192.168.32.1 dev ens5 proto dhcp src 192.168.45.10 metric 512"', 'default'],
  ['ct-mark', OUT, '0x80/0x80', '0/0x80'],
  ['probability', OUT, '1', '0.5'],
  ['sender-sees', DROP, 'timeout', 'refused'],
  ['proto', OUT, 'tcp', 'udp'],
  ['src', OUT, '192.168.45.10', '192.168.61.33'],
  ['dst', OUT, '203.0.113.9', '203.0.113.8'],
  ['sport', OUT, '1024-65535', '40000'],
  ['dport', OUT, '443', '80'],
  ['icmp-id', PING, '0-65535', '8'],
  ['mark', OUT, '0x80', '0'],
  ['ttl', OUT, '63', '64'],
  ['tos', OUT, '0', '16'],
  ['egress', OUT, 'ens5', 'ens6'],
  ['egress.iface', OUT, 'ens5', 'ens6'],
  ['egress.via', OUT, '192.168.32.1', '192.168.32.2'],
  ['egress.table', OUT, 'main', 'local'],
  ['egress.policy-rule', OUT, '1024', '1536'],
  ['egress.policyRule', OUT, '1024', '1536'],
  [
    'egress.route',
    OUT,
    '"default via 192.168.32.1 dev ens5 proto dhcp src 192.168.45.10 metric 512"',
    'default',
  ],
  ['snat', OUT, '192.168.45.10', 'null'],
  ['snat.from', OUT, '"192.168.61.33:40000"', '192.168.61.34'],
  ['snat.to', OUT, '"192.168.45.10:1024-65535"', '"192.168.45.10:40000"'],
  ['snat.rule', OUT, '"nat/AWS-SNAT-CHAIN-0:2"', '"nat/AWS-SNAT-CHAIN-0:1"'],
  ['dnat', OUT, 'null', '192.168.70.8'],
  ['dnat.from', SERVICE, '"10.100.5.20:80"', '"10.100.5.20:81"'],
  ['dnat.to', SERVICE, '[192.168.40.11, 192.168.61.33]', '10.100.5.20'],
  ['dnat.rule', OUT, 'null', '"nat/X:1"'],
  ['final.src', OUT, '192.168.45.10', '192.168.61.33'],
  ['final.mark', OUT, '0x80', '0'],
  ['reject', REJECT, 'icmp-host-prohibited', 'icmp-port-unreachable'],
  ['reject.with', REJECT, 'icmp-host-prohibited', 'tcp-reset'],
  ['reject.to', REJECT, '192.168.61.33', '203.0.113.2'],
  ['drop', DROP, 'rule', 'policy'],
  ['drop.reason', DROP, 'rule', 'policy'],
  ['drop.table', DROP, 'filter', 'raw'],
  ['drop.chain', DROP, 'FORWARD', 'INPUT'],
  ['drop.rule', DROP, '"filter/FORWARD:1"', '"filter/FORWARD:2"'],
  ['unroutable', NOWHERE, 'EHOSTUNREACH', 'ENETUNREACH'],
  ['unroutable.errno', NOWHERE, 'EHOSTUNREACH', 'null'],
  ['conntrack.mark', OUT, '0x80', '0'],
  ['conntrack.status', OUT, 'CONFIRMED SRC_NAT', 'CONFIRMED DST_NAT'],
  ['conntrack.original.proto', OUT, 'tcp', 'udp'],
  ['conntrack.original.src', OUT, '192.168.61.33', '192.168.45.10'],
  ['conntrack.original.dst', OUT, '203.0.113.9', '203.0.113.8'],
  ['conntrack.original.sport', OUT, '40000', '40001'],
  ['conntrack.original.dport', OUT, '443', '80'],
  ['conntrack.original.icmp-id', PING, '7', '8'],
  ['conntrack.reply.proto', OUT, 'tcp', 'udp'],
  ['conntrack.reply.src', OUT, '203.0.113.9', '203.0.113.8'],
  ['conntrack.reply.dst', OUT, '192.168.45.10', '192.168.61.33'],
  ['conntrack.reply.sport', OUT, '443', '80'],
  ['conntrack.reply.dport', OUT, '1024-65535', '40000'],
  ['conntrack.reply.icmp-id', PING, '0-65535', '7'],
];

/** `{ conntrack: { reply: { dport: 80 } } }` */
const expected = (key: string, value: string): string =>
  key.split('.').reduceRight((inner, name) => `{ ${name}: ${inner} }`, value);

function namesIn(group: Group, name: string): readonly string[] {
  return Object.entries(group.of).flatMap(([key, part]) =>
    'of' in part ? namesIn(part, `${name}.${key}`) : [`${name}.${key}`],
  );
}

describe('a part of an outcome', () => {
  it.each(CASES)('%s of %s is %s, not %s', (key, packet, holds, fails) => {
    expect(failed(packet, expected(key, holds))).toEqual([]);
    expect(failed(packet, expected(key, fails))).toEqual([key]);
  });

  it('has a case, whatever it is', () => {
    const all = [
      ...Object.keys(FIELDS),
      ...Object.entries(GROUPS).flatMap(([key, one]) => namesIn(one, key)),
    ];
    // `final` has the fields that an expectation has without it.
    const wanted = all.filter((key) => !key.startsWith('final.'));
    expect(wanted.filter((key) => !CASES.some(([name]) => name === key))).toEqual([]);
  });

  it('is of the answer too, in any part', () => {
    expect(failed(OUT, '{ reply: { conntrack: { status: SEEN_REPLY }, dst: 192.168.61.33 } }')).toEqual([]);
    expect(failed(OUT, '{ reply: { conntrack: { status: ASSURED } } }')).toEqual(['reply.conntrack.status']);
  });

  it('is null where there is none', () => {
    expect(failed(OUT, '{ conntrack: { original: null } }')).toEqual(['conntrack.original']);
    expect(failed(DROP, '{ egress: null, snat: null, reject: null }')).toEqual([]);
  });
});
