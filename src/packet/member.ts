/** Frames that a member of a bridge, bond or team receives are handed to the master, as whose the node's rules see them. */
import type { Link, Network } from '../routing/model.js';
import { vrfOf } from '../routing/source.js';

/** Kinds of masters that change a packet's device before IP sees it (rx_handler; net/bridge, drivers/net/bonding). */
const TAKES: ReadonlySet<string> = new Set(['bridge', 'bond', 'team']);

/** The master that receives in the link's place; null for none, and where it is of a kind that natwalk does not follow. */
function receiverFor(network: Network, link: Link): string | null {
  const { master, slave } = link;
  if (master === null) return null;
  const kind = network.links.get(master)?.kind ?? '';
  if (slave !== undefined || kind !== '') return TAKES.has(slave ?? kind) ? master : null;
  // Without -d the kind is not listed: a VRF tells itself by its flags, the datapath of Open vSwitch by its name.
  return vrfOf(network, link) !== null || master.startsWith('ovs-') ? null : master;
}

/** Is the device a bridge? Without -d it is one whose members' frames it takes, and no bond, which has the flag MASTER. */
export function isBridge(network: Network, device: string): boolean {
  const link = network.links.get(device);
  if (link?.kind !== undefined && link.kind !== '') return link.kind === 'bridge';
  if (link === undefined || link.flags.includes('MASTER')) return false;
  return [...network.links.values()].some(
    (member) => member.master === device && receiverFor(network, member) === device,
  );
}

/** The device as which packets reach IP that come in by a device: itself, or the outermost one that it is a member of. */
export function receiverOf(network: Network, device: string): string {
  const seen = new Set([device]);
  for (const name of seen) {
    const link = network.links.get(name);
    const receiver = link === undefined ? null : receiverFor(network, link);
    if (receiver === null) return name;
    seen.add(receiver);
  }
  return device;
}
