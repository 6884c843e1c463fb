/** Which packets do two nodes treat differently? The door of this room. */
import type { Family } from '../address/address.js';
import { BATCH_WINDOW } from '../packet/batch.js';
import type { Node } from '../packet/node.js';
import type { PacketInput } from '../packet/result.js';
import type { Difference } from './difference.js';
import { packetOf } from './field.js';
import { type Group, Groups } from './groups.js';
import { listingDifferences } from './listing-differences.js';
import { Met } from './met.js';
import { type StageName, countsOf, planOf } from './plan.js';
import { ruleDifferences } from './rule-differences.js';
import { type Scene, sceneOf } from './scene.js';
import { shapesOf } from './shape.js';
import { type Both, PairWalker } from './walker.js';

/** What is compared, and how much is tried. */
export interface DiffOptions {
  /** How many packets are walked at most, 1 or more; 10,000 unless told. */
  readonly budget?: number;
  /** Walk these in place of packets that are made up. */
  readonly packets?: Iterable<PacketInput>;
  /** How many groups are shrunk and given; 20 unless told. */
  readonly groups?: number;
  /** Called before each walk of a packet on both nodes, those included that make a packet smaller. */
  readonly onWalk?: () => void;
}

/** What was tried. */
export interface Coverage {
  /** Distinct packets that both nodes walked. */
  readonly walked: number;
  /** Packets of those by what they were made for; empty for recorded ones. */
  readonly stages: Readonly<Record<StageName, number>>;
  /** Values by field, of both families together: constants of the listings, their neighbours, fresh ones. */
  readonly constants: ReadonlyMap<string, number>;
  /** Packets that one of the nodes cannot have: it has no such device, or no route tells by which one it comes in. */
  readonly unwalkable: number;
  /** Packets with more outcomes than are compared. */
  readonly truncated: number;
  /** Packets that the budget left out, counted up to a bound. */
  readonly leftOut: number;
  /** There are more than were counted. */
  readonly leftOutMore: boolean;
}

/** What was found, and what was tried for it. */
export interface DiffResult {
  readonly a: Node;
  readonly b: Node;
  /** Packets that are treated differently, by cause, the largest group first. */
  readonly groups: readonly Group[];
  /** How many groups there are, and packets in them. */
  readonly groupCount: number;
  readonly different: number;
  /** Packets whose outcomes are the same but rest on different assumptions, or on one in one node alone. */
  readonly open: readonly Group[];
  readonly openCount: number;
  /** Packets with an outcome that rests on an assumption. */
  readonly assumed: number;
  /** Where the listings differ. */
  readonly differences: readonly Difference[];
  /** Those differing rules that no packet met. */
  readonly unmet: readonly Difference[];
  readonly coverage: Coverage;
}

export const DEFAULT_BUDGET = 10_000;

const DEFAULT_GROUPS = 20;

/** What the budget left out is counted up to here. */
const COUNTED = 20_000;

/** So many drafts are known again. */
const REMEMBERED = 100_000;

/** Has a packet of the family anywhere to go? */
function isUsed(node: Node, family: Family): boolean {
  const { tables, links } = node.networks[family];
  const type = family === 6 ? 'bigint' : 'number';
  const hasAddress = [...links.values()].some(({ name, addresses }) =>
    addresses.some(({ address, scope }) => name !== 'lo' && typeof address === type && scope < 253),
  );
  return hasAddress || (family === 4 && [...tables.values()].some((routes) => routes.length > 0));
}

/** Things that a step may go by, and that only one node has. */
function decidingThings(differences: readonly Difference[]): ReadonlySet<object> {
  return new Set(
    differences.flatMap(({ thing }): readonly object[] => {
      if (thing.kind === 'rule' || thing.kind === 'policy-rule') return [thing.rule];
      if (thing.kind === 'route') return [thing.route];
      return thing.kind === 'connection' ? [thing.entry] : [];
    }),
  );
}

/** Walks packets and sorts what comes of them. */
class Run {
  walked = 0;
  unwalkable = 0;
  truncated = 0;
  assumed = 0;
  readonly different: Groups;
  readonly open: Groups;
  readonly #walker: PairWalker;
  readonly #met: Met;

  constructor(walker: PairWalker, differences: readonly Difference[], met: Met) {
    const things = decidingThings(differences);
    this.#walker = walker;
    this.#met = met;
    this.different = new Groups(walker, 'different', things);
    this.open = new Groups(walker, 'open', things);
  }

  /** Walks a packet that is new. */
  take(packet: PacketInput): void {
    const both = this.#walker.walk(packet, false);
    if (both === null) this.unwalkable += 1;
    else this.note(packet, both, () => this.#walker.walk(packet, true) ?? both);
  }

  note(packet: PacketInput, both: Both, withSteps: () => Both): void {
    this.walked += 1;
    this.#met.note('a', both.a);
    this.#met.note('b', both.b);
    if ([both.a, both.b].some(({ outcomes }) => outcomes.some(({ probability }) => probability === null)))
      this.assumed += 1;
    if (both.agreement === null) this.truncated += 1;
    else if (both.agreement === 'different') this.different.add(packet, withSteps());
    else if (both.agreement === 'open') this.open.add(packet, withSteps());
  }
}

interface Left {
  count: number;
  more: boolean;
}

/** Makes up packets of a scene and walks those that are new, up to the budget. */
class Explorer {
  readonly stages: Record<StageName, number> = { differences: 0, meetings: 0, rules: 0, constants: 0 };
  readonly constants = new Map<string, number>();
  readonly left: Left = { count: 0, more: false };
  readonly #walker: PairWalker;
  readonly #run: Run;
  readonly #seen = new Set<string>();
  /** Drafts of late, as they were made. */
  readonly #made = new Set<string>();

