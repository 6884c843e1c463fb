/**
 * The order in which a packet meets the kernel's functions: one declarative machine. Each hook's functions and their
 * priorities are data; the states, and the table that the bulk walk runs, are derived from it.
 *
 * Priorities: include/uapi/linux/netfilter_ipv4.h. Which table sits at which hook: net/ipv4/netfilter/iptable_*.c
 * `valid_hooks`; conntrack: net/netfilter/nf_conntrack_proto.c; nat: net/netfilter/nf_nat_proto.c.
 */
import type { Hook } from '../iptables/view.js';

/** A function registered at a hook. */
export interface HookFunction {
  /** What runs: an iptables table (`mangle`), `conntrack`, `nat`, `confirm`, or a base chain of nftables. */
  readonly work: string;
  readonly priority: number;
  /** A packet of OUTPUT that it changed is routed again: by mangle and route chains on any change, by nat on a new destination. */
  readonly reroutes: boolean;
}

/** Which iptables wrote the rules: iptables-nft registers its security table at 150 (iptables/nft.c), legacy at 50. */
export type Backend = 'legacy' | 'nft';

/** The functions of every hook. Those of one priority stand in the order in which they run. */
export interface HookPlan {
  readonly id: string;
  readonly hooks: Readonly<Record<Hook, readonly HookFunction[]>>;
}

const at = (work: string, priority: number): HookFunction => ({ work, priority, reroutes: false });

/** The functions of a namespace where one iptables has all its tables. */
export function plainPlan(backend: Backend): HookPlan {
  const security = at('security', backend === 'nft' ? 150 : 50);
  const raw = at('raw', -300);
  const conntrack = at('conntrack', -200);
  const mangle = at('mangle', -150);
  const filter = at('filter', 0);
  const destinationNat = at('nat', -100);
  const sourceNat = at('nat', 100);
  const confirm = at('confirm', 2147483647);
  const rerouting = (one: HookFunction): HookFunction => ({ ...one, reroutes: true });
  return {
    id: `netfilter-${backend}`,
    hooks: {
      PREROUTING: [raw, conntrack, mangle, destinationNat],
      INPUT: [mangle, filter, security, sourceNat, confirm],
      FORWARD: [mangle, filter, security],
      OUTPUT: [raw, conntrack, rerouting(mangle), rerouting(destinationNat), filter, security],
      POSTROUTING: [mangle, sourceNat, confirm],
    },
  };
}

/** What a state's work led to. Every decision is an event of its own: no guards, no actions, flat states. */
export const EVENTS = [
  'ARRIVED',
  'ORIGINATED',
  'PASS',
  'LOCAL',
  'FORWARD',
  'REROUTE',
  'LOOPBACK',
  'DROP',
  'REJECT',
  'UNROUTABLE',
] as const;
export type HookEvent = (typeof EVENTS)[number];

export const FINAL_STATES = ['delivered', 'sent', 'dropped', 'rejected', 'unroutable'] as const;
export type FinalState = (typeof FINAL_STATES)[number];

/** The definition that XState's createMachine takes, and that the table is derived from. */
export interface HookConfig {
  readonly id: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, HookState>>;
}

export interface HookState {
  readonly type?: 'final';
  readonly on?: Readonly<Partial<Record<HookEvent, string>>>;
}

/** The state in which a hook's function runs: `PREROUTING:mangle`. */
export function stateName(hook: Hook, work: string): string {
  return `${hook}:${work}`;
}

const ENDS = { DROP: 'dropped', REJECT: 'rejected', UNROUTABLE: 'unroutable' } as const;

/** In order of priority; a stable sort keeps the order of equal ones. */
const ordered = (plan: HookPlan, hook: Hook): HookFunction[] =>
  plan.hooks[hook].toSorted((a, b) => a.priority - b.priority);

