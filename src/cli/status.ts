/** Exit statuses. */
export const STATUS = {
  done: 0,
  /** A check or a line of a batch failed. */
  failed: 1,
  /** Bad usage, or a snapshot that cannot be read. */
  usage: 2,
  /** With --strict: an outcome rests on an assumption. */
  assumed: 3,
  /** A fault in natwalk (sysexits.h EX_SOFTWARE). */
  internal: 70,
} as const;
