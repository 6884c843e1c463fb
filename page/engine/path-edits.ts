/** What if on a way across nodes: each change is of one node of the cluster. */
import type { PathOutcome, PathResult } from '../../src/cluster/hop.js';
import { World } from '../../src/cluster/world.js';
import { percent } from '../../src/explain/endpoint.js';
import { endText, endsText, placeText, throughText } from '../../src/explain/path.js';
import type { View } from '../../src/explain/view.js';
import type { ChainView, Edit, EditTarget, RouteLine, StepView } from '../shared/walk.js';
import { BadEdit, withEdits } from './edits.js';

/** Hops that are named when ways are others. */
const MOST_HOPS = 2;

/** The changes of one node, in their order. */
export function editsOf(node: string, edits: readonly Edit[]): readonly Edit[] {
  return edits.filter(({ target }) => target.node === node);
}

/** The cluster with all changes, or the first that cannot be made. */
export function changedWorld(world: World, edits: readonly Edit[]): World | BadEdit {
  const nodes = new Map(world.nodes);
  for (const [name, node] of world.nodes) {
    const own = editsOf(name, edits);
    const changed = withEdits(node, own);
    if (changed instanceof BadEdit) {
      const bad = own[changed.edit];
      return new BadEdit(bad === undefined ? 0 : edits.indexOf(bad), changed.faults);
    }
    nodes.set(name, changed);
  }
  return new World(world.spec, nodes);
}

function ofNode(target: EditTarget, node: string): EditTarget;
function ofNode(target: EditTarget | null, node: string): EditTarget | null;
function ofNode(target: EditTarget | null, node: string): EditTarget | null {
  return target === null ? null : { ...target, node };
}

/** A step whose changes, and what is open, are those of a node. */
export function stepOf(step: StepView, node: string): StepView {
  const { route, open } = step;
  const own = (lines: readonly RouteLine[]): readonly RouteLine[] =>
    lines.map((line) => ({ ...line, edit: ofNode(line.edit, node) }));
  return {
    ...step,
    open: open === null ? null : { ...open, reference: `${node} ${open.reference}` },
    settings: step.settings.map((setting) => ({ ...setting, target: ofNode(setting.target, node) })),
    route: route === null ? null : { ...route, rules: own(route.rules), routes: own(route.routes) },
  };
}

/** A chain whose changes are those of a node. */
export function chainOf(chain: ChainView, node: string): ChainView {
  return {
    ...chain,
    policyEdit: ofNode(chain.policyEdit, node),
    rows: chain.rows.map((row) => ({ ...row, edit: ofNode(row.edit, node) })),
  };
}

/** How the ways end; of several, how likely each end is. */
function endsOf({ outcomes }: PathResult, view: View): string {
  const ends = new Map<string, number | null>();
  for (const outcome of outcomes) {
    const end = endText(outcome, view);
    const known = ends.get(end);
    const sum = known === undefined ? 0 : known;
    ends.set(end, sum === null || outcome.probability === null ? null : sum + outcome.probability);
  }
  return [...ends]
    .map(([end, chance]) => (ends.size === 1 || chance === null ? end : `${percent(chance)} ${end}`))
    .join('; ');
}

function hopsOf({ hops }: PathOutcome, view: View): readonly (readonly [place: string, text: string])[] {
  return hops.map((hop) => {
    const place = placeText(hop.place, view);
    return [place, [throughText(hop), endsText(hop.after)].filter((text) => text !== '').join(', ')] as const;
  });
}

/** The first hop that is another: what comes behind it follows from it. */
function hopText(before: PathOutcome, after: PathOutcome, view: View): string | null {
  const now = hopsOf(after, view);
  for (const [index, [place, text]] of hopsOf(before, view).entries()) {
    const [other, otherText] = now[index] ?? [place, text];
    if (place === other && text === otherText) continue;
    const [from, to] = place === other ? [text, otherText] : [place, other];
    const field = view.say('PAGE_PATH_HOP', { number: index + 1, place });
    return view.say('PAGE_PATH_CHANGED', { field, from, to });
  }
  return null;
}

/** What the changes change about the way; nothing when it is the same. */
export function pathChanges(before: PathResult, after: PathResult, view: View): readonly string[] {
  const [from, to] = [endsOf(before, view), endsOf(after, view)];
  const ends =
    from === to ? [] : [view.say('PAGE_PATH_CHANGED', { field: view.say('CHANGED_verdict'), from, to })];
  const last = before.outcomes.at(-1);
  const pairs = after.outcomes.flatMap((outcome, index) => {
    const other = before.outcomes[index] ?? last;
    return other === undefined ? [] : [[other, outcome] as const];
  });
  const hops = new Set(pairs.flatMap(([one, other]) => hopText(one, other, view) ?? []));
  const isOther =
    before.outcomes.length !== after.outcomes.length ||
    pairs.some(
      ([one, other]) => one.probability !== other.probability || one.hops.length !== other.hops.length,
    );
  const told = [...ends, ...[...hops].slice(0, MOST_HOPS)];
  return told.length === 0 && isOther ? [view.say('CHANGED_ways')] : told;
}
