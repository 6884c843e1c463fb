/** The process: its streams, its exit. The only file that ends it. */
import { isMainThread } from 'node:worker_threads';
import type { Block, Walked } from './batch-worker.js';
import type { Part } from './check-run.js';
import type { CheckBlock } from './check-worker.js';
import { ClosedPipe, type Io, type Sink } from './io.js';
import { run } from './run.js';

/** Writes wait for the stream to drain; EPIPE and a closed stream become ClosedPipe. */
function sinkOf(stream: NodeJS.WriteStream): Sink {
  let failure: Error | null = null;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? new ClosedPipe() : error;
  });
  return {
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    async write(output) {
      if (failure !== null) throw failure;
      await new Promise<void>((resolve, reject) => {
        stream.write(output, (error) => {
          if (error === undefined || error === null) resolve();
          else reject('code' in error && error.code === 'EPIPE' ? new ClosedPipe() : error);
        });
      });
    },
  };
}

async function main(): Promise<void> {
  const io: Io = {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    env: process.env,
    stdin: () => process.stdin,
  };
  // Everything was written and has drained; standard input may still be open when the reader of the output left.
  process.exit(await run(process.argv.slice(2), io));
}

/** What a worker thread of a batch runs. */
export async function walkBlock(block: Block): Promise<Walked> {
  const worker = await import('./batch-worker.js');
  return worker.walkBlock(block);
}

/** What a worker thread of a suite runs. */
export async function checkBlock(block: CheckBlock): Promise<Part> {
  const worker = await import('./check-worker.js');
  return worker.checkBlock(block);
}

// A worker thread loads this file for one of these alone.
if (isMainThread) void main();
