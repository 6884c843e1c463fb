/** A verdict map is a hash table in the kernel: its size costs a packet nothing, and shall cost nothing here. */
import { type Node, loadNode, trace } from '../../src/index.js';
import { cpuOf } from '../clock.js';
import { rounds, summaryOf } from '../ratios.js';
import type { Figures, Group } from '../row.js';
import { filesOf, serviceAddress } from '../services.js';

const PACKETS = 1_000;
/** Rounds are short. */
const TIMES = 3;

/** Walks packets to services from all over the map, or to addresses that are none of theirs. */
function walking(node: Node, size: number, hits: boolean): () => number {
  const targets = Array.from({ length: PACKETS }, (_, at) =>
    hits ? serviceAddress(Math.floor((at * size) / PACKETS)) : `10.112.${at >> 8}.${at & 255}`,
  );
  const walk = (dst: string): string => {
    const packet = { in: 'eth0', proto: 'tcp', src: '198.51.100.7', sport: 40000, dst, dport: 80 };
    const { outcomes } = trace(node, packet, { steps: false });
    const [outcome, ...others] = outcomes;
    if (outcome === undefined || others.length > 0)
      throw new Error(`${dst} has ${String(outcomes.length)} outcomes`);
    return outcome.final.dst ?? '';
  };
  const [first = ''] = targets;
  if (walk(first).startsWith('10.244.') !== hits) throw new Error(`${first} went to ${walk(first)}`);
  return () => cpuOf(() => targets.forEach(walk)) / PACKETS;
}

/** Rows of a map of 100 services and of one of `large`. */
export function verdictMap(large: number): Group {
  const small = 100;
  const title = `S=${large.toLocaleString('en')} over S=${small}`;
  const ids = { hits: `map-hit-${String(large)}`, misses: `map-miss-${String(large)}` };
  return {
    rows: [
      { id: ids.hits, what: `a packet to a service through an nft verdict map: ${title}`, bar: 1.3 },
      { id: ids.misses, what: `a packet to no service through the same map: ${title}`, bar: 1.3 },
    ],
    measure(count) {
      const nodes = [small, large].map((size) => ({ size, node: loadNode(String(size), filesOf(size)) }));
      const figures = (hits: boolean): Figures => {
        const walks = nodes.map(({ node, size }) => walking(node, size, hits));
        const all = rounds(
          { small: walks[0] ?? (() => NaN), large: walks[1] ?? (() => NaN) },
          count * TIMES,
          5,
        );
        const middle = (['large', 'small'] as const).map(
          (name) => `${summaryOf(all.map((round) => round[name])).median.toFixed(1)} us`,
        );
        return { ratios: all.map((round) => round.large / round.small), of: middle.join(' / ') };
      };
      return new Map([
        [ids.hits, figures(true)],
        [ids.misses, figures(false)],
      ]);
    },
  };
}
