// The rules of kube-proxy 1.33 in nftables mode (kubernetes pkg/proxy/nftables/proxier.go): no local-traffic detector,
// as on EKS, and --nodeport-addresses at its default `primary`. As nft input, in the order of a first full sync.
import { ADDRESS, chainsOf, elements } from './kube-proxy-nft-service.mjs';

/** @typedef {import('./services.mjs').Service} Service */

/**
 * @typedef {object} Proxy
 * @property {'ip' | 'ip6'} family
 * @property {readonly string[]} nodeIps primary addresses of the node
 * @property {readonly string[]} serviceCidrs
 * @property {readonly Service[]} services
 * @property {(address: string) => boolean} isLocal Is it a pod of this node?
 */

/** Name, type, hook and priority: a filter before DNAT sees the service's own address, one behind it the endpoint's. */
const BASE_CHAINS = /** @type {const} */ ([
  ['filter-prerouting', 'filter', 'prerouting', -110],
  ['filter-input', 'filter', 'input', -110],
  ['filter-forward', 'filter', 'forward', -110],
  ['filter-output', 'filter', 'output', -110],
  ['filter-output-post-dnat', 'filter', 'output', -90],
  ['nat-prerouting', 'nat', 'prerouting', -100],
  ['nat-output', 'nat', 'output', -100],
  ['nat-postrouting', 'nat', 'postrouting', 100],
]);

/** Where each base chain goes to. */
const JUMPS = /** @type {const} */ ([
  ['filter-input', 'ct state new', 'nodeport-endpoints-check'],
  ['filter-input', 'ct state new', 'service-endpoints-check'],
  ['filter-forward', 'ct state new', 'service-endpoints-check'],
  ['filter-output', 'ct state new', 'service-endpoints-check'],
  ['filter-prerouting', 'ct state new', 'firewall-check'],
  ['filter-output', 'ct state new', 'firewall-check'],
  ['nat-output', '', 'services'],
  ['nat-prerouting', '', 'services'],
  ['nat-postrouting', '', 'masquerading'],
  ['filter-forward', 'ct state new', 'cluster-ips-check'],
  ['filter-output-post-dnat', 'ct state new', 'cluster-ips-check'],
]);

/** What a table of either family begins with. @param {Proxy} proxy */
function frame({ family, nodeIps, serviceCidrs }) {
  const table = `${family} kube-proxy`;
  const rule = (/** @type {string} */ chain, /** @type {string} */ text) =>
    `add rule ${table} ${chain} ${text}`;
  const named = (/** @type {string} */ what, /** @type {string} */ type, /** @type {string} */ comment) => {
    const [kind = '', name = ''] = what.split(' ');
    return `add ${kind} ${table} ${name} { type ${type}; comment "${comment}"; }`;
  };
  const address = ADDRESS[family];
  const perService = `${address} . inet_proto . inet_service : verdict`;
  const perPort = 'inet_proto . inet_service : verdict';
  const key = `${family} daddr . meta l4proto . th dport`;
  const ofNode = `${family} daddr @nodeport-ips meta l4proto . th dport`;
  const unallocated = `${family} daddr { ${serviceCidrs.join(',')} } drop comment "Drop traffic to unallocated ClusterIPs"`;
  return [
    `add table ${table} { comment "rules for kube-proxy"; }`,
    ...BASE_CHAINS.map(
      ([name, type, hook, priority]) =>
        `add chain ${table} ${name} { type ${type} hook ${hook} priority ${String(priority)}; }`,
    ),
    ...[...new Set(JUMPS.map(([, , target]) => target)), 'mark-for-masquerade'].map(
      (name) => `add chain ${table} ${name}`,
    ),
    ...JUMPS.map(([chain, condition, target]) => rule(chain, `${condition} jump ${target}`)),
    rule('mark-for-masquerade', 'mark set mark or 0x4000'),
    rule('masquerading', 'mark and 0x4000 == 0 return'),
    rule('masquerading', 'mark set mark xor 0x4000'),
    rule('masquerading', 'masquerade fully-random'),
    named('set cluster-ips', address, 'Active ClusterIPs'),
    rule(
      'cluster-ips-check',
      `${family} daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"`,
    ),
    ...(serviceCidrs.length === 0 ? [] : [rule('cluster-ips-check', unallocated)]),
    named('set nodeport-ips', address, 'IPs that accept NodePort traffic'),
    ...nodeIps.map((ip) => `add element ${table} nodeport-ips { ${ip} }`),
    named(
      'map no-endpoint-services',
      perService,
      'vmap to drop or reject packets to services with no endpoints',
    ),
    named(
      'map no-endpoint-nodeports',
      perPort,
      'vmap to drop or reject packets to service nodeports with no endpoints',
    ),
    `add chain ${table} reject-chain { comment "helper for @no-endpoint-services / @no-endpoint-nodeports"; }`,
    rule('reject-chain', 'reject'),
    rule('service-endpoints-check', `${key} vmap @no-endpoint-services`),
    rule('nodeport-endpoints-check', `${ofNode} vmap @no-endpoint-nodeports`),
    named('map firewall-ips', perService, 'destinations that are subject to LoadBalancerSourceRanges'),
    rule('firewall-check', `${key} vmap @firewall-ips`),
    named('map service-ips', perService, 'ClusterIP, ExternalIP and LoadBalancer IP traffic'),
    named('map service-nodeports', perPort, 'NodePort traffic'),
    rule('services', `${key} vmap @service-ips`),
    rule('services', `${ofNode} vmap @service-nodeports`),
  ];
}

/** @param {Proxy} proxy @returns {string} input of `nft -f` */
export function kubeProxyNft(proxy) {
  const { services } = proxy;
  // Chains before the elements that go to them: one transaction may name nothing that it makes later.
  const chains = services.map((service) => chainsOf(proxy, service));
  const found = services.map((service) => elements(proxy, service));
  return [...frame(proxy), ...chains.flat(), ...found.flat(), ''].join('\n');
}
