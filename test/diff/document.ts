/** docs/DIFF.md, from the recorded table. */
import { BUDGET, type Row } from './table.js';

export interface Table {
  readonly faults: readonly Row[];
  readonly harmless: readonly Row[];
}

const NODES: Readonly<Record<Row['node'], string>> = {
  eks: 'the embedded EKS node (`examples/eks-node`)',
  busy: 'a node with services, filters, sets and several routing tables (`test/diff/nodes.ts`)',
  native: 'the same network, filtered and translated by nftables alone',
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const isNumber = (at: number): boolean => at >= 2;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => (isNumber(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (isNumber(at) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)];
}

/** The text of the document. */
export function documentOf({ faults, harmless }: Table): string {
  const found = faults.filter(({ different }) => different > 0).length;
  const anywhere = faults.filter((row) => typeof row.anywhere === 'number').length;
  const routes = faults.filter((row) => typeof row.routes === 'number').length;
  const after = (count: number | null | undefined): string =>
    typeof count === 'number' ? String(count) : 'never';
  const quiet = harmless.filter(({ different }) => different === 0).length;
  const lines = [
    '# What natwalk diff finds',
    '',
    'Made by `npm run diff:table`; a test holds this text against the recorded table and runs a part of it again.',
    '',
    'Each row is one change of one listing of a node. `natwalk diff` compares the node with the changed one and walks at most',
    `${String(BUDGET)} packets (its own default is 10,000). Beside it stand as many packets drawn at random, in two ways: from all addresses,`,
    "and from addresses within the networks that the node's routes name (a pod's own route as often as the default one). Ports are",
    'drawn from all 65,536, the way in from all devices and the node itself.',
    '',
    ...Object.entries(NODES).map(([name, text]) => `- ${name}: ${text}`),
    '',
    `## ${String(faults.length)} changes that matter`,
    '',
    `diff finds ${String(found)} of ${String(faults.length)}; as many random packets find ${String(anywhere)}, and ${String(routes)} when drawn by the routes.`,
    '',
    ...table(
      [
        'change',
        'node',
        'packets walked',
        'of these different',
        'causes',
        'random: first after',
        'by routes: first after',
      ],
      faults.map(({ name, node, walked, different, causes, ...row }) => [
        name,
        node,
        ...[walked, different, causes].map(String),
        after(row.anywhere),
        after(row.routes),
      ]),
    ),
    '',
    `## ${String(harmless.length)} changes without effect`,
    '',
    `diff is silent for ${String(quiet)} of ${String(harmless.length)}.`,
    '',
    ...table(
      ['change', 'node', 'packets walked', 'of these different'],
      harmless.map(({ name, node, walked, different }) => [name, node, ...[walked, different].map(String)]),
    ),
    '',
  ];
  return lines.join('\n');
}
