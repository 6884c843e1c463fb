/** Opens what is packed: archives are read as if they were folders, in memory, and within limits. */
import { type Collector, reasonOf } from '../collector.js';
import { decode } from '../decode.js';
import { isWorthKeeping } from '../worth.js';
import { type Budget, LARGEST_MEMBER, LimitReached } from './limits.js';
import type { Members } from './member.js';
import { HEAD, type Packed, foreignPacking, packedAs } from './packed.js';
import { type Chunks, type Ending, gather, gunzip, one, peek } from './stream.js';
import { readTar } from './tar.js';
import { readZip } from './zip.js';

/** Collectors that put the archive of each node into an archive of them all: Cilium's sysdump, `sos collect`. */
const NESTED = /(?:^|\/)(?:cilium-bugtool|sosreport|eks_i)-[^/]{1,200}\.(?:tar|tar\.gz|tgz|zip)$/;

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

  constructor(target: Target) {
    this.#target = target;
  }

  meet(): void {
    this.#target.budget.member();
  }

  refuse(code: string, name: string, params: Readonly<Record<string, string | number>> = {}): void {
    this.#target.into.refuse(code, `${this.#target.prefix}${name}`, params);
  }

  async file(name: string, bytes: Buffer): Promise<void> {
    const { into, prefix, budget, mayNest } = this.#target;
    const packed = packedAs(bytes);
    const foreign = foreignPacking(bytes);
    if (foreign !== null) this.refuse('READ_PACKING', name, { packing: foreign });
    else if (packed === null) {
      const decoded = decode(bytes);
      if (decoded === null) this.refuse('READ_BINARY', name);
      else if (!isWorthKeeping(name, decoded.text)) into.leaveOut(`${prefix}${name}`);
      else {
        budget.keep(bytes.length);
        into.keep(`${prefix}${name}`, bytes);
      }
    } else if (mayNest && NESTED.test(name)) {
      const source: PackedSource = { packed, chunks: one(bytes), descriptor: null };
      await openPacked(name, source, { ...this.#target, prefix: `${prefix}${name}/`, mayNest: false });
    } else this.refuse('READ_ARCHIVE_INSIDE', name);
  }
}

async function openZip({ chunks, descriptor }: PackedSource, target: Target): Promise<void> {
  const bytes = descriptor ?? (await gather(chunks, LARGEST_MEMBER * 2));
  if (bytes === null) throw new LimitReached('READ_ARCHIVE_TOTAL', LARGEST_MEMBER * 2);
  await readZip(bytes, new Unpacked(target), target.budget);
}

async function openGzip(name: string, chunks: Chunks, target: Target): Promise<void> {
  const ending: Ending = { problem: null };
  const { head, all } = await peek(gunzip(chunks, target.budget, ending), HEAD);
  if (packedAs(head) === 'tar') {
    try {
      await readTar(all, new Unpacked(target));
    } catch (error) {
      // Damage below is why the archive seems to end early.
      throw ending.problem instanceof Error ? ending.problem : error;
    }
  } else {
    const bytes = await gather(all, LARGEST_MEMBER);
    const inner = unpackedName(name);
    if (bytes === null) target.into.refuse('READ_TOO_LARGE', inner, { most: LARGEST_MEMBER });
    else if (packedAs(bytes) !== null) target.into.refuse('READ_ARCHIVE_INSIDE', inner);
    else {
      target.budget.keep(bytes.length);
      target.into.keep(inner, bytes);
    }
  }
  if (ending.problem instanceof Error) throw ending.problem;
}

function reasonFor(error: unknown): string {
  const code = reasonOf(error);
  return code === 'unknown' && error instanceof Error ? error.message : code;
}

/** Reads an archive. Never rejects: what is not read is among the findings, and what came before damage is kept. */
export async function openPacked(name: string, source: PackedSource, target: Target): Promise<void> {
  try {
    if (source.packed === 'zip') await openZip(source, target);
    else if (source.packed === 'gzip') await openGzip(name, source.chunks, target);
    else await readTar(source.chunks, new Unpacked(target));
  } catch (error) {
    if (error instanceof LimitReached) target.into.refuse(error.code, name, { most: error.most });
    else target.into.refuse('READ_ARCHIVE_DAMAGED', name, { reason: reasonFor(error) });
  }
}