  constructor(walker: PairWalker, run: Run) {
    this.#walker = walker;
    this.#run = run;
  }

  explore(scene: Scene, budget: number): void {
    const { constants, stages } = planOf(scene);
    for (const [field, count] of countsOf(constants))
      this.constants.set(field, (this.constants.get(field) ?? 0) + count);
    const start = this.#seen.size;
    for (const { name, upTo, drafts } of stages) {
      let used = this.#seen.size - start;
      while (used < budget * upTo) {
        const next = drafts.next();
        if (next.done === true) break;
        const before = this.#run.walked;
        this.#try(packetOf(next.value, scene.terrain));
        this.stages[name] += this.#run.walked - before;
        used = this.#seen.size - start;
      }
    }
    for (const { drafts } of stages) this.#countRest(drafts, scene);
  }

  #try(draft: PacketInput): void {
    // Most of what meetings make was made before; to find by which way a packet comes takes longer than to see that.
    const made = JSON.stringify(draft);
    if (this.#made.has(made)) return;
    if (this.#made.size >= REMEMBERED) this.#made.clear();
    this.#made.add(made);
    const packet = this.#walker.settled(draft);
    const key = JSON.stringify(packet ?? draft);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (packet === null) this.#run.unwalkable += 1;
    else this.#run.take(packet);
  }

  #countRest(drafts: ReturnType<typeof planOf>['stages'][number]['drafts'], scene: Scene): void {
    const further = new Set<string>();
    while (this.left.count + further.size < COUNTED) {
      const next = drafts.next();
      if (next.done === true) break;
      const key = JSON.stringify(packetOf(next.value, scene.terrain));
      if (!this.#seen.has(key)) further.add(key);
    }
    this.left.count += further.size;
    this.left.more ||= this.left.count >= COUNTED;
  }
}

/** The budget of each family: most of it where the listings differ. */
function shares(
  a: Node,
  b: Node,
  differences: readonly Difference[],
  budget: number,
): ReadonlyMap<Family, number> {
  const used = ([4, 6] as const).filter((family) => isUsed(a, family) || isUsed(b, family));
  const hot = used.filter((family) => differences.some((one) => one.family === family));
  const [only] = hot.length === 1 ? hot : used;
  if (used.length < 2) return new Map([[only ?? 4, budget]]);
  if (hot.length !== 1) return new Map(used.map((family) => [family, Math.ceil(budget / 2)]));
  return new Map(used.map((family) => [family, Math.ceil(budget * (family === only ? 0.9 : 0.1))]));
}

/**
 * Finds packets that two nodes treat differently. What it reports, a walk of both shows; that it finds nothing is no
 * proof beyond the packets that were walked, of which `coverage` tells.
 * @throws RangeError for a budget with which nothing would be tried
 */
export function diff(a: Node, b: Node, options: DiffOptions = {}): DiffResult {
  const { packets, budget = DEFAULT_BUDGET, groups = DEFAULT_GROUPS } = options;
  if (!(budget >= 1)) throw new RangeError(`budget is ${String(budget)}; at least one packet must be walked`);
  const shapes = {
    4: { a: shapesOf(a, 4), b: shapesOf(b, 4) },
    6: { a: shapesOf(a, 6), b: shapesOf(b, 6) },
  };
  const differences = [
    ...ruleDifferences(shapes[4].a, shapes[4].b),
    ...ruleDifferences(shapes[6].a, shapes[6].b),
    ...listingDifferences(a, b),
  ];
  const walker = new PairWalker(a, b, options.onWalk);
  const met = new Met(differences);
  const run = new Run(walker, differences, met);
  const explorer = new Explorer(walker, run);
  if (packets === undefined) {
    for (const [family, share] of shares(a, b, differences, budget))
      explorer.explore(sceneOf(family, { a, b }, shapes[family], differences), share);
  } else {
    for (const { packet, both } of walker.recorded(packets, BATCH_WINDOW)) {
      if (both === null) run.unwalkable += 1;
      else run.note(packet, both, () => both);
    }
  }
  return {
    a,
    b,
    groups: run.different.shrunk(groups),
    groupCount: run.different.size,
    different: run.different.total,
    open: run.open.shrunk(groups),
    openCount: run.open.total,
    assumed: run.assumed,
    differences,
    unmet: differences.filter((one) => one.thing.kind === 'rule' && !met.has(one)),
    coverage: {
      walked: run.walked,
      stages: explorer.stages,
      constants: explorer.constants,
      unwalkable: run.unwalkable,
      truncated: run.truncated,
      leftOut: explorer.left.count,
      leftOutMore: explorer.left.more,
    },
  };
}
