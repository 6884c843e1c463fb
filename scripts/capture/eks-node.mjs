// An EKS worker (t3.medium, two network interfaces, four pods) built with the real tools in network namespaces.
import { Namespace } from './namespace.mjs';
import { kubeProxy, kubelet } from './kube-proxy.mjs';
import { kubeProxyNft } from './kube-proxy-nft.mjs';
import { nftConnmark } from './nft-connmark.mjs';
import { GUARDED } from './services.mjs';
import { cniPolicyRules, cniRules } from './vpc-cni.mjs';

const GATEWAY = '192.168.32.1';
const PRIMARY = { device: 'ens5', mac: '02:9d:41:aa:10:05', address: '192.168.45.10' };
const SECONDARY = { device: 'ens6', mac: '02:9d:41:aa:10:06', address: '192.168.58.200', table: 2 };

const SERVICE_CIDR = '10.100.0.0/16';

/** In the order in which they were started. */
const PODS = [
  { address: '192.168.40.11', device: 'eni1f4c3ab7e90', index: 3, mac: 'd6:7d:16:6f:18:41', table: null },
  { address: '192.168.50.7', device: 'eni6b0d92ce431', index: 4, mac: '5a:0e:b3:71:c4:42', table: null },
  { address: '192.168.61.33', device: 'enia7cc107bbb9', index: 6, mac: '8e:41:d9:02:7f:43', table: 2 },
  { address: '192.168.33.90', device: 'enid52e08f1c66', index: 7, mac: '1e:c8:65:aa:90:44', table: 2 },
];

/** A pod with security groups of its own: its branch interface is a VLAN of the trunk. */
const BRANCH = {
  trunk: { device: 'ens7', mac: '02:9d:41:aa:10:07', address: '192.168.44.77', table: 3 },
  device: 'vlan.eth.1',
  mac: '02:9d:41:aa:11:01',
  gateway: '192.168.96.1',
  address: '192.168.100.5',
  table: 101,
};

/**
 * @typedef {object} Variant
 * @property {import('./vpc-cni.mjs').Settings} settings
 * @property {'nft' | 'legacy'} backend
 * @property {'iptables' | 'nft'} kubeProxy its mode
 * @property {readonly import('./services.mjs').Service[]} services
 * @property {readonly import('./services.mjs').Service[]} [leftInLegacy] what an older kube-proxy left loaded
 * @property {boolean} [listing] what nft lists too, though it shows nothing that the save does not
 * @property {'strict' | 'standard'} [branchPod] POD_SECURITY_GROUP_ENFORCING_MODE
 * @property {Readonly<Record<string, number>>} [sysctls]
 */

/**
 * A network interface as EC2 shows it: carrier, multiqueue, altname.
 * @param {Namespace} node
 * @param {number} index
 * @param {{ device: string, mac: string }} link
 */
export function addEni(node, index, { device, mac }) {
  const link = `link add ${device} index ${String(index)} address ${mac} mtu 9001 txqueuelen 1000 numtxqueues 2`;
  node.ipAny([`${link} type dummy`, `${link} type ifb`]);
  node.ip([
    `link property add dev ${device} altname enp0s${device.replace(/\D/g, '')}`,
    `link set ${device} arp on multicast on up`,
    `link set ${device} state up`,
  ]);
  node.run('tc', ['qdisc', 'replace', 'dev', device, 'root', 'handle', '1:', 'mq']);
}

/**
 * A secondary interface: its connected route goes, its table gets the gateway alone.
 * @param {Namespace} node
 * @param {{ device: string, address: string, table: number }} eni
 */
function addSecondaryRoutes(node, { device, address, table }) {
  node.ip([
    `addr add ${address}/19 brd + dev ${device}`,
    `route del 192.168.32.0/19 dev ${device} src ${address}`,
    `route add ${GATEWAY} dev ${device} scope link table ${String(table)}`,
    `route add default via ${GATEWAY} dev ${device} table ${String(table)}`,
  ]);
}

/**
 * @param {Namespace} node
 * @param {Namespace} pod
 * @param {{ device: string, index: number, mac: string }} link
 */
export function addVeth(node, pod, { device, index, mac }) {
  node.ip([
    `link add ${device} index ${String(index)} address ${mac} mtu 9001 txqueuelen 0 type veth peer name eth0 index 3 mtu 9001 netns ${pod.name}`,
    `link set ${device} up`,
  ]);
  pod.ip(['link set eth0 up']);
}

/**
 * @param {Namespace} node
 * @param {'strict' | 'standard'} mode
 * @param {(name: string) => Namespace} addPod
 */
