/** What tcpdump sees at the ports of a bridge, beside the bridge itself. */
import { type Address, formatAddress, parseAddress } from '../../address/address.js';
import { contains, parsePrefix } from '../../address/prefix.js';
import type { Node } from '../../packet/node.js';
import type { Link } from '../../routing/model.js';
import type { LabPod } from '../lab.js';
import type { Hop } from '../../explain/hops.js';
import type { Sight } from './sight.js';

interface Bridge {
  readonly link: Link;
  readonly ports: ReadonlyMap<Address, Link>;
}

/** Is the address one of the device's network, but not the device's own? */
function isBehind({ addresses }: Link, address: Address): boolean {
  return (
    addresses.every((one) => one.address !== address) &&
    addresses.some((one) => {
      const network = parsePrefix(`${formatAddress(one.address)}/${String(one.length)}`);
      return network !== null && contains(network, address);
    })
  );
}

/** Bridges whose pods are as many as their ports: both came in the same order. */
function bridgesOf({ networks }: Node, pods: readonly LabPod[]): ReadonlyMap<string, Bridge> {
  const links = [...networks[4].links.values()];
  const bridges = links.flatMap((link): Bridge[] => {
    const ports = links.filter(({ master }) => master === link.name).sort((a, b) => a.index - b.index);
    const behind = pods.filter(({ address }) => isBehind(link, address));
    if (ports.length === 0 || ports.length !== behind.length) return [];
    const paired = behind.flatMap(({ address }, at): [Address, Link][] => {
      const port = ports[at];
      return port === undefined ? [] : [[address, port]];
    });
    return [{ link, ports: new Map(paired) }];
  });
  return new Map(bridges.map((bridge) => [bridge.link.name, bridge]));
}

/** The device of a pod on a bridge; null where it is not known. */
export function portOf(node: Node, pods: readonly LabPod[], address: Address): Link | null {
  for (const { ports } of bridgesOf(node, pods).values()) {
    const port = ports.get(address);
    if (port !== undefined) return port;
  }
  return null;
}

const at = ({ ports }: Bridge, text: string): Link | undefined => {
  const address = parseAddress(text);
  return address === null ? undefined : ports.get(address);
};

/** A hop, and whether its frame was addressed to somebody else. */
type Seen = Pick<Sight, 'hop'> & { readonly isForOther?: true };

/** The hops of one packet with those at ports (net/bridge/br_netfilter_hooks.c, which Docker and kube-proxy demand). */
function hopsWithPorts(hops: readonly Hop[], bridges: ReadonlyMap<string, Bridge>): readonly Seen[] {
  const [first, last] = [hops[0], hops.at(-1)];
  if (first === undefined || last === undefined) return [];
  const into = first.direction === 'In' ? bridges.get(first.device) : undefined;
  const out = last.direction === 'Out' ? bridges.get(last.device) : undefined;
  const entry = into === undefined ? undefined : at(into, first.header.src);
  const exit = out === undefined ? undefined : at(out, last.header.dst);
  const isOnBridge = into !== undefined && into === out && entry !== undefined && exit !== undefined;
  // The frame goes to the other port, or to the bridge, where PREROUTING gives it another destination.
  const isDirect = isOnBridge && at(into, first.header.dst) !== undefined;
  const isTurned = isOnBridge && !isDirect && first.header.dst !== last.header.dst;
  const isForOther = isDirect || entry?.mac !== into?.link.mac;
  const { dst, dport } = last.header;
  return [
    ...(entry === undefined
      ? []
      : [{ hop: { ...first, device: entry.name }, ...(isForOther ? { isForOther } : {}) }]),
    ...hops.flatMap((hop): Seen[] => {
      if (isDirect || (isTurned && hop === first)) return [];
      // The hooks of PREROUTING have seen it at the port.
      const isSeenBefore = hop === first && entry !== undefined && hop !== last;
      return [{ hop: isSeenBefore ? { ...hop, header: { ...hop.header, dst, dport } } : hop }];
    }),
    ...(exit === undefined ? [] : [{ hop: { ...last, device: exit.name } }]),
  ];
}

/** Sights with those at the ports of bridges. */
export function withPorts(sights: readonly Sight[], node: Node, pods: readonly LabPod[]): readonly Sight[] {
  const bridges = bridgesOf(node, pods);
  if (bridges.size === 0) return sights;
  const ways = new Map<number, Sight[]>();
  for (const sight of sights) ways.set(sight.way, [...(ways.get(sight.way) ?? []), sight]);
  return [...ways.values()].flatMap((way) => {
    const [first] = way;
    if (first === undefined) return [];
    const hops = way.map(({ hop }) => hop);
    return hopsWithPorts(hops, bridges).map((seen) => ({ ...first, ...seen }));
  });
}
