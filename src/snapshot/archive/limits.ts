/** How much of archives is read: what they claim to hold is not to be believed. */

/** So many members of all archives together are looked into, whatever their names. Support bundles have some thousand. */
export const MOST_MEMBERS = 20_000;

/** The most members that are passed over behind these, to find the ones whose names say that they hold a dump. */
export const MOST_MET = 1_000_000;

/** The largest member that is read. */
export const LARGEST_MEMBER: number = 128 * 1024 * 1024;

/** Texts that are kept of all archives together, in bytes. */
export const MOST_KEPT: number = 256 * 1024 * 1024;

/** Bytes that are unpacked, whether they are kept or not. */
export const MOST_UNPACKED: number = 4 * 1024 * 1024 * 1024;

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

  /**
   * Counts a member.
   * @throws LimitReached
   */
  member(): void {
    this.#members += 1;
    if (this.#members > MOST_MET) throw new LimitReached('READ_ARCHIVE_MEMBERS', MOST_MET);
  }

  /** Were there so many members that the next ones are judged by their names? */
  isCrowded(): boolean {
    return this.#members > MOST_MEMBERS;
  }

  /** Counts a text that is kept, unless there is no room for it. @returns whether there was */
  keep(bytes: number): boolean {
    if (this.#kept + bytes > MOST_KEPT) return false;
    this.#kept += bytes;
    return true;
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
