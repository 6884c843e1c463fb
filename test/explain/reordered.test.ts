/** An answer says nothing of the order of rules that it does not hang on. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const eks = join(import.meta.dirname, '../../examples/eks-node');
const scratch = mkdtempSync(join(tmpdir(), 'natwalk-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** The example with the rules for two services in another order. */
cpSync(eks, scratch, { recursive: true });
const save = readFileSync(join(eks, 'iptables-save.txt'), 'utf8');
const lines = save.split('\n');
const [first = 0, second = 0] = lines.flatMap((line, at) =>
  /^-A KUBE-SERVICES -d 10\.100\.5\.2[12]\/32 /.test(line) ? [at] : [],
);
const swapped = lines.with(first, lines[second] ?? '').with(second, lines[first] ?? '');
writeFileSync(join(scratch, 'iptables-save.txt'), swapped.join('\n'));

const QUESTIONS = [
  ['--from', '192.168.61.33', '--to', '203.0.113.9:443'],
  ['--from', '192.168.61.33', '--to', '10.100.5.20:80', '--reply'],
  ['--in', 'ens5', '--from', '198.51.100.7:50000', '--to', '192.168.45.10:30080'],
];

describe('-v answer', () => {
  it.each(QUESTIONS)('is the same whatever the order of other rules: %s %s %s %s', async (...words) => {
    expect(swapped.join('\n')).not.toBe(save);
    for (const lang of ['en', 'ko']) {
      const ask = async (node: string): Promise<string> =>
        (await natwalk(['trace', node, ...words, '-v', 'answer', '--lang', lang])).out;
      expect(await ask(scratch)).toBe(await ask(eks));
    }
  });
});
