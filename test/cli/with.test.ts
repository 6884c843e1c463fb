/** `--with NODE:RULE`: the walk as if the node had a rule of another one. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const root = join(import.meta.dirname, '../..');
const good = 'examples/eks-node';
const bad = 'test/walks/fixtures/nonodeport';
const native = 'test/walks/fixtures/v1.23-nft-connmark';
const toNodePort = ['--in', 'ens5', '--from', '198.51.100.7:50000', '--to', '192.168.45.10:30080', '--reply'];
const toInternet = ['--from', '192.168.61.33', '--to', '203.0.113.9:443'];

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** A copy of a node, whose files are changed. */
function changed(name: string, from: string, file: string, change: (text: string) => string): string {
  const folder = join(scratch, name);
  cpSync(join(root, from), folder, { recursive: true });
  rmSync(join(folder, 'nft-ruleset.txt'), { force: file !== 'nft-ruleset.txt' });
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(join(root, from, file), 'utf8')));
  return folder;
}

interface Json {
  readonly outcomes: readonly { readonly egress: { readonly iface: string } | null }[];
  readonly warnings: readonly { readonly code: string }[];
  readonly changed: {
    readonly same: boolean;
    readonly with: readonly {
      readonly node: string;
      readonly was: number;
      readonly rule: Readonly<Record<string, unknown>>;
      readonly chains: readonly string[];
    }[];
    readonly differences: readonly { readonly field: string; readonly to: string }[];
  };
}

async function asked(...words: readonly string[]): Promise<Json> {
  const { status, out, err } = await natwalk(['trace', ...words, '--json']);
  expect(status, err).toBe(0);
  return JSON.parse(out) as Json;
}

const refused = async (...words: readonly string[]): Promise<string> => {
  const { status, out, err } = await natwalk(['trace', good, ...toInternet, ...words]);
  expect([status, out]).toEqual([2, '']);
  return err;
};

/** What the carets of the last frame stand under. */
function underlined(err: string): string {
  const lines = err.split('\n');
  const at = lines.findLastIndex((line) => /^ +\| +\^+$/.test(line));
  const carets = lines[at] ?? '';
  return (lines[at - 1] ?? '').slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1);
}

