/** Reads pcapng captures for tests, by the draft alone: what is not in its form throws. */

export interface ReadPacket {
  readonly device: string;
  readonly direction: 'In' | 'Out' | null;
  readonly comment: string | null;
  readonly bytes: Uint8Array;
}

export interface ReadSection {
  readonly comment: string | null;
  readonly devices: readonly string[];
  readonly packets: readonly ReadPacket[];
}

type Options = ReadonlyMap<number, Uint8Array>;

function optionsOf(bytes: Uint8Array): Options {
  const options = new Map<number, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const code = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (code === 0) {
      if (length !== 0 || at + 4 !== bytes.length)
        throw new Error('the options do not end where their block does');
      return options;
    }
    options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  if (bytes.length > 0) throw new Error('the options have no end');
  return options;
}

const text = (bytes: Uint8Array | undefined): string | null =>
  bytes === undefined ? null : new TextDecoder('utf8', { fatal: true }).decode(bytes);

interface Draft {
  comment: string | null;
  devices: string[];
  packets: ReadPacket[];
}

function readPacket(body: Uint8Array, devices: readonly string[]): ReadPacket {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const captured = view.getUint32(12, true);
  if (view.getUint32(16, true) !== captured) throw new Error('a packet is cut');
  const options = optionsOf(body.subarray(20 + captured + ((4 - (captured % 4)) % 4)));
  const device = devices[view.getUint32(0, true)];
  if (device === undefined) throw new Error('a packet of no interface');
  const flags = (options.get(2)?.[0] ?? 0) & 3;
  return {
    device,
    direction: flags === 1 ? 'In' : flags === 2 ? 'Out' : null,
    comment: text(options.get(1)),
    bytes: body.subarray(20, 20 + captured),
  };
}

/** The sections of a capture. @throws Error when it is not pcapng */
export function readPcapng(bytes: Uint8Array): readonly ReadSection[] {
  const sections: Draft[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const type = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (length % 4 !== 0 || view.getUint32(at + length - 4, true) !== length)
      throw new Error('a block is torn');
    const body = bytes.subarray(at + 8, at + length - 4);
    if (type === 0x0a0d0d0a) {
      if (view.getUint32(at + 8, true) !== 0x1a2b3c4d) throw new Error('not in this byte order');
      if (view.getUint32(at + 12, true) !== 1) throw new Error('not version 1.0');
      sections.push({ comment: text(optionsOf(body.subarray(16)).get(1)), devices: [], packets: [] });
    } else {
      const section = sections.at(-1);
      if (section === undefined) throw new Error('no section');
      if (type === 1) {
        if (view.getUint16(at + 8, true) !== 1) throw new Error('not Ethernet');
        section.devices.push(text(optionsOf(body.subarray(8)).get(2)) ?? '');
      } else if (type === 6) section.packets.push(readPacket(body, section.devices));
      else throw new Error(`a block of type ${String(type)}`);
    }
    at += length;
  }
  return sections;
}
