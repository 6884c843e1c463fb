/** The walk as a graph, for the views that draw it: a node for each decision, in the order of the walk. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { packetText, percent } from './endpoint.js';
import type { Row } from './row.js';
import { walkOf } from './rows.js';
import { sanitize } from './sanitize.js';
import type { View } from './view.js';

export type PictureShape = 'start' | 'rule' | 'route' | 'nat' | 'good' | 'bad';

export interface PictureNode {
  readonly id: string;
  readonly shape: PictureShape;
  /** Lines of its label; nothing in them acts on a terminal, but they are not escaped for any language. */
  readonly lines: readonly string[];
}

/** Decisions that belong together: those of a hook, or a routing decision by itself. */
export interface PictureGroup {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly PictureNode[];
}

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  /** '' for none. */
  readonly label: string;
  readonly dashed: boolean;
}

export interface Picture {
  readonly start: PictureNode;
  readonly groups: readonly PictureGroup[];
  readonly edges: readonly PictureEdge[];
}

/** Longer lines are cut: a comment may have hundreds of characters. */
const LONGEST = 96;

const line = (text: string): string => {
  const safe = sanitize(text);
  const characters = [...safe];
  return characters.length <= LONGEST ? safe : `${characters.slice(0, LONGEST - 3).join('')}...`;
};

function shapeOf(row: Row, outcome: Outcome): PictureShape {
  const step = outcome.steps[row.step];
  if (row.meaning === 'bad') return 'bad';
  if (step?.kind === 'send' || step?.kind === 'deliver') return 'good';
  if (step?.kind === 'route' || step?.kind === 'rp-filter') return 'route';
  return row.changes.some((change) => /^(?:src|dst) /.test(change)) ? 'nat' : 'rule';
}

function labelOf(row: Row): readonly string[] {
  const place = [row.group, row.place, row.rule === '-' ? '' : row.rule]
    .filter((word) => word !== '')
    .join(' ');
  return [place, row.result, ...row.changes].filter((text) => text !== '').map(line);
}

/** The hook of a row's step; of a routing decision the group that its row names. */
function titleOf(row: Row, outcome: Outcome): string {
  const step = outcome.steps[row.step];
  return step !== undefined && 'hook' in step ? step.hook : row.group;
}

class Draft {
  readonly groups: { id: string; title: string; nodes: PictureNode[] }[] = [];
  readonly edges: PictureEdge[] = [];
  #count = 0;

  /** One walk from a node on. @returns its last node */
  walk(outcome: Outcome, from: string, edge: Pick<PictureEdge, 'label' | 'dashed'>, view: View): string {
    let last = from;
    let next = edge;
    let title: string | null = null;
    for (const row of walkOf(outcome, view).rows) {
      const own = titleOf(row, outcome);
      if (title === null || own !== title) {
        this.groups.push({ id: `g${String(this.groups.length + 1)}`, title: line(own), nodes: [] });
        title = own;
      }
      this.#count += 1;
      const id = `n${String(this.#count)}`;
      this.groups.at(-1)?.nodes.push({ id, shape: shapeOf(row, outcome), lines: labelOf(row) });
      this.edges.push({ from: last, to: id, ...next });
      last = id;
      next = { label: '', dashed: false };
    }
    return last;
  }
}

/** Draws a result: every outcome from the packet on, and the answer behind it where that was walked too. */
export function pictureOf(result: TraceResult, view: View): Picture {
  const { packet, outcomes } = result;
  const device = packet.in === null ? '' : ` ${view.say('IN_DEVICE', { device: packet.in })}`;
  const start: PictureNode = { id: 'start', shape: 'start', lines: [line(`${packetText(packet)}${device}`)] };
  const draft = new Draft();
  for (const [index, outcome] of outcomes.entries()) {
    const share = outcome.probability === null ? '?' : percent(outcome.probability);
    const label = outcomes.length > 1 ? `${String(index + 1)}: ${share}` : '';
    const end = draft.walk(outcome, start.id, { label, dashed: false }, view);
    if (outcome.reply !== undefined)
      draft.walk(outcome.reply, end, { label: line(view.say('REPLY')), dashed: true }, view);
  }
  return { start, groups: draft.groups, edges: draft.edges };
}
