/** `natwalk check` as its users know it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SuiteJson } from '../../src/check/report/json.js';
import { type Ran, natwalk } from '../support/cli.js';
import { ACCEPTS, DROPS, transcript } from '../support/whole-node.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-check-'));
const eks = join(import.meta.dirname, '../../examples/eks-node');

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function fileOf(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

fileOf('open.txt', transcript());
fileOf('shut.txt', transcript().replace(ACCEPTS, DROPS));
fileOf('unknown.txt', transcript('root@n1:~# ', ['sysctl -a']));
let number = 0;

/** Runs flows on a node in the scratch folder. */
async function check(flows: string, argv: readonly string[] = [], head = 'node: open.txt'): Promise<Ran> {
  number += 1;
  return natwalk(['check', fileOf(`${String(number)}.yaml`, `${head}\nflows:\n${flows}`), ...argv]);
}

async function json(flows: string, head?: string): Promise<SuiteJson> {
  const { out, err } = await check(flows, ['--json'], head);
  expect(err).toBe('');
  return JSON.parse(out) as SuiteJson;
}

const FORWARDED = '{ in: e0, from: 10.0.0.7, to: 192.0.2.9 }';

/** What is said of one expectation: key, wanted and found, or the code. */
async function said(expected: string, packet = FORWARDED, head?: string): Promise<readonly string[]> {
  const { results } = await json(`  - { name: f, packet: ${packet}, expect: ${expected} }\n`, head);
  return results.flatMap(({ failures }) =>
    failures.map(
      ({ key, expected: wanted, got, code }) => `${key} ${code ?? `${wanted ?? ''} ${got ?? ''}`}`,
    ),
  );
}

