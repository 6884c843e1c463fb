/** Why a rule matched, did not match, or was not come to: the pages that people read, and the places they point to. */
import { describe, expect, it } from 'vitest';
import { coloured } from '../../src/explain/colour.js';
import { factsOf } from '../../src/explain/facts.js';
import { LANGUAGES } from '../../src/explain/messages/index.js';
import { whyJson } from '../../src/explain/why-json.js';
import { renderWhy } from '../../src/explain/why-text.js';
import { widthOf } from '../../src/explain/width.js';
import type { Node } from '../../src/packet/node.js';
import type { PacketInput } from '../../src/packet/result.js';
import { loadNode } from '../../src/snapshot/load.js';
import { BadReference, resolve } from '../../src/why/reference.js';
import { type Why, why } from '../../src/why/why.js';
import { nodeOf } from '../support/node.js';

const eks = nodeOf('examples/eks-node');
const native = nodeOf('test/walks/fixtures/v1.23-nft-connmark');
const proxy = nodeOf('test/walks/fixtures/kube-proxy-nft');

const toInternet: PacketInput = { proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 };
const toService: PacketInput = { proto: 'tcp', src: '192.168.61.33', dst: '10.100.5.20', dport: 80 };

function ask(node: Node, packet: PacketInput, text: string, reply = false): Why {
  const target = resolve(node, packet.dst.includes(':') ? 6 : 4, text);
  if (target instanceof BadReference) throw new Error(`${target.code} ${JSON.stringify(target.params)}`);
  return why(node, packet, target, { reply });
}

const asked: readonly (readonly [string, Node, PacketInput, string])[] = [
  ['missed', eks, toInternet, 'nat/AWS-SNAT-CHAIN-0:1'],
  ['matched', eks, toInternet, 'nat/AWS-SNAT-CHAIN-0:2'],
  ['several-conditions', eks, { ...toService, dport: 81 }, 'KUBE-SERVICES:1'],
  ['twice', eks, toInternet, 'filter/FORWARD:2'],
  ['cut', eks, toInternet, 'KUBE-POSTROUTING:2'],
  ['no-jump-taken', eks, toInternet, 'KUBE-SEP-NQE3TEW23MCT46GI:2'],
  ['cut-below', eks, toService, 'KUBE-SERVICES:2'],
  ['other-hook', eks, toInternet, 'filter/INPUT:1'],
  ['policy', eks, toInternet, 'rule/1536'],
  ['native', native, toInternet, 'ip aws-cni snat-mark:1'],
  ['native-map', proxy, toService, 'ip kube-proxy services:1'],
];

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

