/** The hook sequence as an XState machine, driven by its pure transitions: for stepping, and as the table's judge. */
import {
  type AnyStateMachine,
  type AnyMachineSnapshot,
  createMachine,
  initialTransition,
  transition,
} from 'xstate';
import { type HookEvent, type HookPlan, type Sequencer, hookConfig } from './hooks.js';

/** Builds the machine of a plan from the one declarative definition. */
export function hookMachine(plan: HookPlan): AnyStateMachine {
  const { id, initial, states } = hookConfig(plan);
  return createMachine({
    id,
    initial,
    states: Object.fromEntries(
      Object.entries(states).map(([name, state]) => [
        name,
        { ...(state.type === undefined ? {} : { type: state.type }), on: { ...state.on } },
      ]),
    ),
  });
}

/** Steps through the machine; no actor, no clock, no effects. */
export class MachineSequencer implements Sequencer {
  readonly #machine: AnyStateMachine;
  readonly #snapshots = new Map<string, AnyMachineSnapshot>();
  readonly initial: string;

  constructor(plan: HookPlan) {
    this.#machine = hookMachine(plan);
    const [snapshot] = initialTransition(this.#machine);
    this.initial = this.#keep(snapshot);
  }

  next(state: string, event: HookEvent): string {
    const from = this.#snapshots.get(state);
    if (from === undefined) throw new RangeError(`the hook machine has not reached ${state}`);
    if (!from.can({ type: event })) throw new RangeError(`the hook machine has no ${event} in ${state}`);
    const [snapshot] = transition(this.#machine, from, { type: event });
    return this.#keep(snapshot);
  }

  isFinal(state: string): boolean {
    return this.#snapshots.get(state)?.status === 'done';
  }

  #keep(snapshot: AnyMachineSnapshot): string {
    const name = String(snapshot.value);
    this.#snapshots.set(name, snapshot);
    return name;
  }
}