function addBranchPod(node, mode, addPod) {
  const { trunk, device, mac, gateway, address, table } = BRANCH;
  const veth = mode === 'strict' ? 'vlan9f3c1d2ab77' : 'eni9f3c1d2ab77';
  const at = `table ${String(table)}`;
  addEni(node, 8, trunk);
  addSecondaryRoutes(node, trunk);
  const link = `link add link ${trunk.device} name ${device} index 9 address ${mac}`;
  node.ipAny([`${link} type vlan id 1`, `${link} type macvlan`]);
  node.ip([
    `link set ${device} up`,
    `route add ${gateway} dev ${device} scope link ${at}`,
    `route add default via ${gateway} dev ${device} ${at}`,
  ]);
  addVeth(node, addPod('cni-6d1f0b52-88c4-4b0e-9c07-f1a5b6dd2e05'), {
    device: veth,
    index: 10,
    mac: '66:31:0b:de:55:45',
  });
  if (mode === 'strict') {
    node.ip([
      `route add ${address} dev ${veth} scope link ${at}`,
      `rule add iif ${device} lookup ${String(table)} pref 10`,
      `rule add iif ${veth} lookup ${String(table)} pref 10`,
      'rule add lookup local pref 20',
      'rule del pref 0',
    ]);
  } else {
    node.ip([
      `route add ${address} dev ${veth} scope link`,
      `rule add to ${address} lookup main pref 512`,
      `rule add from ${address} lookup ${String(table)} pref 1536`,
    ]);
  }
}

/** @typedef {Record<'mangle' | 'nat' | 'filter', { chains: string[], rules: string[] }>} Rules */

/** Several agents' rules as the input of one restore. @param {readonly Partial<Rules>[]} agents */
export function restoreInput(agents) {
  return /** @type {const} */ (['mangle', 'nat', 'filter'])
    .map((table) => {
      const parts = agents.flatMap((agent) => agent[table] ?? []);
      const chains = parts.flatMap((part) => part.chains.map((chain) => `:${chain} - [0:0]`));
      return [`*${table}`, ...chains, ...parts.flatMap((part) => part.rules), 'COMMIT', ''].join('\n');
    })
    .join('');
}

/** Everything but IPv6's iptables, each agent after the one that it waits for. @param {Namespace} node @param {Variant} variant */
function addRules(node, variant) {
  const { settings, backend, leftInLegacy } = variant;
  const services = variant.branchPod ? [...variant.services, GUARDED] : variant.services;
  const cni = cniRules(settings, PRIMARY.device, PRIMARY.address);
  const restore = `iptables-${backend}-restore`;
  if (leftInLegacy) node.run('iptables-legacy-restore', [], restoreInput([kubeProxy(leftInLegacy)]));
  if (variant.kubeProxy === 'nft') {
    const isLocal = (/** @type {string} */ address) => PODS.some((pod) => pod.address === address);
    node.run(restore, [], restoreInput([kubelet()]));
    const four = { services, nodeIps: [PRIMARY.address], serviceCidrs: [SERVICE_CIDR], isLocal };
    const six = { services: [], nodeIps: [], serviceCidrs: [], isLocal };
    node.run('nft', ['-f', '-'], kubeProxyNft({ family: 'ip', ...four }));
    node.run('nft', ['-f', '-'], kubeProxyNft({ family: 'ip6', ...six }));
    node.run(restore, ['--noflush'], restoreInput([cni]));
  } else {
    node.run(restore, [], restoreInput([kubeProxy(services), cni]));
  }
  if (settings.connmark === 'nft') node.run('nft', ['-f', '-'], nftConnmark(settings));
}

/** All that kubelet leaves in ip6tables on an IPv4 cluster. */
export const KUBELET6 = `*mangle
:KUBE-IPTABLES-HINT - [0:0]
:KUBE-KUBELET-CANARY - [0:0]
COMMIT
*filter
:KUBE-FIREWALL - [0:0]
:KUBE-KUBELET-CANARY - [0:0]
-A INPUT -j KUBE-FIREWALL
-A OUTPUT -j KUBE-FIREWALL
COMMIT
*nat
:KUBE-KUBELET-CANARY - [0:0]
COMMIT
`;

/** The sysctls that decide what happens to packets (the rest of `sysctl -a` describes the machine). */
export const TELLING = new RegExp(
  `^net\\.(?:${[
    'ipv4\\.(?:ip_forward|ip_default_ttl|ip_nonlocal_bind|ip_local_port_range|ip_local_reserved_ports|ip_early_demux)',
    'ipv4\\.(?:tcp_early_demux|udp_early_demux|fwmark_reflect|tcp_fwmark_accept|icmp_errors_use_inbound_ifaddr)',
    'ipv4\\.fib_multipath_(?:hash_policy|use_neigh)',
    'ipv4\\.conf\\..+\\.(?:(?:bc_)?forwarding|rp_filter|accept_local|src_valid_mark|route_localnet)',
    'ipv6\\.conf\\..+\\.(?:forwarding|disable_ipv6)',
    'ipv6\\.fwmark_reflect',
    'netfilter\\.nf_conntrack_(?:tcp_loose|tcp_be_liberal|tcp_ignore_invalid_rst|checksum|acct)',
  ].join('|')}) = `,
);

