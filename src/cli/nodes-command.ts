/** `natwalk nodes`: the nodes that a transcript, a folder or a bundle holds. */
import { jsonLine } from '../explain/json-text.js';
import { type Language, message } from '../explain/messages/index.js';
import { columnLines } from '../explain/columns.js';
import { sanitize } from '../explain/sanitize.js';
import { readSnapshot } from '../snapshot/files.js';
import { loadNode } from '../snapshot/load.js';
import { type HeldKind, type NodeSummary, nodesOf } from '../snapshot/nodes.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import type { CommonOptions } from './output.js';
import { demandFiles, nothingIn, tellFindings } from './read-node.js';
import { STATUS } from './status.js';

function held({ kind, listings, lines }: HeldKind, language: Language): string {
  return listings === 1
    ? message('NODES_HELD', { kind, lines }, language)
    : message('NODES_HELD_MORE', { kind, listings, lines }, language);
}

/** A line for each node: its name, whether it is the main one, how much it holds, and what. */
function table(nodes: readonly NodeSummary[], language: Language, width: number): string {
  const rows = nodes.map(({ name, isMain, lines, holds }) => [
    sanitize(name),
    isMain ? message('NODES_MAIN', {}, language) : '',
    message('NODES_LINES', { lines }, language),
    holds.map((one) => held(one, language)).join(', '),
  ]);
  return columnLines(rows, width, '')
    .flat()
    .map((line) => `${line}\n`)
    .join('');
}

/** Runs the command. @returns the exit status */
export async function nodesCommand(
  path: string,
  options: CommonOptions & { readonly json?: true },
  io: Io,
): Promise<number> {
  const language = languageOf(io, options);
  const snapshot = await readSnapshot(path, io.stdin());
  const nodes = nodesOf(snapshot.files);
  // Without a node, what each file is takes its place.
  const more = nodes.length > 0 ? [] : loadNode(path, snapshot.files).diagnostics;
  const findings = [...snapshot.diagnostics.list, ...more];
  await tellFindings(findings, io, options);
  demandFiles(snapshot, path);
  if (nodes.length === 0) throw nothingIn(path, findings, 'NODES_NONE');
  await io.stdout.write(
    options.json === true
      ? nodes.map((node) => jsonLine(node)).join('')
      : table(nodes, language, io.stdout.isTerminal ? widthFor(io.stdout) : Infinity),
  );
  return STATUS.done;
}
