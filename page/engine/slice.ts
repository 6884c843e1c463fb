/** What of a walk goes into a link: the rules that matched, and a few of those that did not. */
import type { SlicedWalk } from '../shared/slice.js';
import type { ChainView, OutcomeView, RuleLine, WalkView } from '../shared/walk.js';

/** Chains up to this length are kept whole. */
const WHOLE = 8;
/** Of longer ones so many rules that did not match. */
const MISSED = 4;

/** The rules that tell something: those that matched or may have, and the last that did not before each. */
export function tellingRows(rows: readonly RuleLine[]): readonly RuleLine[] {
  if (rows.length <= WHOLE) return rows;
  const kept = new Set<RuleLine>();
  const hits = rows.flatMap(({ state }, index) => (state === 'matched' || state === 'maybe' ? [index] : []));
  for (const index of hits) {
    const row = rows[index];
    if (row !== undefined) kept.add(row);
  }
  let left = MISSED;
  for (const row of rows) {
    if (left === 0) break;
    if (row.state !== 'missed') continue;
    kept.add(row);
    left -= 1;
  }
  return rows.filter((row) => kept.has(row));
}

/** A link's chain cannot be filtered further, nor changed. */
function plain(view: ChainView): ChainView {
  const rows = tellingRows(view.rows).map((row) => ({ ...row, edit: null }));
  return { ...view, policyEdit: null, rows, shown: rows.length, from: 0, focus: -1 };
}

/** One outcome with its ways; of the others the headlines. */
function only(walk: WalkView, outcome: number): WalkView {
  const outcomes = walk.outcomes.map((one, index): OutcomeView => {
    if (index !== outcome) return { ...one, legs: [], open: [] };
    const legs = one.legs.map((leg) => ({
      ...leg,
      steps: leg.steps.map((step) => ({
        ...step,
        open: null,
        settings: [],
        route:
          step.route === null
            ? null
            : {
                ...step.route,
                rules: step.route.rules.map((line) => ({ ...line, edit: null })),
                routes: step.route.routes
                  .filter(({ state }) => state !== 'missed')
                  .map((line) => ({ ...line, edit: null })),
                more: step.route.more + step.route.routes.filter(({ state }) => state === 'missed').length,
              },
      })),
    }));
    return { ...one, open: [], legs };
  });
  return { ...walk, outcomes };
}

/** Makes the slice. @param chainAt the chain beside a step, with all its rows */
export function sliceOf(
  walk: WalkView,
  outcome: number,
  chainAt: (leg: number, step: number) => ChainView | null,
): SlicedWalk {
  const chains: ChainView[] = [];
  const places = new Map<string, number>();
  const at: Record<string, number> = {};
  for (const [leg, { steps }] of (walk.outcomes[outcome]?.legs ?? []).entries())
    for (const [index, { chain }] of steps.entries()) {
      const found = chain === null ? null : chainAt(leg, index);
      if (found === null) continue;
      const view = plain(found);
      const key = JSON.stringify(view);
      const place = places.get(key) ?? chains.length;
      if (place === chains.length) chains.push(view);
      places.set(key, place);
      at[`${String(leg)}:${String(index)}`] = place;
    }
  return { walk: only(walk, outcome), chains, at };
}
