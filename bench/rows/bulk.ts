/** What one more packet of a batch costs, beside what a new packet costs the kernel of this machine. */
import { batch } from '../contenders.js';
import { costOf } from '../process-cost.js';
import { rounds, summaryOf } from '../ratios.js';
import type { Figures, Group } from '../row.js';
import { stackCost } from '../stack-cost.js';
import { subjectOf } from '../subject.js';

/** Microseconds of cpu for one more packet: start, reading and the first meetings of rules drop out. */
function marginal(services: number, few: number, many: number): number {
  const subject = subjectOf({ services });
  const cost = (count: number): number => costOf(batch(subject, subject.packets(count))).cpu;
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

/** Rows of the growth from the smallest to the largest size, and of the kernel's time over the tool's. */
export function bulk({ small, few, many, sizes, growthBar, kernelPackets }: BulkOptions): Group {
  const largest = sizes.at(-1)?.services ?? small;
  const growthId = `bulk-growth-${String(largest)}`;
  const count = (many / 1000).toLocaleString('en');
  const kernelRows = sizes.map(({ services, bar }) => ({
    id: `bulk-kernel-${String(services)}`,
    what: `--batch of ${count},000 packets, S=${services.toLocaleString('en')}: the kernel's cpu for a new packet over one of ours`,
    better: 'higher' as const,
    ...(bar === undefined ? {} : { bar }),
  }));
  const growth = {
    id: growthId,
    what: `growth of a packet's cpu in a batch from S=${String(small)} to S=${largest.toLocaleString('en')}`,
    ...(growthBar === undefined ? {} : { bar: growthBar }),
  };
  const asksKernel = kernelPackets > 0;
  return {
    rows: asksKernel ? [...kernelRows, growth] : [growth],
    ...(asksKernel ? { needs: 'root' as const } : {}),
    measure(roundCount) {
      const all = rounds(
        {
          small: () => marginal(small, few, many),
          large: () =>
            sizes.map(({ services }) => ({
              own: marginal(services, few, many),
              kernel: asksKernel
                ? stackCost(subjectOf({ services }), kernelPackets, kernelPackets / 2).perPacket
                : NaN,
            })),
        },
        roundCount,
        0,
      );
      const smallOnes = all.map((round) => round.small);
      const largeOnes = sizes.map((_, at) => all.flatMap((round) => round.large[at] ?? []));
      const kernel = sizes.map(({ services }, at): [string, Figures] => {
        const pairs = largeOnes[at] ?? [];
        const [theirs, ours] = [pairs.map((one) => one.kernel), pairs.map((one) => one.own)];
        return [
          `bulk-kernel-${String(services)}`,
          { ratios: pairs.map((one) => one.kernel / one.own), of: `${micro(theirs)} / ${micro(ours)}` },
        ];
      });
      const last = (largeOnes.at(-1) ?? []).map(({ own }) => own);
      const ratios = last.map((cost, at) => cost / (smallOnes[at] ?? NaN));
      return new Map([...kernel, [growthId, { ratios, of: `${micro(last)} / ${micro(smallOnes)}` }]]);
    },
  };
}
