/** A large save is read where a packet comes to it: the answer is that of the whole dump, or the dump is read as a whole. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NeedsWhole } from '../src/iptables/read/needs-whole.js';
import type { Node } from '../src/packet/node.js';
import type { PacketInput, TraceResult } from '../src/packet/result.js';
import { trace } from '../src/packet/trace.js';
import { loadNode } from '../src/snapshot/load.js';
import { checkMet, isPartlyRead } from '../src/snapshot/met.js';
import { type SnapshotFile } from '../src/snapshot/reading.js';
import { readTranscript, transcriptOf } from '../src/snapshot/sections.js';
import { byFixture } from './walks/all.js';
import { packetsOf } from './walks/case.js';

const root = join(import.meta.dirname, '..');

function filesOf(folder: string): readonly SnapshotFile[] {
  const path = join(root, folder);
  return readdirSync(path).map((name) => ({ name, text: readFileSync(join(path, name), 'utf8') }));
}

/** What a walk comes to, in full; null where the dump has to be read as a whole. */
function tryPartly(node: Node, packet: PacketInput): TraceResult | null {
  try {
    const result = trace(node, packet, { allRules: false, limit: 64 });
    checkMet(node);
    return result;
  } catch (error) {
    if (error instanceof NeedsWhole) return null;
    throw error;
  }
}

/** Everything that is told of a walk; a rule is told by its place and its line. */
const told = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, one: unknown) => {
      if (key === 'place' || key === 'source') return undefined;
      return typeof one === 'bigint' || typeof one === 'symbol' ? String(one) : one;
    }),
  );

describe.each([...byFixture])('%s, read in parts', (fixture, cases) => {
  const whole = filesOf(fixture);
  const saves = whole.filter(({ name }) => !name.includes('nft'));

  it('answers as the whole does', () => {
    const [node, reference] = [loadNode(fixture, saves, undefined, null, 0), loadNode(fixture, saves)];
    if (!fixture.includes('mixed')) expect(isPartlyRead(node)).toBe(true);
    for (const walk of cases)
      for (const packet of packetsOf(walk)) {
        const fresh = loadNode(fixture, saves, undefined, null, 0);
        const partly = tryPartly(fresh, packet);
        expect(partly).not.toBeNull();
        expect(told(partly)).toEqual(told(trace(reference, packet, { limit: 64 })));
      }
  });
});

