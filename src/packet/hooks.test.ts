import { getSimplePaths } from 'xstate/graph';
import { describe, expect, it } from 'vitest';
import { MachineSequencer, hookMachine } from './hook-machine.js';
import { type Backend, EVENTS, type HookEvent, HookTable, hookConfig, plainPlan } from './hooks.js';

const BACKENDS: readonly Backend[] = ['legacy', 'nft'];

function reaches(
  sequencer: { next(state: string, event: HookEvent): string },
  state: string,
  event: HookEvent,
): string | null {
  try {
    return sequencer.next(state, event);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

describe.each(BACKENDS)('the hook machine (%s)', (backend) => {
  it('and its table agree on every state and event that can be reached', () => {
    const machine = new MachineSequencer(plainPlan(backend));
    const table = new HookTable(hookConfig(plainPlan(backend)));
    expect(table.initial).toBe(machine.initial);
    const open = [machine.initial];
    const seen = new Set(open);
    let compared = 0;
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      expect(table.isFinal(state), state).toBe(machine.isFinal(state));
      for (const event of EVENTS) {
        const next = reaches(machine, state, event);
        expect(reaches(table, state, event), `${state} on ${event}`).toBe(next);
        compared += 1;
        if (next !== null && !seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
      }
    }
    expect([...seen].sort()).toEqual(Object.keys(hookConfig(plainPlan(backend)).states).sort());
    expect(compared).toBe(seen.size * EVENTS.length);
  });

  it('takes every simple path to an end', () => {
    const paths = getSimplePaths(hookMachine(plainPlan(backend)), {
      events: EVENTS.map((type) => ({ type })),
    });
    const table = new HookTable(hookConfig(plainPlan(backend)));
    const ends = new Set<string>();
    for (const { steps } of paths) {
      let state = table.initial;
      for (const type of steps.map(
        ({ event }: { readonly event: { readonly type: string } }) => event.type,
      )) {
        const name = EVENTS.find((one) => one === type);
        if (name !== undefined) state = table.next(state, name);
      }
      if (table.isFinal(state)) ends.add(state);
    }
    expect([...ends].sort()).toEqual(['delivered', 'dropped', 'rejected', 'sent', 'unroutable']);
  });
});

/** The states on the way of a packet that every function lets pass. */
function journey(backend: Backend, first: HookEvent, answers: Readonly<Record<string, HookEvent>>): string[] {
  const table = new HookTable(hookConfig(plainPlan(backend)));
  const states: string[] = [];
  let state = table.next(table.initial, first);
  while (!table.isFinal(state)) {
    states.push(state);
    state = table.next(state, answers[state] ?? 'PASS');
  }
  return [...states, state];
}

describe('the order of hooks', () => {
  it('forwards through PREROUTING, routing, FORWARD and POSTROUTING', () => {
    expect(journey('legacy', 'ARRIVED', { 'route-input': 'FORWARD' })).toEqual([
      'PREROUTING:raw',
      'PREROUTING:conntrack',
      'PREROUTING:mangle',
      'PREROUTING:nat',
      'route-input',
      'forward',
      'FORWARD:mangle',
      'FORWARD:filter',
      'FORWARD:security',
      'POSTROUTING:mangle',
      'POSTROUTING:nat',
      'POSTROUTING:confirm',
      'transmit',
      'sent',
    ]);
  });

  it('puts the security table before source NAT on INPUT for legacy, after it for nft', () => {
    const input = (backend: Backend): string[] =>
      journey(backend, 'ARRIVED', { 'route-input': 'LOCAL' }).filter((state) => state.startsWith('INPUT'));
    expect(input('legacy')).toEqual([
      'INPUT:mangle',
      'INPUT:filter',
      'INPUT:security',
      'INPUT:nat',
      'INPUT:confirm',
    ]);
    expect(input('nft')).toEqual([
      'INPUT:mangle',
      'INPUT:filter',
      'INPUT:nat',
      'INPUT:security',
      'INPUT:confirm',
    ]);
  });

  it('routes local packets first, and again after mangle or nat changed them', () => {
    const states = journey('nft', 'ORIGINATED', { 'OUTPUT:mangle': 'REROUTE', 'OUTPUT:nat': 'REROUTE' });
    expect(states.slice(0, 9)).toEqual([
      'route-output',
      'OUTPUT:raw',
      'OUTPUT:conntrack',
      'OUTPUT:mangle',
      'OUTPUT:reroute-mangle',
      'OUTPUT:nat',
      'OUTPUT:reroute-nat',
      'OUTPUT:filter',
      'OUTPUT:security',
    ]);
  });
});
