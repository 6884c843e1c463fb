/** From what is asked of fields to values: as much as can be had at once, and as little out of the ordinary as will do. */
import { DEFAULTS, type Draft, FIELDS, type Field, type Value } from './field.js';
import type { Need } from './need.js';
import type { Template } from './reach.js';
import type { Terrain } from './terrain.js';

/** What a field holds if nobody chooses; undefined where that depends. */
function ordinary(field: Field, { far }: Terrain): Value | undefined {
  if (field === 'dst') return far[0];
  if (field === 'src') return far[1] ?? far[0];
  return field === 'in' ? undefined : DEFAULTS[field];
}

function byField(needs: readonly Need[]): Map<Field, Need[]> {
  const map = new Map<Field, Need[]>();
  for (const need of needs) {
    const list = map.get(need.field);
    if (list === undefined) map.set(need.field, [need]);
    else list.push(need);
  }
  return map;
}

const HARD = 1000;

/** How many of the needs accept a value; later ones, nearer to the rule that is to be met, break ties. */
function score(value: Value | undefined, needs: readonly Need[], wishes: readonly Need[]): number {
  if (value === undefined) return 0;
  let sum = 0;
  for (const [at, need] of needs.entries()) if (need.accepts(value)) sum += HARD + at;
  for (const wish of wishes) if (wish.accepts(value)) sum += 1;
  return sum;
}

function choose(
  needs: readonly Need[],
  wishes: readonly Need[],
  otherwise: Value | undefined,
): { readonly value: Value | undefined; readonly isOrdinary: boolean } {
  let best = score(otherwise, needs, wishes);
  let value = otherwise;
  let isOrdinary = true;
  for (const candidate of [...needs.toReversed(), ...wishes].flatMap(({ inside }) => inside)) {
    const points = score(candidate, needs, wishes);
    if (points <= best) continue;
    best = points;
    value = candidate;
    isOrdinary = false;
  }
  return { value, isOrdinary };
}

/** A packet that is what a template asks for, as far as that goes. */
export function solve(template: Template, terrain: Terrain): Map<Field, Value> {
  const needs = byField(template.needs);
  const wishes = byField(template.wishes);
  const draft = new Map<Field, Value>();
  for (const field of FIELDS) {
    const asked = needs.get(field) ?? [];
    const wished = wishes.get(field) ?? [];
    if (asked.length === 0 && wished.length === 0) continue;
    const { value, isOrdinary } = choose(asked, wished, ordinary(field, terrain));
    if (value !== undefined && !isOrdinary) draft.set(field, value);
  }
  return draft;
}

/** Whether all that is asked of a field can be had at once in a draft. */
export function satisfies(draft: Draft, needs: readonly Need[], terrain: Terrain): boolean {
  return needs.every((need) => {
    const value = draft.get(need.field) ?? ordinary(need.field, terrain);
    return value === undefined || need.accepts(value);
  });
}
