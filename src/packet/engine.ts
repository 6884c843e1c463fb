/** Runs a walk: the hook machine says which stage is next, the stage says what happened. */
import type { Chooser } from '../chooser/question.js';
import type { Hook } from '../iptables/view.js';
import { FINAL_STATES, type FinalState, type HookEvent, type Sequencer, hookConfig } from './hooks.js';
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

/** The runners of each state of a plan, found once. */
const RUNNERS = new WeakMap<NodePlan, Map<string, Runner>>();

function runnersOf(plan: NodePlan): ReadonlyMap<string, Runner> {
  const known = RUNNERS.get(plan);
  if (known !== undefined) return known;
  const runners = new Map(PLAIN);
  for (const state of Object.keys(hookConfig(plan.plan).states)) {
    const runner = hookRunner(state, plan.works);
    if (runner !== null) runners.set(state, runner);
  }
  RUNNERS.set(plan, runners);
  return runners;
}

const FINALS: ReadonlyMap<string, FinalState> = new Map(FINAL_STATES.map((state) => [state, state]));

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
  const runners = runnersOf(plan);
  let state = sequencer.initial;
  for (let left = STATE_BUDGET; left > 0; left -= 1) {
    const end = FINALS.get(state);
    if (end !== undefined) {
      if (end === 'delivered')
        walk.report({ kind: 'deliver', device: walk.looped ? 'lo' : (start.device ?? 'lo') });
      return { walk, end };
    }
    const runner = runners.get(state);
    if (runner === undefined) throw new RangeError(`no stage for state ${state}`);
    state = sequencer.next(state, runner(walk));
  }
  throw new RangeError('the hook machine does not come to an end');
}
