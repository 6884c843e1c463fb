/** Runs a walk: the hook machine says which stage is next, the stage says what happened. */
import type { Chooser } from '../chooser/question.js';
import type { Hook } from '../iptables/view.js';
import { FINAL_STATES, type FinalState, type HookEvent, type Sequencer } from './hooks.js';
import type { NodePlan, Work } from './plan.js';
import { beginStage, forwardStage, routeInputStage, transmitStage } from './route-stage.js';
import { routeOutputStage } from './socket-stage.js';
import { type Start, Walk, type WalkOptions } from './walk.js';

const HOOKS: ReadonlyMap<string, Hook> = new Map(
  (['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const).map((hook) => [hook, hook]),
);

/** More states than any journey has: through lo and back, with every base chain that a listing may show. */
const STATE_BUDGET = 10_000;

/**
 * The devices that a hook sees: OUTPUT has no input device, INPUT and PREROUTING no output device. POSTROUTING keeps the
 * input device of a forwarded packet (net/ipv4/ip_output.c ip_output, since Linux 5.7); a local packet has none.
 */
function showDevices(walk: Walk, hook: Hook): void {
  const { packet } = walk;
  const arrived = walk.looped ? 'lo' : (walk.start.device ?? '');
  packet.inInterface = hook === 'OUTPUT' ? '' : arrived;
  const routed = walk.routed?.device ?? '';
  // All of OUTPUT keeps the device that it began with, whatever routing again has said since (nf_hook_state.out).
  if (hook === 'OUTPUT') walk.outputDevice ??= routed;
  walk.devices.show(hook, walk.routed);
  packet.outInterface =
    hook === 'PREROUTING' || hook === 'INPUT' ? '' : hook === 'OUTPUT' ? (walk.outputDevice ?? '') : routed;
}

type Runner = (walk: Walk) => HookEvent;

const PLAIN: ReadonlyMap<string, Runner> = new Map([
  ['start', beginStage],
  ['route-input', routeInputStage],
  ['forward', forwardStage],
  ['route-output', routeOutputStage],
  ['transmit', transmitStage],
]);

/** The function of a state like `PREROUTING:mangle`, with what the hook shows of devices. */
function hookRunner(state: string, works: ReadonlyMap<string, Work>): Runner | null {
  const hook = HOOKS.get(state.slice(0, state.indexOf(':')));
  const work = works.get(state);
  if (hook === undefined || work === undefined) return null;
  return (walk) => {
    showDevices(walk, hook);
    return work(walk, hook);
  };
}

const FINALS: ReadonlyMap<string, FinalState> = new Map(FINAL_STATES.map((state) => [state, state]));

/** A state of the hook machine, with what runs there. */
interface Station {
  readonly state: string;
  /** Null where a walk ends. */
  readonly run: Runner | null;
  readonly end: FinalState | null;
  /** Those that walks have come to from here. */
  readonly next: Map<HookEvent, Station>;
}

/** The stations of a plan in the order that a sequencer knows. Each way from one to the next is asked for once. */
class Journey {
  readonly #works: ReadonlyMap<string, Work>;
  readonly #sequencer: Sequencer;
  readonly #stations = new Map<string, Station>();
  readonly start: Station;

  constructor({ works }: NodePlan, sequencer: Sequencer) {
    this.#works = works;
    this.#sequencer = sequencer;
    this.start = this.#station(sequencer.initial);
  }

  /** @throws RangeError when the machine has no such event: a fault in the engine, not in the input */
  next(from: Station, event: HookEvent): Station {
    const known = from.next.get(event);
    if (known !== undefined) return known;
    const found = this.#station(this.#sequencer.next(from.state, event));
    from.next.set(event, found);
    return found;
  }

  #station(state: string): Station {
    const known = this.#stations.get(state);
    if (known !== undefined) return known;
    const end = FINALS.get(state) ?? null;
    const run = end === null ? (PLAIN.get(state) ?? hookRunner(state, this.#works)) : null;
    if (end === null && run === null) throw new RangeError(`no stage for state ${state}`);
    const made = { state, run, end, next: new Map<HookEvent, Station>() };
    this.#stations.set(state, made);
    return made;
  }
}

const JOURNEYS = new WeakMap<Sequencer, Journey>();

function journeyOf(plan: NodePlan, sequencer: Sequencer): Journey {
  const known = JOURNEYS.get(sequencer);
  if (known !== undefined) return known;
  const made = new Journey(plan, sequencer);
  JOURNEYS.set(sequencer, made);
  return made;
}

/**
 * IPv6 headers before the one that `-p` and conntrack look for (ipv6_ext_hdr): hop-by-hop, routing, fragment,
 * authentication, destination options. What stands behind them no packet description says.
 */
const HEADERS_BEFORE: ReadonlySet<number> = new Set([0, 43, 44, 51, 60]);

/** A finished walk. */
export interface Finished {
  readonly walk: Walk;
  readonly end: FinalState;
}

/**
 * Walks a packet to its end.
 * @throws RangeError when the machine and the stages disagree: a fault in the engine, not in the input
 */
export function runWalk(
  start: Start,
  plan: NodePlan,
  sequencer: Sequencer,
  chooser: Chooser,
  options: WalkOptions,
): Finished {
  const walk = new Walk(start, chooser, options);
  for (const { code, params, family } of start.node.grounds)
    if (family === null || family === walk.family) walk.assume(code, params);
  const { protocol } = start.packet;
  if (walk.family === 6 && HEADERS_BEFORE.has(protocol)) walk.assume('ASM_EXTENSION_HEADER', { protocol });
  const journey = journeyOf(plan, sequencer);
  let at = journey.start;
  for (let left = STATE_BUDGET; left > 0; left -= 1) {
    const { end, run } = at;
    if (run !== null) {
      at = journey.next(at, run(walk));
      continue;
    }
    if (end === null) break;
    if (end === 'delivered')
      walk.report({ kind: 'deliver', device: walk.looped ? 'lo' : (start.device ?? 'lo') });
    return { walk, end };
  }
  throw new RangeError('the hook machine does not come to an end');
}
