/** What was dropped or pasted -> the texts of a snapshot, within the limits that the command has. */
import { createTarDecoder } from 'modern-tar';
import {
  Budget,
  LARGEST_MEMBER,
  LimitReached,
  MOST_KEPT,
  MOST_RATIO,
  isBomb,
} from '../../src/snapshot/archive/limits.js';
import { insideName } from '../../src/snapshot/archive/member.js';
import { foreignPacking, packedAs } from '../../src/snapshot/archive/packed.js';
import { Collector } from '../../src/snapshot/collector.js';
import { decode } from '../../src/snapshot/decode.js';
import { isWorthKeeping } from '../../src/snapshot/worth.js';
import type { SnapshotFiles } from '../../src/snapshot/snapshot-files.js';
import type { GivenFile } from '../shared/protocol.js';
import { isCluster } from './cluster-files.js';
import { gather, inflate } from './gather.js';
import { membersOf } from './zip.js';

/** The largest text that the page takes; larger ones are for the command. */
const LARGEST_TEXT: number = LARGEST_MEMBER * 2;

/** Reads the files of one drop. */
class Unpacker {
  readonly into: Collector = new Collector();
  readonly #budget = new Budget();

  async add(name: string, bytes: Uint8Array): Promise<void> {
    const packed = packedAs(bytes);
    const foreign = foreignPacking(bytes, name);
    if (foreign !== null) this.into.refuse('READ_PACKING', name, { ...foreign });
    else if (packed === null) this.#text(name, bytes);
    else {
      try {
        if (packed === 'zip') await this.#zip(bytes);
        else if (packed === 'tar') await this.#tar(bytes);
        else await this.#gzip(name, bytes);
      } catch (error) {
        if (error instanceof LimitReached) this.into.refuse(error.code, name, { most: error.most });
        else this.into.refuse('READ_ARCHIVE_DAMAGED', name, { reason: reasonFor(error) });
      }
    }
  }

  #text(name: string, bytes: Uint8Array): void {
    if (bytes.length > LARGEST_TEXT) this.into.refuse('READ_TOO_LARGE', name, { most: LARGEST_TEXT });
    else this.into.keep(name, bytes);
  }

  #member(name: string, bytes: Uint8Array): void {
    if (packedAs(bytes) !== null) this.into.refuse('READ_ARCHIVE_INSIDE', name);
    else {
      const decoded = decode(bytes);
      if (decoded === null) this.into.refuse('READ_BINARY', name);
      else if (!isWorthKeeping(name, decoded.text) && !isCluster(name, decoded.text))
        this.into.leaveOut(name);
      else if (this.#budget.keep(bytes.length)) this.into.keep(name, bytes);
      else this.into.refuse('READ_ARCHIVE_FULL', name, { most: MOST_KEPT });
    }
  }

  async #gzip(name: string, bytes: Uint8Array): Promise<void> {
    const unpacked = await inflate(bytes, 'gzip', MOST_KEPT);
    if (unpacked === null) this.into.refuse('READ_TOO_LARGE', name, { most: MOST_KEPT });
    else if (isBomb(bytes.length, unpacked.length))
      this.into.refuse('READ_ARCHIVE_RATIO', name, { most: MOST_RATIO });
    else if (packedAs(unpacked) === 'tar') await this.#tar(unpacked);
    else this.#member(name.replace(/\.gz$/i, ''), unpacked);
  }

  async #tar(bytes: Uint8Array): Promise<void> {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    for await (const { header, body } of stream.pipeThrough(createTarDecoder({ strict: true }))) {
      this.#budget.member();
      const name = insideName(header.name);
      const { type = 'file', size } = header;
      if (name === null) this.into.refuse('READ_NAME_OUTSIDE', header.name);
      else if (type === 'file' && size > LARGEST_MEMBER)
        this.into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
      else if (type === 'file' && !header.name.endsWith('/')) {
        const content = await gather(body, LARGEST_MEMBER);
        if (content !== null) this.#member(name, content);
        continue;
      }
      await body.cancel();
    }
  }

  async #zip(bytes: Uint8Array): Promise<void> {
    for (const member of membersOf(bytes)) {
      this.#budget.member();
      const name = insideName(member.name);
      if (name === null) this.into.refuse('READ_NAME_OUTSIDE', member.name);
      else if (!member.isFile) continue;
      else if (member.isEncrypted) this.into.refuse('READ_ENCRYPTED', name);
      else if (member.size > LARGEST_MEMBER)
        this.into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
      else if (isBomb(member.packed.length, member.size))
        this.into.refuse('READ_ARCHIVE_RATIO', name, { most: MOST_RATIO });
      else if (member.method === 0) this.#member(name, member.packed);
      else if (member.method === 8) {
        const content = await inflate(member.packed, 'deflate-raw', LARGEST_MEMBER);
        if (content === null) this.into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
        else this.#member(name, content);
      } else
        this.into.refuse('READ_UNREADABLE', name, { reason: `compression method ${String(member.method)}` });
    }
  }
}

function reasonFor(error: unknown): string {
  return error instanceof Error && error.name === 'Damaged' ? error.message : 'its packed bytes are wrong';
}

/**
 * The texts, and findings about files that are none.
 * @param told is called after each file
 */
export async function unpack(
  files: readonly GivenFile[],
  told: (done: number) => void,
): Promise<SnapshotFiles> {
  const unpacker = new Unpacker();
  for (const [index, file] of files.entries()) {
    if ('text' in file) unpacker.into.files.push(file);
    else await unpacker.add(file.name, file.bytes);
    told(index + 1);
  }
  unpacker.into.finish();
  return unpacker.into;
}
