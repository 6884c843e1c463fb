/** Runs a walk: the hook machine says which stage is next, the stage says what happened. */
import type { Chooser } from '../chooser/question.js';
import type { Hook } from '../iptables/view.js';
import { confirmStage, conntrackStage } from './conntrack-stage.js';
import { FINAL_STATES, type FinalState, type HookEvent, type Sequencer } from './hooks.js';
import { natStage } from './nat-stage.js';
import { beginStage, forwardStage, rerouteStage, routeInputStage, transmitStage } from './route-stage.js';
import { routeOutputStage } from './socket-stage.js';
import { filterStage } from './table-stage.js';
import { type Start, Walk, type WalkOptions } from './walk.js';

const HOOKS: ReadonlyMap<string, Hook> = new Map(
  (['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const).map((hook) => [hook, hook]),
);

/** More states than any journey has: through lo and back, with both re-routings. */
const STATE_BUDGET = 64;

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

/**
 * mangle in OUTPUT: a changed address, mark or tos means another route, in IPv6 also a changed hop limit
 * (iptable_mangle.c ipt_mangle_out, ip6table_mangle.c ip6t_mangle_out).
 */
function mangleOutput(walk: Walk): HookEvent {
  const { source, destination, mark, markUnknown, tos, ttl } = walk.packet;
  const event = filterStage(walk, 'OUTPUT', 'mangle');
  const now = walk.packet;
  const changed =
    now.source !== source ||
    now.destination !== destination ||
    now.mark !== mark ||
    now.markUnknown !== markUnknown ||
    now.tos !== tos ||
    (walk.family === 6 && now.ttl !== ttl);
  return event === 'PASS' && changed ? 'REROUTE' : event;
}

const WORKS = {
  raw: (walk: Walk, hook: Hook) => filterStage(walk, hook, 'raw'),
  conntrack: conntrackStage,
  mangle: (walk: Walk, hook: Hook) =>
    hook === 'OUTPUT' ? mangleOutput(walk) : filterStage(walk, hook, 'mangle'),
  nat: natStage,
  filter: (walk: Walk, hook: Hook) => filterStage(walk, hook, 'filter'),
  security: (walk: Walk, hook: Hook) => filterStage(walk, hook, 'security'),
  confirm: confirmStage,
  'reroute-mangle': rerouteStage,
  'reroute-nat': rerouteStage,
} satisfies Readonly<Record<string, (walk: Walk, hook: Hook) => HookEvent>>;

type Runner = (walk: Walk) => HookEvent;

const PLAIN: ReadonlyMap<string, Runner> = new Map([
  ['start', beginStage],
  ['route-input', routeInputStage],
  ['forward', forwardStage],
  ['route-output', routeOutputStage],
  ['transmit', transmitStage],
]);

const RUNNERS: ReadonlyMap<string, Runner> = new Map([
  ...PLAIN,
  ...[...HOOKS.values()].flatMap((hook) =>
    Object.entries(WORKS).map(([work, run]): [string, Runner] => [
      `${hook}:${work}`,
      (walk) => {
        showDevices(walk, hook);
        return run(walk, hook);
      },
    ]),
  ),
]);

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
  sequencer: Sequencer,
  chooser: Chooser,
  options: WalkOptions,
): Finished {
  const walk = new Walk(start, chooser, options);
  let state = sequencer.initial;
  for (let left = STATE_BUDGET; left > 0; left -= 1) {
    const end = FINALS.get(state);
    if (end !== undefined) {
      if (end === 'delivered')
        walk.report({ kind: 'deliver', device: walk.looped ? 'lo' : (start.device ?? 'lo') });
      return { walk, end };
    }
    const runner = RUNNERS.get(state);
    if (runner === undefined) throw new RangeError(`no stage for state ${state}`);
    state = sequencer.next(state, runner(walk));
  }
  throw new RangeError('the hook machine does not come to an end');
}
