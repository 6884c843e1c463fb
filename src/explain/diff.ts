/** A diff of two nodes for people: what was compared, then the groups of packets, then where the listings differ. */
import type { DiffResult } from '../diff/diff.js';
import type { Difference } from '../diff/difference.js';
import { STAGES } from '../diff/plan.js';
import { packetText } from './endpoint.js';
import { groupLines } from './diff-group.js';
import { listed, namedThing } from './diff-things.js';
import { minimalLine } from './minimal.js';
import { placeOf } from './rule-ref.js';
import { sanitize } from './sanitize.js';
import { COLUMNS_NEED } from './stacked.js';
import { type Facts, type View, type ViewOptions, viewOf } from './view.js';
import { hang, padEnd, widthOf, wrap } from './width.js';

export interface DiffViewOptions extends Omit<ViewOptions, 'facts'> {
  /** Of each node. */
  readonly facts?: Readonly<Record<'a' | 'b', Facts>>;
}

/** So many places in which the listings differ are told. */
const PLACES = 20;

type Said = readonly [label: string, text: string];

function coverage({ coverage: { walked, stages, constants } }: DiffResult, { say }: View): readonly Said[] {
  const fields = [...constants]
    .filter(([, count]) => count > 0)
    .map(([field, count]) => `${field} ${String(count)}`);
  const parts = STAGES.filter((name) => stages[name] > 0).map((name) =>
    say(`DIFF_STAGE_${name}`, { count: stages[name] }),
  );
  const made = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return [
    ...(fields.length === 0 ? [] : [[say('DIFF_CONSTANTS'), fields.join(', ')] as const]),
    [say('DIFF_WALKED'), `${say('DIFF_PACKETS', { count: walked })}${made}`],
  ];
}

function leftOut(
  { coverage: { leftOut: count, leftOutMore, unwalkable, truncated } }: DiffResult,
  { say }: View,
): readonly Said[] {
  const parts = [
    ...(count === 0 ? [] : [say(leftOutMore ? 'DIFF_LEFT_BUDGET_MORE' : 'DIFF_LEFT_BUDGET', { count })]),
    ...(unwalkable === 0 ? [] : [say('DIFF_LEFT_UNWALKABLE', { count: unwalkable })]),
    ...(truncated === 0 ? [] : [say('DIFF_LEFT_TRUNCATED', { count: truncated })]),
  ];
  return parts.length === 0 ? [] : [[say('DIFF_LEFT_OUT'), parts.join('; ')]];
}

function summary(result: DiffResult, view: View): readonly Said[] {
  const { say } = view;
  const { different, groupCount, openCount, assumed, a, b, differences, unmet } = result;
  const count = listed(differences).length;
  const texts = [
    different === 0 ? say('DIFF_SAME') : say('DIFF_DIFFERENT', { count: different, groups: groupCount }),
    ...(openCount === 0 ? [] : [say('DIFF_OPEN', { count: openCount })]),
    ...(assumed === 0 ? [] : [say('DIFF_ASSUMED', { count: assumed })]),
  ];
  return [
    [say('DIFF_NODES'), `A ${a.name}   B ${b.name}`],
    [
      say('DIFF_LISTINGS'),
      count === 0
        ? say('DIFF_LISTINGS_SAME')
        : say(unmet.length === 0 ? 'DIFF_LISTINGS_DIFFER' : 'DIFF_LISTINGS_UNMET', {
            count,
            unmet: unmet.length,
          }),
    ],
    ...coverage(result, view),
    ...leftOut(result, view),
    ...texts.map((text): Said => [say('DIFF_RESULT'), text]),
  ];
}

function saidLines(said: readonly Said[], view: View): readonly string[] {
  const width = Math.max(...said.map(([label]) => widthOf(label)));
  return said.flatMap(([label, text]) =>
    hang(`${view.paint('dim', padEnd(label, width))}  `, width + 2, sanitize(text), view.width),
  );
}

/** A difference as a line of diff(1): `-` for what A alone has, `+` for what B alone has. */
function placeLines(difference: Difference, isUnmet: boolean, view: View): readonly string[] {
  const { text, span } = namedThing(difference.thing);
  const isA = difference.side === 'a';
  const at = span === null ? '' : `  (${placeOf(span)})`;
  const note = isUnmet ? `  ${view.say('DIFF_UNMET')}` : '';
  const line = sanitize(`${isA ? '-' : '+'} ${text}${at}${note}`);
  // As diff(1), whole lines; a line too short for columns folds them.
  const lines = view.width < COLUMNS_NEED ? hang('', 2, line, view.width) : [line];
  return lines.map((one) => view.paint(isA ? 'bad' : 'good', one));
}

function places({ differences, unmet }: DiffResult, view: View): readonly string[] {
  const all = listed(differences);
  if (all.length === 0) return [];
  const missed = new Set(unmet);
  const rest = all.length - PLACES;
  return [
    '',
    ...wrap(view.say('DIFF_WHERE'), view.width).map((line) => view.paint('strong', line)),
    ...all.slice(0, PLACES).flatMap((one) => placeLines(one, missed.has(one), view)),
    ...(rest > 0 ? [view.say('DIFF_WHERE_MORE', { count: rest })] : []),
  ];
}

/** Renders a diff for people. Ends with a line feed. */
export function renderDiff(result: DiffResult, options: DiffViewOptions = {}): string {
  const { facts, ...others } = options;
  const viewFor = (side: 'a' | 'b'): View =>
    viewOf(facts === undefined ? others : { ...others, facts: facts[side] });
  const views = { a: viewFor('a'), b: viewFor('b') };
  const { a: view } = views;
  const lines = [...saidLines(summary(result, view), view)];
  let number = 0;
  for (const [groups, isOpen] of [
    [result.groups, false],
    [result.open, true],
  ] as const)
    for (const group of groups) lines.push('', ...groupLines(group, (number += 1), isOpen, views));
  const more = result.groupCount - result.groups.length;
  if (more > 0) lines.push('', ...wrap(view.say('DIFF_MORE', { count: more }), view.width));
  lines.push(...places(result, view));
  return `${lines.join('\n')}\n`;
}

/** A line for each group, its parts divided by tabs: how many packets, the packet, and its outcomes on each node. */
export function renderDiffMinimal({ groups }: DiffResult): string {
  return groups
    .map(({ count, a, b }) => {
      const [one, other] = [a, b].map(({ outcomes }) => outcomes.map(minimalLine).join('; '));
      return `${[String(count), sanitize(packetText(a.packet)), `A ${one ?? ''}`, `B ${other ?? ''}`].join('\t')}\n`;
    })
    .join('');
}
