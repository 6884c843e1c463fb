/** What a file that is no text is packed as, by its first bytes: a name says nothing that its bytes do not say better. */

/** Forms that are opened. */
export type Packed = 'tar' | 'gzip' | 'zip';

/** Bytes that `packedAs` wants to see. */
export const HEAD = 512;

/** A packing that natwalk does not open. */
export interface Foreign {
  readonly packing: string;
  /** What makes of it something that natwalk opens. */
  readonly command: string;
}

const MAGIC: readonly (readonly [string, string])[] = [
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
  ['bzip2', '425a68'],
  ['7z', '377abcaf271c'],
  ['lz4', '04224d18'],
  ['rar', '526172211a07'],
];

/** Tools that write what they unpack to standard output; the others unpack into the folder they are called in. */
const STREAMS = new Set(['xz', 'zstd', 'bzip2', 'lz4']);

function repack(packing: string, name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1);
  const file = /^[\w@%+=:,.-]{1,200}$/.test(last) ? last : 'FILE';
  if (!STREAMS.has(packing)) return packing === 'rar' ? `unrar x ${file}` : `7z x ${file}`;
  const inner = file.replace(/\.(?:xz|zst|zstd|bz2|lz4)$/i, '').replace(/\.t(?:xz|zst|bz2)$/i, '.tar');
  return `${packing} -dc ${file} | gzip > ${inner}.gz`;
}

function begins(bytes: Uint8Array, hex: string): boolean {
  for (let at = 0; at < hex.length; at += 2)
    if (bytes[at / 2] !== Number.parseInt(hex.slice(at, at + 2), 16)) return false;
  return true;
}

function octal(bytes: Uint8Array, from: number, length: number): number {
  const text = String.fromCharCode(...bytes.subarray(from, from + length));
  const digits = /^[\0 ]*([0-7]+)[\0 ]*$/.exec(text)?.[1];
  return digits === undefined ? NaN : Number.parseInt(digits, 8);
}

/** The sum of the header's bytes, its own field counting as blanks (tar(5)): it holds for every form of tar. */
export function isTarHeader(bytes: Uint8Array): boolean {
  if (bytes.length < HEAD) return false;
  let sum = 0;
  for (let at = 0; at < HEAD; at += 1) sum += at >= 148 && at < 156 ? 32 : (bytes[at] ?? 0);
  return octal(bytes, 148, 8) === sum;
}

/** The size that a tar header says: octal digits, or with the highest bit set a number of base 256. NaN for neither. */
export function sizeOf(header: Uint8Array): number {
  if (((header[124] ?? 0) & 0x80) === 0) return octal(header, 124, 12);
  return header.subarray(125, 136).reduce((size, byte) => size * 256 + byte, 0);
}

/** How the bytes of a file are packed, when it is in a form that natwalk opens. */
export function packedAs(head: Uint8Array): Packed | null {
  if (begins(head, '1f8b08')) return 'gzip';
  // A local file header, or the end record of an archive without members.
  if (begins(head, '504b0304') || begins(head, '504b0506')) return 'zip';
  return isTarHeader(head) ? 'tar' : null;
}

/** How the bytes of a file are packed, when natwalk does not open that; null for all others. @param name of the file */
export function foreignPacking(head: Uint8Array, name: string): Foreign | null {
  const packing = MAGIC.find(([, hex]) => begins(head, hex))?.[0];
  return packing === undefined ? null : { packing, command: repack(packing, name) };
}
