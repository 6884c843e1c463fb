/** A suite over worker threads: blocks of checks go to whichever thread is free, results keep their order. */
import { Piscina } from 'piscina';
import { type CheckSettings, type Part, joined } from './check-run.js';
import type { CheckBlock } from './check-worker.js';

/** Blocks for each thread: checks take unequally long. */
const BLOCKS = 4;

/**
 * Runs checks by several threads.
 * @param command file whose `checkBlock` a thread runs
 * @param onDone called when some are done, with their number
 */
export async function checkJobs(
  specs: readonly string[],
  places: readonly number[],
  settings: CheckSettings,
  jobs: number,
  command: string,
  onDone: (count: number) => void,
): Promise<Part> {
  const pool = new Piscina<CheckBlock, Part>({
    filename: command,
    name: 'checkBlock',
    minThreads: 1,
    maxThreads: jobs,
  });
  try {
    const size = Math.max(1, Math.ceil(places.length / (jobs * BLOCKS)));
    const blocks: CheckBlock[] = [];
    for (let at = 0; at < places.length; at += size)
      blocks.push({ specs, places: places.slice(at, at + size), settings });
    const run = async (block: CheckBlock): Promise<Part> => {
      const part = await pool.run(block);
      onDone(block.places.length);
      return part;
    };
    return joined(await Promise.all(blocks.map(run)));
  } finally {
    await pool.destroy();
  }
}
