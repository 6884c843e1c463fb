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

const NONE: readonly Need[] = [];

/** Those about a field; no new list where there is none. */
function about(field: Field, needs: readonly Need[]): readonly Need[] {
  return needs.some((need) => need.field === field) ? needs.filter((need) => need.field === field) : NONE;
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

/** What a value has that is all that is asked and wished. */
function mostOf(needs: readonly Need[], wishes: readonly Need[]): number {
  return needs.length * HARD + (needs.length * (needs.length - 1)) / 2 + wishes.length;
}

function choose(
  needs: readonly Need[],
  wishes: readonly Need[],
  otherwise: Value | undefined,
): { readonly value: Value | undefined; readonly isOrdinary: boolean } {
  const most = mostOf(needs, wishes);
  let best = score(otherwise, needs, wishes);
  let value = otherwise;
  let isOrdinary = true;
  for (const { inside } of [...needs.toReversed(), ...wishes]) {
    // Nothing is better than what is all that can be had: templates meet by the hundred thousand.
    if (best === most) break;
    for (const candidate of inside) {
      const points = score(candidate, needs, wishes);
      if (points <= best) continue;
      best = points;
      value = candidate;
      isOrdinary = false;
    }
  }
  return { value, isOrdinary };
}

/** A packet that is what a template asks for, as far as that goes. */
export function solve({ needs, wishes }: Template, terrain: Terrain): Map<Field, Value> {
  const draft = new Map<Field, Value>();
  for (const field of FIELDS) {
    const asked = about(field, needs);
    const wished = about(field, wishes);
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
