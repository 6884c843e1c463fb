/** How much of archives is read: what they claim to hold is not to be believed. */

/** The most members of all archives together. Support bundles have up to some ten thousand. */
export const MOST_MEMBERS = 50_000;

/** The largest member that is read. */
export const LARGEST_MEMBER: number = 128 * 1024 * 1024;

/** Texts that are kept of all archives together, in bytes. */
export const MOST_KEPT: number = 256 * 1024 * 1024;

/** Bytes that are unpacked, whether they are kept or not. */
export const MOST_UNPACKED: number = 8 * 1024 * 1024 * 1024;

/** Dumps shrink to a tenth or a thirtieth. What shrinks to a two-hundredth is made to fill a memory. */
export const MOST_RATIO = 200;

/** Below this size a ratio does not matter: a file of blanks is no attack. */
export const RATIO_FROM: number = 32 * 1024 * 1024;

/** A limit that was reached: reading the archive ends there. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  readonly code: 'READ_ARCHIVE_MEMBERS' | 'READ_ARCHIVE_TOTAL' | 'READ_ARCHIVE_RATIO';
  readonly most: number;

  constructor(code: LimitReached['code'], most: number) {
    super(code);
    this.code = code;
    this.most = most;
  }
}

/** What may still be read, over all archives of one snapshot. */
export class Budget {
  #members = 0;
  #kept = 0;
  #unpacked = 0;

  /** @throws LimitReached */
  member(): void {
    this.#members += 1;
    if (this.#members > MOST_MEMBERS) throw new LimitReached('READ_ARCHIVE_MEMBERS', MOST_MEMBERS);
  }

  /** @throws LimitReached */
  keep(bytes: number): void {
    this.#kept += bytes;
    if (this.#kept > MOST_KEPT) throw new LimitReached('READ_ARCHIVE_TOTAL', MOST_KEPT);
  }

  /** @throws LimitReached */
  unpack(bytes: number): void {
    this.#unpacked += bytes;
    if (this.#unpacked > MOST_UNPACKED) throw new LimitReached('READ_ARCHIVE_TOTAL', MOST_UNPACKED);
  }
}

/** Is so much output of so little input a bomb? */
export function isBomb(packed: number, unpacked: number): boolean {
  return unpacked > RATIO_FROM && unpacked > packed * MOST_RATIO;
}
