/** Ordinary ways in and ordinary destinations: a few of each kind, which every special packet is tried with. */
import type { Difference } from './difference.js';
import type { Draft, Field, Value } from './field.js';
import type { Terrain } from './terrain.js';

type Part = readonly (readonly [Field, Value])[];

/** Devices of one kind: `eni1f4c3ab7e90` and `enia7cc107bbb9`, `veth12`; the name up to where it becomes a number. */
function kindOf(name: string): string {
  return /^[a-z]{0,3}/i.exec(name)?.[0] ?? '';
}

/** So many devices of a kind, and of all kinds. */
const OF_KIND = 2;
const OF_ALL = 10;

/** Devices to try: those that differ first, then a few of each kind, physical ones (`ens5`) in full. */
export function devicesToTry({ devices }: Terrain, differences: readonly Difference[]): readonly string[] {
  const hot = new Set(
    differences.flatMap(({ thing }) => {
      if (thing.kind === 'link') return [thing.link.name];
      if (thing.kind === 'address') return [thing.device];
      if (thing.kind === 'route') return thing.route.nexthops.flatMap(({ device }) => device ?? []);
      return [];
    }),
  );
  const count = new Map<string, number>();
  const some = devices.filter((name) => {
    const kind = kindOf(name);
    const before = count.get(kind) ?? 0;
    count.set(kind, before + 1);
    return name !== 'lo' && (before < OF_KIND || /^[a-z]+\d{1,2}$/i.test(name));
  });
  return [...new Set([...devices.filter((name) => hot.has(name)), ...some])].slice(0, OF_ALL);
}

export interface Ways {
  /** How a packet may come in. */
  readonly sources: readonly Part[];
  /** Where it may go. */
  readonly destinations: readonly Part[];
}

/** The ways of a family's packets. */
export function waysOf(terrain: Terrain, differences: readonly Difference[]): Ways {
  const { behind, own, far, special, broadcasts } = terrain;
  const devices = devicesToTry(terrain, differences);
  const beside = devices.flatMap((name) => behind.get(name) ?? []);
  const [, other = far[0] ?? null] = far;
  const from = (value: Value): Part => [['src', value]];
  const to = (value: Value): Part => [['dst', value]];
  return {
    sources: [
      ...beside.map(from),
      [['in', null]],
      ...devices.map((name): Part => [
        ['in', name],
        ['src', other],
      ]),
      ...own.slice(0, 2).map((address): Part => [
        ['in', null],
        ['src', address],
      ]),
    ],
    destinations: [
      ...far.slice(0, 1).map(to),
      ...beside.map(to),
      ...own.slice(0, 3).map(to),
      ...special.slice(0, 3).map(to),
      ...broadcasts.slice(0, 1).map(to),
    ],
  };
}

/** A draft with some fields chosen otherwise. */
export function withPart(draft: Draft, part: Part): Map<Field, Value> {
  const changed = new Map(draft);
  for (const [field, value] of part) changed.set(field, value);
  return changed;
}
