/** The file system's side of a snapshot. Nothing else in the library touches files. */
import { isAscii } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open, opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { Budget } from './archive/limits.js';
import { foreignPacking, packedAs } from './archive/packed.js';
import { type Chunks, gather, peek } from './archive/stream.js';
import { Collector, type SnapshotFiles, reasonOf } from './collector.js';
import { LOOKED_AT, isBinary } from './decode.js';
import type { SnapshotFile } from './reading.js';

/** The largest file that is read, in bytes. */
export const LARGEST_FILE: number = 256 * 1024 * 1024;

/** The most files that a folder may hold. */
export const MOST_FILES = 10_000;

/** How far down a folder is searched. */
const DEEPEST = 32;

/** Opening a named pipe that nobody writes to would wait for ever; it is asked what it is first. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

/** Of a large save this takes a tenth of what a decoder does. */
function ascii(bytes: Uint8Array): string | null {
  if (!isAscii(bytes)) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Files up to this size are read piece by piece; of larger ones what is written to them meanwhile is not read. */
const AT_ONCE = 1 << 20;

async function bytesOf(handle: FileHandle, size: number): Promise<Uint8Array> {
  if (size < AT_ONCE) return handle.readFile();
  const bytes = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

class Reader {
  readonly into: Collector = new Collector(ascii);
  readonly #budget = new Budget();

  /**
   * A file of the snapshot.
   * @param prefix before the names of an archive's members
   */
  async file(path: string, name: string, prefix: string): Promise<void> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, READ_WITHOUT_WAITING);
      const about = await handle.stat();
      if (!about.isFile()) this.into.refuse('READ_NOT_A_FILE', name);
      else await this.#regular(handle, about.size, name, prefix);
    } catch (error) {
      this.into.refuse('READ_UNREADABLE', name, { reason: reasonOf(error) });
    } finally {
      await handle?.close();
    }
  }

  async #regular(handle: FileHandle, size: number, name: string, prefix: string): Promise<void> {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0);
    const head = buffer.subarray(0, bytesRead);
    const packed = packedAs(head);
    const foreign = foreignPacking(head, name);
    if (foreign !== null) this.into.refuse('READ_PACKING', name, { ...foreign });
    else if (packed !== null) {
      const chunks = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 18 });
      await this.#packed(name, { packed, chunks, descriptor: handle.fd }, prefix);
    } else if (isBinary(head)) this.into.refuse('READ_BINARY', name);
    else if (size > LARGEST_FILE) this.into.refuse('READ_TOO_LARGE', name, { most: LARGEST_FILE });
    else this.into.keep(name, await bytesOf(handle, size));
  }

  async #packed(
    name: string,
    source: {
      readonly packed: 'tar' | 'gzip' | 'zip';
      readonly chunks: Chunks;
      readonly descriptor: number | null;
    },
    prefix: string,
  ): Promise<void> {
    const { openPacked } = await import('./archive/open.js');
    await openPacked(name, source, { prefix, into: this.into, budget: this.#budget, mayNest: true });
  }

  async input(chunks: Chunks): Promise<void> {
    const { head, all } = await peek(chunks, LOOKED_AT);
    const packed = packedAs(head);
    const foreign = foreignPacking(head, 'stdin');
    if (foreign !== null) this.into.refuse('READ_PACKING', 'stdin', { ...foreign });
    else if (packed !== null) await this.#packed('stdin', { packed, chunks: all, descriptor: null }, '');
    else if (isBinary(head)) this.into.refuse('READ_BINARY', 'stdin');
    else {
      const bytes = await gather(all, LARGEST_FILE);
      if (bytes === null) this.into.refuse('READ_TOO_LARGE', 'stdin', { most: LARGEST_FILE });
      else this.into.keep('stdin', bytes);
    }
  }
}

/** Every file below a folder, as paths relative to it with `/`; links that leave the folder are refused. */
async function walk(
  root: string,
  folder: string,
  depth: number,
  found: Map<string, string>,
  into: Collector,
): Promise<void> {
  const names: string[] = [];
  for await (const entry of await opendir(folder)) names.push(entry.name);
  for (const entry of names.sort()) {
    if (found.size >= MOST_FILES) return;
    const path = join(folder, entry);
    const name = relative(root, path).split(sep).join('/');
    try {
      const real = await realpath(path);
      if (real !== root && !real.startsWith(root + sep)) {
        into.refuse('READ_LINK_OUTSIDE', name);
        continue;
      }
      const about = await stat(real);
      // A link to a folder that holds it would never end: links to folders are not followed.
      if (about.isDirectory()) {
        if (real === path && depth < DEEPEST) await walk(root, path, depth + 1, found, into);
      } else found.set(name, path);
    } catch (error) {
      into.refuse('READ_UNREADABLE', name, { reason: reasonOf(error) });
    }
  }
}

async function readPath(path: string, reader: Reader): Promise<void> {
  const { into } = reader;
  try {
    const root = await realpath(path);
    if (!(await stat(root)).isDirectory()) {
      await reader.file(root, basename(path), '');
      return;
    }
    const found = new Map<string, string>();
    await walk(root, root, 0, found, into);
    if (found.size >= MOST_FILES) into.refuse('READ_TOO_MANY', path, { most: MOST_FILES });
    for (const [name, file] of found) await reader.file(file, name, `${name}/`);
  } catch (error) {
    into.refuse('READ_UNREADABLE', path, { reason: reasonOf(error) });
  }
}

/**
 * Reads the texts of a snapshot: a folder (with all below it, in the order of the names), one file, or `-` for
 * standard input. An archive (tar, tar.gz, zip, by its bytes) counts as a folder, also within a folder. Never rejects
 * because of a file: what is not read is among the findings, and a path that does not exist gives no file and
 * READ_UNREADABLE.
 * @param input standard input, when it is not the process's own
 */
export async function readSnapshot(path: string, input: Chunks = process.stdin): Promise<SnapshotFiles> {
  const reader = new Reader();
  if (path === '-') await reader.input(input);
  else await readPath(path, reader);
  reader.into.finish();
  return reader.into;
}

/** The texts alone, for callers that need no findings about files. */
export async function readSnapshotFiles(path: string): Promise<readonly SnapshotFile[]> {
  return (await readSnapshot(path)).files;
}
