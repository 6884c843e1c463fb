/** What ours is compared with does the same work. */
import { describe, expect, it } from 'vitest';
import { largeNode } from '../../bench/kube-proxy.js';
import { LinearTable } from '../../bench/linear.js';
import { packetsOf } from '../../bench/node/packets.js';
import { packetBytes } from '../../bench/stack-cost.js';
import { loadNode, trace } from '../../src/index.js';

const { cluster, files } = largeNode({ services: 80 });
const packets = packetsOf(cluster, 500).filter((packet) => packet.in !== null);

describe('a linear walk of nat PREROUTING', () => {
  it('ends at an endpoint where the kernel would translate', () => {
    const node = loadNode('large', files);
    const table = new LinearTable(files[0]?.text ?? '');
    // Node ports are behind --dst-type LOCAL, which the linear walks leave out.
    const own = new Set(cluster.enis.map(({ address }) => address));
    const checked = packets.filter(({ dst }) => !own.has(dst)).slice(0, 150);
    const translated = checked.map((packet) =>
      trace(node, packet, { steps: false }).outcomes.some(({ final }) => final.dst !== packet.dst),
    );
    for (const form of ['integers', 'parsing'] as const)
      expect(checked.map((packet) => table.walk(packet, form)?.startsWith('KUBE-SEP-') === true)).toEqual(
        translated,
      );
    expect(new Set(translated).size).toBe(2);
  });
});

describe('packets for the kernel', () => {
  const sum = (bytes: Uint8Array): number => {
    let total = 0;
    for (let at = 0; at < bytes.length; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    return (total & 0xffff) + (total >>> 16);
  };

  it('have the length and checksums of what they are', () => {
    for (const packet of packets.slice(0, 50)) {
      const bytes = packetBytes(packet);
      expect(bytes).toHaveLength(packet.proto === 'udp' ? 28 : 40);
      expect(((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)).toBe(bytes.length);
      expect(sum(bytes.subarray(0, 20))).toBe(0xffff);
      if (packet.proto === 'udp') continue;
      const pseudo = Uint8Array.from([...bytes.subarray(12, 20), 0, 6, 0, 20, ...bytes.subarray(20)]);
      expect(sum(pseudo)).toBe(0xffff);
    }
  });
});
