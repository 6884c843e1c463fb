/** natwalk diff on the command line: exit statuses, formats, recorded packets. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../src/diff/diff.js';
import { loadNode } from '../../src/snapshot/load.js';
import { natwalk } from '../support/cli.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-diff-'));
const example = join(import.meta.dirname, '../../examples/eks-node');
const after = join(scratch, 'after');
const few = ['--budget', '120'];

beforeAll(() => {
  cpSync(example, after, { recursive: true });
  const rules = join(after, 'ip-rule.txt');
  writeFileSync(rules, readFileSync(rules, 'utf8').replace(/^1536:.*61\.33.*\n/m, ''));
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe('natwalk diff', () => {
  it('ends with 0 and says so when nothing differs', async () => {
    const { status, out } = await natwalk(['diff', example, example, ...few]);
    expect(status).toBe(0);
    expect(out).toContain('no packet is treated differently');
  });

  it('ends with 1, and names the line and a packet', async () => {
    const { status, out } = await natwalk(['diff', example, after, ...few]);
    expect(status).toBe(1);
    expect(out).toContain('- 1536: from 192.168.61.33 lookup 2  (ip-rule.txt:7)');
    expect(out).toContain('A  LEAVES by ens6');
    expect(out).toContain('B  LEAVES by ens5');
  });

  it('refuses to compare by no packet at all', async () => {
    const file = join(scratch, 'none.jsonl');
    writeFileSync(file, '\n');
    const { status, out, err } = await natwalk(['diff', example, after, '--packets', file]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('DIFF_NO_PACKETS');
    const node = loadNode('n', [{ name: 'ip-rule', text: '0:\tfrom all lookup local\n' }]);
    for (const budget of [0, -1, NaN]) expect(() => diff(node, node, { budget })).toThrow(RangeError);
  });

  it('gives a packet that trace can walk', async () => {
    const { out } = await natwalk(['diff', example, after, ...few, '--json']);
    const { groups } = JSON.parse(out) as { groups: { line: object }[] };
    const packets = join(scratch, 'packets.jsonl');
    writeFileSync(packets, `${JSON.stringify(groups[0]?.line)}\n`);
    const again = await natwalk(['diff', example, after, '--packets', packets, '-o', 'minimal']);
    expect(again.status).toBe(1);
    expect(again.out).toMatch(/^1\ttcp 192\.168\.61\.33:40000 .*\tA forwarded ens6 .*\tB forwarded ens5 /);
  });

  it('ends with 2 for a packet line that is none, and for a budget that is no number', async () => {
    const packets = join(scratch, 'bad.jsonl');
    writeFileSync(packets, 'x\n');
    const bad = await natwalk(['diff', example, after, '--packets', packets]);
    expect(bad.status).toBe(2);
    expect(bad.err).toContain('line 1 is not a packet');
    expect((await natwalk(['diff', example, after, '--budget', '1e9'])).status).toBe(2);
  });
});
