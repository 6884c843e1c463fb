/** Whether a run has shown anything, and whether it may be kept. */
import type { Count } from './soak.js';

/** More of a run than this must not be refused or skipped. */
const MOST_SKIPPED = 1 / 5;

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

type Counted = Pick<
  Count,
  | 'profile'
  | 'setting'
  | 'packets'
  | 'agree'
  | 'drawn'
  | 'hedged'
  | 'refused'
  | 'skipped'
  | 'wrongPackets'
  | 'stopped'
>;

/** What speaks against a run; empty when it is good. */
export function faultsOf(counts: readonly Counted[]): readonly string[] {
  return counts.flatMap(
    ({ profile, setting, packets, agree, drawn, hedged, refused, skipped, wrongPackets, stopped }) => {
      const name = `${profile} IPv${String(setting.family)} ${setting.backend}`;
      const faults = [
        wrongPackets > 0 ? `${String(wrongPackets)} packets were WRONG` : '',
        stopped ? 'the run stopped early' : '',
        agree + sum(drawn) + sum(hedged) === 0 ? 'nothing was shown' : '',
        sum(refused) + sum(skipped) > packets * MOST_SKIPPED
          ? `${String(sum(refused))} of ${String(packets)} packets were refused, and ${String(sum(skipped))} skipped`
          : '',
      ];
      return faults.filter((fault) => fault !== '').map((fault) => `${name}: ${fault}`);
    },
  );
}
