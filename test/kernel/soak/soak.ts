/** A seeded run over one profile, family and backend, counted. */
import * as fc from 'fast-check';
import { type Evidence, add as addEvidence, noEvidence } from './evidence.js';
import type { Profile, Setting, SoakCase } from './profile.js';
import type { PacketResult } from './group.js';
import { Session } from './session.js';
import { shrink } from './shrink.js';

export interface Wrong {
  readonly seed: number;
  /** Number of the case in the run of the seed, from 0. */
  readonly at: number;
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
  /** What was not loaded: the tool and its message. */
  readonly refused: Map<string, number>;
  /** One refusal of each such kind in full: the line too. */
  readonly examples: Map<string, string>;
  readonly skipped: Map<string, number>;
  /** Cases that a tool warned of and loaded, by the warning. */
  readonly warned: Map<string, number>;
  readonly wrong: Wrong[];
  /** Wrong packets, those that were not made small included. */
  wrongPackets: number;
  seconds: number;
  /** Packets that were asked about again, by the field that seemed wrong, and whether it did so to the end. */
  readonly again: Map<string, number>;
  /** The run ended before its number of packets: too many were wrong. */
  stopped: boolean;
  /** Null when the run was not asked for it. */
  readonly evidence: Evidence | null;
}

export interface Limits {
  readonly packets: number;
  readonly seconds?: number;
  /** Number of the first case (default 0). */
  readonly first?: number;
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

/** A number of 31 bits that hangs on every part: runs whose seeds are near have nothing in common (FNV-1a). */
export function mixed(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(parts.join('\0'))) hash = Math.imul(hash ^ byte, 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 1;
}

/** A case of a seed: another one for every profile, family and backend. */
export function caseOf(profile: Profile, setting: Setting, seed: number, at = 0): SoakCase {
  const own = mixed(seed, profile.name, setting.family, setting.backend, at);
  const [one] = fc.sample(profile.case(setting), { seed: own, numRuns: 1 });
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
    else if (result.kind === 'refused') {
      add(count.refused, result.why);
      count.examples.set(result.why, count.examples.get(result.why) ?? result.example);
    } else count.wrongPackets += 1;
    if ('proof' in result && result.proof !== null && count.evidence !== null)
      addEvidence(count.evidence, result.proof);
  }
}

/** Runs the cases of a seed, from the first on, until a limit is reached. */
export async function soak(profile: Profile, setting: Setting, seed: number, limits: Limits): Promise<Count> {
  const start = performance.now();
  const count: Count = {
    ...{ profile: profile.name, setting, cases: 0, packets: 0, agree: 0, wrongPackets: 0, seconds: 0 },
    ...{
      drawn: new Map(),
      hedged: new Map(),
      refused: new Map(),
      examples: new Map(),
      skipped: new Map(),
      warned: new Map(),
      again: new Map(),
      wrong: [],
      stopped: false,
    },
    evidence: limits.evidence === true ? noEvidence() : null,
  };
  const session = new Session(limits.evidence);
  const elapsed = (): number => (performance.now() - start) / 1000;
  try {
    while (count.packets < limits.packets && elapsed() < (limits.seconds ?? Infinity)) {
      const at = (limits.first ?? 0) + count.cases;
      const one = caseOf(profile, setting, seed, at);
      const results = await session.run(one);
      count.cases += 1;
      tally(count, results);
      const bad = results.find((result) => result.kind === 'wrong');
      if (bad === undefined) continue;
      const smallest = await shrink(session, one, bad, limits.tries);
      const result = (await session.run(smallest)).find(({ kind }) => kind === 'wrong') ?? bad;
      count.wrong.push({ seed, at, result, why: result.kind === 'wrong' ? result.why : '', smallest });
      if (count.wrong.length < (limits.wrong ?? 5)) continue;
      count.stopped = true;
      break;
    }
  } finally {
    await session.stop();
  }
  for (const [key, number] of session.again) count.again.set(key, number);
  for (const [key, number] of session.warned) count.warned.set(key, number);
  count.seconds = elapsed();
  return count;
}
