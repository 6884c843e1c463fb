/** `-v LEVEL` is the same as the options that it stands for. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const node = join(import.meta.dirname, '../../examples/eks-node');
const trace = ['trace', node, '--from', '192.168.61.33', '--to', '203.0.113.9:443'];

describe('a level', () => {
  it.each([
    [
      ['-v', 'answer'],
      ['-o', 'summary'],
    ],
    [['-v', 'walk'], []],
    [['--level', 'full'], ['--all-rules']],
    [
      ['-v', 'full', '-o', 'wide'],
      ['-o', 'wide', '--all-rules'],
    ],
  ])('%j prints what %j does', async (level, same) => {
    const [one, other] = await Promise.all([natwalk([...trace, ...level]), natwalk([...trace, ...same])]);
    expect(one).toEqual(other);
    expect(one.out).toContain('LEAVES by ens5');
  });

  it.each([
    [['-v', 'loud'], 'USAGE_CHOICE'],
    [['-v', '__proto__'], 'USAGE_CHOICE'],
    [['-v', 'full', '--json'], 'USAGE_CONFLICT'],
    [['-v', 'answer', '-o', 'wide'], 'USAGE_CONFLICT'],
    [['-v', 'walk', '-o', 'dot'], 'USAGE_CONFLICT'],
  ])('%j is bad usage', async (level, code) => {
    const { status, out, err } = await natwalk([...trace, ...level]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(code);
  });
});
