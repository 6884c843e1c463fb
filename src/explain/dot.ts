/** A walk in the DOT language, which Graphviz draws. */
import type { TraceResult } from '../packet/result.js';
import { type Picture, type PictureNode, type PictureShape, pictureOf } from './picture.js';
import { type ViewOptions, viewOf } from './view.js';

/** Inside quotes a backslash and a quote are all that means anything. */
const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&');

const label = (lines: readonly string[]): string => `"${lines.map(escaped).join('\\n')}"`;

const ATTRIBUTES: Readonly<Record<PictureShape, string>> = {
  start: 'shape=oval',
  rule: 'shape=box',
  route: 'shape=hexagon',
  nat: 'shape=box, style=rounded',
  good: 'shape=oval, color="#008800", penwidth=3',
  bad: 'shape=oval, color="#bb0000", penwidth=3',
};

const nodeLine = ({ id, shape, lines }: PictureNode): string =>
  `${id} [label=${label(lines)}, ${ATTRIBUTES[shape]}];`;

function linesOf({ start, groups, edges }: Picture): readonly string[] {
  return [
    'digraph walk {',
    '  charset="UTF-8";',
    '  node [fontname="monospace", fontsize=10];',
    `  ${nodeLine(start)}`,
    ...groups.flatMap(({ id, title, nodes }) =>
      title === ''
        ? nodes.map((node) => `  ${nodeLine(node)}`)
        : [
            `  subgraph cluster_${id} {`,
            `    label=${label([title])};`,
            ...nodes.map((node) => `    ${nodeLine(node)}`),
            '  }',
          ],
    ),
    ...edges.map(({ from, to, label: words, dashed }) => {
      const attributes = [
        ...(words === '' ? [] : [`label=${label([words])}`]),
        ...(dashed ? ['style=dashed'] : []),
      ];
      return `  ${from} -> ${to}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`;
    }),
    '}',
  ];
}

/** Draws a result. */
export function renderDot(result: TraceResult, options: ViewOptions = {}): string {
  return linesOf(pictureOf(result, viewOf(options)))
    .map((line) => `${line}\n`)
    .join('');
}
