/** `natwalk nodes`: the nodes that a transcript, a folder or a bundle holds. */
import { message } from '../explain/messages/index.js';
import { sanitize } from '../explain/sanitize.js';
import { readSnapshot } from '../snapshot/files.js';
import { loadNode } from '../snapshot/load.js';
import { type HeldKind, type NodeSummary, nodesOf } from '../snapshot/nodes.js';
import type { Io } from './io.js';
import { type CommonOptions, languageOf } from './output.js';
import { demandFiles, nothingIn, tellFindings } from './read-node.js';
import { STATUS } from './status.js';

function held({ kind, listings, lines }: HeldKind): string {
  return listings === 1
    ? message('NODES_HELD', { kind, lines })
    : message('NODES_HELD_MORE', { kind, listings, lines });
}

/** A line for each node: its name, whether it is the main one, how much it holds, and what. */
function table(nodes: readonly NodeSummary[]): string {
  const rows = nodes.map(({ name, isMain, lines, holds }) => [
    sanitize(name),
    isMain ? message('NODES_MAIN') : '',
    message('NODES_LINES', { lines }),
    holds.map(held).join(', '),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ')}\n`,
    )
    .join('');
}

/** Runs the command. @returns the exit status */
export async function nodesCommand(
  path: string,
  options: CommonOptions & { readonly json?: true },
  io: Io,
): Promise<number> {
  await languageOf(io, options);
  const snapshot = await readSnapshot(path, io.stdin());
  const nodes = nodesOf(snapshot.files);
  // Without a node, what each file is takes its place.
  const more = nodes.length > 0 ? [] : loadNode(path, snapshot.files).diagnostics;
  const findings = [...snapshot.diagnostics.list, ...more];
  await tellFindings(findings, io, options);
  demandFiles(snapshot, path);
  if (nodes.length === 0) throw nothingIn(path, findings, 'NODES_NONE');
  await io.stdout.write(
    options.json === true ? nodes.map((node) => `${JSON.stringify(node)}\n`).join('') : table(nodes),
  );
  return STATUS.done;
}
