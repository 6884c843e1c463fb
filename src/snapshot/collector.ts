/** Gathers the texts of a snapshot, and findings about files that are not read. */
import { Diagnostics, type Params } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { type ReadAscii, decode } from './decode.js';
import { bundleRoot } from './layout.js';
import type { SnapshotFile } from './reading.js';
import type { SnapshotFiles } from './snapshot-files.js';

export type { SnapshotFiles };

/** A bundle has hundreds of links, devices and pictures: that many of each kind are named. */
const MOST_NAMED = 8;

export class Collector implements SnapshotFiles {
  readonly files: SnapshotFile[] = [];
  readonly diagnostics: Diagnostics = new Diagnostics();
  readonly #counts = new Map<string, number>();
  /** Texts of archives without any listing. */
  readonly #others: string[] = [];

  readonly #ascii: ReadAscii | undefined;

  constructor(ascii?: ReadAscii) {
    this.#ascii = ascii;
  }

  /** A finding about a file as a whole. */
  refuse(code: string, file: string, params: Params = {}): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= MOST_NAMED) this.#warn(code, file, params);
  }

  /** Decodes a file and keeps its text. @returns whether it is a text */
  keep(name: string, bytes: Uint8Array): boolean {
    const decoded = decode(bytes, this.#ascii);
    if (decoded === null) {
      this.refuse('READ_BINARY', name);
      return false;
    }
    if (decoded.finding !== null) this.refuse(decoded.finding, name);
    this.files.push({ name, text: decoded.text });
    return true;
  }

  /** A text in which nothing was recognised, too large to be kept for that. */
  leaveOut(name: string): void {
    this.#others.push(name);
  }

  /** To be called once, at the end: says how many findings were not named one by one. */
  finish(): void {
    // A collector's logs are no surprise; among files that somebody packed, each is named.
    const isBundle = this.files.some(({ name }) => bundleRoot(name) !== null);
    if (isBundle && this.#others.length > 0)
      this.diagnostics.warn('READ_UNNAMED', null, { count: this.#others.length });
    if (!isBundle) for (const name of this.#others) this.refuse('READ_UNRECOGNISED', name);
    for (const [code, count] of this.#counts)
      if (count > MOST_NAMED)
        this.diagnostics.warn('READ_MORE_FILES', null, { code, count: count - MOST_NAMED });
  }

  #warn(code: string, file: string, params: Params): void {
    this.diagnostics.warn(code, { source: new SourceText(file, ''), start: 0, end: 0 }, { file, ...params });
  }
}

/** The system's own word for what went wrong (ENOENT, EACCES, …). */
export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
