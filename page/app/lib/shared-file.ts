/** Shared walks that were kept as files. */
import type { GivenFile } from '../../shared/protocol.js';
import type { Slice } from '../../shared/slice.js';
import { isSlice } from './well-formed.js';

/** Bytes of a shared walk, at most. */
const MOST_SHARED = 8 * 1024 * 1024;

/** A shared walk that was kept as a file; null for anything else. */
export function sharedIn(files: readonly GivenFile[]): Slice | null {
  const [file] = files;
  if (files.length !== 1 || file === undefined || !('bytes' in file)) return null;
  const { bytes } = file;
  // It begins as what is shared begins, and is no longer than a link may become.
  if (bytes.length > MOST_SHARED || new TextDecoder().decode(bytes.subarray(0, 5)) !== '{"v":') return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isSlice(value) ? value : null;
  } catch {
    return null;
  }
}