describe('an expectation', () => {
  it.each([
    ['{ verdict: forwarded, egress: e1, via: 10.1.0.254, table: main, policy-rule: 32766 }'],
    ['{ verdict: [dropped, forwarded], egress: { iface: e1, table: main, policyRule: 32766 } }'],
    ['{ snat: null, dnat: null, drop: null, reject: null, unroutable: null, sender-sees: null }'],
    ['{ src: 10.0.0.7, dst: 192.0.2.9, sport: 40000, dport: 80, proto: tcp, ttl: 63, tos: 0, mark: 0/0xff }'],
    [
      '{ final: { ttl: 63 }, never: { egress: e0 }, path: { contains: [rule/32766], excludes: [filter/INPUT] } }',
    ],
    ['{ path: { contains: ["filter:FORWARD:policy:1", filter/FORWARD] } }'],
    ['{ reply: { verdict: forwarded, egress: e0, src: 192.0.2.9, never: { egress: e1 } } }'],
    ['{ endpoints: { 10.9.9.9: 0 }, egress: e1 }', 'endpoints no other none 100 %'],
  ])('%s', async (expected, ...failures) => {
    expect(await said(expected)).toEqual(failures);
  });

  it.each([
    ['{ verdict: dropped }', 'verdict dropped forwarded'],
    ['{ egress: e0 }', 'egress e0 e1'],
    ['{ egress: null }', 'egress none e1'],
    ['{ egress: { iface: e0, via: 10.1.0.254 } }', 'egress.iface e0 e1'],
    ['{ via: [10.0.0.1, null] }', 'via 10.0.0.1 | none 10.1.0.254'],
    ['{ snat: 10.1.0.1 }', 'snat 10.1.0.1 none'],
    ['{ mark: 0x80/0x80 }', 'mark 0x80/0x80 0x0'],
    ['{ sender-sees: timeout }', 'sender-sees timeout none'],
    ['{ never: { verdict: forwarded, egress: e1 } }', 'never CHECK_FAIL_NEVER'],
    ['{ never: { egress: e7 } }', 'never CHECK_FAIL_NO_DEVICE'],
    ['{ path: { contains: filter/INPUT } }', 'path CHECK_FAIL_CONTAINS'],
    ['{ path: { excludes: filter/FORWARD } }', 'path CHECK_FAIL_EXCLUDES'],
    ['{ path: { excludes: filter/FORWRD } }', 'path CHECK_FAIL_NO_RULE'],
    ['{ path: { excludes: filter/FORWARD:1 } }', 'path CHECK_FAIL_NO_RULE'],
    ['{ path: { excludes: rule/7 } }', 'path CHECK_FAIL_NO_RULE'],
    ['{ reply: { egress: e1 } }', 'reply.egress e1 e0'],
    ['{ reply: null, egress: e1 }', 'reply none forwarded'],
  ])('%s fails: %s', async (expected, failure) => {
    expect(await said(expected)).toEqual([failure]);
  });

  it('of an answer fails where there is none to walk', async () => {
    expect(await said('{ reply: { egress: e0 } }', FORWARDED, 'node: shut.txt')).toEqual([
      'reply CHECK_FAIL_NO_REPLY',
    ]);
    expect(
      await said(
        '{ drop: { reason: policy, table: filter, chain: FORWARD }, sender-sees: timeout }',
        FORWARDED,
        'node: shut.txt',
      ),
    ).toEqual([]);
  });

  it('fails where an outcome rests on what is not allowed, and names it', async () => {
    const spec = `  - { name: f, packet: ${FORWARDED}, expect: { egress: e1 } }\n`;
    const strict = await check(spec, ['--json'], 'node: unknown.txt');
    const { results: failing } = JSON.parse(strict.out) as SuiteJson;
    const texts = failing.flatMap(({ failures }) =>
      failures.map(({ code, text }) => `${code ?? ''} ${text ?? ''}`),
    );
    expect(texts.some((text) => /^CHECK_FAIL_RESTS .*(?:UNK|ASM)_/.test(text))).toBe(true);
    const free = await check(spec, ['--json'], 'node: unknown.txt\nassume: any');
    const outcomes = (JSON.parse(free.out) as SuiteJson).results.flatMap((one) => one.failures);
    expect(outcomes.some(({ code }) => code === 'CHECK_FAIL_RESTS')).toBe(false);
  });

  it('counts how often each endpoint is reached', async () => {
    const head = `node: ${eks}`;
    const packet = '{ from: 192.168.40.11, to: svc:web }';
    expect(await said('{ endpoints: { 192.168.61.33:8080: 100% } }', packet, head)).toEqual([]);
    expect(await said('{ endpoints: { 192.168.61.33: 1 } }', packet, head)).toEqual([]);
    expect(await said('{ endpoints: { 192.168.61.33:8080: 1/2, 1.1.1.1:1: 0.5 } }', packet, head)).toEqual([
      'endpoints 192.168.61.33:8080 50 % 192.168.61.33:8080 100 %',
      'endpoints 1.1.1.1:1 50 % 1.1.1.1:1 0 %',
    ]);
  });
});

describe('a packet', () => {
  it.each([
    ['{ from: pod:nobody, to: 1.2.3.4 }', /^(?:from) NAME_/],
    ['{ in: e7, from: 10.0.0.7, to: 1.2.3.4 }', /^in PKT_DEVICE$/],
  ])('that the node cannot have, %s, fails', async (packet, words) => {
    expect((await said('{ egress: e1 }', packet)).join('\n')).toMatch(words);
  });
});

