/** A worker under the VPC CNI, made as ipamd, the CNI plugin, kubelet and kube-proxy make it. */
import { KUBELET6, addEni, restoreInput } from '../../scripts/capture/eks-node.mjs';
import { kubeProxy, kubelet } from '../../scripts/capture/kube-proxy.mjs';
import { kubeProxyNft } from '../../scripts/capture/kube-proxy-nft.mjs';
import { nftConnmark } from '../../scripts/capture/nft-connmark.mjs';
import { cniPolicyRules, cniRules } from '../../scripts/capture/vpc-cni.mjs';
import type { AwsNode, Eni, Pod } from './describe.js';
import type { Machine } from './machine.js';
import { eniDevice, macOf } from './names.js';

/** The router of a subnet answers by an address that EC2 makes. */
const ROUTER_MAC = '02:9d:41:00:00:01';

/** Table of a secondary interface: device number + 1 (CalculateRouteTableId). */
const tableOf = (at: number): number | null => (at === 0 ? null : at + 1);

function network({ address, length }: Eni): string {
  const parts = address.split('.').map(Number);
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  const base = Math.floor(value / 2 ** (32 - length)) * 2 ** (32 - length);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${String(length)}`;
}

function addPrimary({ node }: Machine, { device, address, length, gateway }: Eni, dns: string): void {
  const by = `proto dhcp src ${address} metric 512`;
  node.ip([
    'link set lo up',
    `addr add ${address}/${String(length)} brd + metric 512 dev ${device}`,
    `route add ${gateway} dev ${device} proto dhcp scope link src ${address} metric 512`,
    `route add default via ${gateway} dev ${device} ${by}`,
    `route add ${dns} via ${gateway} dev ${device} ${by}`,
  ]);
}

function addSecondary({ node }: Machine, eni: Eni, table: number): void {
  const { device, address, length, gateway } = eni;
  node.ip([
    `addr add ${address}/${String(length)} brd + dev ${device}`,
    `route del ${network(eni)} dev ${device} src ${address}`,
    `route add ${gateway} dev ${device} scope link table ${String(table)}`,
    `route add default via ${gateway} dev ${device} table ${String(table)}`,
  ]);
}

/** Pods know their gateway by an address of no network, and by the veth's hardware address. */
function addPod(machine: Machine, pod: Pod, index: number): void {
  const device = eniDevice(pod);
  const namespace = machine.pod(pod.name);
  const mac = macOf(device);
  machine.cable(device, namespace, {
    here: `index ${String(index)} address ${mac} mtu 9001 txqueuelen 0`,
    there: `index 3 address ${macOf(`eth0 of ${pod.name}`)} mtu 9001`,
  });
  namespace.ip([
    `addr add ${pod.address}/32 dev eth0`,
    'route add 169.254.1.1 dev eth0 scope link',
    'route add default via 169.254.1.1 dev eth0',
    `neigh add 169.254.1.1 dev eth0 lladdr ${mac} nud permanent`,
  ]);
  machine.node.ip([
    `route add ${pod.address} dev ${device} scope link`,
    `neigh add ${pod.address} dev ${device} lladdr ${macOf(`eth0 of ${pod.name}`)} nud stale`,
  ]);
}

/** Links in the order of their making: the second interface comes when the first pod has taken an address. */
function addLinks(machine: Machine, { enis, dns }: AwsNode): void {
  let index = 2;
  for (const [at, eni] of enis.entries()) {
    const own = index;
    index += 1;
    addEni(machine.node, own, eni);
    const table = tableOf(at);
    if (table === null) addPrimary(machine, eni, dns);
    else addSecondary(machine, eni, table);
    machine.node.ip([`neigh add ${eni.gateway} dev ${eni.device} lladdr ${ROUTER_MAC} nud stale`]);
    for (const pod of eni.pods) {
      addPod(machine, pod, index);
      index += 1;
    }
  }
}

function addRules({ node }: Machine, described: AwsNode): void {
  const { settings, backend, services, enis, serviceCidr, leftInLegacy } = described;
  const [primary] = enis;
  const cni = cniRules(settings, primary.device, primary.address);
  const restore = `iptables-${backend}-restore`;
  const own = new Set(enis.flatMap(({ pods }) => pods.map(({ address }) => address)));
  const isLocal = (address: string): boolean => own.has(address);
  if (leftInLegacy !== undefined)
    node.run('iptables-legacy-restore', [], restoreInput([kubeProxy(leftInLegacy, { isLocal })]));
  if (described.kubeProxy === 'nft') {
    node.run(restore, [], restoreInput([kubelet()]));
    const four = { services, nodeIps: [primary.address], serviceCidrs: [serviceCidr], isLocal };
    node.run('nft', ['-f', '-'], kubeProxyNft({ family: 'ip', ...four }));
    node.run(restore, ['--noflush'], restoreInput([cni]));
  } else node.run(restore, [], restoreInput([kubeProxy(services, { isLocal }), cni]));
  if (settings.connmark === 'nft') node.run('nft', ['-f', '-'], nftConnmark(settings));
  node.run(`ip6tables-${backend}-restore`, [], KUBELET6);
}

/** Makes the node. */
export function buildAws(machine: Machine, described: AwsNode): void {
  const { node } = machine;
  const { enis, settings, sysctls = {} } = described;
  const [primary, ...secondary] = enis;
  node.sysctl({
    'net.ipv4.ip_forward': 1,
    'net.ipv4.conf.all.rp_filter': 0,
    'net.ipv4.conf.default.rp_filter': 2,
    'net.ipv6.conf.all.accept_dad': 0,
    'net.ipv6.conf.default.accept_dad': 0,
    'net.ipv6.conf.default.router_solicitations': 0,
  });
  addLinks(machine, described);
  const pods = enis.flatMap((eni, at) => eni.pods.map(({ address }) => ({ address, table: tableOf(at) })));
  const others = secondary.map(({ address }, at) => ({ address, table: at + 2 }));
  node.ip(cniPolicyRules(settings, pods, others));
  node.sysctl({ [`net.ipv4.conf.${primary.device}.rp_filter`]: 2, ...sysctls });
  addRules(machine, described);
}
