/**
 * Chains that see frames at a device or in a bridge, before or behind the hooks of routed packets. No walk goes through
 * them: an outcome rests on what they let pass.
 */
import { UNKNOWN_INTERFACE } from '../iptables/view.js';
import type { NftChain, NftHook, NftTable } from '../nft/model.js';
import { isCondition, isInert } from '../nft/statement.js';
import type { Link } from '../routing/model.js';
import { nativeTableName } from './chain-stage.js';
import type { Node } from './node.js';
import type { Walk } from './walk.js';

/** A packet comes in by a device, or leaves by it. */
export type Side = 'in' | 'out';

/** Where chains of a device and of a bridge see what comes in and what leaves (net/core/dev.c, net/bridge/br_input.c). */
const HOOKS: Readonly<
  Record<Side, { readonly device: readonly NftHook[]; readonly bridge: readonly NftHook[] }>
> = {
  in: { device: ['ingress'], bridge: ['prerouting', 'input'] },
  out: { device: ['egress'], bridge: ['output', 'postrouting'] },
};

/** Might the chain do anything but count? */
function mayAct({ rules, policy, cut }: NftChain): boolean {
  const counts = rules.every(({ statements }) => statements.every((one) => isCondition(one) || isInert(one)));
  return policy === 'drop' || cut || !counts;
}

/** A bridge, unless a listing says that it is something else that has members. */
function isBridge(device: string, links: ReadonlyMap<string, Link>): boolean {
  const kind = links.get(device)?.kind;
  if (kind !== undefined && kind !== '') return kind === 'bridge';
  return [...links.values()].some(({ master, slave = 'bridge' }) => master === device && slave === 'bridge');
}

/** Devices whose frames carry their packets in the frames of the device below them. */
const STACKED: ReadonlySet<string> = new Set(['vlan', 'macvlan', 'ipvlan', 'macsec']);

function isStacked({ kind, name, peer }: Link): boolean {
  return kind === undefined ? name.startsWith(`${peer ?? ''}.`) : STACKED.has(kind);
}

/** The device, and those by which its frames come and go: members of a bridge or bond, what a VLAN is of. */
function devicesOf(device: string, links: ReadonlyMap<string, Link>): ReadonlySet<string> {
  const found = new Set<string>([device]);
  for (const name of found) {
    const link = links.get(name);
    if (link !== undefined && link.peer !== null && isStacked(link) && links.has(link.peer))
      found.add(link.peer);
    for (const member of links.values()) if (member.master === name) found.add(member.name);
  }
  return found;
}

function isNamed(device: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? device.startsWith(pattern.slice(0, -1)) : pattern === device,
  );
}

/** A device that the snapshot does not tell may be any, and so may one that the listing leaves out. */
function seesDevice({ base }: NftChain, devices: ReadonlySet<string>): boolean {
  if (base === null || base.devices.length === 0 || devices.has(UNKNOWN_INTERFACE)) return true;
  return [...devices].some((device) => isNamed(device, base.devices));
}

/** Tables whose chains may see frames; found once per node, for most have none. */
const TABLES = new WeakMap<Node, readonly NftTable[]>();

const isFrameHook = ({ base }: NftChain): boolean => base?.hook === 'ingress' || base?.hook === 'egress';

function frameTables(node: Node): readonly NftTable[] {
  const known = TABLES.get(node);
  if (known !== undefined) return known;
  const found = (node.nft?.tables ?? []).filter(
    ({ family, flags, chains }) =>
      !flags.includes('dormant') &&
      (family === 'bridge' || family === 'netdev' || [...chains.values()].some(isFrameHook)),
  );
  TABLES.set(node, found);
  return found;
}

/** Rests the outcome on the chains that see what passes the device and that no walk goes through. */
export function assumeAside(walk: Walk, side: Side, device: string): void {
  const tables = frameTables(walk.node);
  if (tables.length === 0) return;
  const { links } = walk.network;
  const devices = devicesOf(device, links);
  const bridged = [...devices].some((name) => isBridge(name, links));
  for (const table of tables)
    for (const chain of table.chains.values()) {
      const params = { table: nativeTableName(table), chain: chain.name };
      // Chains of the other families that could not be read are named with their tables.
      if (chain.baseUnknown && table.family === 'netdev') walk.assume('ASM_NFT_BASE', params);
      const hooks = HOOKS[side][table.family === 'bridge' ? 'bridge' : 'device'];
      if (chain.base === null || !hooks.includes(chain.base.hook) || !mayAct(chain)) continue;
      if (table.family === 'bridge' ? bridged : seesDevice(chain, devices))
        walk.assume('ASM_NFT_ASIDE', { ...params, hook: chain.base.hook, device });
    }
}
