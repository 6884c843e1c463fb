/** What an answer costs that needs no node, and one that needs a small one. */
import { natwalk, nothing, onePacket, timing } from '../contenders.js';
import { rounds } from '../ratios.js';
import type { Figures, Group } from '../row.js';
import { subjectOf } from '../subject.js';

/** Short processes are many to a round of longer ones. */
const TIMES = 3;

export const startUp: Group = {
  rows: [
    { id: 'version', what: '--version: cpu over node -e 0', bar: 1.25 },
    { id: 'help', what: '--help: cpu over node -e 0', bar: 1.25 },
    { id: 'one-100', what: 'one packet, S=100: cpu over node -e 0', bar: 1.6 },
  ],
  measure(count) {
    const contenders = {
      nothing: timing(nothing),
      version: timing(natwalk('--version')),
      help: timing(natwalk('--help')),
      'one-100': timing(onePacket(subjectOf({ services: 100 }))),
    };
    const all = rounds(contenders, count * TIMES);
    const ids = ['version', 'help', 'one-100'] as const;
    return new Map(
      ids.map((id): [string, Figures] => [
        id,
        { ratios: all.map((round) => round[id].cpu / round.nothing.cpu), of: 'cpu' },
      ]),
    );
  },
};
