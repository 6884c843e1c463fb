/** Where on the diagram each step of a walk happens: hooks with their functions, and what lies between them. */
import type { Family } from '../../src/address/address.js';
import type { Node } from '../../src/packet/node.js';
import { planOf } from '../../src/packet/plan.js';
import type { Step } from '../../src/packet/steps.js';
import { HOOKS, type HookName, type Slot, type Station, type StationId } from '../shared/walk.js';

/** A place of the walk: the station, and which of its functions. */
export interface Spot {
  readonly station: StationId;
  readonly slot: number;
}

interface Planned {
  /** As the plan calls it: `mangle`, `chain ip aws-cni snat-mark`. */
  readonly work: string;
  readonly label: string;
  readonly native: boolean;
}

const IPTABLES = /^(raw|mangle|nat|filter|security)(?:-(?:legacy|nft))?$/;

/** Has the node such a table, as far as its dumps show? */
function isThere(node: Node, family: Family, work: string): boolean {
  const name = IPTABLES.exec(work)?.[1];
  const set = node.ruleSets[family];
  const names = [...set.tables.keys(), ...(set.other?.tables.keys() ?? []), ...set.unknown];
  return (
    name === undefined || names.some((one) => one === name) || (name === 'nat' && hasNativeNat(node, family))
  );
}

function hasNativeNat(node: Node, family: Family): boolean {
  return node.nativeTables[family].some(({ chains }) =>
    [...chains.values()].some(({ base }) => base?.type === 'nat'),
  );
}

function plannedAt(node: Node, family: Family, hook: HookName): readonly Planned[] {
  return planOf(node, family)
    .plan.hooks[hook].toSorted((a, b) => a.priority - b.priority)
    .filter(({ work }) => work !== 'confirm' && isThere(node, family, work))
    .map(({ work }) => {
      const native = work.startsWith('chain ');
      return { work, label: native ? work.replace(/^chain \S+ /, '') : work, native };
    });
}

/** The works by which a step's table may be known. */
function worksOf(step: Extract<Step, { kind: 'table' }>): readonly string[] {
  const { table, chain, backend, type, priority } = step;
  if (priority === undefined) return backend === undefined ? [table] : [`${table}-${backend}`, table];
  return type === 'nat' ? ['nat'] : [`chain ${table} ${chain}`];
}

/** The places of one walk. */
export class Places {
  readonly spots: readonly Spot[];
  readonly way: readonly StationId[];
  readonly #planned: ReadonlyMap<HookName, readonly Planned[]>;
  /** Functions that the walk came to, and those that it was kept from. */
  readonly #met = new Map<string, 'met' | 'skipped'>();

  constructor(node: Node, family: Family, steps: readonly Step[]) {
    this.#planned = new Map(HOOKS.map((hook) => [hook, plannedAt(node, family, hook)]));
    let spot: Spot = { station: 'in', slot: -1 };
    const way: StationId[] = [];
    this.spots = steps.map((step) => {
      spot = this.#next(spot, step);
      if (way.at(-1) !== spot.station) way.push(spot.station);
      return spot;
    });
    this.way = way;
  }

  #at(hook: HookName, works: readonly string[], how: 'met' | 'skipped'): Spot {
    const planned = this.#planned.get(hook) ?? [];
    const slot = planned.findIndex(({ work }) => works.includes(work));
    if (slot >= 0) this.#met.set(`${hook} ${String(slot)}`, how);
    return { station: hook, slot };
  }

  #next(spot: Spot, step: Step): Spot {
    const alone = (station: StationId): Spot => ({ station, slot: -1 });
    switch (step.kind) {
      case 'enter':
        return alone(step.device === null ? 'local' : 'in');
      case 'table':
        return this.#at(step.hook, worksOf(step), 'met');
      case 'conntrack':
        return this.#at(step.hook, ['conntrack'], step.state === 'off' ? 'skipped' : 'met');
      case 'nat-skipped':
        return this.#at(step.hook, ['nat'], 'skipped');
      case 'route':
        return alone(
          step.purpose === 'input' ? 'route-input' : step.purpose === 'output' ? 'route-output' : 'reroute',
        );
      case 'source':
        return alone('route-output');
      case 'rp-filter':
        return alone('route-input');
      case 'forward':
        return alone('forward');
      case 'loopback':
        return alone('in');
      case 'deliver':
        return alone('local');
      case 'send':
        return alone('out');
      default:
        return 'hook' in step && step.hook !== spot.station ? alone(step.hook) : spot;
    }
  }

  /** The stations with their functions. @param rows the places of the walk's decisions, in their order */
  stations(rows: readonly Spot[]): readonly Station[] {
    const first = (test: (row: Spot) => boolean): number => rows.findIndex(test);
    const ids: readonly StationId[] = [
      ...HOOKS,
      ...(['in', 'out', 'local', 'route-input', 'route-output', 'reroute', 'forward'] as const),
    ];
    return ids.map((id): Station => {
      const planned = this.#planned.get(id as HookName) ?? [];
      const slots = planned.map(({ label, native }, slot): Slot => {
        const step = first((row) => row.station === id && row.slot === slot);
        const how = this.#met.get(`${id} ${String(slot)}`);
        const met =
          how === 'skipped' ? 'skipped' : step >= 0 ? 'walked' : how === 'met' ? 'empty' : 'not-met';
        return { label, native, step, met };
      });
      return { id, slots, step: first((row) => row.station === id) };
    });
  }
}
