/** A seeded run over one profile, family and backend, counted. */
import * as fc from 'fast-check';
import { type Evidence, add as addEvidence, noEvidence } from './evidence.js';
import type { Profile, Setting, SoakCase } from './profile.js';
import type { PacketResult } from './group.js';
import { Session } from './session.js';
import { shrink } from './shrink.js';

export interface Wrong {
  readonly seed: number;
  readonly result: PacketResult;
  readonly why: string;
  /** The smallest case found. */
  readonly smallest: SoakCase;
}

export interface Count {
  readonly profile: string;
  readonly setting: Setting;
  cases: number;
  packets: number;
  agree: number;
  /** One outcome but for what the kernel draws, by what that is. */
  readonly drawn: Map<string, number>;
  readonly hedged: Map<string, number>;
  readonly skipped: Map<string, number>;
  readonly wrong: Wrong[];
  /** Wrong packets, those that were not made small included. */
  wrongPackets: number;
  seconds: number;
  /** Null when the run was not asked for it. */
  readonly evidence: Evidence | null;
}

export interface Limits {
  readonly packets: number;
  readonly seconds?: number;
  /** How many wrong cases are made small before the run gives up (default 5). */
  readonly wrong?: number;
  /** How many smaller cases are tried for each (default 300). */
  readonly tries?: number;
  /** Count which matches and targets the kernel confirmed (default false: it costs time). */
  readonly evidence?: boolean;
}

const add = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** The case of a seed. */
export function caseOf(profile: Profile, setting: Setting, seed: number): SoakCase {
  const [one] = fc.sample(profile.case(setting), { seed, numRuns: 1 });
  if (one === undefined) throw new Error('no case');
  return one;
}

function tally(count: Count, results: readonly PacketResult[]): void {
  for (const result of results) {
    count.packets += 1;
    if (result.kind === 'agree') count.agree += 1;
    else if (result.kind === 'drawn') add(count.drawn, result.of.join('+'));
    else if (result.kind === 'hedged') add(count.hedged, result.causes.join('+'));
    else if (result.kind === 'skipped') add(count.skipped, result.why);
    else count.wrongPackets += 1;
    if ('proof' in result && result.proof !== null && count.evidence !== null)
      addEvidence(count.evidence, result.proof);
  }
}

/** Runs the cases of `seed`, `seed` + 1 and so on until a limit is reached. */
export async function soak(profile: Profile, setting: Setting, seed: number, limits: Limits): Promise<Count> {
  const start = performance.now();
  const count: Count = {
    ...{ profile: profile.name, setting, cases: 0, packets: 0, agree: 0, wrongPackets: 0, seconds: 0 },
    ...{ drawn: new Map(), hedged: new Map(), skipped: new Map(), wrong: [] },
    evidence: limits.evidence === true ? noEvidence() : null,
  };
  const session = new Session(limits.evidence);
  const elapsed = (): number => (performance.now() - start) / 1000;
  try {
    while (count.packets < limits.packets && elapsed() < (limits.seconds ?? Infinity)) {
      const own = seed + count.cases;
      const one = caseOf(profile, setting, own);
      const results = await session.run(one);
      count.cases += 1;
      tally(count, results);
      const bad = results.find((result) => result.kind === 'wrong');
      if (bad === undefined) continue;
      const smallest = await shrink(session, one, bad, limits.tries);
      const result = (await session.run(smallest)).find(({ kind }) => kind === 'wrong') ?? bad;
      count.wrong.push({ seed: own, result, why: result.kind === 'wrong' ? result.why : '', smallest });
      if (count.wrong.length >= (limits.wrong ?? 5)) break;
    }
  } finally {
    await session.stop();
  }
  count.seconds = elapsed();
  return count;
}
