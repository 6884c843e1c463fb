/** A walk as a Mermaid flowchart. */
import type { TraceResult } from '../packet/result.js';
import { type Picture, type PictureNode, type PictureShape, pictureOf } from './picture.js';
import { type ViewOptions, viewOf } from './view.js';

/** Everything but letters, digits and a few harmless signs becomes a character code, so that no label is syntax. */
function escaped(text: string): string {
  return text.replace(
    /[^\p{L}\p{N} .,:/+*=_@-]/gu,
    (character) => `#${String(character.codePointAt(0) ?? 0)};`,
  );
}

const label = (lines: readonly string[]): string => `"${lines.map(escaped).join('<br/>')}"`;

const BRACKETS: Readonly<Record<PictureShape, readonly [string, string]>> = {
  start: ['([', '])'],
  rule: ['[', ']'],
  route: ['{{', '}}'],
  nat: ['(', ')'],
  good: ['([', '])'],
  bad: ['([', '])'],
};

function nodeLine({ id, shape, lines }: PictureNode): string {
  const [open, close] = BRACKETS[shape];
  const mark = shape === 'good' || shape === 'bad' ? `:::${shape}` : '';
  return `${id}${open}${label(lines)}${close}${mark}`;
}

function linesOf({ start, groups, edges }: Picture): readonly string[] {
  return [
    'flowchart TD',
    `  ${nodeLine(start)}`,
    ...groups.flatMap(({ id, title, nodes }) =>
      title === ''
        ? nodes.map((node) => `  ${nodeLine(node)}`)
        : [`  subgraph ${id} [${label([title])}]`, ...nodes.map((node) => `    ${nodeLine(node)}`), '  end'],
    ),
    ...edges.map(({ from, to, label: words, dashed }) => {
      const arrow = dashed ? '-.->' : '-->';
      return `  ${from} ${arrow}${words === '' ? '' : `|${label([words])}|`} ${to}`;
    }),
    '  classDef good stroke:#080,stroke-width:3px',
    '  classDef bad stroke:#b00,stroke-width:3px',
  ];
}

/** Draws a result. */
export function renderMermaid(result: TraceResult, options: ViewOptions = {}): string {
  return linesOf(pictureOf(result, viewOf(options)))
    .map((line) => `${line}\n`)
    .join('');
}
