/**
 * Members of a tar archive that are passed over before anything else is done with them: the ones that are too large, and
 * sparse files of GNU tar's old format (`tar -S`, tar(5) "GNU tar archives"). Those have a header of type S, and behind it
 * blocks with more of the map of their holes, which no size counts: who does not know them loses everything behind.
 */
import { LARGEST_MEMBER } from './limits.js';
import { HEAD, isTarHeader, sizeOf } from './packed.js';
import type { Chunks } from './stream.js';

/** What the header of an unwanted member says in its field for the target of a link, which it has no use for. */
export const SPARSE = 'GNU.sparse';
export const TOO_LARGE = 'natwalk.too-large';

const SIZE = 124;
const TYPE = 156;
const LINK = 157;
const CHECKSUM = 148;
/** Whether a block of the map follows: in the header, and in each block of the map. */
const MORE_IN_HEADER = 482;
const MORE_IN_MAP = 504;

/** Types without a body, whatever size their headers say: links, devices, folders, pipes. */
const BODYLESS = /[1-6]/;

/** The header of a file without a body. */
function marked(header: Uint8Array, mark: string): Buffer {
  const copy = Buffer.from(header);
  copy.write('00000000000\0', SIZE);
  copy.fill(0, LINK, LINK + 100).write(mark, LINK);
  copy.write('        ', CHECKSUM);
  const sum = copy.reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM);
  return copy;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

class Filter {
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of a body that are still to come. */
  #body = 0;
  #inMap = false;
  #isWanted = true;

  /** What is to be handed on of a piece. */
  *take(chunk: Uint8Array): Generator<Uint8Array> {
    const bytes = this.#rest.length === 0 ? viewOf(chunk) : Buffer.concat([this.#rest, chunk]);
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#body > 0 && !this.#inMap) {
        const step = Math.min(this.#body, bytes.length - at);
        this.#body -= step;
        at += step;
        if (!this.#isWanted) from = at;
        continue;
      }
      if (bytes.length - at < HEAD) break;
      const block = bytes.subarray(at, at + HEAD);
      const handOn = this.#block(block);
      if (handOn !== block) {
        if (at > from) yield bytes.subarray(from, at);
        if (handOn !== null) yield handOn;
        from = at + HEAD;
      }
      at += HEAD;
    }
    if (at > from) yield bytes.subarray(from, at);
    this.#rest = bytes.subarray(at);
  }

  rest(): Uint8Array {
    return this.#rest;
  }

  /** The block itself, another in its place, or null for none. */
  #block(block: Buffer): Buffer | null {
    if (this.#inMap) {
      this.#inMap = block[MORE_IN_MAP] === 1;
      return null;
    }
    const type = String.fromCharCode(block[TYPE] ?? 0);
    const size = sizeOf(block);
    this.#isWanted = true;
    // The end of the archive, or damage: that is for others to judge.
    if (!isTarHeader(block) || !Number.isSafeInteger(size)) this.#body = Infinity;
    else if (!BODYLESS.test(type)) this.#body = size + ((HEAD - (size % HEAD)) % HEAD);
    const mark = type === 'S' ? SPARSE : this.#body > LARGEST_MEMBER ? TOO_LARGE : null;
    // Headers that say more about the next one are never that large.
    if (mark === null || this.#body === Infinity || !/[\0\d]|S/.test(type)) return block;
    this.#isWanted = false;
    this.#inMap = type === 'S' && block[MORE_IN_HEADER] === 1;
    return marked(block, mark);
  }
}

/** The same archive, its unwanted members without what they hold; their headers say why. */
export async function* withoutUnwanted(chunks: Chunks): AsyncGenerator<Uint8Array> {
  const filter = new Filter();
  for await (const chunk of chunks) yield* filter.take(chunk);
  if (filter.rest().length > 0) yield filter.rest();
}
