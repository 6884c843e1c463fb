/** What people see: every view of the example node's best-known walks, as files that a reviewer can read. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/explain/facts.js';
import { coloured } from '../../src/explain/colour.js';
import { renderMinimal } from '../../src/explain/minimal.js';
import { renderSummary } from '../../src/explain/summary.js';
import { renderText } from '../../src/explain/text.js';
import { renderTrace } from '../../src/explain/trace-log.js';
import { widthOf } from '../../src/explain/width.js';
import type { PacketInput, TraceResult } from '../../src/packet/result.js';
import { type TraceOptions, trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { nodeOf } from '../support/node.js';

const node = nodeOf('examples/eks-node');
const facts = factsOf(node);

const walks: readonly (readonly [name: string, packet: PacketInput, options?: TraceOptions])[] = [
  ['pod-to-internet', { proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 }],
  ['service-outside-the-vpc', { proto: 'tcp', src: '192.168.61.33', dst: '10.100.5.22', dport: 443 }],
  [
    'node-port',
    { proto: 'tcp', in: 'ens5', src: '198.51.100.7', sport: 50001, dst: '192.168.45.10', dport: 30080 },
    { reply: true },
  ],
  ['node-to-pod', { proto: 'icmp', dst: '192.168.61.33' }],
  [
    'to-the-node',
    { proto: 'udp', in: 'ens5', src: '192.168.32.2', sport: 67, dst: '192.168.45.10', dport: 68 },
  ],
];

const results = new Map(
  walks.map(([name, packet, options]) => [name, trace(node, packet, { ...options, allRules: true })]),
);

const file = (name: string): string => `goldens/${name}.txt`;

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

describe.each([...results])('%s', (name, result: TraceResult) => {
  it('as text', async () => {
    await expect(renderText(result, { facts })).toMatchFileSnapshot(file(name));
  });

  it('in 100 cells at most, wide excepted', () => {
    for (const text of [
      renderText(result, { facts }),
      renderText(result, { facts, allRules: true }),
      renderSummary(result, { facts }),
    ]) {
      for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
    }
  });

  it('is the same without colours as with colours less their escapes', () => {
    for (const options of [{ facts }, { facts, allRules: true }, { facts, wide: true }]) {
      expect(renderText(result, { ...options, paint: coloured }).replace(escapes, '')).toBe(
        renderText(result, options),
      );
    }
  });

  it('starts with its summary', () => {
    const [header] = renderSummary(result, { facts }).split('\n\n');
    expect(renderText(result, { facts }).startsWith(`${header ?? ''}\n\n`)).toBe(true);
  });

  it('has a TRACE line per entry of the path', () => {
    const [outcome] = result.outcomes;
    const lines = renderTrace(result).trimEnd().split('\n');
    expect(lines.map((line) => /^TRACE: (\S+) /.exec(line)?.[1])).toEqual(outcome?.path);
  });
});

describe('the views of a walk to the internet', () => {
  const result = results.get('pod-to-internet');
  if (result === undefined) throw new Error('no walk');

  it.each([
    ['all-rules', renderText(result, { facts, allRules: true })],
    ['all-rules.ko', renderText(result, { facts, allRules: true, language: 'ko' })],
    ['wide', renderText(result, { facts, wide: true })],
    ['summary', renderSummary(result, { facts })],
    ['summary.ko', renderSummary(result, { facts, language: 'ko' })],
    ['minimal', renderMinimal(result)],
    ['trace-log', renderTrace(result)],
  ])('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(file(`pod-to-internet.${name}`));
  });
});

describe.each([
  ['native-connmark', 'v1.23-nft-connmark', '192.168.61.33', '203.0.113.9', 443],
  ['native-kube-proxy', 'kube-proxy-nft', '192.168.61.33', '10.100.5.20', 80],
  ['mixed-backends', 'mixed-backends', '192.168.61.33', '203.0.113.9', 443],
])('%s: a walk through native tables', (name, fixture, src, dst, dport) => {
  const native = nodeOf(`test/walks/fixtures/${fixture}`);
  const own = factsOf(native);
  const result = trace(native, { proto: 'tcp', src, dst, dport }, { allRules: true });

  it('as text', async () => {
    await expect(renderText(result, { facts: own })).toMatchFileSnapshot(file(name));
  });

  it('as the lines of both kinds of trace', async () => {
    await expect(renderTrace(result)).toMatchFileSnapshot(file(`${name}.trace-log`));
  });

  it('with every rule, in 100 cells at most', () => {
    const text = renderText(result, { facts: own, allRules: true });
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
    expect(text).not.toMatch(/undefined|\[object/);
  });
});

describe('a service with three endpoints and a rule that cannot be evaluated', () => {
  const rules = `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-SVC-WEB - [0:0]
-A PREROUTING -d 10.96.0.9/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-WEB
-A KUBE-SVC-WEB -p tcp -m statistic --mode random --probability 0.33333333349 -j DNAT --to-destination 10.0.2.1:8080
-A KUBE-SVC-WEB -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.2.2:8080
-A KUBE-SVC-WEB -p tcp -j DNAT --to-destination 10.0.2.3:8080
COMMIT
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -d 10.0.2.3/32 -m mystery --level 3 -j DROP
COMMIT
`;
  const small = loadNode('small', [
    { name: 'iptables-save.txt', text: rules },
    {
      name: 'ip-addr.txt',
      text: '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global eth0\n3: eth1: <UP> mtu 1500\n    inet 10.0.1.1/24 scope global eth1\n',
    },
    {
      name: 'ip-rule.txt',
      text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
    },
    {
      name: 'ip-route.txt',
      text: 'default via 10.0.0.254 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1\n10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.1\n',
    },
    {
      name: 'sysctl.txt',
      text: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth1.rp_filter = 0\n',
    },
  ]);
  it('is read as it stands', () => {
    expect(small.diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  });

  const result = trace(small, { proto: 'tcp', src: '10.0.1.7', dst: '10.96.0.9', dport: 80 });

  it('as text', async () => {
    await expect(renderText(result, { facts: factsOf(small) })).toMatchFileSnapshot(file('three-endpoints'));
  });

  it('as Korean text', async () => {
    const text = renderText(result, { facts: factsOf(small), language: 'ko' });
    await expect(text).toMatchFileSnapshot(file('three-endpoints.ko'));
  });

  it('in 100 cells at most', () => {
    for (const line of renderText(result).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
  });

  it('as minimal lines', async () => {
    await expect(renderMinimal(result)).toMatchFileSnapshot(file('three-endpoints.minimal'));
  });
});