/**
 * Builds the node, dumps it, takes it down.
 * @param {Variant} variant
 * @returns {Record<string, string>} what the commands print, by file name
 */
export function captureEksNode(variant) {
  const made = [new Namespace('node')];
  const [node] = made;
  const addPod = (/** @type {string} */ name) => {
    const pod = new Namespace(name);
    made.push(pod);
    return pod;
  };
  try {
    build(node, variant, addPod);
    return dump(node, variant);
  } finally {
    for (const namespace of made) namespace.remove();
  }
}

/**
 * @param {Namespace} node
 * @param {Variant} variant
 * @param {(name: string) => Namespace} addPod
 */
function build(node, variant, addPod) {
  node.sysctl({
    'net.ipv4.ip_forward': 1,
    'net.ipv4.conf.all.rp_filter': 0,
    'net.ipv4.conf.default.rp_filter': 2,
    'net.ipv6.conf.all.accept_dad': 0,
    'net.ipv6.conf.default.accept_dad': 0,
    'net.ipv6.conf.default.router_solicitations': 0,
  });
  addEni(node, 2, PRIMARY);
  addEni(node, 5, SECONDARY);
  node.ip([
    'link set lo up',
    `addr add ${PRIMARY.address}/19 brd + metric 512 dev ${PRIMARY.device}`,
    `route add ${GATEWAY} dev ens5 proto dhcp scope link src ${PRIMARY.address} metric 512`,
    `route add default via ${GATEWAY} dev ens5 proto dhcp src ${PRIMARY.address} metric 512`,
    `route add 192.168.0.2 via ${GATEWAY} dev ens5 proto dhcp src ${PRIMARY.address} metric 512`,
  ]);
  addSecondaryRoutes(node, SECONDARY);
  PODS.forEach((pod, at) => {
    addVeth(node, addPod(`cni-0ec2ba3d-5f53-7ef2-9c1b-1e5a4f7c8d1${String(at)}`), pod);
    node.ip([`route add ${pod.address} dev ${pod.device} scope link`]);
  });
  node.ip(cniPolicyRules(variant.settings, PODS, [SECONDARY]));
  if (variant.branchPod) addBranchPod(node, variant.branchPod, addPod);
  node.sysctl({ 'net.ipv4.conf.ens5.rp_filter': 2, ...variant.sysctls });
  addRules(node, variant);
  node.run(`ip6tables-${variant.backend}-restore`, [], KUBELET6);
}

/** A save without the time at which it was made. @param {string} save */
export function undated(save) {
  return save.replace(/^(# (?:Generated by .*|Completed)) on .*$/gm, '$1');
}

/** As a terminal shows it: nft warns of iptables-nft's tables beside the listing. */
export const ON_TERMINAL = 'stdbuf -oL nft -a list ruleset 2>&1';

/**
 * One save; two, where the kernel runs the tables of both.
 * @param {Namespace} node
 * @param {Variant} variant
 */
function saves(node, { backend, leftInLegacy }) {
  const save = (/** @type {string} */ which) => undated(node.run(`iptables-${which}-save`, []));
  return leftInLegacy
    ? { 'iptables-legacy-save.txt': save('legacy'), 'iptables-nft-save.txt': save('nft') }
    : { 'iptables-save.txt': save(backend) };
}

/**
 * @param {Namespace} node
 * @param {Variant} variant
 */
function dump(node, variant) {
  const lease = 2741;
  let addresses = '';
  do {
    const ttl = `valid_lft ${String(lease)} preferred_lft ${String(lease)}`;
    node.ip([`addr change ${PRIMARY.address}/19 brd + metric 512 dev ${PRIMARY.device} ${ttl}`]);
    addresses = node.run('ip', ['addr']);
  } while (addresses.includes('tentative') || !addresses.includes(`valid_lft ${String(lease)}sec preferred`));
  const sysctls = node.run('sysctl', ['-a']).split('\n');
  const native =
    (variant.listing && variant.backend === 'nft') ||
    variant.kubeProxy === 'nft' ||
    variant.settings.connmark === 'nft';
  return {
    'ip-addr.txt': addresses,
    'ip-rule.txt': node.run('ip', ['rule']),
    'ip-route.txt': node.run('ip', ['route', 'show', 'table', 'all']),
    ...saves(node, variant),
    'ip6-rule.txt': node.run('ip', ['-6', 'rule']),
    'ip6tables-save.txt': undated(node.run(`ip6tables-${variant.backend}-save`, [])),
    ...(native ? { 'nft-ruleset.txt': node.run('sh', ['-c', ON_TERMINAL]) } : {}),
    'sysctl.txt': sysctls.filter((line) => TELLING.test(line)).join('\n') + '\n',
  };
}
