/** Reads the cluster file of `natwalk path`, and the nodes that it names. */
import { readFile } from 'node:fs/promises';
import { readCluster } from '../cluster/read.js';
import { World } from '../cluster/world.js';
import { describe } from '../explain/messages/index.js';
import type { Node } from '../packet/node.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { fromHere } from './check-load.js';
import type { Io } from './io.js';
import { languageOf } from './language.js';
import type { CommonOptions } from './output.js';
import { readQuietly, tellFindings } from './read-node.js';
import { UsageError, misuse } from './usage.js';

async function readText(path: string): Promise<SourceText> {
  try {
    return new SourceText(path, (await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw misuse('CLUSTER_UNREADABLE', null, { path, reason });
  }
}

/**
 * Reads a cluster; its faults go to standard error, each with its place.
 * @throws UsageError when there is any
 */
export async function loadCluster(path: string, io: Io, options: CommonOptions): Promise<World> {
  const diagnostics = new Diagnostics();
  const spec = readCluster(path, await readText(path), diagnostics);
  const nodes = new Map<string, Node>();
  for (const { name, path: written, span } of spec.nodes) {
    try {
      nodes.set(name, await readQuietly(fromHere(path, written), io, options));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const [mistake] = error.mistakes;
      const reason =
        mistake === undefined ? '' : describe(mistake.code, mistake.params, languageOf(io, options));
      diagnostics.error('CLUSTER_NODE_PATH', span, { path: written, reason });
    }
  }
  if (diagnostics.list.length > 0) {
    await tellFindings(diagnostics.list, io, options);
    throw misuse('CLUSTER_FAULTY', null, { path });
  }
  return new World(spec, nodes);
}
