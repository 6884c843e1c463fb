/** Bytes as they come: looking ahead, unpacking with a limit, and gathering. */
import { pipeline } from 'node:stream';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Budget } from './limits.js';

export type Chunks = AsyncIterable<Uint8Array>;

export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** The first `least` bytes (fewer when there are no more), and everything from the beginning. */
export async function peek(
  chunks: Chunks,
  least: number,
): Promise<{ readonly head: Uint8Array; readonly all: Chunks }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < least) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  const head = Buffer.concat(first);
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield head;
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head, all: all() };
}

/** All of it, or null when it is more than `most`; no more than that is ever held. */
export async function gather(chunks: Chunks, most: number): Promise<Buffer | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of chunks) {
    size += part.length;
    if (size > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** What is known of a stream while it is unpacked, and why it ended before its end. */
export interface Unpacking {
  problem: unknown;
  /** Packed bytes that were taken in so far. */
  eaten: number;
}

/** Larger pieces than zlib's own: it is twice as fast with them. */
const PIECE = 1 << 18;

/**
 * The bytes that gzip packed. It never fails in the middle: at damage or a limit it ends, and says so in `unpacking`, so
 * that what came before is of use.
 */
export async function* gunzip(
  packed: Chunks,
  budget: Budget,
  unpacking: Unpacking,
): AsyncGenerator<Uint8Array> {
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of packed) {
      unpacking.eaten += chunk.length;
      yield chunk;
    }
  }
  const unzip = createGunzip({ chunkSize: PIECE });
  // The error comes out of `unzip` as well.
  pipeline(Readable.from(counted(), { objectMode: false }), unzip, () => undefined);
  try {
    for await (const chunk of unzip) {
      const bytes: Uint8Array = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      budget.unpack(bytes.length);
      yield bytes;
    }
  } catch (error) {
    unpacking.problem = error;
  }
}
