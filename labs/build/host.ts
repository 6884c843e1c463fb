/** A machine on a LAN, and a pod's own end of its cable. */
import type { HostNode, Pod, PodNode, Rules, Tunnel } from './describe.js';
import { type Machine, restoreText } from './machine.js';
import { calicoDevice, drawnDevice, macOf } from './names.js';

const NONE = { chains: [], rules: [] };

/** Tables that somebody listed are loaded, and empty. */
const UNTOUCHED: Rules = { raw: NONE, mangle: NONE, nat: NONE, filter: NONE };

const EUI = ['net.ipv6.conf.all.disable_ipv6', 'net.ipv6.conf.default.disable_ipv6'];

function quiet(machine: Machine, forwards: boolean): void {
  const off = Object.fromEntries(EUI.map((name) => [name, 1]));
  machine.node.sysctl({ ...off, 'net.ipv4.ip_forward': forwards ? 1 : 0 });
  machine.node.ip(['link set lo up']);
}

function addEthernet(machine: Machine, index: number, device: string, mac: string): void {
  const link = `link add ${device} index ${String(index)} address ${mac} mtu 1500 txqueuelen 1000`;
  machine.node.ipAny([`${link} type dummy`, `${link} type ifb`]);
  machine.node.ip([`link set ${device} arp on multicast on up`, `link set ${device} state up`]);
  machine.node.run('tc', ['qdisc', 'replace', 'dev', device, 'root', 'pfifo_fast']);
}

/** A port of a bridge; its peer has an address of the bridge's network. */
function addPort(machine: Machine, bridge: NonNullable<HostNode['bridge']>, pod: Pod, index: number): void {
  const isDocker = bridge.device.startsWith('docker');
  const device = drawnDevice(pod, isDocker ? 7 : 8);
  const namespace = machine.pod(pod.name);
  const mtu = `mtu ${String(bridge.mtu)}`;
  machine.cable(device, namespace, {
    here: `index ${String(index)} address ${macOf(device)} ${mtu} txqueuelen ${isDocker ? '0' : '1000'}`,
    there: `index ${isDocker ? String(index - 1) : '2'} address ${macOf(`eth0 of ${pod.name}`)} ${mtu}`,
  });
  machine.node.ip([
    `link set ${device} master ${bridge.device}`,
    `neigh add ${pod.address} dev ${bridge.device} lladdr ${macOf(`eth0 of ${pod.name}`)} nud stale`,
  ]);
  namespace.ip([
    `addr add ${pod.address}/${String(bridge.length)} dev eth0`,
    `route add default via ${bridge.address} dev eth0`,
  ]);
  if (isDocker) machine.unname(namespace);
}

/** A pod of Calico: a device without address, whose neighbour knows it by a gateway of no network. */
function addRouted(machine: Machine, pod: Pod, index: number): void {
  const device = calicoDevice(pod);
  const namespace = machine.pod(pod.name);
  machine.cable(device, namespace, {
    here: `index ${String(index)} address ee:ee:ee:ee:ee:ee mtu 1480 txqueuelen 1000`,
    there: `index 3 address ${macOf(`eth0 of ${pod.name}`)} mtu 1480`,
  });
  namespace.ip([
    `addr add ${pod.address}/32 dev eth0`,
    'route add 169.254.1.1 dev eth0 scope link',
    'route add default via 169.254.1.1 dev eth0',
  ]);
  machine.node.ip([
    `route add ${pod.address} dev ${device} scope link`,
    `neigh add ${pod.address} dev ${device} lladdr ${macOf(`eth0 of ${pod.name}`)} nud stale`,
  ]);
  machine.node.sysctl({
    [`net.ipv4.conf.${device}.proxy_arp`]: 1,
    [`net.ipv4.conf.${device}.route_localnet`]: 1,
    [`net.ipv4.conf.${device}.forwarding`]: 1,
  });
}

