/** What one more packet of a batch costs, beside what a new packet costs the kernel of this machine. */
import { batch } from '../contenders.js';
import { costOf } from '../process-cost.js';
import { rounds, summaryOf } from '../ratios.js';
import type { Figures, Group, RowPlan } from '../row.js';
import { stackCost } from '../stack-cost.js';
import { subjectOf } from '../subject.js';

/** Microseconds of cpu for one more packet: start, reading and the first meetings of rules drop out. */
function marginal(services: number, few: number, many: number, isDrawn = false): number {
  const subject = subjectOf({ services });
  const cost = (count: number): number => costOf(batch(subject, subject.packets(count), isDrawn)).cpu;
  return ((cost(many) - cost(few)) * 1e6) / (many - few);
}

const micro = (figures: readonly number[]): string => `${summaryOf(figures).median.toFixed(1)} us`;

interface BulkOptions {
  readonly small: number;
  readonly few: number;
  readonly many: number;
  /** Larger sizes, each with the bar of its ratio to the kernel. */
  readonly sizes: readonly { readonly services: number; readonly bar?: number }[];
  readonly growthBar?: number;
  /** So many packets go through the kernel; none when it is not to be asked. */
  readonly kernelPackets: number;
}

/** What a packet costs at a larger size. */
interface Costs {
  /** With all of its outcomes. */
  readonly own: number;
  /** With the one that is drawn. */
  readonly drawn: number;
  readonly kernel: number;
}

const WHOSE = ['own', 'drawn'] as const;

const kernelId = (whose: (typeof WHOSE)[number], services: number): string =>
  `bulk-${whose === 'own' ? 'kernel' : 'drawn'}-${String(services)}`;

function kernelRows({ many, sizes }: BulkOptions): readonly RowPlan[] {
  const count = (many / 1000).toLocaleString('en');
  return sizes.flatMap(({ services, bar }) => {
    const size = `S=${services.toLocaleString('en')}`;
    const common = { better: 'higher' as const, ...(bar === undefined ? {} : { bar }) };
    const all = `--batch of ${count},000 packets, ${size}: the kernel's cpu for a new packet over one of ours`;
    return [
      { id: kernelId('own', services), what: all, ...common },
      {
        id: kernelId('drawn', services),
        what: `the same, one way drawn for each packet (--seed), ${size}`,
        ...common,
      },
    ];
  });
}

function kernelFigures(services: number, costs: readonly Costs[]): readonly (readonly [string, Figures])[] {
  const theirs = costs.map(({ kernel }) => kernel);
  return WHOSE.map((whose) => {
    const ratios = costs.map((one) => one.kernel / one[whose]);
    const ours = micro(costs.map((one) => one[whose]));
    return [kernelId(whose, services), { ratios, of: `${micro(theirs)} / ${ours}` }];
  });
}

/** Rows of the growth from the smallest to the largest size, and of the kernel's time over the tool's. */
export function bulk(options: BulkOptions): Group {
  const { small, few, many, sizes, growthBar, kernelPackets } = options;
  const largest = sizes.at(-1)?.services ?? small;
  const growthId = `bulk-growth-${String(largest)}`;
  const growth = {
    id: growthId,
    what: `growth of a packet's cpu in a batch from S=${String(small)} to S=${largest.toLocaleString('en')}`,
    ...(growthBar === undefined ? {} : { bar: growthBar }),
  };
  const asksKernel = kernelPackets > 0;
  const costsAt = (services: number): Costs => ({
    own: marginal(services, few, many),
    drawn: asksKernel ? marginal(services, few, many, true) : NaN,
    kernel: asksKernel ? stackCost(subjectOf({ services }), kernelPackets, kernelPackets / 2).perPacket : NaN,
  });
  return {
    rows: asksKernel ? [...kernelRows(options), growth] : [growth],
    ...(asksKernel ? { needs: 'root' as const } : {}),
    measure(roundCount) {
      const all = rounds(
        {
          small: () => marginal(small, few, many),
          large: () => sizes.map(({ services }) => costsAt(services)),
        },
        roundCount,
        0,
      );
      const smallOnes = all.map((round) => round.small);
      const largeOnes = sizes.map((_, at) => all.flatMap((round) => round.large[at] ?? []));
      const kernel = sizes.flatMap(({ services }, at) => kernelFigures(services, largeOnes[at] ?? []));
      const last = (largeOnes.at(-1) ?? []).map(({ own }) => own);
      const ratios = last.map((cost, at) => cost / (smallOnes[at] ?? NaN));
      return new Map([...kernel, [growthId, { ratios, of: `${micro(last)} / ${micro(smallOnes)}` }]]);
    },
  };
}
