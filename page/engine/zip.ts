/** Members of a zip archive, by its central directory (APPNOTE 4.3.12). */

/** A member that is stored or deflated. */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly isFile: boolean;
  readonly size: number;
  /** Its bytes as they stand in the archive. */
  readonly packed: Uint8Array;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record with the longest comment. */
const END_REACH = 22 + 0xffff;

class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** Thrown where there is no directory, or it points outside. */
const damaged = (): Damaged => new Damaged('it ends early');

function endRecord(view: DataView): number {
  const least = Math.max(0, view.byteLength - END_REACH);
  for (let at = view.byteLength - 22; at >= least; at -= 1) if (view.getUint32(at, true) === END) return at;
  throw damaged();
}

/** A regular file by the mode bits of Unix, where the archive has them. */
function isRegular(name: string, attributes: number): boolean {
  const type = (attributes >>> 16) & 0o170000;
  return !name.endsWith('/') && (type === 0 || type === 0o100000);
}

/** All members in the order of the directory. @throws Error when the directory is damaged */
export function* membersOf(bytes: Uint8Array): Generator<ZipMember> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let left = count; left > 0; left -= 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw damaged();
    const flags = view.getUint16(at + 8, true);
    const size = view.getUint32(at + 24, true);
    const packedSize = view.getUint32(at + 20, true);
    const [nameSize, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const raw = bytes.subarray(at + 46, at + 46 + (nameSize ?? 0));
    const name = new TextDecoder().decode(raw);
    const local = view.getUint32(at + 42, true);
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL) throw damaged();
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedSize > bytes.length) throw damaged();
    yield {
      name,
      method: view.getUint16(at + 10, true),
      isEncrypted: (flags & 1) !== 0,
      isFile: isRegular(name, view.getUint32(at + 38, true)),
      size,
      packed: bytes.subarray(start, start + packedSize),
    };
    at += 46 + (nameSize ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
}
