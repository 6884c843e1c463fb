/** Reading everything that a node has, typed and checked, beside what iptables itself takes to parse the rules alone. */
import { natwalk, nothing, onePacket, restoreTest, timing } from '../contenders.js';
import type { Cost } from '../process-cost.js';
import { rounds, summaryOf } from '../ratios.js';
import type { Figures, Group, RowPlan } from '../row.js';
import { type Subject, subjectOf } from '../subject.js';

type Measure = keyof Cost;

const WORDS: Readonly<Record<Measure, string>> = { cpu: 'cpu', wall: 'wall', memory: 'peak memory' };
const UNITS: Readonly<Record<Measure, string>> = { cpu: 's', wall: 's', memory: 'MiB' };

/** `0.48 s / 0.80 s`: the middle figures of both. */
function shown(own: readonly number[], other: readonly number[], measure: Measure): string {
  const digits = measure === 'memory' ? 0 : 2;
  return [own, other]
    .map((figures) => `${summaryOf(figures).median.toFixed(digits)} ${UNITS[measure]}`)
    .join(' / ');
}

function figures(own: readonly Cost[], other: readonly Cost[], measure: Measure): Figures {
  const of = (costs: readonly Cost[]): readonly number[] => costs.map((cost) => cost[measure]);
  const [mine, theirs] = [of(own), of(other)];
  return {
    ratios: mine.map((one, at) => one / (theirs[at] ?? NaN)),
    of: shown(mine, theirs, measure),
  };
}

interface Part extends RowPlan {
  readonly over: 'legacy' | 'nft';
  readonly measure: Measure;
}

type Bars = Readonly<Partial<Record<Measure, number>>>;

function partsOf(
  size: number,
  over: 'legacy' | 'nft',
  bars: Bars,
  measures: readonly Measure[],
): readonly Part[] {
  const title = `show --summary, S=${size.toLocaleString('en')}`;
  return measures.map((measure) => {
    const bar = bars[measure];
    const what = `${title}: ${WORDS[measure]} over iptables-${over}-restore --test`;
    const id = `read-${String(size)}-${over}-${measure}`;
    return { id, what, over, measure, ...(bar === undefined ? {} : { bar }) };
  });
}

const ALL: readonly Measure[] = ['cpu', 'wall', 'memory'];

/** One size, over both variants. @param measures of short runs, the wall tells more of other processes than of these */
export function reading(size: number, legacy: Bars, nft: Bars, measures: readonly Measure[] = ALL): Group {
  const parts = [...partsOf(size, 'legacy', legacy, measures), ...partsOf(size, 'nft', nft, measures)];
  return {
    rows: parts,
    needs: 'root',
    measure(count) {
      const subject = subjectOf({ services: size });
      const all = rounds(
        {
          natwalk: timing(natwalk('show', subject.folder, '--summary')),
          legacy: timing(restoreTest('legacy', subject)),
          nft: timing(restoreTest('nft', subject)),
        },
        count,
      );
      const of = (name: 'natwalk' | 'legacy' | 'nft'): readonly Cost[] => all.map((round) => round[name]);
      return new Map(parts.map(({ id, over, measure }) => [id, figures(of('natwalk'), of(over), measure)]));
    },
  };
}

/** One command over the legacy parser's cpu, where a node is too large, or a question too small, for all of `reading`. */
function overLegacy(
  plan: RowPlan,
  make: () => Subject,
  command: (subject: Subject) => readonly string[],
): Group {
  return {
    rows: [plan],
    needs: 'root',
    measure(count) {
      const subject = make();
      const all = rounds(
        {
          natwalk: timing(natwalk(...command(subject))),
          legacy: timing(restoreTest('legacy', subject)),
        },
        count,
      );
      const [own, other] = [all.map((round) => round.natwalk), all.map((round) => round.legacy)];
      return new Map([[plan.id, figures(own, other, 'cpu')]]);
    },
  };
}

export const largeClusterMode: Group = overLegacy(
  {
    id: 'read-10000-brief',
    what: 'the same in largeClusterMode, without comments, S=10,000: cpu over legacy',
  },
  () => subjectOf({ services: 10_000, largeClusterMode: true }),
  ({ folder }) => ['show', folder, '--summary'],
);

export const onePacketLarge: Group = overLegacy(
  {
    id: 'one-10000',
    what: 'one packet, S=10,000: cpu over iptables-legacy-restore --test',
    bar: 0.35,
  },
  () => subjectOf({ services: 10_000 }),
  (subject) => onePacket(subject).words.slice(2),
);

const HUGE = 38_000;

export const huge: Group = {
  rows: [
    {
      id: 'read-38000-cpu',
      what: 'show --summary, 700,000 lines (S=38,000): cpu over iptables-legacy-restore --test',
      bar: 1,
    },
    { id: 'read-38000-memory', what: 'the same: peak memory over 1 GiB', bar: 1 },
  ],
  needs: 'root',
  measure(count) {
    const subject = subjectOf({ services: HUGE });
    const all = rounds(
      {
        natwalk: timing(natwalk('show', subject.folder, '--summary')),
        legacy: timing(restoreTest('legacy', subject)),
      },
      Math.max(1, Math.ceil(count / 2)),
      0,
    );
    const own = all.map((round) => round.natwalk);
    const other = all.map((round) => round.legacy);
    const memory = own.map((cost) => cost.memory);
    return new Map<string, Figures>([
      ['read-38000-cpu', figures(own, other, 'cpu')],
      [
        'read-38000-memory',
        {
          ratios: memory.map((mebibytes) => mebibytes / 1024),
          of: `${summaryOf(memory).median.toFixed(0)} MiB / 1,024 MiB`,
        },
      ],
    ]);
  },
};

/** For machines without root: how reading grows over a start of Node.js. */
export const smallReading: Group = {
  rows: [{ id: 'read-1000', what: 'show --summary, S=1,000: cpu over node -e 0' }],
  measure(count) {
    const subject = subjectOf({ services: 1_000 });
    const all = rounds(
      { natwalk: timing(natwalk('show', subject.folder, '--summary')), nothing: timing(nothing) },
      count,
    );
    const [own, other] = [all.map((round) => round.natwalk), all.map((round) => round.nothing)];
    return new Map([['read-1000', figures(own, other, 'cpu')]]);
  },
};
