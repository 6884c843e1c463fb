/** A run of all profiles as data: what docs/CONFORMANCE.md is made from. */
import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import type { Answers } from './evidence.js';
import type { Count } from './soak.js';

/** Counts of one profile, family and backend. */
export interface Row {
  readonly profile: string;
  readonly family: 4 | 6;
  readonly backend: 'legacy' | 'nft';
  readonly cases: number;
  readonly packets: number;
  readonly agree: number;
  readonly wrong: number;
  /** Packets that agreed but for what the kernel draws, by what that is. */
  readonly drawn: Readonly<Record<string, number>>;
  readonly hedged: Readonly<Record<string, number>>;
  /** Packets of snapshots that a tool did not load, by the tool and what it said. */
  readonly refused: Readonly<Record<string, number>>;
  readonly skipped: Readonly<Record<string, number>>;
  /** Cases that a tool warned of and loaded. */
  readonly warned: Readonly<Record<string, number>>;
  /** Second looks, by what seemed wrong and what came of it. */
  readonly again: Readonly<Record<string, number>>;
  /** Packets whose path through the rules TRACE told. */
  readonly traced: number;
  /** Answers of the node's stack that met rules: they are not told apart from the packets that they answer. */
  readonly untold: number;
  /** On the machine of the run, beside the other profiles. */
  readonly perMinute: number;
}

/**
 * How often something decided, in agreement with the kernel: of a match or an expression [yes, no], of a target or a
 * statement [met].
 */
export interface Extension {
  readonly name: string;
  /** By setting, `IPv4 legacy` and so on. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

export interface Conformance {
  readonly seed: number;
  /** How long the whole run took, by the clock. */
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  readonly matches: readonly Extension[];
  readonly targets: readonly Extension[];
  /** Of native rules. */
  readonly expressions: readonly Extension[];
  readonly statements: readonly Extension[];
}

/** The settings, in the order of columns. */
export const SETTINGS = ['IPv4 legacy', 'IPv4 nft', 'IPv6 legacy', 'IPv6 nft'] as const;

const settingOf = ({ setting }: Count): string => `IPv${setting.family} ${setting.backend}`;

const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));

function versionOf(command: string, argument: string): string {
  const { stdout } = spawnSync(command, [argument], { encoding: 'utf8' });
  return /v?(\d+(?:\.\d+)+)/.exec(stdout)?.[1] ?? 'unknown';
}

function row(count: Count): Row {
  const { profile, setting, cases, packets, agree, wrongPackets, seconds, evidence } = count;
  const { drawn, hedged, refused, skipped, warned, again } = count;
  return {
    ...{ profile, ...setting, cases, packets, agree, wrong: wrongPackets },
    ...{ drawn: sorted(drawn), hedged: sorted(hedged), refused: sorted(refused) },
    ...{ skipped: sorted(skipped), warned: sorted(warned), again: sorted(again) },
    traced: evidence?.traced ?? 0,
    untold: evidence?.untold ?? 0,
    perMinute: Math.round((packets / Math.max(seconds, 0.001)) * 60),
  };
}

/** One row a name, the counts of all profiles added up. */
function extensions(
  counts: readonly Count[],
  entries: (count: Count) => Iterable<readonly [string, readonly number[]]>,
): Extension[] {
  const all = new Map<string, Map<string, readonly number[]>>();
  for (const count of counts)
    for (const [name, numbers] of entries(count)) {
      const own = all.get(name) ?? new Map<string, readonly number[]>();
      const before = own.get(settingOf(count));
      own.set(
        settingOf(count),
        numbers.map((number, at) => number + (before?.[at] ?? 0)),
      );
      all.set(name, own);
    }
  return [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => ({
      name,
      counts: Object.fromEntries(
        SETTINGS.flatMap((setting) => {
          const numbers = own.get(setting);
          return numbers === undefined ? [] : [[setting, numbers]];
        }),
      ),
    }));
}

type Numbers = readonly (readonly [string, readonly number[]])[];

const answers = (of: ReadonlyMap<string, Answers> = new Map()): Numbers =>
  [...of].map(([name, { yes, no }]) => [name, [yes, no]]);

const meetings = (of: ReadonlyMap<string, number> = new Map()): Numbers =>
  [...of].map(([name, met]) => [name, [met]]);

/**
 * @param seconds that the whole run took
 * @param counts of a run that was asked for evidence
 */
export function recordOf(seed: number, seconds: number, counts: readonly Count[]): Conformance {
  return {
    seed,
    seconds: Math.round(seconds),
    versions: {
      Linux: /^[\d.]+/.exec(release())?.[0] ?? 'unknown',
      iptables: versionOf('iptables', '--version'),
      ipset: versionOf('ipset', '--version'),
      iproute2: versionOf('ip', '-V'),
      nft: versionOf('nft', '--version'),
      'conntrack-tools': versionOf('conntrack', '--version'),
    },
    rows: counts.map(row),
    matches: extensions(counts, ({ evidence }) => answers(evidence?.matches)),
    targets: extensions(counts, ({ evidence }) => meetings(evidence?.targets)),
    expressions: extensions(counts, ({ evidence }) => answers(evidence?.expressions)),
    statements: extensions(counts, ({ evidence }) => meetings(evidence?.statements)),
  };
}
