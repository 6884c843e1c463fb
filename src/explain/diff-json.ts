/** A diff of two nodes as JSON, schema natwalk/diff/1. Fields may be added; those here keep their name and meaning. */
import type { Deciding } from '../diff/cause.js';
import type { DiffResult } from '../diff/diff.js';
import type { Side } from '../diff/difference.js';
import type { StageName } from '../diff/plan.js';
import type { Group } from '../diff/groups.js';
import type { CompletedPacket, PacketInput } from '../packet/result.js';
import { listed, namedThing } from './diff-things.js';
import { type OutcomeJson, outcomeJson } from './json.js';
import { type StepJson, stepJson } from './step-json.js';

export interface DecidingJson {
  /** Whether it decides of the packet or of its answer. */
  readonly way: 'packet' | 'reply';
  readonly step: StepJson;
}

export interface DiffGroupJson {
  /** Packets of the group that were walked. */
  readonly count: number;
  /** The smallest packet, as a line of a batch. */
  readonly line: PacketInput;
  readonly packet: CompletedPacket;
  readonly cause: Readonly<Record<Side, DecidingJson | null>>;
  readonly a: readonly OutcomeJson[];
  readonly b: readonly OutcomeJson[];
}

/** What `natwalk diff --json` prints. */
export interface DiffJson {
  readonly schema: 'natwalk/diff/1';
  readonly a: string;
  readonly b: string;
  /** Packets that are treated differently, and how many causes they have. */
  readonly different: number;
  readonly causes: number;
  readonly groups: readonly DiffGroupJson[];
  /** Packets whose outcomes are the same but rest on different assumptions. */
  readonly open: number;
  readonly openGroups: readonly DiffGroupJson[];
  /** Packets with an outcome that rests on an assumption. */
  readonly assumed: number;
  readonly coverage: {
    readonly walked: number;
    readonly stages: Readonly<Record<StageName, number>>;
    readonly constants: Readonly<Record<string, number>>;
    readonly unwalkable: number;
    readonly truncated: number;
    readonly leftOut: number;
    readonly leftOutMore: boolean;
  };
  readonly listings: readonly {
    readonly side: Side;
    readonly kind: string;
    readonly text: string;
    readonly file: string | null;
    readonly line: number | null;
    /** Of rules: whether any packet met it. */
    readonly met?: boolean;
  }[];
}

/** Steps have the rules that were passed over; those of a cause are told without. */
function decidingJson(deciding: Deciding | null): DecidingJson | null {
  return deciding === null ? null : { way: deciding.way, step: stepJson(deciding.step) };
}

function groupJson({ count, packet, cause, a, b }: Group): DiffGroupJson {
  return {
    count,
    line: packet,
    packet: a.packet,
    cause: { a: decidingJson(cause.a), b: decidingJson(cause.b) },
    a: a.outcomes.map(outcomeJson),
    b: b.outcomes.map(outcomeJson),
  };
}

/** A diff, ready for JSON.stringify. */
export function diffJson(result: DiffResult): DiffJson {
  const { a, b, different, groupCount, groups, open, openCount, assumed, differences, coverage } = result;
  const unmet = new Set(result.unmet);
  return {
    schema: 'natwalk/diff/1',
    a: a.name,
    b: b.name,
    different,
    causes: groupCount,
    groups: groups.map(groupJson),
    open: openCount,
    openGroups: open.map(groupJson),
    assumed,
    coverage: { ...coverage, constants: Object.fromEntries(coverage.constants) },
    listings: listed(differences).map((difference) => {
      const { text, span } = namedThing(difference.thing);
      const { kind } = difference.thing;
      return {
        side: difference.side,
        kind,
        text,
        file: span?.source.name ?? null,
        line: span === null ? null : span.source.position(span.start).line,
        ...(kind === 'rule' ? { met: !unmet.has(difference) } : {}),
      };
    }),
  };
}