/** A kernel without IPIP gets a device in its place; `dump.ts` writes its lines as `ip` prints those of tunl0. */
function addTunnel(
  machine: Machine,
  tunnel: Tunnel,
  index: number,
  lan: { device: string; address: string },
): void {
  const { device, address, mtu, mac } = tunnel;
  const head = `link add ${device} index ${String(index)} mtu ${String(mtu)}`;
  if (tunnel.kind === 'vxlan')
    machine.node.ip([
      `${head} address ${mac ?? macOf(device)} type vxlan id 1 local ${lan.address} dev ${lan.device} dstport 8472 nolearning`,
    ]);
  else machine.node.ipAny([`${head} type ipip`, `${head} type dummy`, `${head} type ifb`]);
  machine.node.ip([`addr add ${address}/32 dev ${device}`, `link set ${device} up`]);
}

/** Makes the machine. */
export function buildHost(machine: Machine, described: HostNode): void {
  const { node } = machine;
  const { links, gateway, bridge, routed = [], tunnel, sets, rules, forward } = described;
  const [lan] = links;
  quiet(machine, described.forwards);
  let index = 2;
  for (const { device, mac, address, length } of links) {
    addEthernet(machine, index, device, mac);
    node.ip([`addr add ${address}/${String(length)} brd + dev ${device}`]);
    index += 1;
  }
  if (gateway !== null && lan !== undefined)
    node.ip([
      `route add default via ${gateway} dev ${lan.device} proto static`,
      `neigh add ${gateway} dev ${lan.device} lladdr ${macOf(`router ${gateway}`)} nud stale`,
    ]);
  if (tunnel !== undefined && lan !== undefined) {
    addTunnel(machine, tunnel, index, lan);
    index += 1;
  }
  if (bridge !== undefined) {
    const { device, mac, address, length, mtu, ports } = bridge;
    node.ip([
      `link add ${device} index ${String(index)} address ${mac} mtu ${String(mtu)} type bridge`,
      `addr add ${address}/${String(length)} brd + dev ${device}`,
      `link set ${device} up`,
    ]);
    for (const pod of ports) {
      // Docker makes both ends on the host, and moves one: the peer has the number before.
      index += bridge.device.startsWith('docker') ? 2 : 1;
      addPort(machine, bridge, pod, index);
    }
    index += 1;
  }
  for (const pod of routed) {
    addRouted(machine, pod, index);
    index += 1;
  }
  node.ip([
    ...(described.routes ?? []).map((line) => `route add ${line}`),
    ...(described.neighbours ?? []).map((line) => `neigh add ${line}`),
  ]);
  for (const line of described.forwarding ?? []) node.run('bridge', ['fdb', ...line.split(' ')]);
  if (described.sysctls !== undefined) node.sysctl(described.sysctls);
  if (sets !== undefined) node.run('ipset', ['restore'], sets);
  const policies = forward === undefined ? {} : { FORWARD: forward };
  node.run('iptables-legacy-restore', [], restoreText([...rules, UNTOUCHED], policies));
}

/** Makes what a pod's processes see: `lo`, and `eth0` whose other end is on the node. */
export function buildPod(machine: Machine, described: PodNode): void {
  const { address, length, gateway, mtu, mac, gatewayMac, rules = [] } = described;
  quiet(machine, false);
  const node = machine.pod(`node of ${described.hostname}`);
  node.ip([
    `link add veth0 index ${String(described.peer)} mtu ${String(mtu)} type veth peer name eth0 index ${String(described.index)} address ${mac} mtu ${String(mtu)} netns ${machine.node.name}`,
    'link set veth0 up',
  ]);
  machine.node.ip([
    'link set eth0 up',
    `addr add ${address}/${String(length)} ${length === 32 ? '' : 'brd + '}dev eth0`,
  ]);
  if (length === 32) machine.node.ip([`route add ${gateway} dev eth0 scope link`]);
  machine.node.ip([`route add default via ${gateway} dev eth0`]);
  if (gatewayMac !== undefined)
    machine.node.ip([`neigh add ${gateway} dev eth0 lladdr ${gatewayMac} nud permanent`]);
  if (described.sysctls !== undefined) machine.node.sysctl(described.sysctls);
  machine.unname(node);
  machine.node.run('iptables-legacy-restore', [], restoreText([...rules, UNTOUCHED]));
}
