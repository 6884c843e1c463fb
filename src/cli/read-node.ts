/** Reads the snapshot that a command names, and tells what was found on the way. */
import { renderDiagnostics } from '../explain/diagnostic.js';
import type { Node } from '../packet/node.js';
import { readSnapshot } from '../snapshot/files.js';
import { loadNode } from '../snapshot/load.js';
import type { Io } from './io.js';
import { type CommonOptions, paintFor } from './output.js';
import { misuse } from './usage.js';

/**
 * Reads a node; its findings go to standard error.
 * @throws UsageError when there is nothing that could be read
 */
export async function readNode(path: string, io: Io, options: CommonOptions): Promise<Node> {
  const { files, diagnostics } = await readSnapshot(path);
  const loaded = loadNode(path, files);
  const node: Node = { ...loaded, diagnostics: [...diagnostics.list, ...loaded.diagnostics] };
  const text = renderDiagnostics(node.diagnostics, { paint: paintFor(io.stderr, io, options) });
  if (text !== '') await io.stderr.write(`${text}\n`);
  if (files.length === 0) {
    const reason = diagnostics.list[0]?.params['reason'];
    throw misuse('NODE_UNREADABLE', null, { path, reason: reason ?? 'no file in it is a text' });
  }
  if (node.diagnostics.some((one) => one.code === 'READ_NOTHING')) throw misuse('NODE_EMPTY', null, { path });
  return node;
}
