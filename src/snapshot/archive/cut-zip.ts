/** A zip archive whose end is missing, and its directory with it: members are found by the headers before them. */
import { crc32, createInflateRaw } from 'node:zlib';
import { getFileNameLowLevel } from 'yauzl';
import { type Budget, LARGEST_MEMBER, MOST_RATIO, isBomb } from './limits.js';
import { type Members, insideName } from './member.js';

/** Of a local file header, and of what stands behind packed bytes whose size was not known before (APPNOTE 4.3.7, 4.3.9). */
const HEADER = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const HEADER_LENGTH = 30;

const ENCRYPTED = 0x1;
/** Sizes and checksum stand behind the packed bytes. */
const STREAMED = 0x8;
const STORED = 0;
const DEFLATED = 8;
/** A size that stands in an extra field. */
const ZIP64 = 0xffff_ffff;

interface Header {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Where the packed bytes begin. */
  readonly start: number;
}

/** The header at a place; null where none is, or it is cut. */
function headerAt(bytes: Buffer, at: number): Header | null {
  if (at + HEADER_LENGTH > bytes.length || bytes.readUInt32LE(at) !== HEADER) return null;
  const nameEnd = at + HEADER_LENGTH + bytes.readUInt16LE(at + 26);
  const start = nameEnd + bytes.readUInt16LE(at + 28);
  if (start > bytes.length) return null;
  const flags = bytes.readUInt16LE(at + 6);
  return {
    name: getFileNameLowLevel(flags, bytes.subarray(at + HEADER_LENGTH, nameEnd), [], true),
    flags,
    method: bytes.readUInt16LE(at + 8),
    checksum: bytes.readUInt32LE(at + 14),
    packed: bytes.readUInt32LE(at + 18),
    unpacked: bytes.readUInt32LE(at + 22),
    start,
  };
}

/** A member's content, and where the next header is. */
interface Content {
  /** Null when it is larger than any that is read. */
  readonly bytes: Buffer | null;
  /** How many bytes it was packed into. */
  readonly eaten: number;
  /** Null where it was not unpacked to its end. */
  readonly end: number | null;
}

/** Unpacks up to the end of the deflated bytes, and counts those. @throws where they are cut or wrong */
async function inflate(packed: Buffer): Promise<{ readonly bytes: Buffer | null; readonly eaten: number }> {
  const stream = createInflateRaw();
  stream.end(packed);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += part.length;
    if (size > LARGEST_MEMBER) return { bytes: null, eaten: stream.bytesWritten };
    parts.push(part);
  }
  return { bytes: Buffer.concat(parts, size), eaten: stream.bytesWritten };
}

/** Where the member behind a descriptor begins, and the checksum in it. */
function descriptorAt(bytes: Buffer, at: number): { readonly checksum: number; readonly end: number } | null {
  if (at + 4 > bytes.length) return null;
  const from = bytes.readUInt32LE(at) === DESCRIPTOR ? at + 4 : at;
  return from + 12 > bytes.length ? null : { checksum: bytes.readUInt32LE(from), end: from + 12 };
}

/** The content of a member that is there in whole; null for one that is cut, or damaged. */
async function contentOf(whole: Buffer, header: Header): Promise<Content | null> {
  const { flags, method, packed, start } = header;
  const isStreamed = (flags & STREAMED) !== 0;
  if (!isStreamed && start + packed > whole.length) return null;
  if (method !== DEFLATED && (method !== STORED || isStreamed)) return null;
  const given = whole.subarray(start, isStreamed ? whole.length : start + packed);
  const found =
    method === STORED ? { bytes: given, eaten: given.length } : await inflate(given).catch(() => null);
  if (found === null) return null;
  const { bytes, eaten } = found;
  if (bytes === null) return { bytes, eaten, end: isStreamed ? null : start + packed };
  const behind = isStreamed
    ? descriptorAt(whole, start + eaten)
    : { checksum: header.checksum, end: start + packed };
  return behind?.checksum === crc32(bytes) ? { bytes, eaten, end: behind.end } : null;
}

/** Takes one member. @returns where the next one begins; null when there is none that can be found */
async function takeMember(
  whole: Buffer,
  header: Header,
  into: Members,
  budget: Budget,
): Promise<number | null> {
  into.meet();
  const { flags, packed, unpacked, start } = header;
  const name = insideName(header.name);
  // Of what is not looked into the size must be told.
  const next = (flags & STREAMED) === 0 && packed !== ZIP64 ? start + packed : null;
  const refuse = (code: string, params = {}): number | null => {
    into.refuse(code, name ?? header.name, params);
    return next;
  };
  if (name === null) return refuse('READ_NAME_OUTSIDE');
  if ((flags & ENCRYPTED) !== 0) return refuse('READ_ENCRYPTED');
  if (header.name.endsWith('/')) return next;
  if (unpacked > LARGEST_MEMBER) return refuse('READ_TOO_LARGE', { most: LARGEST_MEMBER });
  if (next !== null && isBomb(packed, unpacked)) return refuse('READ_ARCHIVE_RATIO', { most: MOST_RATIO });
  if (next !== null && !into.wants(name)) return next;
  const content = await contentOf(whole, header);
  if (content === null) return null;
  const { bytes, eaten, end } = content;
  budget.unpack(bytes?.length ?? LARGEST_MEMBER);
  if (bytes === null) into.refuse('READ_TOO_LARGE', name, { most: LARGEST_MEMBER });
  else if (isBomb(eaten, bytes.length)) into.refuse('READ_ARCHIVE_RATIO', name, { most: MOST_RATIO });
  else await into.file(name, bytes);
  return end;
}

/**
 * Hands the members that are there in whole to `into`, in their order. Which of them are links the missing directory tells:
 * those are read as the short texts that they are.
 * @throws LimitReached
 */
export async function readCutZip(bytes: Buffer, into: Members, budget: Budget): Promise<void> {
  let at: number | null = 0;
  while (at !== null) {
    const header = headerAt(bytes, at);
    if (header === null) return;
    at = await takeMember(bytes, header, into, budget);
  }
}
