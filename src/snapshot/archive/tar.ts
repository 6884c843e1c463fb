/** Reads a tar archive as a stream: one member is held at a time, and large ones are passed over. */
import { Readable } from 'node:stream';
import { type TarHeader, createTarDecoder } from 'modern-tar';
import { LARGEST_MEMBER, MOST_RATIO, isBomb } from './limits.js';
import { type Members, insideName, staysInside } from './member.js';
import { type Chunks, gather } from './stream.js';
import { SPARSE, TOO_LARGE, withoutUnwanted } from './unwanted.js';

type Kind = 'file' | 'sparse file' | 'link' | 'hard link' | 'folder' | 'device';

/** GNU tar's names for sparse files in pax headers: `GNU.sparse.major`, `GNU.sparse.map` and so on. */
function isSparse({ linkname, pax = {} }: TarHeader): boolean {
  return linkname === SPARSE || Object.keys(pax).some((key) => key.startsWith('GNU.sparse.'));
}

function kindOf(header: TarHeader): Kind {
  const { type = 'file', name } = header;
  if (type === 'symlink') return 'link';
  if (type === 'link') return 'hard link';
  if (type === 'directory' || name.endsWith('/')) return 'folder';
  if (type !== 'file') return 'device';
  return isSparse(header) ? 'sparse file' : 'file';
}

/** A sparse file's own name is in its pax header; the one before it is made up by tar. */
function nameOf({ name, pax = {} }: TarHeader): string {
  return pax['GNU.sparse.name'] ?? name;
}

/** Packed bytes that were taken in so far; null where nothing is packed. */
export type Meter = (() => number) | null;

async function readFile(
  header: TarHeader,
  name: string,
  body: ReadableStream<Uint8Array>,
  into: Members,
  meter: Meter,
): Promise<void> {
  const before = meter?.() ?? 0;
  const bytes = await gather(body, LARGEST_MEMBER);
  if (bytes?.length !== header.size) return;
  if (meter !== null && isBomb(meter() - before, bytes.length))
    into.refuse('READ_ARCHIVE_RATIO', name, { most: MOST_RATIO });
  else await into.file(name, bytes);
}

async function readMember(
  header: TarHeader,
  body: ReadableStream<Uint8Array>,
  into: Members,
  meter: Meter,
): Promise<void> {
  const raw = nameOf(header);
  const name = insideName(raw);
  const kind = kindOf(header);
  const target = header.linkname ?? '';
  into.meet();
  if (name === null) into.refuse('READ_NAME_OUTSIDE', raw);
  else if (kind === 'device') into.refuse('READ_NOT_A_FILE', name);
  // What a link points to is read under its own name.
  else if (kind === 'link' && !staysInside(name, target)) into.refuse('READ_LINK_OUTSIDE', name);
  else if (kind === 'hard link' && insideName(target) === null) into.refuse('READ_LINK_OUTSIDE', name);
  else if (kind === 'sparse file') into.refuse('READ_SPARSE', name);
  else if (kind === 'file' && (header.size > LARGEST_MEMBER || target === TOO_LARGE))
    into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
  else if (kind === 'file' && into.wants(name)) return readFile(header, name, body, into, meter);
  await body.cancel();
}

/**
 * Hands the members to `into`, in their order. A member that the archive's end cuts off is not among them.
 * @throws whatever ends the archive early: damage, or LimitReached
 */
export async function readTar(chunks: Chunks, into: Members, meter: Meter): Promise<void> {
  const decoder = createTarDecoder({ strict: true });
  const bytes = Readable.from(withoutUnwanted(chunks), { objectMode: false });
  // The stream of Node.js is that of browsers, also where their types are the global ones.
  const source = Readable.toWeb(bytes) as ReadableStream<Uint8Array<ArrayBuffer>>;
  for await (const { header, body } of source.pipeThrough(decoder))
    await readMember(header, body, into, meter);
}
