/** What runs at the hooks of one namespace, and in which order: tables of iptables, native base chains, conntrack, NAT. */
import type { Family } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import { unsure } from '../chooser/question.js';
import type { RuleSet } from '../iptables/model.js';
import type { Hook } from '../iptables/view.js';
import { nativePlace, nativeStage, runNativeChain } from './chain-stage.js';
import { confirmStage, conntrackStage } from './conntrack-stage.js';
import {
  type HookEvent,
  type HookFunction,
  type HookPlan,
  HookTable,
  hookConfig,
  plainPlan,
} from './hooks.js';
import { type NatSource, natStage } from './nat-stage.js';
import type { Node } from './node.js';
import { type Registration, registrationsAt } from './registrations.js';
import { rerouteStage } from './route-stage.js';
import { filterStage, placeOf, runTable } from './table-stage.js';
import type { Walk } from './walk.js';

/** Runs one function of a hook. */
export type Work = (walk: Walk, hook: Hook) => HookEvent;

/** A plan with the functions themselves. */
export interface NodePlan {
  readonly plan: HookPlan;
  readonly table: HookTable;
  /** By the name of their state: `PREROUTING:mangle`. */
  readonly works: ReadonlyMap<string, Work>;
}

/**
 * mangle in OUTPUT, and chains of type route: a changed address, mark or tos means another route, in IPv6 also a changed
 * hop limit (iptable_mangle.c ipt_mangle_out, ip6table_mangle.c ip6t_mangle_out, nft_chain_route.c).
 */
function rerouting(run: Work): Work {
  return (walk, hook) => {
    const { source, destination, mark, markUnknown, tos, ttl } = walk.packet;
    const event = run(walk, hook);
    const now = walk.packet;
    const changed =
      now.source !== source ||
      now.destination !== destination ||
      now.mark !== mark ||
      now.markUnknown !== markUnknown ||
      now.tos !== tos ||
      (walk.family === 6 && now.ttl !== ttl);
    return event === 'PASS' && changed ? 'REROUTE' : event;
  };
}

/** Something that has a priority at a hook. */
type Placed = Pick<Registration, 'priority' | 'weight' | 'owner' | 'label'>;

/**
 * Functions of one priority. The one that was registered last runs first (net/netfilter/core.c nf_hook_entries_grow):
 * of one owner the snapshot shows the order, of several it does not.
 */
class Order<T extends Placed> {
  readonly #members: readonly T[];
  #pairs: ReadonlySet<string> | null = null;

  constructor(members: readonly T[]) {
    this.#members = members;
  }

  /** Is the order the same for every walk? */
  isKnown(): boolean {
    return this.#open().size === 0;
  }

  /** The members as this walk meets them. */
  of(walk: Walk): readonly T[] {
    const pairs = this.#open();
    if (pairs.size === 0) return this.#members;
    // What does nothing stands anywhere; between two others it would keep them from being compared.
    const idle = this.#members.filter((one) => one.weight() === 'idle');
    const sorted: T[] = [];
    for (const member of this.#members) {
      if (idle.includes(member)) continue;
      let at = sorted.length;
      while (at > 0 && this.#isBefore(walk, pairs, sorted[at - 1], member)) at -= 1;
      sorted.splice(at, 0, member);
    }
    return [...sorted, ...idle];
  }

  /** Does the later member come before the earlier one, against the order of the list? */
  #isBefore(walk: Walk, pairs: ReadonlySet<string>, earlier: T | undefined, later: T): boolean {
    if (earlier === undefined || !pairs.has(`${earlier.label} ${later.label}`)) return false;
    const params = { first: earlier.label, second: later.label };
    const key = `order of ${earlier.label} and ${later.label}`;
    return !decide(walk.chooserFor(null), unsure(key, 'UNK_TABLE_ORDER', params));
  }

  #open(): ReadonlySet<string> {
    if (this.#pairs !== null) return this.#pairs;
    const found = new Set<string>();
    // Of those that only let pass or drop the order makes a difference when something else may come between them.
    const some = this.#members.filter((one) => one.weight() !== 'idle');
    if (some.some((one) => one.weight() === 'busy'))
      for (const [at, one] of some.entries())
        for (const two of some.slice(at + 1))
          if (one.owner !== two.owner) found.add(`${one.label} ${two.label}`);
    this.#pairs = found;
    return found;
  }
}

interface Placement extends Placed {
  readonly work: string;
  readonly run: Work;
  readonly reroutes: boolean;
}

/** A function of the kernel's own. */
function kernels(work: string, priority: number, run: Work, reroutes = false): Placement {
  return { work, priority, run, reroutes, weight: () => 'busy', owner: work, label: work };
}

function placementOf({ source, ...placed }: Registration, hook: Hook, first: RuleSet): Placement {
  if (source.kind === 'table') {
    const { table, ruleSet } = source;
    const plain: Work = (walk, at) => filterStage(walk, at, table, ruleSet);
    const reroutes = table === 'mangle' && hook === 'OUTPUT';
    const work = ruleSet === first ? table : `${table}-${ruleSet.backend ?? 'legacy'}`;
    return { ...placed, work, run: reroutes ? rerouting(plain) : plain, reroutes };
  }
  const plain: Work = (walk, at) => nativeStage(walk, at, source);
  const reroutes = source.chain.base?.type === 'route' && hook === 'OUTPUT';
  return { ...placed, work: placed.label, run: reroutes ? rerouting(plain) : plain, reroutes };
}

