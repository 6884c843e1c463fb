/** A packet of a path: its ends are pods, nodes, services, load balancers or addresses of a cluster. */
import type { Origin } from '../cluster/path.js';
import type { World } from '../cluster/world.js';
import type { Literal } from '../names/ends.js';
import type { PacketInput } from '../packet/result.js';
import { misuse } from './mistake.js';
import { type PacketOptions, readPacketDraft } from './packet-options.js';
import { readFrom, readTo } from './path-ends.js';

function sportOf(from: Literal | null): Pick<PacketInput, 'sport'> {
  const port = from?.port ?? null;
  return port === null ? {} : { sport: port };
}

/**
 * Reads the options; the packet's other fields are those of `trace`.
 * @throws UsageError for ends that the cluster does not have
 */
export function pathPacketOf(
  world: World,
  options: PacketOptions,
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
