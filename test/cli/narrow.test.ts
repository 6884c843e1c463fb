/** Every command on a narrow terminal: no line is wider, but for commands that are there to be copied. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { widthOf } from '../../src/explain/width.js';
import { natwalk } from '../support/cli.js';

const eks = join(import.meta.dirname, '../../examples/eks-node');
const packet = ['--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const folder = mkdtempSync(join(tmpdir(), 'natwalk-'));
const after = join(folder, 'after');
const bare = join(folder, 'bare');
const spec = join(folder, 'spec.yaml');

beforeAll(() => {
  cpSync(eks, after, { recursive: true });
  const rules = join(after, 'ip-rule.txt');
  writeFileSync(rules, readFileSync(rules, 'utf8').replace(/^.*from 192\.168\.61\.33 .*\n/m, ''));
  const expected = ['egress: ens6', 'snat: 192.168.45.10', 'via: 192.168.1.1', 'verdict: dropped'];
  writeFileSync(
    spec,
    `node: ${eks}\nflows:\n  - name: a pod of the second interface leaves by that interface and never by the first\n    packet: { from: 192.168.61.33, to: 203.0.113.9:443 }\n    expect: { ${expected.join(', ')} }\n`,
  );
  cpSync(join(eks, 'iptables-save.txt'), join(bare, 'a-folder-of-a-long-name/iptables-save.txt'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const COMMANDS: readonly (readonly string[])[] = [
  ['trace', eks, ...packet, '-o', 'summary'],
  ['trace', eks, ...packet, '--reply', '--all-rules'],
  ['trace', eks, ...packet, '--flow'],
  ['trace', eks, ...packet, '--without', 'rule/1024'],
  ['trace', eks, ...packet, '--lang', 'tlh'],
  ['trace', eks, '--to', '1.2.3.400', '--color', 'never'],
  ['trace', '-', ...packet],
  ['why', eks, ...packet, 'nat/AWS-SNAT-CHAIN-0:1'],
  ['why', eks, ...packet, 'nat/NO-SUCH-CHAIN-AT-ALL:1'],
  ['doctor', eks],
  ['check', spec],
  ['check', spec, '--coverage'],
  ['trace', eks, ...packet, '--with', `${eks}:rule/1024@3`],
  ['doctor', bare],
  ['lint', eks],
  ['nodes', eks],
  ['diff', eks, after, '--budget', '200'],
  ['capacity', 'm5.large', '--pod', '40'],
  ['capacity', 'm5.large', '--prefix-delegation', '--pod', '12'],
  ['explain', 'UNK_BPF'],
  ['show', eks, '--summary'],
  ['trace', '--help'],
  ['diff', '--help'],
  ['--help'],
];

/** Commands are on one line however long, so that they can be copied. */
const isCommand = (line: string): boolean => /natwalk (?:\S+ )|^Usage: /.test(line);

describe.each(['en', 'ko'])('in %s', (language) => {
  it.each(COMMANDS.flatMap((argv) => [20, 40, 79].map((columns) => [argv, columns] as const)))(
    '%j fits %i columns',
    async (argv, columns) => {
      const words = argv.includes('--lang') || argv.includes('--help') ? argv : [...argv, '--lang', language];
      const { out, err } = await natwalk(words, {
        terminal: true,
        columns,
        env: { NO_COLOR: '1', LANG: language },
        now: () => 0,
        stdin: '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT --such-an-option-is-not-there -j ACCEPT\nCOMMIT\n',
      });
      expect(`${out}${err}`).toMatch(/\S/);
      for (const line of `${out}${err}`.split('\n'))
        if (!isCommand(line)) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    },
  );
});

describe('the place of a finding', () => {
  const places = async (columns: number): Promise<string> => {
    const { err } = await natwalk(['trace', join(folder, 'cut'), ...packet], {
      terminal: true,
      columns,
      env: { NO_COLOR: '1' },
    });
    return err;
  };

  beforeAll(() => {
    cpSync(eks, join(folder, 'cut'), { recursive: true });
    const save = join(folder, 'cut/iptables-save.txt');
    writeFileSync(save, readFileSync(save, 'utf8').replace('--restore-mark', '--restroe-mark'));
  });

  it('stands in one line where that has room', async () => {
    expect(await places(40)).toMatch(/^ +--> iptables-save\.txt:\d+:\d+$/m);
  });

  it('is broken on lines that have none, its line and column in one piece', async () => {
    const text = await places(20);
    expect(text).toMatch(/^ +-->\n/m);
    expect(text.replace(/\n */g, '')).toMatch(/-->iptables-save\.txt:\d+:\d+/);
    expect(text).toMatch(/^\S* *\S*:\d+:\d+$/m);
  });
});
