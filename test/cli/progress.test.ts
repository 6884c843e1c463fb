/** The line that says how far something has come: on a terminal, after a second, and gone at the end. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Setting, natwalk } from '../support/cli.js';

const node = join(import.meta.dirname, '../../examples/eks-node');
const folder = mkdtempSync(join(tmpdir(), 'natwalk-'));
const packets = join(folder, 'packets.jsonl');
const other = join(folder, 'other');
const spec = join(folder, 'spec.yaml');

beforeAll(() => {
  const packet = { proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 };
  writeFileSync(packets, `${JSON.stringify(packet)}\n`.repeat(1500));
  cpSync(node, other, { recursive: true });
  writeFileSync(
    spec,
    [
      `node: ${node}`,
      'flows:',
      '  - name: to ${to}',
      '    each: { to: [203.0.113.1, 203.0.113.2, 203.0.113.3] }',
      "    packet: { from: 192.168.61.33, to: '${to}' }",
      '    expect: { verdict: forwarded }',
      '',
    ].join('\n'),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A clock on which some time goes by whenever it is looked at. */
function clock(step: number): () => number {
  let now = 0;
  return () => {
    now += step;
    return now;
  };
}

const WORK: readonly (readonly [string, string, readonly string[]])[] = [
  ['a batch', 'packets walked: 1500', ['trace', node, '--batch', packets, '-o', 'counters']],
  ['a diff', 'packets walked on both nodes: 2', ['diff', node, other, '--budget', '20']],
  ['a suite of checks', 'checks done: 3 of 3', ['check', spec]],
  ['the linter', 'walked: 1', ['lint', node]],
];

const run = (argv: readonly string[], setting: Setting): ReturnType<typeof natwalk> =>
  natwalk(argv, { errorTerminal: true, ...setting });

/** What a terminal shows of a text at last: each line as it stands after carriage returns and erasing. */
const shown = (text: string): string => text.replace(/[^\n]*\r\u001b\[K/g, '');

describe.each(WORK)('%s', (_name, says, argv) => {
  it('tells how far it has come once a second is over, and erases that', async () => {
    const { err } = await run(argv, { now: clock(2000) });
    expect(err).toContain(says);
    expect(shown(err)).toBe('');
  });

  it('tells nothing when it is quicker than a second', async () => {
    expect((await run(argv, { now: clock(0.001) })).err).toBe('');
  });

  it('tells nothing to a pipe, nor to a terminal that cannot erase', async () => {
    expect((await run(argv, { errorTerminal: false, now: clock(2000) })).err).toBe('');
    expect((await run(argv, { now: clock(2000), env: { TERM: 'dumb' } })).err).toBe('');
  });

  it('speaks Korean, in no more cells than the line has', async () => {
    const { err } = await run([...argv, '--lang', 'ko'], { now: clock(2000), columns: 20 });
    expect(err).toMatch(/[가-힣]/u);
    for (const line of err.split('\r\u001b[K')) expect(line.length).toBeLessThan(20);
  });

  it('writes the same on standard output as without', async () => {
    const told = await run(argv, { now: clock(2000) });
    const untold = await natwalk(argv);
    expect([told.status, told.out]).toEqual([untold.status, untold.out]);
  });
});

it('a batch that writes its results to the terminal tells nothing between them', async () => {
  const { out, err } = await natwalk(['trace', node, '--batch', packets, '--json'], {
    terminal: true,
    now: clock(2000),
  });
  expect([out.split('\n').length, err]).toEqual([1501, '']);
});

it('a text of many megabytes is told before it is read, with its size, and names safely', async () => {
  const file = join(folder, 'large\u001b[31m.txt');
  writeFileSync(file, `*filter\n:INPUT ACCEPT [0:0]\n${'-A INPUT -j ACCEPT\n'.repeat(900_000)}COMMIT\n`);
  const { err, status } = await run(['show', file, '--summary'], { env: { NO_COLOR: '1' } });
  expect(status).toBe(0);
  expect(shown(err)).toMatch(/^warning NODE_MISSING/);
  expect(shown(err)).not.toContain('reading');
  expect(err).toContain(', 17 MB ...');
  expect(err).not.toContain('\u001b[31m');
});

it('a mistake is told on a line of its own', async () => {
  const { err, status } = await run(['trace', node, '--batch', join(folder, 'nowhere'), '-o', 'counters'], {
    now: clock(2000),
    env: { NO_COLOR: '1' },
  });
  expect(status).toBe(2);
  expect(shown(err)).toMatch(/^error BATCH_UNREADABLE/);
});
