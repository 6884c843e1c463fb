/** The ends of a path: pods, nodes, services and load balancers of a cluster by their names. */
import { type Address, formatAddress, parseAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import type { Origin } from '../cluster/path.js';
import type { Balancer } from '../cluster/spec.js';
import type { World } from '../cluster/world.js';
import { type End, type Literal, resolveEnds } from '../names/ends.js';
import { parseReference } from '../names/reference.js';
import { readEndpoint } from '../ask/packet-options.js';
import { misuse } from './mistake.js';

/** Who sends, and from which address and port; no address where the node selects it. */
export interface From {
  readonly origin: Origin;
  readonly literal: Literal | null;
}

const readPort = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : null;

function unknownEnd(world: World, option: string, text: string): Error {
  const { nodes, pods, balancers } = world.spec;
  const names = [
    ...pods.map(({ name }) => `pod:${name}`),
    ...nodes.map(({ name }) => `node:${name}`),
    ...balancers.map(({ name }) => `nlb:${name}`),
  ];
  return misuse('PATH_UNKNOWN_END', option, {
    option,
    text,
    names: [...names.slice(0, 12), 'outside'].join(', '),
  });
}

/** A name that a node's own listings know, kubectl's or kube-proxy's. */
function listed(
  world: World,
  end: End,
  protocol: number | null,
): { readonly node: string; readonly to: Literal } | null {
  for (const [name, node] of world.nodes) {
    const found = resolveEnds(node.names, { from: null, to: end }, protocol);
    if (!('problem' in found)) return { node: name, to: found.to };
  }
  return null;
}

/** The node that a pod's address is routed to without a next hop. */
function nodeOfPod(world: World, text: string): string | null {
  const known = world.podAt(text)?.node ?? world.ownerOf(text)?.node;
  if (known !== undefined) return known;
  const address = parseAddress(text);
  for (const [name, node] of world.nodes)
    for (const routes of node.networks[typeof address === 'bigint' ? 6 : 4].tables.values())
      for (const { destination, type, nexthops } of routes)
        if (
          type === 'unicast' &&
          nexthops[0]?.via === null &&
          destination.address === address &&
          destination.length === (typeof address === 'bigint' ? 128 : 32)
        )
          return name;
  return null;
}

function isOwn(world: World, node: string, address: Address | null): boolean {
  const networks = world.nodes.get(node)?.networks;
  if (networks === undefined || address === null) return false;
  return [...networks[4].links.values(), ...networks[6].links.values()].some(({ addresses }) =>
    addresses.some((one) => one.address === address),
  );
}

/** Reads `--from`. @throws UsageError */
export function readFrom(world: World, text: string | undefined): From {
  if (text === undefined) throw misuse('PATH_NO_SOURCE', null);
  if (text === 'outside')
    return {
      origin: { kind: 'outside' },
      literal: { address: formatAddress(world.spec.outside), port: null },
    };
  const [, kind = '', name = '', port] = /^(pod|node):([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  if (kind === 'node' && world.nodes.has(name))
    return { origin: { kind: 'node', node: name }, literal: null };
  const pod = kind === 'pod' ? world.spec.pods.find((one) => one.name === name) : undefined;
  if (pod !== undefined)
    return {
      origin: { kind: 'pod', node: pod.node, name },
      literal: { address: formatAddress(pod.address), port: readPort(port) },
    };
  const reference = parseReference(text);
  const literal =
    reference === null ? readEndpoint('--from', text) : (listed(world, reference, null)?.to ?? null);
  if (literal === null) throw unknownEnd(world, '--from', text);
  const address = parseAddress(literal.address);
  for (const node of world.nodes.keys())
    if (isOwn(world, node, address)) return { origin: { kind: 'node', node }, literal };
  const node = nodeOfPod(world, literal.address);
  if (node === null) return { origin: { kind: 'outside' }, literal };
  return {
    origin: { kind: 'pod', node, name: world.podAt(literal.address)?.name ?? literal.address },
    literal,
  };
}

function balancerEnd({ addresses, publicAddresses, port }: Balancer, isOutside: boolean): Literal | null {
  const address = isOutside ? (publicAddresses[0] ?? addresses[0]) : addresses[0];
  return address === undefined ? null : { address: formatAddress(address), port };
}

/** Reads `--to`. @throws UsageError */
export function readTo(
  world: World,
  text: string | undefined,
  { origin }: From,
  proto: string | null,
): Literal {
  if (text === undefined) throw misuse('USAGE_MISSING', null, { option: '--to' });
  if (text === 'outside') return { address: formatAddress(world.spec.outside), port: null };
  const [, kind = '', word = ''] = /^(pod|node|nlb):(.+)$/.exec(text) ?? [];
  const [name = '', port] = word.split(':');
  const isOutside = origin.kind === 'outside';
  const balancer = world.spec.balancers.find(
    (one) => (kind === 'nlb' && one.name === word) || one.dnsNames.includes(text),
  );
  const end = balancer === undefined ? null : balancerEnd(balancer, isOutside);
  if (end !== null) return end;
  const pod = kind === 'pod' ? world.spec.pods.find((one) => one.name === name) : undefined;
  if (pod !== undefined) return { address: formatAddress(pod.address), port: readPort(port) };
  const node = kind === 'node' ? world.addressOfNode(name) : null;
  if (node !== null) return { address: node.address, port: readPort(port) };
  const reference = parseReference(text);
  if (reference === null && /^nlb:|^[^\d:[]*[g-z]/i.test(text)) throw unknownEnd(world, '--to', text);
  if (reference === null) return readEndpoint('--to', text);
  const found = listed(world, reference, proto === null ? null : protocolNumber(proto));
  if (found === null) throw unknownEnd(world, '--to', text);
  return found.to;
}
