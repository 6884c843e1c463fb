/** Packets around a template: it in ordinary ways, and with each value that its needs name or border on. */
import type { Draft, Field, Value } from './field.js';
import type { Need } from './need.js';
import type { Template } from './reach.js';
import { solve } from './solve.js';
import type { Terrain } from './terrain.js';
import { type Ways, withPart } from './ways.js';

/** The values that the needs of each field name, and their neighbours. */
function valuesOf(needs: readonly Need[]): ReadonlyMap<Field, readonly Value[]> {
  const values = new Map<Field, Set<Value>>();
  for (const { field, inside, outside } of needs) {
    const set = values.get(field) ?? new Set();
    values.set(field, set);
    for (const value of [...inside, ...outside]) set.add(value);
  }
  return new Map([...values].map(([field, set]) => [field, [...set].slice(0, MOST_VALUES)]));
}

/** So many values of a field are tried around one template. */
const MOST_VALUES = 12;

function* inOrdinaryWays(
  base: Draft,
  asked: ReadonlySet<Field>,
  ways: Ways,
): Generator<Draft, void, undefined> {
  const sources = asked.has('src') || asked.has('in') ? [] : ways.sources;
  const destinations = asked.has('dst') ? [] : ways.destinations;
  for (const part of sources) yield withPart(base, part);
  for (const part of destinations) yield withPart(base, part);
  for (const source of sources) for (const to of destinations) yield withPart(withPart(base, source), to);
}

/** The way in left to the source, or to each way that has one. */
function* otherWaysIn(base: Draft, asked: ReadonlySet<Field>, ways: Ways): Generator<Draft, void, undefined> {
  if (base.has('in')) {
    const without = new Map(base);
    without.delete('in');
    yield without;
  }
  if (!asked.has('src')) return;
  // The sender is given; it may be a process of this node, or be anywhere.
  for (const part of ways.sources) {
    const device = part.find(([field]) => field === 'in');
    if (device !== undefined) yield withPart(base, [device]);
  }
}

function* withEachValue(
  base: Draft,
  values: ReadonlyMap<Field, readonly Value[]>,
): Generator<Draft, void, undefined> {
  for (const [field, list] of values) for (const value of list) yield withPart(base, [[field, value]]);
}

function* withEachPair(
  base: Draft,
  values: ReadonlyMap<Field, readonly Value[]>,
): Generator<Draft, void, undefined> {
  const fields = [...values];
  for (const [at, [field, list]] of fields.entries())
    for (const [other, others] of fields.slice(at + 1))
      for (const one of list)
        for (const two of others)
          yield withPart(base, [
            [field, one],
            [other, two],
          ]);
}

/** Ports and protocols that no rule is likely to name. */
const FRESH: readonly (readonly (readonly [Field, Value])[])[] = [
  [['dport', 47_113]],
  [['proto', 17]],
  [
    ['proto', 17],
    ['dport', 47_113],
  ],
  [['proto', 1]],
  [['proto', 132]],
];

function* withFresh(base: Draft, asked: ReadonlySet<Field>): Generator<Draft, void, undefined> {
  for (const part of FRESH) if (part.every(([field]) => !asked.has(field))) yield withPart(base, part);
}

/** Packets around a template, the nearest first. */
export function* around(template: Template, terrain: Terrain, ways: Ways): Generator<Draft, void, undefined> {
  const base = solve(template, terrain);
  const asked = new Set(template.needs.map(({ field }) => field));
  yield base;
  const values = valuesOf(template.needs);
  yield* withEachValue(base, values);
  yield* withFresh(base, asked);
  yield* otherWaysIn(base, asked, ways);
  yield* inOrdinaryWays(base, asked, ways);
  yield* withEachPair(base, values);
  for (const draft of withEachValue(base, values)) {
    yield* withFresh(draft, asked);
    yield* inOrdinaryWays(draft, asked, ways);
  }
}