describe('--with', () => {
  it.each(['en', 'ko'])('says first what was put in and what that changes, in %s', async (language) => {
    const words = ['--with', `${good}:mangle/PREROUTING:1`, '--lang', language, '-o', 'summary'];
    const { out } = await natwalk(['trace', bad, ...toNodePort, ...words]);
    await expect(out).toMatchFileSnapshot(`golden/with-rule.${language}.golden`);
  });

  it('names the other node and the line of its dump as JSON too, by the schema', async () => {
    const json = await asked(bad, ...toNodePort, '--with', `${good}:mangle/PREROUTING:1`);
    expect(json.changed.with).toEqual([
      {
        node: good,
        was: 1,
        rule: expect.objectContaining({ rule: 1, file: `${good}/iptables-save.txt`, line: 11 }) as unknown,
        chains: [],
      },
    ]);
    const schema = JSON.parse(readFileSync(join(root, 'schema/trace.schema.json'), 'utf8')) as object;
    const validate = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(schema);
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    const policy = await asked(good, ...toInternet, '--with', `${good}:rule/1024@7`);
    expect(validate(policy), JSON.stringify(validate.errors)).toBe(true);
    expect(policy.changed.with[0]).toMatchObject({ was: 1024, rule: { policyRule: 7, action: 'main' } });
  });

  it('brings chains along that the rule leads to', async () => {
    const folder = changed('no-connmark', good, 'iptables-save.txt', (text) =>
      text.replace(/^.*AWS-CONNMARK.*\n/gm, ''),
    );
    const words = ['--with', `${good}:nat/PREROUTING:2`];
    const { changed: change, outcomes } = await asked(folder, ...toInternet, ...words);
    expect(change.with[0]?.chains).toEqual(['AWS-CONNMARK-CHAIN-0']);
    expect(change.differences).toContainEqual({ field: 'egress', from: 'ens6', to: 'ens5' });
    expect(outcomes[0]?.egress?.iface).toBe('ens5');
    const { out } = await natwalk(['trace', folder, ...toInternet, ...words]);
    expect(out).toContain(`${good}/iptables-save.txt:79`);
  });

  it('replaces a rule together with --without', async () => {
    const folder = changed('no-restore', good, 'iptables-save.txt', (text) =>
      text.replace('"AWS, CONNMARK" -j CONNMARK --restore-mark', '"AWS, CONNMARK" -j CONNMARK --save-mark'),
    );
    const before = await asked(folder, ...toInternet);
    expect(before.outcomes[0]?.egress?.iface).toBe('ens6');
    const words = ['--without', 'nat/PREROUTING:3', '--with', `${good}:nat/PREROUTING:3`];
    expect((await asked(folder, ...toInternet, ...words)).outcomes[0]?.egress?.iface).toBe('ens5');
  });

  it('puts a rule of nftables into the table of its name', async () => {
    const folder = changed('native', native, 'nft-ruleset.txt', (text) => {
      const shorter = text.replace(/^.*jump snat-mark.*\n/m, '').replace(/\tchain snat-mark \{[^}]*\}\n/, '');
      expect(shorter).not.toBe(text);
      return shorter;
    });
    const { status, out } = await natwalk([
      ...['trace', folder, ...toInternet, '--json'],
      ...['--with', `${native}:ip aws-cni nat-prerouting:2`],
    ]);
    expect(status).toBe(0);
    const json = JSON.parse(out) as Json;
    expect(json.changed.with[0]).toMatchObject({ chains: ['snat-mark'], rule: { table: 'ip aws-cni' } });
    expect(json.changed.differences).toContainEqual({ field: 'egress', from: 'ens6', to: 'ens5' });
  });

  it('is told of a rule that is there already', async () => {
    const json = await asked(good, ...toInternet, '--with', `${good}:nat/PREROUTING:2`);
    expect(json.warnings.map(({ code }) => code)).toContain('WITH_TWICE');
    expect(json.changed.same).toBe(true);
  });

  it.each([
    ['', 'USAGE_WITH', ''],
    [good, 'USAGE_WITH', good],
    ['-:nat/PREROUTING:1', 'USAGE_WITH', '-:nat/PREROUTING:1'],
    [`${good}:`, 'USAGE_WITH', `${good}:`],
    ['nowhere:nat/PREROUTING:1', 'NODE_UNREADABLE', 'nowhere'],
    [`${good}:nat/NOPE:1`, 'USAGE_RULE_CHAIN', 'nat/NOPE:1'],
    [`${good}:nat/PREROUTING:99`, 'USAGE_RULE_NUMBER', 'nat/PREROUTING:99'],
    [`${good}:__proto__/PREROUTING:1`, 'USAGE_RULE_TABLE', '__proto__/PREROUTING:1'],
    [`${good}:rule/1`, 'USAGE_RULE_NO_POLICY', 'rule/1'],
    [`${good}:nat/PREROUTING:1@x`, 'USAGE_WITH_PLACE', 'x'],
    [`${good}:nat/PREROUTING:1@0`, 'USAGE_WITH_NUMBER', '0'],
    [`${good}:nat/PREROUTING:1@9`, 'USAGE_WITH_NUMBER', '9'],
    [`${good}:nat/PREROUTING:1@NOPE:1`, 'USAGE_WITH_CHAIN', 'NOPE:1'],
    [`${good}:nat/PREROUTING:1@raw/PREROUTING:1`, 'USAGE_WITH_TABLE', 'raw/PREROUTING:1'],
    [`${good}:AWS-SNAT-CHAIN-0:2@PREROUTING:1`, 'RULE_WRONG_HOOK', 'PREROUTING:1'],
    [`${good}:nat/POSTROUTING:1@KUBE-POSTROUTING:1`, 'RULE_LOOP', 'KUBE-POSTROUTING:1'],
    [`${good}:rule/1024@4294967296`, 'USAGE_WITH_PRIORITY', '4294967296'],
    [`${native}:ip aws-cni nat-prerouting:1`, 'USAGE_WITH_NO_TABLE', ''],
  ])('%s is bad usage: %s', async (text, code, part) => {
    const err = await refused(`--with=${text}`);
    expect(err).toContain(` ${code} `);
    if (part !== '') expect(underlined(err)).toBe(part);
  });

  it('does not let names of another node reach the terminal unescaped', async () => {
    const folder = changed('escapes', good, 'iptables-save.txt', (text) =>
      text.replace('AWS, outbound connections', 'x\u001b[31m\u202e'),
    );
    const { out, err } = await natwalk([
      'trace',
      good,
      ...toInternet,
      '--with',
      `${folder}:nat/PREROUTING:2`,
    ]);
    expect(out + err).not.toMatch(/[\u001b\u202e]/);
  });
});
