/** The decisions of one walk, each with the packet behind it, its place on the diagram and what stands beside it. */
import { walkOf } from '../../src/explain/rows.js';
import type { Row } from '../../src/explain/row.js';
import { assumptionText } from '../../src/explain/assumption.js';
import type { View } from '../../src/explain/view.js';
import { backendOf, tableNameOf, type AnyRule } from '../../src/packet/any-rule.js';
import type { Node } from '../../src/packet/node.js';
import type { Outcome } from '../../src/packet/result.js';
import type { Step } from '../../src/packet/steps.js';
import { sysctlName } from '../../src/routing/sysctl.js';
import { referenceOf } from '../../src/why/reference.js';
import type { ChainName, Edit, OpenRule, PacketState, StepView } from '../shared/walk.js';
import { routeView } from './route-view.js';
import { after, changedFields, deviceName } from './state.js';
import type { Spot } from './stations.js';

/** One walk with what its view needs. */
export interface LegAsk {
  readonly node: Node;
  readonly family: 4 | 6;
  readonly edits: readonly Edit[];
  readonly outcome: Outcome;
  readonly start: PacketState;
  readonly spots: readonly Spot[];
}

/** The chain of a rule by its table. */
export function chainOfRule(rule: AnyRule): ChainName {
  const backend = backendOf(rule);
  return { table: tableNameOf(rule), chain: rule.chain, ...(backend === undefined ? {} : { backend }) };
}

function chainOf(step: Step): ChainName | null {
  if (step.kind === 'rule' || step.kind === 'maybe') return chainOfRule(step.rule);
  if (step.kind !== 'chain-end' && step.kind !== 'policy') return null;
  const { table, chain, backend } = step;
  return { table, chain, ...(backend === undefined ? {} : { backend }) };
}

/** An open rule of an outcome, as it may be settled. */
export function openRule(rule: AnyRule, { assumptions }: Outcome, view: View): OpenRule | null {
  const found = assumptions.find((one) => one.rule === rule);
  return found === undefined
    ? null
    : { reference: referenceOf(rule), question: assumptionText(found, view.language) };
}

/** Settings of the kernel that a step went by. */
function settingsOf(step: Step, { node, family }: LegAsk): StepView['settings'] {
  const setting = (name: string): StepView['settings'][number] => ({
    target: { kind: 'sysctl', name },
    text: node.sysctls.get(name) ?? '',
  });
  if (step.kind === 'forward')
    return [setting(family === 4 ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding')];
  if (step.kind !== 'rp-filter' || family !== 4) return [];
  return [sysctlName(4, step.device, 'rp_filter'), sysctlName(4, 'all', 'rp_filter')].map(setting);
}

/** The states of the packet behind every step. */
function statesOf(start: PacketState, steps: readonly Step[]): readonly PacketState[] {
  let state = start;
  return steps.map((step) => (state = after(state, step)));
}

/** Rows with the last step that belongs to each. */
function spans(rows: readonly Row[], count: number): readonly (readonly [Row, number])[] {
  return rows.map((row, index) => [row, (rows[index + 1]?.step ?? count) - 1]);
}

/** All decisions, and the words for what they leave out. */
export function stepsOf(
  ask: LegAsk,
  view: View,
): { readonly steps: readonly StepView[]; readonly missed: number } {
  const { outcome, start, spots, node, family, edits } = ask;
  const walk = walkOf(outcome, view);
  const states = statesOf(start, outcome.steps);
  let before = start;
  const steps = spans(walk.rows, outcome.steps.length).flatMap(([row, last]): StepView[] => {
    const step = outcome.steps[row.step];
    const spot = spots[row.step];
    if (step === undefined || spot === undefined) return [];
    const state = states[last] ?? before;
    const to = (states[row.step - 1] ?? start).dst;
    const made: StepView = {
      at: row.step,
      group: row.group,
      place: deviceName(row.place),
      depth: row.depth,
      rule: row.rule,
      result: row.result,
      meaning: row.meaning,
      changes: row.changes,
      station: spot.station,
      slot: spot.slot,
      state,
      changed: changedFields(before, state),
      chain: chainOf(step),
      route: step.kind === 'route' ? routeView(step, { node, family, edits, to }, view) : null,
      settings: settingsOf(step, ask),
      open: step.kind === 'rule' && step.open ? openRule(step.rule, outcome, view) : null,
    };
    before = state;
    return [made];
  });
  return { steps, missed: walk.missed };
}
