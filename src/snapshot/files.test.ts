/** Folders, files and standard input -> texts. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { one } from './archive/stream.js';
import { readSnapshot, readSnapshotFiles } from './files.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'natwalk-files-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, content: string | Buffer): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), content);
}

async function codes(path: string = folder): Promise<readonly string[]> {
  const { diagnostics } = await readSnapshot(path);
  return diagnostics.list.map(({ code, params }) => `${code} ${String(params['file'])}`);
}

describe('a snapshot', () => {
  it('of a folder is every file below it, in the order of the names', async () => {
    await put('b.txt', 'b');
    await put('networking/iprule.txt', 'rule');
    await put('a.txt', 'a');
    expect(await readSnapshotFiles(folder)).toEqual([
      { name: 'a.txt', text: 'a' },
      { name: 'b.txt', text: 'b' },
      { name: 'networking/iprule.txt', text: 'rule' },
    ]);
  });

  it('of one file has the file by its own name', async () => {
    await put('a.txt', 'text');
    expect(await readSnapshotFiles(join(folder, 'a.txt'))).toEqual([{ name: 'a.txt', text: 'text' }]);
  });

  it('keeps bytes that are not UTF-8', async () => {
    await put('a.txt', Buffer.from([0x61, 0xff, 0x62]));
    await put('b.txt', 'é');
    await put('c.txt', Buffer.from('\ufeff0: from', 'utf16le'));
    expect((await readSnapshotFiles(folder)).map(({ text }) => text)).toEqual(['aÿb', 'é', '\ufeff0: from']);
  });

  it.each([
    ['', 'ASCII'],
    ['한국', 'UTF-8'],
    ['\x80', 'UTF-8 of two bytes'],
  ])('ends large files with %j as they end (%s)', async (end) => {
    const text = `${'0123456789abcde\n'.repeat(70_000)}${end}`;
    await put('large.txt', text);
    expect((await readSnapshotFiles(folder))[0]?.text === text).toBe(true);
    await put('large.txt', Buffer.from(`${text}\xff`, 'latin1'));
    expect((await readSnapshotFiles(folder))[0]?.text.endsWith('ÿ')).toBe(true);
  });

  it('skips binary files', async () => {
    await put('core', Buffer.alloc(1000));
    expect(await readSnapshotFiles(folder)).toEqual([]);
    expect(await codes()).toEqual(['READ_BINARY core']);
  });

  it.each([1000, 65_536, 3 << 20])('knows %d random bytes for no text', async (size) => {
    // The first byte is fixed, so that chance makes no mark of an encoding or a packing.
    const bytes = Buffer.concat([Buffer.from('A'), randomBytes(size - 1)]);
    await put('random', bytes);
    expect(await codes()).toEqual(['READ_BINARY random']);
    const { files, diagnostics } = await readSnapshot('-', one(bytes));
    expect([files, diagnostics.list.map(({ code }) => code)]).toEqual([[], ['READ_BINARY']]);
  });

  it('does not read a large file that is no text', async () => {
    const path = join(folder, 'image');
    const file = await open(path, 'w');
    await file.write(randomBytes(1 << 16), 0);
    // A hole: the file has the size without the disk.
    await file.truncate(200 << 20);
    await file.close();
    const before = process.memoryUsage().arrayBuffers;
    expect(await codes()).toEqual(['READ_BINARY image']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 << 20);
  });

  it('takes what a terminal recorded for a text: colours, backspaces, bells', async () => {
    await put('typescript', '\u001b[01;32mroot@a\u001b[0m:~# ip rx\b\u001b[Kule\u0007\r\n'.repeat(40));
    expect(await codes()).toEqual([]);
  });

  it('names packings that it does not open', async () => {
    await put('node.tar.xz', Buffer.from('fd377a585a00', 'hex'));
    await put('node.zst', Buffer.from('28b52ffd', 'hex'));
    expect(await codes()).toEqual(['READ_PACKING node.tar.xz', 'READ_PACKING node.zst']);
  });

  it.runIf(process.platform !== 'win32')('does not wait for the writer of a named pipe', async () => {
    await put('a.txt', 'a');
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
    expect((await readSnapshotFiles(folder)).map(({ name }) => name)).toEqual(['a.txt']);
    expect(await codes()).toEqual(['READ_NOT_A_FILE pipe']);
  });

  it('keeps a text with one NUL byte', async () => {
    await put('a.txt', `0:\tfrom all\0${' '.repeat(200)}`);
    expect(await codes()).toEqual([]);
  });

  it('refuses links that leave the folder, follows those inside, and ends', async () => {
    await put('a.txt', 'a');
    await symlink('a.txt', join(folder, 'inside'));
    await symlink('/etc/passwd', join(folder, 'outside'));
    await symlink('.', join(folder, 'self'));
    await symlink('nowhere', join(folder, 'dangling'));
    expect((await readSnapshotFiles(folder)).map(({ name }) => name)).toEqual(['a.txt', 'inside']);
    expect(await codes()).toEqual(['READ_UNREADABLE dangling', 'READ_LINK_OUTSIDE outside']);
  });

  it('of a path that does not exist is empty, with a finding', async () => {
    const path = join(folder, 'nothing');
    expect(await codes(path)).toEqual([`READ_UNREADABLE ${path}`]);
  });

  it('refuses what is not a regular file', async () => {
    expect(await codes('/dev/null')).toEqual(['READ_NOT_A_FILE null']);
  });
});
