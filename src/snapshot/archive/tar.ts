/** Reads a tar archive as a stream: one member is held at a time, and large ones are passed over. */
import { Readable } from 'node:stream';
import { type TarHeader, createTarDecoder } from 'modern-tar';
import { LARGEST_MEMBER } from './limits.js';
import { type Members, insideName, staysInside } from './member.js';
import { type Chunks, gather } from './stream.js';

type Kind = 'file' | 'link' | 'hard link' | 'folder' | 'device';

function kindOf({ type = 'file', name }: TarHeader): Kind {
  if (type === 'symlink') return 'link';
  if (type === 'link') return 'hard link';
  if (type === 'directory' || name.endsWith('/')) return 'folder';
  return type === 'file' ? 'file' : 'device';
}

async function readMember(header: TarHeader, body: ReadableStream<Uint8Array>, into: Members): Promise<void> {
  const name = insideName(header.name);
  const kind = kindOf(header);
  const target = header.linkname ?? '';
  if (name === null) into.refuse('READ_NAME_OUTSIDE', header.name);
  else if (kind === 'device') into.refuse('READ_NOT_A_FILE', name);
  // What a link points to is read under its own name.
  else if (kind === 'link' && !staysInside(name, target)) into.refuse('READ_LINK_OUTSIDE', name);
  else if (kind === 'hard link' && insideName(target) === null) into.refuse('READ_LINK_OUTSIDE', name);
  else if (kind === 'file' && header.size > LARGEST_MEMBER)
    into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
  else if (kind === 'file') {
    const bytes = await gather(body, LARGEST_MEMBER);
    if (bytes?.length === header.size) await into.file(name, bytes);
    return;
  }
  await body.cancel();
}

/**
 * Hands the members to `into`, in their order. A member that the archive's end cuts off is not among them.
 * @throws whatever ends the archive early: damage, or LimitReached
 */
export async function readTar(chunks: Chunks, into: Members): Promise<void> {
  const decoder = createTarDecoder({ strict: true });
  const source = Readable.toWeb(Readable.from(chunks, { objectMode: false }));
  for await (const { header, body } of source.pipeThrough(decoder)) {
    into.meet();
    await readMember(header, body, into);
  }
}
