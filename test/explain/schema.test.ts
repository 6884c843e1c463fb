/** The published JSON Schema of a result, held against results: what is printed validates, and no misspelt field does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/explain/facts.js';
import { JsonLines } from '../../src/explain/json-line.js';
import { traceJson, warningJson } from '../../src/explain/json.js';
import { PacketError } from '../../src/packet/complete.js';
import type { Node } from '../../src/packet/node.js';
import type { PacketInput } from '../../src/packet/result.js';
import { type TraceOptions, trace } from '../../src/packet/trace.js';
import { natwalk } from '../support/cli.js';
import { nodeOf } from '../support/node.js';
import { nodeOf as routerOf, table } from '../support/router.js';
import { byFixture } from '../walks/all.js';
import { packetsOf } from '../walks/case.js';

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../schema/trace.schema.json'), 'utf8'),
) as { readonly $defs: Readonly<Record<string, unknown>> };
const validate = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
}).compile(schema);

/** What is wrong with a value, by the schema; each with its place. */
function faultsOf(value: unknown): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

const plainJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function resultOf(node: Node, packet: PacketInput, options: TraceOptions = {}): unknown {
  return plainJson(traceJson(trace(node, packet, options), node.diagnostics, factsOf(node)));
}

const FIXTURES = [...byFixture.keys()].filter((name) =>
  /eks-node|default-legacy|v1\.23-nft-connmark|kube-proxy-nft$|mixed-backends/.test(name),
);
const nodes = new Map(FIXTURES.map((name) => [name, nodeOf(name)]));

/** A router whose rules reach what the nodes do not. */
const odd = routerOf({
  save:
    table('raw', '-A PREROUTING -s 10.1.0.66/32 -j CT --notrack') +
    table('mangle', '-A PREROUTING -m mystery --x 1 -j MARK --set-xmark 0x1/0x1') +
    table('nat', '-A POSTROUTING -o eth0 -p icmp -j SNAT --to-source 10.0.0.50-10.0.0.60') +
    table(
      'filter',
      '-A FORWARD -p udp -m limit --limit 1/sec -j LOG\n-A FORWARD -p sctp -j REJECT\n-A FORWARD -p dccp -j DROP\n-A OUTPUT -p udp -d 9.9.9.9/32 -j MARK --set-xmark 0x9/0xffffffff',
    ),
  connections:
    'tcp      6 431999 ESTABLISHED src=10.1.0.7 dst=8.8.8.8 sport=40001 dport=443 src=8.8.8.8 dst=10.1.0.7 sport=443 dport=40001 [ASSURED] mark=5 use=1\n',
});
const ODD: readonly PacketInput[] = [
  { proto: 'tcp', in: 'eth1', src: '10.1.0.7', sport: 40001, dst: '8.8.8.8', dport: 443, tcpFlags: ['ACK'] },
  { proto: 'tcp', in: 'eth1', src: '10.1.0.66', dst: '8.8.8.8' },
  { proto: 'icmp', in: 'eth1', src: '10.1.0.7', dst: '8.8.8.8', icmpId: 9 },
  { proto: 'udp', in: 'eth1', src: '10.1.0.7', dst: '8.8.8.8', length: 100, tos: 8 },
  { proto: 'sctp', in: 'eth1', src: '10.1.0.7', dst: '8.8.8.8' },
  { proto: 'dccp', in: 'eth1', src: '10.1.0.7', dst: '8.8.8.8' },
  { proto: 'udp', in: null, dst: '9.9.9.9', uid: 5, gid: 6, oif: 'eth0', connected: true, ct: 'new' },
  { proto: 'tcp', in: null, dst: '127.0.0.1', dport: 1 },
  { proto: 'udp', in: null, src: '127.0.0.1', dst: '8.8.8.8', dport: 53 },
  { proto: 'tcp', in: 'eth0', src: '10.0.0.1', dst: '10.1.0.7' },
  { proto: 'tcp', in: 'eth1', src: '10.1.0.7', dst: '8.8.8.8', ttl: 1 },
  {
    ...{ proto: 'icmp', in: 'eth0', src: '8.8.8.8', dst: '10.1.0.7', icmpType: 3, icmpCode: 1 },
    inner: { proto: 'tcp', src: '10.1.0.7', sport: 40001, dst: '8.8.8.8', dport: 443 },
  },
];

const known: readonly unknown[] = [
  ...FIXTURES.flatMap((fixture) => {
    const node = nodes.get(fixture);
    if (node === undefined) return [];
    return (byFixture.get(fixture) ?? []).flatMap((walk) =>
      packetsOf(walk)
        .slice(0, 1)
        .map((packet) => resultOf(node, packet, { reply: true, allRules: true })),
    );
  }),
  ...ODD.map((packet) => resultOf(odd, packet, { reply: true, allRules: true })),
  resultOf(routerOf({ routes: '10.1.0.0/24 dev eth1\n' }), ODD[1] ?? { proto: 'tcp', dst: '8.8.8.8' }),
];

