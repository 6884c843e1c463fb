/**
 * A shell script that makes a cluster of captured nodes: each in a namespace of its own, as the judge loads one, with
 * a namespace for each pod that takes part, and a network between the nodes that behaves as the VPC does or a LAN does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsNode, HostNode } from '../../../labs/build/describe.js';
import { eniDevice } from '../../../labs/build/names.js';
import { NODES } from '../../../labs/build/nodes.js';
import { type Setup, setupOf } from '../adapter/snapshot.js';

const root = join(import.meta.dirname, '../../..');

/** A pod that takes part, by the folder of its node. */
export interface Member {
  readonly name: string;
  readonly node: string;
  readonly address: string;
}

export interface Topology {
  /** Folders of the nodes below `labs/nodes`. */
  readonly nodes: readonly string[];
  readonly pods: readonly Member[];
  /** The internet gateway's translations. */
  readonly publicOf: Readonly<Record<string, string>>;
  readonly balancers?: readonly LoadBalancer[];
}

/** A load balancer that has drawn one of its targets. */
export interface LoadBalancer {
  readonly shown: string;
  /** What targets see as source; null where the client's address is kept. */
  readonly own: string | null;
  readonly target: string;
}

/** Hosts of the internet. */
export const OUTSIDE: readonly string[] = ['8.8.8.8', '198.51.100.7'];

const inside = (name: string, command: string): string => `ip netns exec ${name} ${command}\n`;
const ip = (name: string, words: string): string => `ip -n ${name} ${words}\n`;

/** The judge's script with names of its own in place of `node` and `far`. */
function renamed(script: string, name: string, first: boolean): string {
  const own = script.replace(/(netns (?:add |exec )?|-n )(node|far)\b/g, `$1$2-${name}`);
  return first ? own : own.replace(/^mount .*\n/m, '');
}

/** Gives the far end of a node's device to another namespace. */
function given(setup: Setup, node: string, device: string, to: string, as: string): string {
  const link = setup.links.find(({ name }) => name === device);
  if (link === undefined) throw new Error(`${node} has no ${device}`);
  return (
    ip(`far-${node}`, `link set ${link.far} down`) +
    ip(`far-${node}`, `link set ${link.far} netns ${to} name ${as}`) +
    ip(to, `link set ${as} up`)
  );
}

const macOf = (setup: Setup, device: string): string =>
  setup.links.find(({ name }) => name === device)?.mac ?? '';

/** A pod behind a device of its own, whose gateway is no address of the node. */
function podBehind(setup: Setup, { name, node, address }: Member, device: string): string {
  return [
    `ip netns add ${name}\n`,
    ip(name, 'link set lo up'),
    given(setup, node, device, name, 'eth0'),
    ip(name, `addr add ${address}/32 dev eth0`),
    ip(name, 'route add 169.254.1.1 dev eth0 scope link'),
    ip(name, 'route add default via 169.254.1.1 dev eth0'),
    ip(name, `neigh replace 169.254.1.1 dev eth0 lladdr ${macOf(setup, device)} nud permanent`),
  ].join('');
}

/** A pod on the bridge, whose far end has it alone. */
function podOnBridge(setup: Setup, { name, node, address }: Member, bridge: string, gateway: string): string {
  return [
    `ip netns add ${name}\n`,
    ip(name, 'link set lo up'),
    given(setup, node, bridge, name, 'eth0'),
    ip(name, `addr add ${address}/24 dev eth0`),
    ip(name, `route add default via ${gateway} dev eth0`),
  ].join('');
}

/** The tunnel itself, in place of the device that the judge makes of any link; entries as the dumps have them. */
function realTunnel(
  node: string,
  { tunnel, links, routes = [], neighbours = [], forwarding = [] }: HostNode,
): string {
  const [lan] = links;
  if (tunnel === undefined || lan === undefined) return '';
  const { device, mac = '', address, mtu } = tunnel;
  const name = `node-${node}`;
  return [
    ip(name, `link del ${device}`),
    ip(
      name,
      `link add ${device} address ${mac} mtu ${String(mtu)} type vxlan id 1 local ${lan.address} dev ${lan.device} dstport 8472 nolearning`,
    ),
    ip(name, `addr add ${address}/32 dev ${device}`),
    ip(name, `link set ${device} up`),
    ...routes.map((line) => ip(name, `route add ${line}`)),
    ...neighbours.filter((line) => line.includes(device)).map((line) => ip(name, `neigh add ${line}`)),
    ...forwarding.map((line) => inside(name, `bridge fdb ${line}`)),
  ].join('');
}

/** An interface of a VPC: its router answers for everybody, and takes from it what is its own. */
function onVpc(setup: Setup, node: string, { enis }: AwsNode): string {
  return enis
    .map((eni, at) => {
      const as = `${node.slice(-8)}-${String(at)}`;
      const own = [eni.address, ...eni.pods.map(({ address }) => address)];
      return [
        given(setup, node, eni.device, 'net', as),
        inside('net', `sysctl -qw net.ipv4.conf.${as}.proxy_arp=1 net.ipv4.neigh.${as}.proxy_delay=0`),
        ip('net', `addr add ${eni.gateway}/32 dev ${as}`),
        ...own.flatMap((address) => [
          ip('net', `route add ${address} dev ${as}`),
          ip('net', `neigh add ${address} dev ${as} lladdr ${macOf(setup, eni.device)} nud permanent`),
          inside('net', `iptables-nft -t raw -A PREROUTING -i ${as} -s ${address} -j ACCEPT`),
        ]),
        inside('net', `iptables-nft -t raw -A PREROUTING -i ${as} -j DROP`),
      ].join('');
    })
    .join('');
}

