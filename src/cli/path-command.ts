/** `natwalk path`: a packet's way across nodes and the network between them, and the answer back. */
import type { PacketOptions } from '../ask/packet-options.js';
import { pathPacketOf } from '../ask/path-packet.js';
import { walkPathSettled } from '../ask/settle-path.js';
import { jsonLine } from '../explain/json-text.js';
import { pathJson, renderPathMermaid } from '../explain/path-json.js';
import { renderPath } from '../explain/path.js';
import { PacketError } from '../packet/complete.js';
import { loadCluster } from './cluster-load.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, formatOf, paintFor } from './output.js';
import { asUsage } from './problem.js';
import { tellFindings } from './read-node.js';
import { STATUS } from './status.js';

/** Options of `path` as Commander hands them over. */
export interface PathCommandOptions extends CommonOptions, PacketOptions {
  readonly output?: string;
  readonly json?: true;
  readonly strict?: true;
  readonly assume?: readonly string[];
  readonly pick?: string;
}

const FORMATS = ['text', 'json', 'mermaid'] as const;

/** Runs the command. @throws UsageError for a faulty cluster, or ends that it does not have */
export async function pathCommand(path: string, options: PathCommandOptions, io: Io): Promise<number> {
  const format = formatOf(options, FORMATS, 'text');
  const language = languageOf(io, options);
  const paint = paintFor(io.stdout, io, options);
  const world = await loadCluster(path, io, options);
  const { origin, input } = pathPacketOf(world, options);
  try {
    const { result, warnings } = walkPathSettled(world, origin, input, options);
    await tellFindings(warnings, io, options);
    if (format === 'json') await io.stdout.write(jsonLine(pathJson(result)));
    else if (format === 'mermaid') await io.stdout.write(renderPathMermaid(result, { language }));
    else await io.stdout.write(renderPath(result, { language, paint, width: widthFor(io.stdout) }));
    const open = result.truncated || result.outcomes.some(({ probability }) => probability === null);
    return options.strict === true && open ? STATUS.assumed : STATUS.done;
  } catch (error) {
    if (error instanceof PacketError) throw asUsage(error);
    throw error;
  }
}