describe('several nodes', () => {
  it('are told apart by name', async () => {
    const flows = [
      `  - { name: a, node: open, packet: ${FORWARDED}, expect: { verdict: forwarded } }\n`,
      `  - { name: b, node: shut, packet: ${FORWARDED}, expect: { drop: policy } }\n`,
    ].join('');
    const { results, failed } = await json(flows, 'nodes: { open: open.txt, shut: shut.txt }');
    expect(failed).toBe(0);
    expect(results.map(({ node }) => node)).toEqual([join(scratch, 'open.txt'), join(scratch, 'shut.txt')]);
  });

  it('that are not there are each named, with place and status 2', async () => {
    const flows = `  - { name: a, node: x, packet: ${FORWARDED}, expect: { egress: e1 } }\n`;
    const { status, out, err } = await check(flows, [], 'nodes: { x: gone.txt, y: gone }');
    expect([status, out]).toEqual([2, '']);
    expect(err.match(/error CHECK_NODE_PATH/g)).toHaveLength(2);
    expect(err).toMatch(/\.yaml:1:13\n/);
    expect(err).toMatch(/\.yaml:1:26\n/);
  });
});

describe('an empty suite', () => {
  it.each(['node: open.txt\n', 'node: open.txt\nflows: []\n', '', '# nothing\n'])(
    '%j is a failure, with its place',
    async (text) => {
      const { status, out, err } = await natwalk(['check', fileOf('empty.yaml', text)]);
      expect([status, out]).toEqual([1, '']);
      expect(err).toMatch(/^error CHECK_EMPTY .*\n --> |^error CHECK_EMPTY [^]*empty\.yaml:\d+:\d+/);
    },
  );
});

describe('bad usage', () => {
  it.each([
    [['check'], 'CHECK_NO_SPEC'],
    [['check', join(scratch, 'nowhere.yaml')], 'CHECK_SPEC_UNREADABLE'],
    [['check', 'x.yaml', '-o', 'xml'], 'USAGE_CHOICE'],
    [['check', 'x.yaml', '-o', 'tap', '--json'], 'USAGE_CONFLICT'],
    [['check', 'x.yaml', '--shard', '0/2'], 'CHECK_SHARD'],
    [['check', 'x.yaml', '--shard', '3/2'], 'CHECK_SHARD'],
    [['check', 'x.yaml', '--jobs', '0'], 'USAGE_NUMBER'],
  ])('%j: status 2', async (argv, code) => {
    const { status, out, err } = await natwalk(argv);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(code);
  });
});

const TWENTY = Array.from(
  { length: 20 },
  (_, at) => `  - { name: c${String(at)}, packet: ${FORWARDED}, expect: { egress: e1 } }\n`,
).join('');

describe('--shard', () => {
  it('slices a suite into parts that make up the whole, each as large as the other', async () => {
    const spec = fileOf('twenty.yaml', `node: open.txt\nflows:\n${TWENTY}`);
    const names: string[][] = [];
    for (const index of [1, 2, 3, 4]) {
      const { out } = await natwalk(['check', spec, '--json', '--shard', `${String(index)}/4`]);
      const { results, shard } = JSON.parse(out) as SuiteJson;
      expect(shard).toEqual({ index, count: 4, of: 20 });
      names.push(results.map(({ name }) => name));
    }
    expect(names.map((list) => list.length)).toEqual([5, 5, 5, 5]);
    expect(new Set(names.flat()).size).toBe(20);
  });
});

describe('golden walks', () => {
  const flows = `  - { name: g, packet: ${FORWARDED}, golden: walk.txt }\n`;
  const golden = join(scratch, 'walk.txt');

  it('are missing, written by --update, compared, and named where they differ', async () => {
    const missing = await check(flows);
    expect(missing.status).toBe(1);
    expect(missing.out).toContain('--update writes it');
    expect(existsSync(golden)).toBe(false);
    const updated = await check(flows, ['--update']);
    expect([updated.status, updated.out]).toEqual([0, '1 golden file written\n1 check, 0 failed\n']);
    expect(readFileSync(golden, 'utf8')).toMatch(
      /\nforwarded e1 via 10\.1\.0\.254 [^]*\n {2}path: filter:FORWARD:policy:1\n/,
    );
    expect((await check(flows)).status).toBe(0);
    const other = await check(flows, [], 'node: shut.txt');
    expect(other.status).toBe(1);
    expect(other.out).toMatch(/expected {2,}golden walk\.txt:2 forwarded e1/);
    expect(other.out).toMatch(/got {2,}golden walk\.txt:2 dropped by/);
  });

  it('are not written through a link to somewhere else', async () => {
    const outside = join(scratch, 'outside.txt');
    writeFileSync(outside, 'mine');
    symlinkSync(outside, join(scratch, 'link.txt'));
    const ran = await check(`  - { name: g, packet: ${FORWARDED}, golden: link.txt }\n`, ['--update']);
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('CHECK_GOLDEN_UNWRITTEN');
    expect(readFileSync(outside, 'utf8')).toBe('mine');
  });
});