const NETWORK: readonly SnapshotFile[] = [
  {
    name: 'ip-addr.txt',
    text: '2: e0: <BROADCAST,UP,LOWER_UP> mtu 1500\n    inet 10.0.0.254/24 scope global e0\n3: e1: <BROADCAST,UP,LOWER_UP> mtu 1500\n    inet 10.1.0.1/24 scope global e1\n',
  },
  { name: 'ip-rule.txt', text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n' },
  { name: 'ip-route.txt', text: 'default via 10.1.0.254 dev e1\n10.0.0.0/24 dev e0\n10.1.0.0/24 dev e1\n' },
  { name: 'sysctl.txt', text: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n' },
];

const CHAINS = ['A', 'B', 'C', 'D'];
const HOSTS = ['10.0.0.1', '10.0.0.2', '10.1.0.9', '192.0.2.7'];

/** What rules ask, and do, as the tools print it. */
const CONDITIONS = [
  ...['', '', '-p tcp ', '-p udp ', '-i e0 ', '-o e1 ', '-m mark --mark 0x1/0x1 ', '-m conntrack --ctstate NEW '],
  ...['-p tcp -m tcp --dport 80 ', '-m comment --comment "a b" ', '-d 10.0.0.0/24 '],
  ...HOSTS.flatMap((host) => [`-d ${host}/32 `, `-d ${host}/32 -p tcp `, `-s ${host}/32 `, `! -d ${host}/32 `]),
  '-m statistic --mode random --probability 0.5 ',
]; // prettier-ignore
const TARGETS = [
  'ACCEPT',
  'DROP',
  'RETURN',
  'MARK --set-xmark 0x1/0x1',
  'MARK --set-xmark 0x2/0x2',
  'RETURN',
];
const NAT_TARGETS = ['DNAT --to-destination 10.1.0.9:8080', 'RETURN', 'ACCEPT', 'MARK --set-xmark 0x1/0x1'];

/** What no listing of the tools has, or what must be told of it. */
const FAULTS = [
  ...['-m unheard --of 1 -j ACCEPT', '-p tcp -m tcp --dprot 80 -j DROP', '-s 10.0.0.1,10.0.0.2 -j DROP'],
  ...['-j NOWHERE', '-j A', '-g C', '-j TPROXY --on-port 80'],
]; // prettier-ignore

function ruleOf(isNat: boolean, to: readonly string[], isFaulty: boolean): fc.Arbitrary<string> {
  const targets = [...(isNat ? NAT_TARGETS : TARGETS), ...to, ...to];
  const sound = fc
    .tuple(fc.constantFrom(...CONDITIONS), fc.constantFrom(...targets))
    .map(([when, then]) => `${when}-j ${then}`);
  return isFaulty
    ? fc.oneof({ arbitrary: sound, weight: 20 }, { arbitrary: fc.constantFrom(...FAULTS), weight: 1 })
    : sound;
}

function tableOf(name: string, hooks: readonly string[], isFaulty: boolean): fc.Arbitrary<string> {
  const chains = [...hooks, ...CHAINS];
  const lists = chains.map((_, at) => {
    const to = chains.slice(Math.max(hooks.length, at + 1));
    return fc.array(ruleOf(name === 'nat', to, isFaulty), { minLength: 0, maxLength: 20 });
  });
  return fc.tuple(...lists).map((found) => {
    const declared = chains.map((chain, at) => `:${chain} ${at < hooks.length ? 'ACCEPT' : '-'} [0:0]\n`);
    const rules = found.flatMap((list, at) => list.map((one) => `-A ${chains[at] ?? ''} ${one}\n`));
    return `*${name}\n${declared.join('')}${rules.join('')}COMMIT\n`;
  });
}

const saves = fc
  .boolean()
  .chain((isFaulty) =>
    fc
      .tuple(
        tableOf('mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], isFaulty),
        tableOf('nat', ['PREROUTING', 'OUTPUT'], isFaulty),
        tableOf('filter', ['INPUT', 'FORWARD', 'OUTPUT'], isFaulty),
      )
      .map((tables) => `# Generated by iptables-save v1.8.9 on Mon Nov  3 10:00:00 2025\n${tables.join('')}`),
  );

const packet: fc.Arbitrary<PacketInput> = fc.record({
  in: fc.constantFrom('e0', 'e1'),
  proto: fc.constantFrom('tcp', 'udp'),
  src: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.1.0.7'),
  dst: fc.constantFrom(...HOSTS, '10.1.0.1'),
  sport: fc.constant(40000),
  dport: fc.constantFrom(80, 53),
});

describe('any save', () => {
  it('gives the answer of the whole, or is read as a whole', () => {
    let partly = 0;
    fc.assert(
      fc.property(saves, packet, (save, sent) => {
        const files = [{ name: 'iptables-save.txt', text: save }, ...NETWORK];
        const node = loadNode('n', files, undefined, null, 0);
        const found = tryPartly(node, sent);
        if (found === null) return;
        partly += 1;
        expect(told(found)).toEqual(told(trace(loadNode('n', files), sent, { limit: 64 })));
      }),
      { numRuns: 150, seed: 7 },
    );
    expect(partly).toBeGreaterThan(30);
  }, 120_000);

  it('of more than sixty rules in a chain is found rule by rule', () => {
    const many = Array.from(
      { length: 300 },
      (_, at) =>
        `-A PREROUTING -d 10.9.${String(at % 250)}.1/32 -j MARK --set-xmark 0x${String(at % 8)}/0xff\n`,
    );
    const save = `*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n${many.join('')}COMMIT\n`; // prettier-ignore
    const files = [{ name: 'iptables-save.txt', text: save }, ...NETWORK];
    const sent = { in: 'e0', proto: 'tcp', src: '10.0.0.1', dst: '10.9.3.1' };
    const found = tryPartly(loadNode('n', files, undefined, null, 0), sent);
    expect(found?.outcomes[0]?.final.mark).toBe('0x5');
    expect(told(found)).toEqual(told(trace(loadNode('n', files), sent)));
  });

  it.each([
    ['a loop of jumps', '-A FORWARD -j A\n-A A -j B\n-A B -j A\n'],
    ['an option that nobody knows', '-A FORWARD -p tcp -m tcp --dprot 80 -j DROP\n'],
    ['a chain that is not there', '-A FORWARD -j NOWHERE\n'],
    ['a target in another table', '-A FORWARD -j DNAT --to-destination 10.0.0.9\n'],
  ])('is read as a whole for %s on the way', (_, rules) => {
    const save = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n${rules}COMMIT\n`;
    const files = [{ name: 'iptables-save.txt', text: save }, ...NETWORK];
    const sent = { in: 'e0', proto: 'tcp', src: '10.0.0.1', dst: '192.0.2.7' };
    expect(tryPartly(loadNode('n', files, undefined, null, 0), sent)).toBeNull();
  });
});

/** What people and terminals do to a save. */
const damage = fc.constantFrom<(lines: string[], at: number) => void>(
  (lines, at) => lines.splice(at, 1),
  (lines, at) => lines.splice(at, 0, lines[at] ?? ''),
  (lines, at) => lines.splice(at, 0, 'root@n1:~# ip rule', '0:\tfrom all lookup local'),
  (lines, at) => lines.splice(at, 0, ''),
  (lines, at) => lines.splice(at, 1, `${lines[at] ?? ''}\r`),
  (lines, at) => lines.splice(at, 1, (lines[at] ?? '').slice(0, 20), (lines[at] ?? '').slice(20)),
  (lines, at) => lines.splice(at, 1, ` ${lines[at] ?? ''}`),
  (lines, at) => lines.splice(at, 1, `[1:60] ${lines[at] ?? ''}`),
  (lines, at) => lines.splice(at, 1, `${lines[at] ?? ''} \\`),
  (lines, at) => lines.splice(at, 0, '# Generated by iptables-nft-save v1.8.9 on Mon Nov  3 10:00:00 2025'),
  (lines, at) => lines.splice(at, 0, '```'),
  (lines, at) => lines.splice(at),
);

describe('a text that is one save', () => {
  const texts = [...byFixture.keys()].flatMap((folder) =>
    filesOf(folder).flatMap(({ name, text }) => (/^ip6?tables/.test(name) ? [text] : [])),
  );

  it('is one listing, as line by line', () => {
    for (const text of texts) expect(readTranscript('s', text)).toEqual(transcriptOf('s', text));
  });

  it('is taken apart as before when it is damaged', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), damage, fc.nat(), (text, change, place) => {
        const lines = text.split('\n');
        change(lines, place % lines.length);
        const damaged = lines.join('\n');
        expect(readTranscript('s', damaged)).toEqual(transcriptOf('s', damaged));
      }),
      { numRuns: 300 },
    );
  });
});
