/** The whole walk of a packet, all hooks and all outcomes, beside a linear walk of nat PREROUTING alone. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadNode, trace } from '../../src/index.js';
import { cpuOf } from '../clock.js';
import { LinearTable } from '../linear.js';
import { rounds, summaryOf } from '../ratios.js';
import type { Figures, Group } from '../row.js';
import { subjectOf } from '../subject.js';

const PACKETS = 200;
/** Rounds until all walks are compiled. */
const WARM_UP = 5;

/** Microseconds for one of the packets. */
function timed(walk: () => void): number {
  return cpuOf(walk) / PACKETS;
}

/** Rows of one size; the same process holds all three. */
export function peers(services: number): Group {
  const title = `S=${services.toLocaleString('en')}: cpu over that of our whole walk`;
  const id = (form: string): string => `peer-${form}-${String(services)}`;
  return {
    rows: [
      {
        id: id('integers'),
        what: `linear walk of nat PREROUTING over rule objects, addresses as integers, ${title}`,
        better: 'higher',
      },
      {
        id: id('parsing'),
        what: `linear walk of nat PREROUTING, a range parsed at each rule, ${title}`,
        better: 'higher',
      },
    ],
    measure(count) {
      const subject = subjectOf({ services });
      const texts = readdirSync(subject.folder).map((name) => ({
        name,
        text: readFileSync(join(subject.folder, name), 'utf8'),
      }));
      const node = loadNode('large', texts);
      const table = new LinearTable(readFileSync(subject.save, 'utf8'));
      const packets = subject
        .list(2 * PACKETS)
        .filter((packet) => packet.in !== null)
        .slice(0, PACKETS);
      const all = rounds(
        {
          own: () => timed(() => packets.forEach((packet) => trace(node, packet, { steps: false }))),
          integers: () => timed(() => packets.forEach((packet) => table.walk(packet, 'integers'))),
          parsing: () => timed(() => packets.forEach((packet) => table.walk(packet, 'parsing'))),
        },
        count,
        WARM_UP,
      );
      const own = all.map((round) => round.own);
      const figures = (form: 'integers' | 'parsing'): Figures => {
        const other = all.map((round) => round[form]);
        const middle = [other, own].map((one) => `${summaryOf(one).median.toFixed(1)} us`);
        return { ratios: other.map((time, at) => time / (own[at] ?? NaN)), of: middle.join(' / ') };
      };
      return new Map([
        [id('integers'), figures('integers')],
        [id('parsing'), figures('parsing')],
      ]);
    },
  };
}