/** Every object of a value that has fields, with its place; maps from names to values have none. */
function* objectsOf(value: unknown, place = ''): Generator<readonly [string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value) && !/\/(?:names|set)$/.test(place))
    yield [place, value as Record<string, unknown>];
  for (const [key, child] of Object.entries(value)) yield* objectsOf(child, `${place}/${key}`);
}

describe('the schema', () => {
  it('takes the results of every known walk', () => {
    expect(known.length).toBeGreaterThan(100);
    for (const result of known) expect(faultsOf(result)).toEqual([]);
  });

  it('takes 200 drawn walks, as objects and as the lines of a batch', () => {
    const text = fc.constantFrom(
      '192.168.61.33',
      '192.168.40.11',
      '10.100.5.20',
      '203.0.113.9',
      '192.168.45.10',
      '127.0.0.1',
      '224.0.0.1',
      '255.255.255.255',
    );
    const packets = fc.record(
      {
        id: fc.string(),
        proto: fc.constantFrom('tcp', 'udp', 'icmp', 'sctp', 'gre', 253),
        src: text,
        dst: text,
        sport: fc.nat(65_535),
        dport: fc.constantFrom(80, 443, 53, 30_080),
        in: fc.constantFrom('ens5', 'ens6', 'enia7cc107bbb9', null),
        tcpFlags: fc.subarray(['SYN', 'ACK', 'FIN', 'RST', 'PSH', 'URG'] as const),
        mark: fc.nat(0xffff),
        ttl: fc.integer({ min: 1, max: 255 }),
        length: fc.integer({ min: 60, max: 1500 }),
      },
      { requiredKeys: ['proto', 'dst'] },
    );
    let walked = 0;
    for (const [at, packet] of fc.sample(packets, { numRuns: 400, seed: 7 }).entries()) {
      const node = nodes.get(FIXTURES[at % FIXTURES.length] ?? '') ?? odd;
      try {
        const result = trace(node, packet, { reply: at % 2 === 0, allRules: at % 3 === 0 });
        const lines = new JsonLines(node.diagnostics.map(warningJson), factsOf(node));
        expect(faultsOf(plainJson(traceJson(result, node.diagnostics, factsOf(node))))).toEqual([]);
        expect(faultsOf(JSON.parse(lines.line(result)))).toEqual([]);
        walked += 1;
      } catch (error) {
        if (!(error instanceof PacketError)) throw error;
      }
    }
    expect(walked).toBeGreaterThan(200);
  });

  it('takes what the command prints, faulty lines of a batch as well', async () => {
    const node = join(import.meta.dirname, '../../examples/eks-node');
    const stdin =
      '{"proto":"tcp","src":"192.168.61.33","dst":"10.100.5.20","dport":80}\nnonsense\n{"proto":"nosuch","dst":"1.2.3.4"}\n';
    const batch = await natwalk(['trace', node, '--batch', '-', '--json'], { stdin });
    const changed = await natwalk([
      'trace',
      node,
      '--from',
      '192.168.61.33',
      '--to',
      '203.0.113.9:443',
      '-o',
      'json',
      '--without',
      'nat/AWS-SNAT-CHAIN-0:2',
      '--set',
      'sysctl.net.ipv4.ip_forward=0',
    ]);
    const lines = `${batch.out}${changed.out}`.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(faultsOf(JSON.parse(line))).toEqual([]);
    expect(Object.keys(JSON.parse(lines[3] ?? '{}') as object)).toContain('changed');
  });

  it('refuses every field under another name', () => {
    const seen = new Set<string>();
    for (const result of known)
      for (const [place, object] of objectsOf(result)) {
        for (const key of Object.keys(object)) {
          const kind = `${place.replace(/\d+/g, '*')} ${typeof object['kind'] === 'string' ? object['kind'] : ''} ${key}`;
          if (seen.has(kind)) continue;
          seen.add(kind);
          const { [key]: value } = object;
          Reflect.deleteProperty(object, key);
          object[`${key}X`] = value;
          const passes = validate(result);
          Reflect.deleteProperty(object, `${key}X`);
          object[key] = value;
          expect([place, key, passes]).toEqual([place, key, false]);
        }
      }
    expect(seen.size).toBeGreaterThan(150);
  });

  it('has no kind of step that these results never met', () => {
    const met = new Set(
      known.flatMap((result) =>
        [...objectsOf(result)].flatMap(([, { kind }]) => (typeof kind === 'string' ? [kind] : [])),
      ),
    );
    const kinds = Object.keys(schema.$defs).flatMap((name) =>
      name.startsWith('step-') ? [name.slice(5)] : [],
    );
    expect(kinds.filter((kind) => !met.has(kind))).toEqual([]);
  });
});
