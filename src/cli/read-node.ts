/** Reads the snapshot that a command names, and tells what was found on the way. */
import type { Family } from '../address/address.js';
import { renderDiagnostics } from '../explain/diagnostic.js';
import type { Node } from '../packet/node.js';
import { readSnapshot } from '../snapshot/files.js';
import { loadNode } from '../snapshot/load.js';
import type { Diagnostic } from '../source/diagnostic.js';
import type { Io } from './io.js';
import { type CommonOptions, paintFor } from './output.js';
import { misuse } from './usage.js';

/** What a snapshot lacks of the other family does not concern a packet of this one. */
function concerns({ span, params }: Diagnostic, family: Family | null): boolean {
  return family === null || span !== null || params['family'] === undefined || params['family'] === family;
}

/**
 * Reads a node; its findings go to standard error.
 * @param family of the packet that the node is read for; null for all
 * @throws UsageError when there is nothing that could be read
 */
export async function readNode(
  path: string,
  io: Io,
  options: CommonOptions,
  family: Family | null,
): Promise<Node> {
  const { files, diagnostics } = await readSnapshot(path);
  const loaded = loadNode(path, files);
  const node: Node = { ...loaded, diagnostics: [...diagnostics.list, ...loaded.diagnostics] };
  const text = renderDiagnostics(
    node.diagnostics.filter((one) => concerns(one, family)),
    { paint: paintFor(io.stderr, io, options) },
  );
  if (text !== '') await io.stderr.write(`${text}\n`);
  if (files.length === 0) {
    const reason = diagnostics.list[0]?.params['reason'];
    throw misuse('NODE_UNREADABLE', null, { path, reason: reason ?? 'no file in it is a text' });
  }
  if (node.diagnostics.some((one) => one.code === 'READ_NOTHING')) throw misuse('NODE_EMPTY', null, { path });
  return node;
}
