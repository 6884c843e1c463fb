/** The node that is looked at, with what the rules of the linter share: its tables, its walks, and their bounds. */
import type { Family } from '../address/address.js';
import { type Rule, type RuleSet, TABLES, type Table } from '../iptables/model.js';
import { PacketError } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { Outcome, PacketInput, TraceResult } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import type { Span } from '../source/source.js';
import { candidates } from './candidates.js';
import type { Allowance } from './earlier.js';
import type { Shown } from './finding.js';
import { Ground } from './ground.js';
import { Reach } from './reach.js';
import { Terminals } from './terminal.js';
import { wantOf } from './want.js';

/** One table of one family and iptables. */
export interface Ruled {
  readonly family: Family;
  readonly ruleSet: RuleSet;
  readonly table: Table;
  readonly reach: Reach;
  readonly terminals: Terminals;
  /** The snapshot may show it in part only. */
  readonly isPart: boolean;
}

/** How many packets are walked, how many of them to show one finding, and how many pairs of rules are compared. */
const WALKS = 1500;
const WALKS_EACH = 60;
const PAIRS = 4_000_000;
const OUTCOMES = 64;

export const FAMILIES: readonly Family[] = [4, 6];

const isSame = (a: Span, b: Span): boolean => a.source === b.source && a.start === b.start && a.end === b.end;

/** Did the packet match the rule? */
export function passed({ steps }: Outcome, rule: Rule): boolean {
  return steps.some(
    (step) => step.kind === 'rule' && (step.rule === rule || isSame(step.rule.span, rule.span)),
  );
}

type RouteStep = Extract<Step, { readonly kind: 'route' }>;

/** The lookups that a packet met. */
export const routesOf = ({ steps }: Outcome): readonly RouteStep[] =>
  steps.filter((step): step is RouteStep => step.kind === 'route');

export class Subject {
  readonly node: Node;
  readonly tables: readonly Ruled[];
  readonly pairs: Allowance = { left: PAIRS };
  readonly #grounds: Readonly<Record<Family, Ground>>;
  readonly #onWalk: () => void;
  #walks = WALKS;

  /** @param onWalk called before each walk */
  constructor(node: Node, onWalk: () => void = () => undefined) {
    this.node = node;
    this.#onWalk = onWalk;
    this.tables = FAMILIES.flatMap((family) => {
      const ruleSet = node.ruleSets[family];
      return [ruleSet, ...(ruleSet.other === undefined ? [] : [ruleSet.other])].flatMap(tablesOf);
    });
    this.#grounds = { 4: new Ground(node.networks[4]), 6: new Ground(node.networks[6]) };
  }

  ground(family: Family): Ground {
    return this.#grounds[family];
  }

  /** A bound was reached: there may be more to find. */
  get isCut(): boolean {
    return this.#walks <= 0 || this.pairs.left <= 0;
  }

  /** Each rule of the linter has walks of its own, so that none takes those of another. */
  renew(): void {
    this.#walks = WALKS;
  }

  /** Walks a packet; null when it cannot be walked, or too many were. */
  walk(packet: PacketInput, node: Node = this.node, options: TraceOptions = {}): TraceResult | null {
    if (this.#walks <= 0) return null;
    this.#walks -= 1;
    this.#onWalk();
    try {
      return trace(node, packet, { limit: OUTCOMES, ...options });
    } catch (error) {
      if (error instanceof PacketError) return null;
      throw error;
    }
  }

  /** The first packet of which an outcome shows what is wanted; one that rests on no assumption, if there is any. */
  search(
    packets: Iterable<PacketInput>,
    shows: (outcome: Outcome, packet: PacketInput) => boolean,
    node: Node = this.node,
    options: TraceOptions = {},
  ): Shown | null {
    let otherwise: Shown | null = null;
    let left = WALKS_EACH;
    for (const packet of packets) {
      if (left <= 0) break;
      left -= 1;
      const result = this.walk(packet, node, options);
      if (result === null) continue;
      for (const outcome of result.outcomes) {
        if (!shows(outcome, packet)) continue;
        if (outcome.assumptions.length === 0) return { packet, result, outcome };
        otherwise ??= { packet, result, outcome };
      }
    }
    return otherwise;
  }

  /** Packets that may come to a rule and match it. */
  *packetsFor(rule: Rule, { reach, family }: Ruled): Iterable<PacketInput> {
    for (const { hook, rules } of reach.waysTo(rule)) {
      const want = wantOf(hook, rules);
      if (want !== null) yield* candidates(want, this.ground(family));
    }
  }
}

function tablesOf(ruleSet: RuleSet): readonly Ruled[] {
  return TABLES.flatMap((name) => {
    const table = ruleSet.tables.get(name);
    if (table === undefined) return [];
    return [
      {
        family: ruleSet.family,
        ruleSet,
        table,
        reach: new Reach(table),
        terminals: new Terminals(table),
        isPart: ruleSet.unknown.has(name),
      },
    ];
  });
}