describe('a property', () => {
  const property = (forall: string, expected: string): string =>
    `  - { name: p, forall: ${forall}, expect: ${expected} }\n`;

  it('that does not hold shows the smallest packet', async () => {
    const head = `node: ${eks}`;
    const { results } = await json(
      property('{ from: pods, to: 203.0.113.0/24, port: 1-65535, runs: 50 }', '{ egress: ens6 }'),
      head,
    );
    expect(results[0]?.command).toMatch(/--from 192\.168\.33\.90:40000 --to 203\.0\.113\.0:1$/);
    expect(results[0]?.drawn).toMatchObject({ walked: 1, all: null });
  });

  it('is shrunk to the edge at which it begins to fail', async () => {
    const rules = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A FORWARD -p tcp -m tcp --dport 3000:65535 -j DROP\nCOMMIT\n`;
    fileOf('ports.txt', transcript().replace(ACCEPTS, rules));
    const { results } = await json(
      property('{ from: 10.0.0.7, to: 192.0.2.0/24, port: 1-65535, in: e0 }', '{ verdict: forwarded }'),
      'node: ports.txt',
    );
    expect(results[0]?.command).toMatch(/--to 192\.0\.2\.0:3000 --in e0$/);
  });

  it('over few packets walks every one of them', async () => {
    const { results } = await json(
      property(
        '{ from: 10.0.0.4/30, to: 192.0.2.0/29, in: e0, port: 53, proto: [udp, tcp] }',
        '{ egress: e1, never: { src: 10.0.0.7 } }',
      ),
    );
    expect(results[0]?.failures.map(({ code }) => code)).toEqual(['CHECK_FAIL_NEVER']);
    expect(results[0]?.drawn).toMatchObject({ all: 64 });
  });

  it('draws the same packets by the same seed', async () => {
    const text = property(
      '{ from: 10.0.0.0/24, to: 0.0.0.0/1, in: e0, seed: 5, runs: 20 }',
      '{ egress: e0 }',
    );
    expect(await json(text)).toMatchObject({
      results: [{ command: (await json(text)).results[0]?.command }],
    });
  });

  it.each([
    ['{ from: 10.0.0.7, to: outside-vpc, in: e0 }', 'CHECK_NO_VPC'],
    ['{ from: pods, to: 1.2.3.4 }', 'CHECK_NO_PACKET'],
    ['{ from: 10.0.0.7, to: "2001:db8::/32" }', 'CHECK_NO_PACKET'],
    ['{ from: pod:nobody, to: 1.2.3.4 }', 'NAME_NO_LISTING'],
  ])('%s fails for want of packets: %s', async (forall, code) => {
    const { results } = await json(property(forall, '{ egress: e1 }'));
    expect(results[0]?.failures.map((one) => one.code)).toEqual([code]);
  });

  it('takes the prefixes of the VPC from the spec', async () => {
    const text = property(
      '{ from: 10.0.0.7, to: outside-vpc, in: e0, runs: 200 }',
      '{ never: { dst: 192.0.2.9 }, egress: e1 }',
    );
    expect((await json(text, 'node: open.txt\nvpc: [10.0.0.0/8]')).failed).toBe(0);
  });
});
