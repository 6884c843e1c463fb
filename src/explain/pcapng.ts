/** Captures in the form of pcapng (IETF draft-ietf-opsawg-pcapng): one section, its interfaces, its packets. */

/** A packet of a capture. */
export interface CapturedPacket {
  readonly device: string;
  readonly direction: 'In' | 'Out';
  /** The frame, from its link-layer header on. */
  readonly bytes: Uint8Array;
  readonly comment: string | null;
}

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
/** Options of all blocks, of a section, an interface and a packet. */
const OPTION = { end: 0, comment: 1, userApplication: 4, interfaceName: 2, flags: 2 } as const;
const LINKTYPE_ETHERNET = 1;
const BYTE_ORDER = 0x1a2b3c4d;
/** The longest value that an option can have. */
const LONGEST = 0xffff;

const padded = (length: number): number => (length + 3) & ~3;

const textOption = (code: number, text: string): Option => ({
  code,
  value: new TextEncoder().encode(text).subarray(0, LONGEST),
});

function optionBytes(options: readonly Option[]): Uint8Array {
  if (options.length === 0) return new Uint8Array(0);
  const length = options.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  return bytes;
}

/** A block: its type, its length before and behind, and its body of whole words. */
function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const tail = optionBytes(options);
  const length = 12 + padded(body.length) + tail.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  bytes.set(body, 8);
  bytes.set(tail, 8 + padded(body.length));
  view.setUint32(length - 4, length, true);
  return bytes;
}

function sectionBlock(comment: string | null): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  // The length of the section is not told.
  view.setBigInt64(8, -1n, true);
  return block(BLOCK.section, body, [
    ...(comment === null ? [] : [textOption(OPTION.comment, comment)]),
    textOption(OPTION.userApplication, 'natwalk'),
  ]);
}

function interfaceBlock(name: string): Uint8Array {
  const body = new Uint8Array(8);
  new DataView(body.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
  return block(BLOCK.interface, body, [textOption(OPTION.interfaceName, name)]);
}

function packetBlock(packet: CapturedPacket, device: number, microsecond: number): Uint8Array {
  const { bytes, direction, comment } = packet;
  const body = new Uint8Array(20 + bytes.length);
  const view = new DataView(body.buffer);
  view.setUint32(0, device, true);
  view.setUint32(8, microsecond, true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  body.set(bytes, 20);
  const flags = new Uint8Array([direction === 'In' ? 1 : 2, 0, 0, 0]);
  return block(BLOCK.packet, body, [
    ...(comment === null ? [] : [textOption(OPTION.comment, comment)]),
    { code: OPTION.flags, value: flags },
  ]);
}

/** Pieces as one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A section: a capture of its own; several may follow one another in a file. Packets are a microsecond apart. */
export function pcapngSection(packets: readonly CapturedPacket[], comment: string | null): Uint8Array {
  const devices = [...new Set(packets.map(({ device }) => device))];
  return joinBytes([
    sectionBlock(comment),
    ...devices.map(interfaceBlock),
    ...packets.map((packet, at) => packetBlock(packet, devices.indexOf(packet.device), at)),
  ]);
}