/** The states of one hook, leading to `next`. */
function chainOf(plan: HookPlan, hook: Hook, next: string): [string, HookState][] {
  const functions = ordered(plan, hook);
  return functions.flatMap(({ work, reroutes }, index): [string, HookState][] => {
    const after = functions[index + 1];
    const follower = after === undefined ? next : stateName(hook, after.work);
    const name = stateName(hook, work);
    if (!reroutes) return [[name, { on: { PASS: follower, ...ENDS } }]];
    const again = stateName(hook, `reroute-${work}`);
    return [
      [name, { on: { PASS: follower, REROUTE: again, ...ENDS } }],
      [again, { on: { PASS: follower, ...ENDS } }],
    ];
  });
}

/** The whole journey. */
export function hookConfig(plan: HookPlan): HookConfig {
  const { id } = plan;
  /** Where a hook begins; one without functions is passed at once. */
  const begin = (hook: Hook, next: string): string => {
    const [first] = ordered(plan, hook);
    return first === undefined ? next : stateName(hook, first.work);
  };
  const leave = begin('POSTROUTING', 'transmit');
  return {
    id,
    initial: 'start',
    states: {
      start: {
        on: { ARRIVED: begin('PREROUTING', 'route-input'), ORIGINATED: 'route-output', DROP: ENDS.DROP },
      },
      ...Object.fromEntries(chainOf(plan, 'PREROUTING', 'route-input')),
      'route-input': { on: { LOCAL: begin('INPUT', 'delivered'), FORWARD: 'forward', ...ENDS } },
      ...Object.fromEntries(chainOf(plan, 'INPUT', 'delivered')),
      // The TTL is lowered before the FORWARD hook (net/ipv4/ip_forward.c ip_forward).
      forward: { on: { PASS: begin('FORWARD', leave), ...ENDS } },
      ...Object.fromEntries(chainOf(plan, 'FORWARD', leave)),
      'route-output': { on: { PASS: begin('OUTPUT', leave), ...ENDS } },
      ...Object.fromEntries(chainOf(plan, 'OUTPUT', leave)),
      ...Object.fromEntries(chainOf(plan, 'POSTROUTING', 'transmit')),
      // What leaves by lo comes back in by lo.
      transmit: { on: { PASS: 'sent', LOOPBACK: begin('PREROUTING', 'route-input'), ...ENDS } },
      ...Object.fromEntries(FINAL_STATES.map((name) => [name, { type: 'final' as const }])),
    },
  };
}

/** Drives a walk: which state comes after an event. */
export interface Sequencer {
  readonly initial: string;
  next(state: string, event: HookEvent): string;
  isFinal(state: string): boolean;
}

/** A state machine as a table of integers, for walks in bulk. */
export class HookTable implements Sequencer {
  readonly initial: string;
  readonly #names: readonly string[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #events: ReadonlyMap<string, number>;
  readonly #next: Int16Array;
  readonly #finals: ReadonlySet<string>;

  constructor(config: HookConfig) {
    this.initial = config.initial;
    this.#names = Object.keys(config.states);
    this.#index = new Map(this.#names.map((name, row) => [name, row]));
    this.#events = new Map(EVENTS.map((event, column) => [event, column]));
    this.#finals = new Set(this.#names.filter((name) => config.states[name]?.type === 'final'));
    this.#next = new Int16Array(this.#names.length * EVENTS.length).fill(-1);
    for (const [row, name] of this.#names.entries()) {
      for (const [column, event] of EVENTS.entries()) {
        const target = config.states[name]?.on?.[event];
        if (target !== undefined) this.#next[row * EVENTS.length + column] = this.#index.get(target) ?? -1;
      }
    }
  }

  /** @throws RangeError when the state has no such event: a fault in the engine, not in the input */
  next(state: string, event: HookEvent): string {
    const row = this.#index.get(state) ?? -1;
    const target =
      row < 0
        ? undefined
        : this.#names[this.#next[row * EVENTS.length + (this.#events.get(event) ?? 0)] ?? -1];
    if (target === undefined) throw new RangeError(`the hook machine has no ${event} in ${state}`);
    return target;
  }

  isFinal(state: string): boolean {
    return this.#finals.has(state);
  }
}
