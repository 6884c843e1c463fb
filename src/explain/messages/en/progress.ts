/** Words of the line that says how far something has come. */
import type { Catalogue } from '../catalogue.js';

export const progress = {
  PROGRESS_READING: 'reading {path} ...',
  PROGRESS_READING_TEXT: 'reading {path}, {megabytes} MB ...',
  PROGRESS_BATCH: 'packets walked: {count}',
  PROGRESS_CHECK: 'checks done: {count} of {all}',
  PROGRESS_DIFF: 'packets walked on both nodes: {count}',
  PROGRESS_LINT: 'looking for packets that show faults; walked: {count}',
} as const satisfies Catalogue;
