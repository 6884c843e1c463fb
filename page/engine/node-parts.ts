/** What the page asks of a node besides walks. */
import { formatAddress } from '../../src/address/address.js';
import type { AnyRule } from '../../src/packet/any-rule.js';
import { PacketError } from '../../src/packet/complete.js';
import type { Node } from '../../src/packet/node.js';
import { trace } from '../../src/packet/trace.js';
import { EMPTY_PACKET } from '../shared/empty-packet.js';
import type { PacketForm } from '../shared/protocol.js';
import type { ChainName } from '../shared/walk.js';

/** A chain's rules, and of a base chain its policy. */
export interface ChainParts {
  readonly rules: readonly AnyRule[];
  readonly policy: string | null;
}

/** Finds a chain by the names that results give to its table. */
export function chainParts(node: Node, family: 4 | 6, { table, chain, backend }: ChainName): ChainParts {
  const native = node.nativeTables[family].find((one) => `${one.family} ${one.name}` === table);
  if (native !== undefined) {
    const found = native.chains.get(chain);
    const isBase = found !== undefined && found.base !== null;
    return { rules: found?.rules ?? [], policy: isBase ? (found.policy ?? 'accept') : null };
  }
  const { other } = node.ruleSets[family];
  const set = backend !== undefined && other?.backend === backend ? other : node.ruleSets[family];
  const own = [...set.tables.values()].find(({ name }) => name === table)?.chains.get(chain);
  return { rules: own?.rules ?? [], policy: own?.policy ?? null };
}

/** Rules of all chains. */
export function ruleCount({ ruleSets, nativeTables }: Node): number {
  let count = 0;
  for (const family of [4, 6] as const) {
    const set = ruleSets[family];
    for (const one of [set, set.other])
      for (const table of one?.tables.values() ?? [])
        for (const { rules } of table.chains.values()) count += rules.length;
    for (const table of nativeTables[family])
      for (const { rules } of table.chains.values()) count += rules.length;
  }
  return count;
}

/** Interfaces in the order of the listing. */
export function interfacesOf({ networks }: Node): readonly string[] {
  return [...new Set([...networks[4].links.keys(), ...networks[6].links.keys()])];
}

/** The address of a pod on the node, as its rules and routes show it: one with a policy rule of its own before all others. */
function podAddress({ networks }: Node): string | null {
  const { rules, tables } = networks[4];
  const own = rules.find(({ from, action }) => from?.length === 32 && action.kind === 'lookup');
  if (own !== undefined && own.from !== null) return formatAddress(own.from.address);
  const routes = [...tables.values()].flat();
  const gateways = new Set(routes.flatMap(({ nexthops }) => nexthops.map(({ via }) => via)));
  const single = routes.find(
    ({ type, destination, nexthops, source }) =>
      !gateways.has(destination.address) &&
      type === 'unicast' &&
      destination.length === 32 &&
      source === null &&
      nexthops.length === 1 &&
      nexthops[0]?.via === null,
  );
  return single === undefined ? null : formatAddress(single.destination.address);
}

/** Can such a packet be walked on the node? */
function isWalkable(node: Node, { from, to }: PacketForm): boolean {
  const dst = to.replace(/:443$/, '').replace(/^\[|\]$/g, '');
  try {
    const packet = { proto: 'tcp', dst, dport: 443, ...(from === '' ? {} : { src: from }) };
    trace(node, packet, { steps: false, limit: 1 });
    return true;
  } catch (error) {
    if (error instanceof PacketError) return false;
    throw error;
  }
}

/** A packet to begin with: that of a pod to the internet, or of the node itself. */
export function examplePacket(node: Node): PacketForm {
  const from = podAddress(node);
  const has4 = node.networks[4].tables.size > 0 || node.networks[6].tables.size === 0;
  const own = { ...EMPTY_PACKET, to: has4 ? '8.8.8.8:443' : '[2001:4860:4860::8888]:443' };
  const pod = from === null ? own : { ...own, from, to: '8.8.8.8:443' };
  return isWalkable(node, pod) ? pod : own;
}
