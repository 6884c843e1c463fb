/** Reads a zip archive by its central directory: members that are not wanted are never unpacked. */
import { type Entry, type ZipFile, fromBufferPromise, fromFdPromise, getFileNameLowLevel } from 'yauzl';
import { readCutZip } from './cut-zip.js';
import { type Budget, LARGEST_MEMBER, MOST_RATIO, isBomb } from './limits.js';
import { type Members, insideName, staysInside } from './member.js';
import { gather } from './stream.js';

/** Upper half of the external attributes: mode bits of Unix (APPNOTE 4.4.15, as Info-ZIP writes them). */
const FILE_TYPE = 0o170000;
const SYMLINK = 0o120000;
const REGULAR = 0o100000;

function isTypeOf({ externalFileAttributes }: Entry, type: number): boolean {
  return ((externalFileAttributes >>> 16) & FILE_TYPE) === type;
}

async function bytesOf(zip: ZipFile, entry: Entry): Promise<Buffer | null> {
  return gather(await zip.openReadStreamPromise(entry), LARGEST_MEMBER);
}

async function readMember(
  zip: ZipFile,
  entry: Entry,
  raw: string,
  into: Members,
  budget: Budget,
): Promise<void> {
  into.meet();
  const { compressedSize, uncompressedSize } = entry;
  const name = insideName(raw);
  if (name === null) into.refuse('READ_NAME_OUTSIDE', raw);
  else if (raw.endsWith('/')) return;
  else if (entry.isEncrypted()) into.refuse('READ_ENCRYPTED', name);
  else if (uncompressedSize > LARGEST_MEMBER) into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
  else if (isBomb(compressedSize, uncompressedSize))
    into.refuse('READ_ARCHIVE_RATIO', name, { most: MOST_RATIO });
  else if (!isTypeOf(entry, 0) && !isTypeOf(entry, REGULAR) && !isTypeOf(entry, SYMLINK))
    into.refuse('READ_NOT_A_FILE', name);
  else if (isTypeOf(entry, SYMLINK) || into.wants(name)) {
    budget.unpack(uncompressedSize);
    let bytes: Buffer | null;
    try {
      bytes = await bytesOf(zip, entry);
    } catch (error) {
      into.refuse('READ_UNREADABLE', name, { reason: error instanceof Error ? error.message : 'damaged' });
      return;
    }
    if (bytes === null) into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
    else if (!isTypeOf(entry, SYMLINK)) await into.file(name, bytes);
    else if (!staysInside(name, bytes.toString('utf8'))) into.refuse('READ_LINK_OUTSIDE', name);
  }
}

function opened(source: Buffer | number): Promise<ZipFile> {
  // Names are looked at here: a single bad one is no reason to give up the rest.
  const options = { lazyEntries: true, decodeStrings: false, autoClose: false } as const;
  return typeof source === 'number' ? fromFdPromise(source, options) : fromBufferPromise(source, options);
}

/**
 * Hands the members to `into`, in the order of the central directory. Where that is missing, members that are whole are
 * found all the same in an archive that is held at once.
 * @param source the archive's bytes, or a descriptor of its file, which stays open
 * @throws whatever ends the archive early: damage, or LimitReached
 */
export async function readZip(source: Buffer | number, into: Members, budget: Budget): Promise<void> {
  let zip: ZipFile;
  try {
    zip = await opened(source);
  } catch (error) {
    if (typeof source !== 'number') await readCutZip(source, into, budget);
    throw error;
  }
  for await (const entry of zip.eachEntry()) {
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    await readMember(
      zip,
      entry,
      getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true),
      into,
      budget,
    );
  }
}
