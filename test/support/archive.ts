/** Archives made in memory: sound ones, and ones that lie. */
import { gzipSync, deflateRawSync } from 'node:zlib';

export interface Member {
  readonly name: string;
  readonly data?: string | Buffer;
  /** Typeflag of tar: '0' file, '1' hard link, '2' symbolic link, '5' folder, '6' pipe. */
  readonly type?: string;
  readonly link?: string;
  /** What the header says, when it is not the truth. */
  readonly size?: number;
}

const BLOCK = 512;

function bytesOf({ data = '' }: Member): Buffer {
  return typeof data === 'string' ? Buffer.from(data) : data;
}

/** A ustar header (POSIX.1-1988); names of more than 100 bytes go into the prefix at their last slash that fits. */
export function tarHeader(member: Member): Buffer {
  const header = Buffer.alloc(BLOCK);
  const { name, type = '0', link = '' } = member;
  const cut = name.length > 100 ? name.indexOf('/', name.length - 101) : -1;
  header.write(cut < 0 ? name : name.slice(cut + 1), 0, 100);
  if (cut >= 0) header.write(name.slice(0, cut), 345, 155);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(member.size ?? bytesOf(member).length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

/** A tar archive of the members, in their order. */
export function tarOf(members: readonly Member[]): Buffer {
  return Buffer.concat([
    ...members.flatMap((member) => [tarHeader(member), padded(bytesOf(member))]),
    Buffer.alloc(2 * BLOCK),
  ]);
}

/** The same as tar.gz. */
export function tgzOf(members: readonly Member[]): Buffer {
  return gzipSync(tarOf(members));
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, start) => {
  let value = start;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Buffer): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** A member of a zip archive; `link` makes it a symbolic link with that target, `encrypted` sets the flag. */
export interface ZipMember extends Member {
  readonly encrypted?: boolean;
  /** Its sizes stand behind it, as where nobody can go back to write them before it. */
  readonly streamed?: boolean;
}

/** A zip archive (APPNOTE 4.3) of deflated members, in their order. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { name, link, encrypted = false, streamed = false } = member;
    const data = link === undefined ? bytesOf(member) : Buffer.from(link);
    const packed = deflateRawSync(data);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800 | (encrypted ? 1 : 0) | (streamed ? 8 : 0), 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(member.size ?? data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const before = streamed ? Buffer.from(fields).fill(0, 10, 22) : fields;
    const behind = streamed ? [Buffer.from('504b0708', 'hex'), fields.subarray(10, 22)] : [];
    const local = Buffer.concat([
      Buffer.from('504b0304', 'hex'),
      before,
      Buffer.from(name),
      packed,
      ...behind,
    ]);
    const rest = Buffer.alloc(14);
    // Mode bits of Unix in the upper half of the attributes.
    rest.writeUInt32LE(((link === undefined ? 0o100644 : 0o120777) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('504b01021403', 'hex'), fields, rest, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