function gateway(publicOf: Topology['publicOf']): string {
  const pairs = Object.entries(publicOf);
  return [
    ...pairs.flatMap(([own, shown]) => [
      inside('net', `iptables-nft -t nat -A POSTROUTING -o out -s ${own} -j SNAT --to-source ${shown}`),
      inside('net', `iptables-nft -t nat -A PREROUTING -i out -d ${shown} -j DNAT --to-destination ${own}`),
      inside('net', `iptables-nft -A FORWARD -o out -s ${own} -j ACCEPT`),
    ]),
    inside('net', 'iptables-nft -A FORWARD -o out -j DROP'),
  ].join('');
}

/** Both directions are translated in one place, whoever the answer is addressed to. */
function balanced({ shown, own, target }: LoadBalancer): string {
  const [address = ''] = target.split(':');
  const to = `-p tcp -d ${shown} --dport 80 -j DNAT --to-destination ${target}`;
  const hidden = `-p tcp -d ${address} -m conntrack --ctorigdst ${shown} -j SNAT --to-source ${own ?? ''}`;
  return [
    inside('net', `iptables-nft -t nat -A PREROUTING -i out ${to}`),
    ...(own === null
      ? []
      : [
          ip('net', `addr add ${own}/32 dev lo`),
          inside('net', `iptables-nft -t nat -A POSTROUTING ${hidden}`),
        ]),
    inside('net', `iptables-nft -I FORWARD 1 -m conntrack --ctstate DNAT --ctorigdst ${shown} -j ACCEPT`),
  ].join('');
}

const NETWORK = [
  'ip netns add net; ip netns add outside\n',
  inside(
    'net',
    'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0',
  ),
  inside('net', 'sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0'),
  ip('net', 'link set lo up'),
  ip('net', 'link add out type veth peer name eth0 netns outside'),
  ip('net', 'addr add 203.0.113.254/32 dev out'),
  ip('net', 'link set out up'),
  ip('outside', 'link set lo up'),
  ip('outside', 'link set eth0 up'),
  ...OUTSIDE.flatMap((address) => [
    ip('outside', `addr add ${address}/32 dev eth0`),
    ip('net', `route add ${address} dev out`),
  ]),
  ip('outside', 'route add 203.0.113.254 dev eth0 scope link'),
  ip('outside', 'route add default via 203.0.113.254 dev eth0 src 198.51.100.7'),
].join('');

/** The LAN's router is a bridge that has an address. */
function onLan(setup: Setup, node: string, { links }: HostNode): string {
  const [lan] = links;
  if (lan === undefined) return '';
  return given(setup, node, lan.device, 'net', node) + ip('net', `link set ${node} master lan`);
}

const LAN = [
  ip('net', 'link add lan type bridge'),
  ip('net', 'addr add 192.168.96.1/20 dev lan'),
  ip('net', 'link set lan up'),
].join('');

/** @returns the script; it ends with the cluster ready */
export function scriptOf({ nodes, pods, publicOf, balancers = [] }: Topology): string {
  const isLan = nodes.some((node) => NODES[node]?.kind === 'host');
  const parts = nodes.map((node, at) => {
    const described = NODES[node];
    const setup = setupOf(join(root, 'labs/nodes', node));
    const own = pods.filter((pod) => pod.node === node);
    const load = renamed(setup.script, node, at === 0);
    if (described?.kind === 'aws') {
      const all = described.enis.flatMap((eni) => eni.pods);
      const ends = own.map((member) => {
        const pod = all.find(({ address }) => address === member.address);
        return pod === undefined ? '' : podBehind(setup, member, eniDevice(pod));
      });
      return { load, join: onVpc(setup, node, described) + ends.join('') };
    }
    if (described?.kind !== 'host') throw new Error(`${node} is no node of a cluster`);
    const { bridge } = described;
    const ends = own.map((member) =>
      bridge === undefined
        ? podBehind(setup, member, deviceOf(node, member.address))
        : podOnBridge(setup, member, bridge.device, bridge.address),
    );
    return { load, join: onLan(setup, node, described) + ends.join('') + realTunnel(node, described) };
  });
  return [
    parts.map(({ load }) => load).join(''),
    NETWORK,
    isLan ? LAN : '',
    parts.map(({ join: text }) => text).join(''),
    Object.keys(publicOf).length === 0 ? '' : gateway(publicOf),
    ...balancers.map(balanced),
  ].join('');
}

/** The device of a host route. */
function deviceOf(node: string, address: string): string {
  const routes = readFileSync(join(root, 'labs/nodes', node, 'ip-route.txt'), 'utf8');
  return new RegExp(`^${address} dev (\\S+)`, 'm').exec(routes)?.[1] ?? '';
}
