/** Which rows are measured: all of them at the sizes that count, or a few at small ones. */
import type { BenchOptions } from './options.js';
import type { Group } from './row.js';
import { bulk } from './rows/bulk.js';
import { peers } from './rows/peers.js';
import { huge, largeClusterMode, onePacketLarge, reading, smallReading } from './rows/reading.js';
import { startUp } from './rows/start-up.js';
import { streamed } from './rows/streamed.js';
import { verdictMap } from './rows/verdict-map.js';

const KERNEL_PACKETS = 4_000;

function full(): readonly Group[] {
  return [
    reading(10_000, { cpu: 0.65, wall: 0.55, memory: 1.6 }, { cpu: 0.7, wall: 0.55, memory: 0.75 }),
    reading(20_000, { cpu: 0.3, memory: 1.1 }, { cpu: 0.35 }),
    largeClusterMode,
    onePacketLarge,
    startUp,
    huge,
    verdictMap(20_000),
    peers(100),
    peers(10_000),
    // What takes longest comes last.
    streamed,
    bulk({
      ...{ small: 100, few: 2_000, many: 50_000, growthBar: 1.6, kernelPackets: KERNEL_PACKETS },
      sizes: [
        { services: 10_000, bar: 12 },
        { services: 20_000, bar: 20 },
      ],
    }),
  ];
}

function quick(withKernel: boolean): readonly Group[] {
  return [
    reading(1_000, {}, {}, ['cpu', 'memory']),
    smallReading,
    startUp,
    bulk({
      ...{ small: 100, few: 500, many: 3_000, sizes: [{ services: 1_000 }] },
      kernelPackets: withKernel ? KERNEL_PACKETS : 0,
    }),
    verdictMap(2_000),
    peers(1_000),
  ];
}

/** The groups of a run. */
export function planOf({ quick: isQuick, kernel }: BenchOptions): readonly Group[] {
  return isQuick ? quick(kernel) : full();
}

/** The group with the rows that have `part` in their name or words; null when none has. */
export function onlyRows(group: Group, part: string | null): Group | null {
  if (part === null) return group;
  const rows = group.rows.filter(({ id, what }) => `${id} ${what}`.includes(part));
  return rows.length === 0 ? null : { ...group, rows, measure: (count) => group.measure(count) };
}
