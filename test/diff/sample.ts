/** Packets drawn at random, to compare with: the same seed gives the same packets. */
import type { Node } from '../../src/packet/node.js';
import type { PacketInput } from '../../src/packet/result.js';
import { formatAddress } from '../../src/address/address.js';

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** `anywhere`: addresses of all there are; `routes`: as below. */
export type Sampling = 'anywhere' | 'routes';

/**
 * Draws packets: any address, or addresses within the networks that the routes of the first node name (each network as likely as any
 * other, the whole Internet for a default route), ports of all 65,536, any device or a local process.
 */
export function* randomPackets(
  node: Node,
  count: number,
  seed: number,
  sampling: Sampling,
): Generator<PacketInput, void, undefined> {
  const next = generator(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)];
  const { tables, links } = node.networks[4];
  const networks = [...tables.values()].flat().map(({ destination }) => destination);
  const devices: readonly (string | null)[] = [null, ...links.keys()];
  const address = (): string => {
    const network = sampling === 'routes' ? pick(networks) : undefined;
    const random = Math.floor(next() * 4294967296) | 0;
    if (typeof network?.address !== 'number' || typeof network.mask !== 'number')
      return formatAddress(random);
    return formatAddress(network.address | (random & ~network.mask));
  };
  for (let made = 0; made < count; made += 1) {
    const proto = pick(['tcp', 'udp', 'icmp']) ?? 'tcp';
    const port = (): number => Math.floor(next() * 65536);
    const ports = proto === 'icmp' ? {} : { sport: port(), dport: port() };
    yield { proto, in: pick(devices) ?? null, src: address(), dst: address(), ...ports };
  }
}