describe.each(asked)('why %s', (name, node, packet, text) => {
  const found = ask(node, packet, text);
  const facts = factsOf(node);

  it.each(LANGUAGES)('in %s', async (language) => {
    await expect(renderWhy(found, { facts, language })).toMatchFileSnapshot(
      `goldens/why/${name}${language === 'en' ? '' : `.${language}`}.txt`,
    );
  });

  it('in 100 cells at most, and with no more than colour added on a terminal', () => {
    for (const language of LANGUAGES) {
      const page = renderWhy(found, { facts, language });
      for (const line of page.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
      expect(renderWhy(found, { facts, language, paint: coloured }).replace(escapes, '')).toBe(page);
      expect(page).not.toMatch(/undefined|\[object|\{\w+\}/);
    }
  });
});

interface Place {
  readonly result: string;
  readonly conditions: readonly {
    readonly text: string;
    readonly answer: string;
    readonly place: { readonly line: number; readonly column: number; readonly endColumn: number };
  }[];
}

describe('as JSON', () => {
  const { cases, rule } = whyJson(ask(eks, { ...toService, dport: 81 }, 'nat/KUBE-SERVICES:1'), eks);
  const [place] = (cases[0]?.places ?? []) as readonly Place[];

  it('gives each condition with its answer, in the order of the kernel', () => {
    expect(rule).toMatchObject({ chain: 'KUBE-SERVICES', rule: 1, owner: 'kube-proxy' });
    expect(cases[0]?.result).toBe('missed');
    expect(place?.conditions.map(({ text, answer }) => [text, answer])).toEqual([
      ['-d 10.100.5.20/32', 'yes'],
      ['-p tcp', 'yes'],
      ['-m tcp --dport 80', 'no'],
    ]);
  });

  it('points at the very words of the dump', () => {
    const line = eks.ruleSets[4].tables.get('nat')?.chains.get('KUBE-SERVICES')?.rules[0]?.span;
    const words = place?.conditions.map(({ place: { line: at, column, endColumn } }) =>
      line?.source.line(at).slice(column - 1, endColumn - 1),
    );
    expect(words).toEqual(['-d 10.100.5.20/32', '-p tcp', '--dport 80']);
  });
});

describe('of several outcomes', () => {
  const rules = `*nat
:PREROUTING ACCEPT [0:0]
:SVC - [0:0]
-A PREROUTING -d 10.96.0.9/32 -j SVC
-A SVC -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.0.2
-A SVC -m mystery --level 3 -j DNAT --to-destination 10.0.0.3
-A SVC -j DNAT --to-destination 10.0.0.4
COMMIT
`;
  const node = loadNode('small', [
    { name: 'iptables-save.txt', text: rules },
    {
      name: 'ip-addr.txt',
      text: '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global eth0\n',
    },
    {
      name: 'ip-route.txt',
      text: 'default via 10.0.0.254 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link\n',
    },
  ]);
  const packet: PacketInput = { proto: 'udp', src: '10.0.0.7', dst: '10.96.0.9', dport: 53 };

  it('tells each apart, and says which rests on what', async () => {
    const text = renderWhy(ask(node, packet, 'SVC:2'), { facts: factsOf(node) });
    await expect(text).toMatchFileSnapshot('goldens/why/outcomes.txt');
    const results = whyJson(ask(node, packet, 'SVC:2'), node).cases.map(({ outcomes, result }) => [
      outcomes.length,
      result,
    ]);
    expect(results).toEqual([
      [1, 'not-reached'],
      [1, 'matched'],
      [1, 'missed'],
    ]);
  });

  it('asks the answer too', () => {
    const { cases } = ask(eks, toInternet, 'mangle/PREROUTING:1', true);
    expect(cases.map(({ inReply }) => inReply)).toEqual([false, true]);
    expect(whyJson(ask(eks, toInternet, 'mangle/PREROUTING:1', true), eks).cases[1]?.result).toBe('matched');
  });
});

describe('where conntrack says nothing', () => {
  const nodeWith = (rules: string): Node =>
    loadNode('untracked', [
      { name: 'iptables-save.txt', text: `*raw\n:PREROUTING ACCEPT [0:0]\n${rules}COMMIT\n` },
      { name: 'ip-addr.txt', text: '2: eth0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global eth0\n' },
      { name: 'ip-route.txt', text: 'default via 10.0.0.254 dev eth0\n' },
    ]);
  const packet: PacketInput = { proto: 'tcp', in: 'eth0', src: '10.0.0.7', dst: '8.8.8.8', dport: 53 };
  const page = (rules: string): string =>
    renderWhy(ask(nodeWith(rules), packet, 'raw/PREROUTING:1'), { language: 'en' }).replace(/\s+/g, ' ');

  it('is off, which is no INVALID', () => {
    const told = page('-A PREROUTING -p udp -j DROP\n');
    expect(told).toContain('mark 0x0, conntrack off');
    expect(told).toContain('conntrack off, as no rule of this node needs it');
    expect(told).not.toContain('ct INVALID');
  });

  it('comes behind table raw, where a test for INVALID matches', () => {
    const told = page('-A PREROUTING -m conntrack --ctstate INVALID -j DROP\n');
    expect(told).toContain('MATCHED');
    expect(told).toContain('mark 0x0, no ct yet');
    expect(told).toContain('conntrack looks at the packet only later: here its ct state is INVALID');
    const other = page('-A PREROUTING -p udp -j DROP\n-A PREROUTING -m conntrack --ctstate NEW\n');
    expect(other).toContain('no ct yet');
    expect(other).not.toContain('looks at the packet only later');
  });
});

describe('a rule set that wants to act on the terminal', () => {
  const bell = String.fromCharCode(7);
  const escape = String.fromCharCode(27);
  const long = 'x'.repeat(10_000);
  const node = loadNode('hostile', [
    {
      name: 'iptables-save.txt',
      text: `*filter\n:FORWARD ACCEPT [0:0]\n:__proto__ - [0:0]\n-A FORWARD -m comment --comment "${escape}[31m${bell}\u202e${long}" -i eth9 -p tcp -j DROP\n-A FORWARD -s 1.2.3.4 -j __proto__\n-A __proto__ -j DROP\nCOMMIT\n`,
    },
    { name: 'ip-addr.txt', text: '2: eth0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global eth0\n' },
    { name: 'ip-route.txt', text: 'default via 10.0.0.254 dev eth0\n' },
  ]);
  const packet: PacketInput = { proto: 'tcp', in: 'eth0', src: '10.0.0.7', dst: '10.96.0.9', dport: 53 };

  it.each(['FORWARD:1', 'filter/__proto__:1'])('%s is shown safely', (text) => {
    for (const language of LANGUAGES) {
      const page = renderWhy(ask(node, packet, text), { facts: factsOf(node), language });
      expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/u);
      for (const line of page.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
    }
  });
});
