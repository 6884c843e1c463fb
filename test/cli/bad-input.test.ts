/** Input that is meant to do harm, or is about nothing: shown safely, within bounds, or refused in so many words. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { widthOf } from '../../src/explain/width.js';
import { natwalk } from '../support/cli.js';

const eks = join(import.meta.dirname, '../../examples/eks-node');
const packet = ['--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const folder = mkdtempSync(join(tmpdir(), 'natwalk-'));
const hostile = join(folder, 'hostile');
const batch = join(folder, 'packets.jsonl');
const spec = join(folder, 'spec.yaml');

/** Clears the screen, sets a title, reorders, hides, colours by an 8-bit sequence; then 10 kB of letters. */
const EVIL = `\u001b[2J\u001b]0;owned\u0007\u202egnp.exe\u2066\u200b\u009b31m 한글\u0301${'B'.repeat(10_000)}`;

/** What acts on a terminal, or changes the order of what it shows. */
const ACTS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

beforeAll(() => {
  cpSync(eks, hostile, { recursive: true });
  const save = join(hostile, 'iptables-save.txt');
  const text = readFileSync(save, 'utf8');
  const comments = ['AWS, SNAT', 'AWS SNAT CHAIN', 'kubernetes service portals', 'AWS, CONNMARK'];
  for (const comment of comments) expect(text).toContain(`"${comment}"`);
  writeFileSync(
    save,
    comments.reduce((changed, comment) => changed.replaceAll(`"${comment}"`, `"${EVIL}"`), text),
  );
  writeFileSync(
    batch,
    `${JSON.stringify({ id: EVIL, proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 })}\n`,
  );
  writeFileSync(
    spec,
    `node: hostile\nflows:\n  - name: "${'x'.repeat(10_000)}\\u202e\\e[31m"\n    packet: { from: 192.168.61.33, to: '203.0.113.9:443' }\n    expect: { egress: ens6 }\n`,
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const FORMATS = ['text', 'wide', 'summary', 'minimal', 'json', 'trace', 'conntrack', 'tcpdump', 'counters'];

const SHOWN: readonly (readonly string[])[] = [
  ...[...FORMATS, 'mermaid', 'dot'].map((format) => ['trace', '@', ...packet, '-o', format]),
  ['trace', '@', ...packet, '--all-rules'],
  ['trace', '@', ...packet, '--flow'],
  ['trace', '@', ...packet, '--flow', '--json'],
  ['trace', '@', ...packet, '--without', 'nat/AWS-SNAT-CHAIN-0:2'],
  ['trace', '@', '--batch', batch, '--json'],
  ['trace', '@', '--batch', batch, '--json', '--steps'],
  ['trace', '@', '--batch', batch, '-o', 'text'],
  ['why', '@', ...packet, 'nat/AWS-SNAT-CHAIN-0:1'],
  ['why', '@', ...packet, 'nat/AWS-SNAT-CHAIN-0:2', '--json'],
  ['lint', '@'],
  ['lint', '@', '--json'],
  ['lint', '@', '-o', 'github'],
  ['diff', '@', eks, '--budget', '200'],
  ['diff', '@', eks, '--budget', '200', '--json'],
  ['check', spec],
  ...['tap', 'junit', 'json', 'github'].map((reporter) => ['check', spec, '-o', reporter]),
  ['show', '@'],
  ['doctor', '@'],
  ['nodes', '@'],
  ['complete', '--', 'why', '@', 'nat/AWS'],
];

describe('comments with escape codes, bidirectional marks and 10 kB of text', () => {
  it.each(SHOWN)('%s %s %s %s %s %s %s %s', async (...words) => {
    const argv = words.filter((word) => typeof word === 'string');
    const { out, err } = await natwalk(
      argv.map((word) => (word === '@' ? hostile : word)),
      { terminal: true, columns: 80, env: { NO_COLOR: '1' }, now: () => 0 },
    );
    expect(out).toMatch(/\S/);
    expect(ACTS.exec(out), JSON.stringify(ACTS.exec(out))).toBeNull();
    expect(ACTS.exec(err)).toBeNull();
    expect(out.length).toBeLessThan(60_000);
  });

  it.each(['en', 'ko'])('take a few lines of a walk in %s, none of them wider than others', async (lang) => {
    const { out } = await natwalk(['trace', hostile, ...packet, '--lang', lang], {
      terminal: true,
      columns: 80,
    });
    const plain = out.replace(/\u001b\[[\d;]*m/g, '');
    expect(plain.split('\n').length).toBeLessThan(60);
    for (const line of plain.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  it('mean the same in JSON', async () => {
    const { out } = await natwalk(['trace', hostile, '--batch', batch, '--json']);
    expect((JSON.parse(out) as { id: string }).id).toBe(EVIL);
  });
});

describe('a reference that names nothing', () => {
  it.each([
    [['why', eks, ...packet, 'nat/NO-CHAIN:1'], 'NO-CHAIN'],
    [['why', eks, ...packet, 'nat/POSTROUTING:99'], 'POSTROUTING'],
    [['why', eks, ...packet, 'NO-CHAIN:1'], 'NO-CHAIN'],
    [['why', eks, ...packet, 'notable/POSTROUTING:1'], 'notable'],
    [['why', eks, ...packet, 'rule/7'], 'rule/7'],
    [['why', eks, ...packet, 'rule/512:99'], 'rule/512'],
    [['why', eks, ...packet, 'ip no-table chain:1'], 'no-table'],
    [['why', eks, ...packet, ''], ''],
    [['why', eks, ...packet, 'nat/\u001b[31m:1'], '\\u{1b}[31m'],
    [['why', eks, ...packet, `nat/${'X'.repeat(10_000)}:1`], 'XXX'],
    [['why', eks, ...packet, 'nat/POSTROUTING:0'], 'POSTROUTING'],
    [['why', eks, ...packet, 'nat/POSTROUTING:99999999999999999999'], 'POSTROUTING'],
    [['why', eks, ...packet, '__proto__/constructor:1'], '__proto__'],
    [['trace', eks, ...packet, '--without', 'nat/NO-CHAIN:1'], 'NO-CHAIN'],
    [['trace', eks, ...packet, '--assume', 'nat/NO-CHAIN:1=yes'], 'NO-CHAIN'],
    [['trace', eks, ...packet, '--pick', 'no-such-pod'], 'no-such-pod'],
    [['trace', eks, ...packet, '--set', 'sysctl.net.no.such=1'], 'net.no.such'],
  ])('%j is refused, with what was asked for', async (argv, says) => {
    const { status, out, err } = await natwalk(argv);
    expect([status, out]).toEqual([2, '']);
    expect(err.replace(/\s+/g, '')).toContain(says.replace(/\s+/g, ''));
    expect(err).not.toMatch(/^ {4}at /m);
    expect(ACTS.exec(err)).toBeNull();
    expect(err.length).toBeLessThan(4000);
  });
});

describe('a language that is not there', () => {
  it.each(['tlh', '', 'EN-us', 'ko_KR', '\u001b[31m', '__proto__', 'x'.repeat(10_000)])(
    '%j is refused, and the languages are named',
    async (lang) => {
      for (const command of [
        ['trace', eks, ...packet],
        ['doctor', eks],
        ['explain', 'READ_EMPTY'],
      ]) {
        const { status, out, err } = await natwalk([...command, '--lang', lang]);
        expect([status, out]).toEqual([2, '']);
        expect(err).toContain('USAGE_CHOICE');
        expect(err.replace(/\s+/g, ' ')).toContain('en, ko');
        expect(ACTS.exec(err)).toBeNull();
        expect(err.length).toBeLessThan(4000);
      }
    },
  );

  it.each(['C', 'de_DE.UTF-8', 'kok_IN', ''])('in the locale (%s) means English', async (LANG) => {
    const { out } = await natwalk(['explain', 'READ_EMPTY'], { env: { LANG } });
    expect(out).not.toMatch(/[가-힣]/u);
  });
});
