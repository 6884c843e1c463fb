/** The way of one packet through a node that facts describe, as the kernel takes it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PacketInput } from '../../../src/packet/result.js';
import { type FactNode, filesOf } from '../../facts/node.js';
import { Judge } from './judge.js';

/** A way in words: by which device, from where to where. */
export const way = (iface: string | null | undefined, src = '', dst = ''): string =>
  iface === undefined || iface === null ? 'nowhere' : `${iface} ${src} > ${dst}`;

/** What the kernel does with the packet. @param folder takes the node's dumps */
export async function kernelWay(folder: string, given: FactNode, packet: PacketInput): Promise<string> {
  for (const [name, text] of Object.entries(filesOf(given, 4, 'legacy')))
    writeFileSync(join(folder, name), text);
  const judge = await Judge.load(folder, { conntrack: true });
  try {
    expect(judge.complaints).toBe('');
    const send = await judge.begin();
    const { out } = await send(packet, { seq: 0, ack: 0 });
    return way(out[0]?.iface, out[0]?.src, out[0]?.dst);
  } finally {
    await judge.stop();
  }
}