function natSource({ source }: Registration): NatSource {
  if (source.kind === 'chain')
    return {
      place: () => nativePlace(source),
      run: (walk, hook) => runNativeChain(walk, hook, source),
    };
  const { ruleSet } = source;
  return {
    place: (walk) => placeOf(walk, 'nat', ruleSet),
    run: (walk, hook) => runTable(walk, hook, 'nat', ruleSet),
  };
}

/** The nat chains of a hook, sorted by their own priorities, behind the one function that the NAT core registers. */
function natWork(registrations: readonly Registration[], node: Node, family: Family): Work {
  const orders = inGroups(registrations.map((one) => ({ ...one, nat: natSource(one) }))).map(
    (group) => new Order(group),
  );
  const inOrder = (walk: Walk): NatSource[] =>
    orders.flatMap((order) => order.of(walk).map(({ nat }) => nat));
  // Nearly always the order is known, and the same for every walk.
  let fixed: readonly NatSource[] | null = null;
  const registered = hasNat(node, family);
  return (walk, hook) => {
    if (fixed === null && orders.every((order) => order.isKnown())) fixed = inOrder(walk);
    return natStage(walk, hook, registered, fixed ?? inOrder(walk));
  };
}

/** Is the NAT core at its hooks? One nat chain at any hook brings it to all (nf_nat_register_fn). */
function hasNat(node: Node, family: Family): boolean {
  const { tables, other } = node.ruleSets[family];
  if (tables.has('nat') || other?.tables.has('nat') === true) return true;
  return node.nativeTables[family].some(
    ({ flags, chains }) =>
      !flags.includes('dormant') && [...chains.values()].some(({ base }) => base?.type === 'nat'),
  );
}

/** Members of one priority together, in order of priority. */
function inGroups<T extends Placed>(members: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<number, T[]>();
  for (const member of members.toSorted((a, b) => a.priority - b.priority)) {
    const group = groups.get(member.priority) ?? [];
    group.push(member);
    groups.set(member.priority, group);
  }
  return [...groups.values()];
}

const isNat = ({ source }: Registration): boolean =>
  source.kind === 'table' ? source.table === 'nat' : source.chain.base?.type === 'nat';

/** What stands at a hook beside tables and native chains. */
function ownFunctions(node: Node, family: Family, hook: Hook): Placement[] {
  const registrations = registrationsAt(node, family, hook).filter(isNat);
  return plainPlan('legacy').hooks[hook].flatMap(({ work, priority, reroutes }) => {
    if (work === 'conntrack') return [kernels(work, priority, conntrackStage)];
    if (work === 'confirm') return [kernels(work, priority, confirmStage)];
    return work === 'nat' ? [kernels(work, priority, natWork(registrations, node, family), reroutes)] : [];
  });
}

/** The functions of a hook; those of one priority share places, and each walk says who takes which. */
function functionsAt(node: Node, family: Family, hook: Hook, works: Map<string, Work>): HookFunction[] {
  const ruleSet = node.ruleSets[family];
  const tables = registrationsAt(node, family, hook)
    .filter((one) => !isNat(one))
    .map((one) => placementOf(one, hook, ruleSet));
  return inGroups([...tables, ...ownFunctions(node, family, hook)]).flatMap((group) => {
    const order = new Order(group);
    return group.map(({ work, priority, run }, place): HookFunction => {
      const shared: Work = (walk, at) => (order.of(walk)[place]?.run ?? run)(walk, at);
      works.set(`${hook}:${work}`, group.length === 1 ? run : shared);
      const reroutes = group.some((one) => one.reroutes);
      if (reroutes) works.set(`${hook}:reroute-${work}`, rerouteStage);
      return { work, priority, reroutes };
    });
  });
}

function makePlan(node: Node, family: Family): NodePlan {
  const works = new Map<string, Work>();
  const at = (hook: Hook): HookFunction[] => functionsAt(node, family, hook, works);
  const plan: HookPlan = {
    id: `netfilter-ipv${String(family)}`,
    hooks: {
      PREROUTING: at('PREROUTING'),
      INPUT: at('INPUT'),
      FORWARD: at('FORWARD'),
      OUTPUT: at('OUTPUT'),
      POSTROUTING: at('POSTROUTING'),
    },
  };
  return { plan, table: new HookTable(hookConfig(plan)), works };
}

const PLANS = new WeakMap<Node, Map<Family, NodePlan>>();

/** The plan of a node for one family; made once. */
export function planOf(node: Node, family: Family): NodePlan {
  const known = PLANS.get(node) ?? new Map<Family, NodePlan>();
  PLANS.set(node, known);
  const plan = known.get(family) ?? makePlan(node, family);
  known.set(family, plan);
  return plan;
}
