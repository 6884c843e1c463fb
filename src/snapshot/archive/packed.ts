/** What a file that is no text is packed as, by its first bytes: a name says nothing that its bytes do not say better. */

/** Forms that are opened. */
export type Packed = 'tar' | 'gzip' | 'zip';

/** Bytes that `packedAs` wants to see. */
export const HEAD = 512;

const MAGIC: readonly (readonly [string, string])[] = [
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
  ['bzip2', '425a68'],
  ['7z', '377abcaf271c'],
  ['lz4', '04224d18'],
  ['rar', '526172211a07'],
];

function begins(bytes: Uint8Array, hex: string): boolean {
  return Buffer.from(bytes.subarray(0, hex.length / 2)).toString('hex') === hex;
}

function octal(bytes: Uint8Array, from: number, length: number): number {
  const digits = /^[\0 ]*([0-7]+)[\0 ]*$/.exec(
    Buffer.from(bytes.subarray(from, from + length)).toString('latin1'),
  )?.[1];
  return digits === undefined ? NaN : Number.parseInt(digits, 8);
}

/** The sum of the header's bytes, its own field counting as blanks (tar(5)): it holds for every form of tar. */
function isTarHeader(bytes: Uint8Array): boolean {
  if (bytes.length < HEAD) return false;
  let sum = 0;
  for (let at = 0; at < HEAD; at += 1) sum += at >= 148 && at < 156 ? 32 : (bytes[at] ?? 0);
  return octal(bytes, 148, 8) === sum;
}

/** How the bytes of a file are packed, when it is in a form that natwalk opens. */
export function packedAs(head: Uint8Array): Packed | null {
  if (begins(head, '1f8b08')) return 'gzip';
  // A local file header, or the end record of an archive without members.
  if (begins(head, '504b0304') || begins(head, '504b0506')) return 'zip';
  return isTarHeader(head) ? 'tar' : null;
}

/** The name of a packing that natwalk does not open. */
export function foreignPacking(head: Uint8Array): string | null {
  return MAGIC.find(([, hex]) => begins(head, hex))?.[0] ?? null;
}
