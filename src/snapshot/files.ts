/** The file system's side of a snapshot. Nothing else in the library touches files. */
import { constants } from 'node:fs';
import { type FileHandle, open, opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import type { SnapshotFile } from './reading.js';

/** The largest file that is read, in bytes. */
export const LARGEST_FILE: number = 256 * 1024 * 1024;

/** The most files that a folder may hold. */
export const MOST_FILES = 10_000;

/** How far down a folder is searched. */
const DEEPEST = 32;

/** What could be read, and findings about files that could not. */
export interface SnapshotFiles {
  readonly files: readonly SnapshotFile[];
  readonly diagnostics: Diagnostics;
}

/** Does the text begin with the byte order mark of UTF-16, as Windows shells write it? */
function isUtf16(bytes: Buffer): boolean {
  return bytes.length % 2 === 0 && bytes[0] === 0xff && bytes[1] === 0xfe;
}

/** UTF-8, and Latin-1 when the bytes are not UTF-8: every byte then stays one character, and no text is lost. */
function decode(bytes: Buffer): string {
  if (isUtf16(bytes)) return bytes.toString('utf16le');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** How archives begin that may have few NUL bytes: gzip, zip, xz, zstd, bzip2. */
const ARCHIVES: readonly Buffer[] = ['1f8b08', '504b0304', 'fd377a585a00', '28b52ffd', '425a68'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

/** A text has hardly any NUL bytes; archives, images and programs have many. */
function isBinary(bytes: Buffer): boolean {
  if (ARCHIVES.some((magic) => bytes.subarray(0, magic.length).equals(magic))) return true;
  const head = bytes.subarray(0, 65_536);
  let nuls = 0;
  for (const byte of head) if (byte === 0) nuls += 1;
  return nuls > 0 && nuls * 100 > head.length;
}

/** Opening a named pipe that nobody writes to would wait for ever; it is asked what it is first. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK;

class Collector implements SnapshotFiles {
  readonly files: SnapshotFile[] = [];
  readonly diagnostics: Diagnostics = new Diagnostics();

  /** A finding about a file as a whole. */
  refuse(code: string, file: string, params: Readonly<Record<string, string | number>> = {}): void {
    this.diagnostics.warn(code, { source: new SourceText(file, ''), start: 0, end: 0 }, { file, ...params });
  }

  keep(name: string, bytes: Buffer): void {
    if (!isUtf16(bytes) && isBinary(bytes)) this.refuse('READ_BINARY', name);
    else this.files.push({ name, text: decode(bytes) });
  }

  async file(path: string, name: string): Promise<void> {
    let handle: FileHandle | null = null;
    try {
      handle = await open(path, READ_WITHOUT_WAITING);
      const about = await handle.stat();
      if (!about.isFile()) this.refuse('READ_NOT_A_FILE', name);
      else if (about.size > LARGEST_FILE) this.refuse('READ_TOO_LARGE', name, { most: LARGEST_FILE });
      else this.keep(name, await handle.readFile());
    } catch (error) {
      this.refuse('READ_UNREADABLE', name, { reason: reasonOf(error) });
    } finally {
      await handle?.close();
    }
  }
}

/** The system's own word for what went wrong (ENOENT, EACCES, …). */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
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

async function readInput(into: Collector): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > LARGEST_FILE) {
      into.refuse('READ_TOO_LARGE', 'stdin', { most: LARGEST_FILE });
      return;
    }
    chunks.push(bytes);
  }
  into.keep('stdin', Buffer.concat(chunks));
}

/**
 * Reads the texts of a snapshot: a folder (with all below it, in the order of the names), one file, or `-` for
 * standard input. Never rejects because of a file: what is not read is among the findings, and a path that does not
 * exist gives no file and READ_UNREADABLE.
 */
export async function readSnapshot(path: string): Promise<SnapshotFiles> {
  const into = new Collector();
  if (path === '-') {
    await readInput(into);
    return into;
  }
  try {
    const root = await realpath(path);
    if (!(await stat(root)).isDirectory()) {
      await into.file(root, basename(path));
      return into;
    }
    const found = new Map<string, string>();
    await walk(root, root, 0, found, into);
    if (found.size >= MOST_FILES) into.refuse('READ_TOO_MANY', path, { most: MOST_FILES });
    for (const [name, file] of found) await into.file(file, name);
  } catch (error) {
    into.refuse('READ_UNREADABLE', path, { reason: reasonOf(error) });
  }
  return into;
}

/** The texts alone, for callers that need no findings about files. */
export async function readSnapshotFiles(path: string): Promise<readonly SnapshotFile[]> {
  return (await readSnapshot(path)).files;
}
