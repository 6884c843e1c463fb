/** Opens what is packed: archives are read as if they were folders, in memory, and within limits. */
import { type Collector, reasonOf } from '../collector.js';
import { decode } from '../decode.js';
import { isNamedDump, isWorthKeeping } from '../worth.js';
import {
  type Budget,
  LARGEST_MEMBER,
  LimitReached,
  MOST_KEPT,
  MOST_MEMBERS,
  MOST_RATIO,
  isBomb,
} from './limits.js';
import type { Members } from './member.js';
import { HEAD, type Packed, foreignPacking, packedAs } from './packed.js';
import { type Chunks, type Unpacking, gather, gunzip, one, peek } from './stream.js';
import { readTar } from './tar.js';
import { readZip } from './zip.js';

/** Collectors that put the archive of each node into an archive of them all: Cilium's sysdump, `sos collect`. */
const NESTED = /(?:^|\/)(?:cilium-bugtool|sosreport|eks_i)-[^/]{1,200}\.(?:tar|tar\.gz|tgz|zip)$/;

/** A zip archive up to this size is read at once: its members are many small pieces. */
const SMALL_ZIP = 64 * 1024 * 1024;

/** The packed bytes: as they come, or a file that is open, which can be read anywhere. */
export interface PackedSource {
  readonly packed: Packed;
  readonly chunks: Chunks;
  readonly descriptor: number | null;
}

/** What one archive is read into. */
interface Target {
  /** Before the names of members: the archive's own name when it lies in a folder or another archive. */
  readonly prefix: string;
  readonly into: Collector;
  readonly budget: Budget;
  readonly mayNest: boolean;
}

/** `name.txt.gz` holds `name.txt`. */
function unpackedName(name: string): string {
  return name.replace(/\.gz$/i, '');
}

class Unpacked implements Members {
  readonly #target: Target;
  /** Members that were not looked into for their number. */
  #passed = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  meet(): void {
    this.#target.budget.member();
  }

  wants(name: string): boolean {
    if (!this.#target.budget.isCrowded() || isNamedDump(name) || NESTED.test(name)) return true;
    this.#passed += 1;
    return false;
  }

  /** Says how many members of an archive were passed over. */
  finish(archive: string): void {
    if (this.#passed > 0)
      this.#target.into.refuse('READ_ARCHIVE_MANY', archive, { most: MOST_MEMBERS, count: this.#passed });
  }

  refuse(code: string, name: string, params: Readonly<Record<string, string | number>> = {}): void {
    this.#target.into.refuse(code, `${this.#target.prefix}${name}`, params);
  }

  async file(name: string, bytes: Buffer): Promise<void> {
    const { into, prefix, budget, mayNest } = this.#target;
    const packed = packedAs(bytes);
    const foreign = foreignPacking(bytes, name);
    if (foreign !== null) this.refuse('READ_PACKING', name, { ...foreign });
    else if (packed === null) {
      const decoded = decode(bytes);
      if (decoded === null) this.refuse('READ_BINARY', name);
      else if (!isWorthKeeping(name, decoded.text)) into.leaveOut(`${prefix}${name}`);
      else if (budget.keep(bytes.length)) into.keep(`${prefix}${name}`, bytes);
      else this.refuse('READ_ARCHIVE_FULL', name, { most: MOST_KEPT });
    } else if (mayNest && NESTED.test(name)) {
      const source: PackedSource = { packed, chunks: one(bytes), descriptor: null };
      await openPacked(name, source, { ...this.#target, prefix: `${prefix}${name}/`, mayNest: false });
    } else this.refuse('READ_ARCHIVE_INSIDE', name);
  }
}

async function openZip(
  { chunks, descriptor }: PackedSource,
  into: Unpacked,
  { budget }: Target,
): Promise<void> {
  const bytes = await gather(chunks, descriptor === null ? LARGEST_MEMBER * 2 : SMALL_ZIP);
  const source = bytes ?? descriptor;
  if (source === null) throw new LimitReached('READ_ARCHIVE_TOTAL', LARGEST_MEMBER * 2);
  await readZip(source, into, budget);
}

/** A text that was packed by itself. */
function keepSingle(packed: string, bytes: Buffer | null, eaten: number, { into, budget }: Target): void {
  const name = unpackedName(packed);
  if (bytes === null) into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
  else if (packedAs(bytes) !== null) into.refuse('READ_ARCHIVE_INSIDE', name);
  else if (isBomb(eaten, bytes.length)) into.refuse('READ_ARCHIVE_RATIO', packed, { most: MOST_RATIO });
  else if (budget.keep(bytes.length)) into.keep(name, bytes);
  else into.refuse('READ_ARCHIVE_FULL', name, { most: MOST_KEPT });
}

async function openGzip(name: string, chunks: Chunks, into: Unpacked, target: Target): Promise<void> {
  const unpacking: Unpacking = { problem: null, eaten: 0 };
  const { head, all } = await peek(gunzip(chunks, target.budget, unpacking), HEAD);
  if (packedAs(head) === 'tar') {
    try {
      await readTar(all, into, () => unpacking.eaten);
    } catch (error) {
      // Damage below is why the archive seems to end early.
      throw unpacking.problem instanceof Error ? unpacking.problem : error;
    }
  } else if (head.length > 0 || unpacking.problem === null)
    keepSingle(name, await gather(all, LARGEST_MEMBER), unpacking.eaten, target);
  if (unpacking.problem instanceof Error) throw unpacking.problem;
}

/** Zlib, modern-tar and yauzl each have words of their own for an archive that is cut. */
const CUT = /^Z_BUF_ERROR$|truncated|^Invalid EOF/;

function reasonFor(error: unknown): string {
  const code = reasonOf(error);
  const reason = code === 'unknown' && error instanceof Error ? error.message : code;
  if (CUT.test(reason)) return 'it ends early';
  return reason === 'Z_DATA_ERROR' ? 'its packed bytes are wrong' : reason;
}

/** Reads an archive. Never rejects: what is not read is among the findings, and what came before damage is kept. */
export async function openPacked(name: string, source: PackedSource, target: Target): Promise<void> {
  const into = new Unpacked(target);
  try {
    if (source.packed === 'zip') await openZip(source, into, target);
    else if (source.packed === 'gzip') await openGzip(name, source.chunks, into, target);
    else await readTar(source.chunks, into, null);
  } catch (error) {
    if (error instanceof LimitReached) target.into.refuse(error.code, name, { most: error.most });
    else target.into.refuse('READ_ARCHIVE_DAMAGED', name, { reason: reasonFor(error) });
  }
  into.finish(name);
}
