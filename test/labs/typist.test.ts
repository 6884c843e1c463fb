/** What a student pastes into a session, or types ahead, on a terminal. */
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.js';
import { typistOf } from '../../src/cli/lab-typist.js';

/** A terminal: keys go in, and what is written stands there when its turn comes, as on a slow line. */
function terminal(): { readonly io: Io; readonly keys: PassThrough; readonly screen: () => string } {
  const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  let shown = '';
  let before = Promise.resolve();
  const sink = {
    isTerminal: true,
    columns: 80,
    async write(output: string | Uint8Array): Promise<void> {
      shown += typeof output === 'string' ? output : Buffer.from(output).toString();
      before = before.then(async () => new Promise((resolve) => setTimeout(resolve, 1)));
      await before;
    },
  };
  return {
    io: { stdout: sink, stderr: sink, env: {}, stdin: () => keys },
    keys,
    screen: () => stripVTControlCharacters(shown),
  };
}

/** Answers each line with two of its own, until one is `exit`. */
async function session(chunks: readonly string[]): Promise<string> {
  const { io, keys, screen } = terminal();
  const typist = typistOf(io, false, ['iptables', 'ip']);
  typist.prompt('# ');
  for (const chunk of chunks) keys.write(chunk);
  for await (const line of typist.lines) {
    if (line === 'exit') break;
    await io.stdout.write(`<${line}>\n`);
    await io.stdout.write('done\n');
    typist.prompt('# ');
  }
  typist.close();
  return screen().replaceAll('\r', '');
}

const THREE = '# ip rule\n<ip rule>\ndone\n# ip addr\n<ip addr>\ndone\n# ';

it('answers each of several pasted lines before the next one is seen', async () => {
  expect(await session(['ip rule\rip addr\rexit\r'])).toBe(`${THREE}exit\n`);
});

it('reads lines that end as in a file, and keys that come one by one', async () => {
  expect(await session(['ip rule\r\nip addr\r\nexit\r\n'])).toBe(`${THREE}exit\n`);
  const typed = 'ip rule\rip addr\rexit\r'.match(/[^]/g) ?? [];
  expect(await session(typed)).toBe(`${THREE}exit\n`);
});

it('keeps letters whole that come in parts', async () => {
  const bytes = Buffer.from('가\rexit\r');
  const { io, keys, screen } = terminal();
  const typist = typistOf(io, false, []);
  typist.prompt('# ');
  keys.write(bytes.subarray(0, 1));
  keys.write(bytes.subarray(1));
  const lines: string[] = [];
  for await (const line of typist.lines) {
    lines.push(line);
    if (line === 'exit') break;
    typist.prompt('# ');
  }
  typist.close();
  expect(lines).toEqual(['가', 'exit']);
  expect(screen()).toContain('# 가');
});
