/** `natwalk path`: a packet's way across nodes and the network between them, and the answer back. */
import { type Origin, walkPath } from '../cluster/path.js';
import type { World } from '../cluster/world.js';
import { jsonLine } from '../explain/json-text.js';
import { pathJson, renderPathMermaid } from '../explain/path-json.js';
import { renderPath } from '../explain/path.js';
import type { Literal } from '../names/ends.js';
import { PacketError } from '../packet/complete.js';
import type { PacketInput } from '../packet/result.js';
import { loadCluster } from './cluster-load.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, formatOf, paintFor } from './output.js';
import { type PacketOptions, readPacketDraft } from '../ask/packet-options.js';
import { readFrom, readTo } from '../ask/path-ends.js';
import { asUsage } from './problem.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

/** Options of `path` as Commander hands them over. */
export interface PathCommandOptions extends CommonOptions, PacketOptions {
  readonly output?: string;
  readonly json?: true;
  readonly strict?: true;
}

const FORMATS = ['text', 'json', 'mermaid'] as const;

function sportOf(from: Literal | null): Pick<PacketInput, 'sport'> {
  const port = from?.port ?? null;
  return port === null ? {} : { sport: port };
}

/** The packet's other fields are those of `trace`. */
function packetOf(
  world: World,
  options: PathCommandOptions,
): { readonly origin: Origin; readonly input: PacketInput } {
  const from = readFrom(world, options.from);
  const to: Literal = readTo(world, options.to, from, options.proto?.toLowerCase() ?? null);
  const { from: _from, ...rest } = options;
  const draft = readPacketDraft({ ...rest, to: to.address.includes(':') ? `[${to.address}]` : to.address });
  const icmp = to.address.includes(':') ? 'icmpv6' : 'icmp';
  const { literal, origin } = from;
  if (literal !== null && literal.address.includes(':') !== to.address.includes(':'))
    throw misuse('USAGE_FAMILY', '--to');
  const input: PacketInput = {
    ...draft.rest,
    ...(origin.kind === 'node' ? { in: null } : {}),
    proto: draft.proto ?? (draft.isIcmp ? icmp : 'tcp'),
    dst: to.address,
    ...(to.port === null ? {} : { dport: to.port }),
    ...(literal === null ? {} : { src: literal.address }),
    ...sportOf(literal),
  };
  return { origin, input };
}

/** Runs the command. @throws UsageError for a faulty cluster, or ends that it does not have */
export async function pathCommand(path: string, options: PathCommandOptions, io: Io): Promise<number> {
  const format = formatOf(options, FORMATS, 'text');
  const language = languageOf(io, options);
  const paint = paintFor(io.stdout, io, options);
  const world = await loadCluster(path, io, options);
  const { origin, input } = packetOf(world, options);
  try {
    const result = walkPath(world, origin, input);
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
