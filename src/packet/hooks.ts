/**
 * The order in which a packet meets the kernel's functions: one declarative machine. Each hook's functions and their
 * priorities are data; the states, and the table that the bulk walk runs, are derived from it.
 *
 * Priorities: include/uapi/linux/netfilter_ipv4.h. Which table sits at which hook: net/ipv4/netfilter/iptable_*.c
 * `valid_hooks`; conntrack: net/netfilter/nf_conntrack_proto.c; nat: net/netfilter/nf_nat_proto.c.
 */
import type { Hook } from '../iptables/view.js';

/** What runs at a hook. `confirm` makes a new conntrack entry visible. */
export type HookWork = 'raw' | 'conntrack' | 'mangle' | 'nat' | 'filter' | 'security' | 'confirm';

/** A function registered at a hook. */
export interface HookFunction {
  readonly work: HookWork;
  readonly priority: number;
}

/** Which iptables wrote the rules: iptables-nft registers its security table at 150 (iptables/nft.c), legacy at 50. */
export type Backend = 'legacy' | 'nft';

/** The functions of a hook, unordered: the machine sorts them by priority. */
export function hookFunctions(hook: Hook, backend: Backend): readonly HookFunction[] {
  const security = { work: 'security', priority: backend === 'nft' ? 150 : 50 } as const;
  const raw = { work: 'raw', priority: -300 } as const;
  const conntrack = { work: 'conntrack', priority: -200 } as const;
  const mangle = { work: 'mangle', priority: -150 } as const;
  const filter = { work: 'filter', priority: 0 } as const;
  const destinationNat = { work: 'nat', priority: -100 } as const;
  const sourceNat = { work: 'nat', priority: 100 } as const;
  const confirm = { work: 'confirm', priority: 2147483647 } as const;
  switch (hook) {
    case 'PREROUTING':
      return [raw, conntrack, mangle, destinationNat];
    case 'INPUT':
      return [mangle, filter, security, sourceNat, confirm];
    case 'FORWARD':
      return [mangle, filter, security];
    case 'OUTPUT':
      return [raw, conntrack, mangle, destinationNat, filter, security];
    case 'POSTROUTING':
      return [mangle, sourceNat, confirm];
  }
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
export function stateName(hook: Hook, work: HookWork): string {
  return `${hook}:${work}`;
}

const ENDS = { DROP: 'dropped', REJECT: 'rejected', UNROUTABLE: 'unroutable' } as const;

/** The states of one hook, in order of priority (equal priorities in the order given), leading to `next`. */
function chainOf(hook: Hook, backend: Backend, next: string): [string, HookState][] {
  const ordered = [...hookFunctions(hook, backend)].sort((a, b) => a.priority - b.priority);
  return ordered.flatMap(({ work }, at): [string, HookState][] => {
    const after = ordered[at + 1];
    const follower = after === undefined ? next : stateName(hook, after.work);
    const name = stateName(hook, work);
    // Packets that OUTPUT changed are routed again: on any change in mangle, on a new destination in nat.
    if (hook === 'OUTPUT' && (work === 'mangle' || work === 'nat')) {
      const again = `OUTPUT:reroute-${work}`;
      return [
        [name, { on: { PASS: follower, REROUTE: again, ...ENDS } }],
        [again, { on: { PASS: follower, ...ENDS } }],
      ];
    }
    return [[name, { on: { PASS: follower, ...ENDS } }]];
  });
}

/** The first state of a hook. */
function head(hook: Hook, backend: Backend): string {
  const [first] = [...hookFunctions(hook, backend)].sort((a, b) => a.priority - b.priority);
  return first === undefined ? 'dropped' : stateName(hook, first.work);
}

/** The whole journey, for a node whose iptables is of the given kind. */
export function hookConfig(backend: Backend): HookConfig {
  const begin = (hook: Hook): string => head(hook, backend);
  return {
    id: `netfilter-${backend}`,
    initial: 'start',
    states: {
      start: { on: { ARRIVED: begin('PREROUTING'), ORIGINATED: 'route-output', DROP: ENDS.DROP } },
      ...Object.fromEntries(chainOf('PREROUTING', backend, 'route-input')),
      'route-input': { on: { LOCAL: begin('INPUT'), FORWARD: 'forward', ...ENDS } },
      ...Object.fromEntries(chainOf('INPUT', backend, 'delivered')),
      // The TTL is lowered before the FORWARD hook (net/ipv4/ip_forward.c ip_forward).
      forward: { on: { PASS: begin('FORWARD'), ...ENDS } },
      ...Object.fromEntries(chainOf('FORWARD', backend, begin('POSTROUTING'))),
      'route-output': { on: { PASS: begin('OUTPUT'), ...ENDS } },
      ...Object.fromEntries(chainOf('OUTPUT', backend, begin('POSTROUTING'))),
      ...Object.fromEntries(chainOf('POSTROUTING', backend, 'transmit')),
      // What leaves by lo comes back in by lo.
      transmit: { on: { PASS: 'sent', LOOPBACK: begin('PREROUTING'), ...ENDS } },
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
    this.#index = new Map(this.#names.map((name, at) => [name, at]));
    this.#events = new Map(EVENTS.map((event, at) => [event, at]));
    this.#finals = new Set(this.#names.filter((name) => config.states[name]?.type === 'final'));
    this.#next = new Int16Array(this.#names.length * EVENTS.length).fill(-1);
    for (const [at, name] of this.#names.entries()) {
      for (const [column, event] of EVENTS.entries()) {
        const target = config.states[name]?.on?.[event];
        if (target !== undefined) this.#next[at * EVENTS.length + column] = this.#index.get(target) ?? -1;
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

const TABLES: Readonly<Record<Backend, HookTable>> = {
  legacy: new HookTable(hookConfig('legacy')),
  nft: new HookTable(hookConfig('nft')),
};

/** The table for a node's backend. */
export function hookTable(backend: Backend): HookTable {
  return TABLES[backend];
}
