/** What reading the files of a snapshot comes to. */
import type { Diagnostics } from '../source/diagnostic.js';
import type { SnapshotFile } from './places.js';

/** What could be read, and findings about files that could not. */
export interface SnapshotFiles {
  readonly files: readonly SnapshotFile[];
  readonly diagnostics: Diagnostics;
}
