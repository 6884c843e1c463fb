/** What runs at the hooks of one namespace, and in which order: tables of iptables, native base chains, conntrack, NAT. */
import type { Family } from '../address/address.js';
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
import { type Attempt, type Member, PassingOrder } from './passing-order.js';
import { precedenceOf } from './precedence.js';
import { type Registration, registrationsAt } from './registrations.js';
import { rerouteStage } from './route-stage.js';
import { HookedTable } from './table-stage.js';
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
type Placed = Pick<Registration, 'priority' | 'weight' | 'owner' | 'label'> & Member;

/**
 * Functions of one priority. The one that was registered last runs first (net/netfilter/core.c nf_hook_entries_grow):
 * of one owner the snapshot shows the order, of several it does not.
 */
class Order<T extends Placed> {
  readonly #members: readonly T[];
  #known: boolean | null = null;

  constructor(members: readonly T[]) {
    this.#members = members;
  }

  /** Is the order the same for every walk? */
  isKnown(): boolean {
    this.#known ??= this.#find();
    return this.#known;
  }

  /** The members as this walk meets them; each must have run before the next is asked for. */
  of(walk: Walk, hook: Hook): Iterable<T> {
    return this.isKnown() ? this.#members : this.begin(walk, hook);
  }

  /** The same, for an order that is not known. */
  begin(walk: Walk, hook: Hook): Generator<T, void> {
    const precedence = precedenceOf(walk);
    for (const [at, one] of this.#members.entries())
      for (const two of this.#members.slice(at + 1))
        if (one.owner === two.owner) precedence.add(one.label, two.label);
    return new PassingOrder(walk, hook, this.#members, precedence).run();
  }

  /** Of those that only let pass or drop the order makes a difference when something else may come between them. */
  #find(): boolean {
    // To weigh a function all its rules are looked at: not where there is one alone.
    if (new Set(this.#members.map(({ owner }) => owner)).size < 2) return true;
    const some = this.#members.filter((one) => one.weight() !== 'idle');
    return !some.some((one) => one.weight() === 'busy') || new Set(some.map(({ owner }) => owner)).size < 2;
  }
}

interface Placement extends Placed {
  readonly work: string;
  readonly run: Work;
  readonly reroutes: boolean;
}

/** A function of the kernel's own. It looks up, makes and drops connections: never on a copy of a walk. */
function kernels(work: string, priority: number, run: Work, reroutes = false): Placement {
  const weight = () => 'busy' as const;
  return { work, priority, run, reroutes, weight, owner: work, label: work, attempt: null };
}

/** Tries a function that is no nat chain. Where the packet is routed again, what comes of it is not seen. */
function attemptOf(run: Work): (copy: Walk, hook: Hook) => Attempt {
  return (copy, hook) => {
    const event = run(copy, hook);
    if (event === 'PASS') return { kind: 'goes-on', by: null };
    return { kind: event === 'REROUTE' ? 'unseen' : 'ends', by: event };
  };
}

function placementOf({ source, ...placed }: Registration, hook: Hook, first: RuleSet): Placement {
  const own = workOf(source, placed.label, hook, first);
  return { ...placed, ...own, attempt: attemptOf(own.run) };
}

function workOf(
  source: Registration['source'],
  label: string,
  hook: Hook,
  first: RuleSet,
): Pick<Placement, 'work' | 'run' | 'reroutes'> {
  if (source.kind === 'table') {
    const { table, ruleSet } = source;
    const hooked = new HookedTable(hook, table, ruleSet, first.other !== undefined);
    const plain: Work = (walk) => hooked.filter(walk);
    const reroutes = table === 'mangle' && hook === 'OUTPUT';
    const work = ruleSet === first ? table : `${table}-${ruleSet.backend ?? 'legacy'}`;
    return { work, run: reroutes ? rerouting(plain) : plain, reroutes };
  }
  const plain: Work = (walk, at) => nativeStage(walk, at, source);
  const reroutes = source.chain.base?.type === 'route' && hook === 'OUTPUT';
  return { work: label, run: reroutes ? rerouting(plain) : plain, reroutes };
}

function natSource({ source }: Registration, at: Hook, first: RuleSet): NatSource {
  if (source.kind === 'chain')
    return {
      place: () => nativePlace(source),
      run: (walk, hook) => runNativeChain(walk, hook, source),
    };
  const hooked = new HookedTable(at, 'nat', source.ruleSet, first.other !== undefined);
  return { place: () => hooked.place, run: (walk) => hooked.run(walk) };
}

/** Tries a nat chain: the first that maps is the last that is asked. */
function natAttempt({ run }: NatSource): (copy: Walk, hook: Hook) => Attempt {
  return (copy, hook) => {
    const verdict = run(copy, hook);
    if (verdict === null || verdict.kind === 'accept') return { kind: 'goes-on', by: null };
    // A flow without a source is not masqueraded, and the next chain is asked.
    const none = verdict.kind === 'nat' && copy.connection?.original.source === 0;
    return { kind: none ? 'unseen' : 'ends', by: verdict.rule ?? verdict.kind };
  };
}

/** The nat chains of a hook, sorted by their own priorities, behind the one function that the NAT core registers. */
function natWork(registrations: readonly Registration[], node: Node, family: Family, hook: Hook): Work {
  const orders = inGroups(
    registrations.map((one) => {
      const nat = natSource(one, hook, node.ruleSets[family]);
      return { ...one, nat, attempt: natAttempt(nat) };
    }),
  ).map((group) => new Order(group));
  function* inOrder(walk: Walk): Generator<NatSource, void> {
    for (const order of orders) for (const { nat } of order.of(walk, hook)) yield nat;
  }
  // Nearly always the order is known, and the same for every walk.
  let fixed: readonly NatSource[] | null = null;
  const registered = hasNat(node, family);
  return (walk) => {
    if (fixed === null && orders.every((order) => order.isKnown())) fixed = [...inOrder(walk)];
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
    return work === 'nat'
      ? [kernels(work, priority, natWork(registrations, node, family, hook), reroutes)]
      : [];
  });
}

/** Functions of one priority as works of their places: which of them takes a place, each walk says. */
function inPlaces(group: readonly Placement[]): readonly Work[] {
  const order = new Order(group);
  const under = new WeakMap<Walk, Generator<Placement, void>>();
  return group.map(({ run }, place): Work => {
    if (group.length === 1) return run;
    return (walk, hook) => {
      if (order.isKnown()) return run(walk, hook);
      const passing = (place === 0 ? null : under.get(walk)) ?? order.begin(walk, hook);
      under.set(walk, passing);
      const member = passing.next().value;
      const event = (member?.run ?? run)(walk, hook);
      const goesOn = event === 'PASS' || event === 'REROUTE';
      if (!goesOn) passing.return();
      else if (place === group.length - 1) passing.next();
      return event;
    };
  });
}

/** The functions of a hook; those of one priority share places. */
function functionsAt(node: Node, family: Family, hook: Hook, works: Map<string, Work>): HookFunction[] {
  const ruleSet = node.ruleSets[family];
  const tables = registrationsAt(node, family, hook)
    .filter((one) => !isNat(one))
    .map((one) => placementOf(one, hook, ruleSet));
  return inGroups([...tables, ...ownFunctions(node, family, hook)]).flatMap((group) => {
    const runs = inPlaces(group);
    const reroutes = group.some((one) => one.reroutes);
    return group.map(({ work, priority, run }, place): HookFunction => {
      works.set(`${hook}:${work}`, runs[place] ?? run);
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
