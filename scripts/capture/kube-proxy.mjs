// The rules that kube-proxy 1.28+ (iptables mode, no cluster CIDR as on EKS) and kubelet program, as restore input.
import { createHash } from 'node:crypto';
import { base32 } from './base32.mjs';

/** @typedef {import('./services.mjs').Service} Service */

/** What kube-proxy calls its chains by. @param {string} text */
function chainHash(text) {
  return base32(createHash('sha256').update(text).digest(), 16);
}

/** What rules call a service by. @param {Service} service */
const labelOf = ({ name, portName = '' }) => (portName === '' ? name : `${name}:${portName}`);

/** The chains of a service. @param {Service} service */
export function chainsOf(service) {
  const text = `${labelOf(service)}${service.protocol ?? 'tcp'}`;
  const hash = chainHash(text);
  return {
    svc: `KUBE-SVC-${hash}`,
    svl: `KUBE-SVL-${hash}`,
    ext: `KUBE-EXT-${hash}`,
    firewall: `KUBE-FW-${hash}`,
    sep: (/** @type {string} */ endpoint) => `KUBE-SEP-${chainHash(`${text}${endpoint}`)}`,
  };
}

const comment = (/** @type {string} */ text) => `-m comment --comment "${text}"`;

/**
 * What a proxy knows besides its services.
 * @typedef {object} Proxy
 * @property {string} [clusterCidr] of the pods, where kube-proxy was told; EKS tells it none
 * @property {(address: string) => boolean} [isLocal] whether an endpoint is on this node; all are unless told
 */

/** Whether traffic from outside may go to endpoints of this node alone. @param {Service} service */
const isBound = ({ externalTrafficPolicy }) => externalTrafficPolicy === 'Local';

/** @param {Service} service @param {Proxy} proxy */
function localEndpoints({ endpoints }, { isLocal = () => true }) {
  return endpoints.filter((endpoint) => isLocal(endpoint.split(':')[0] ?? ''));
}

/** Packets to an address of a service. @param {Service} service @param {string} address @param {string} what */
function to(service, address, what) {
  const { protocol = 'tcp', port } = service;
  return `${comment(`${labelOf(service)} ${what}`)} -m ${protocol} -p ${protocol} -d ${address} --dport ${String(port)}`;
}

/** The rules that draw one of some endpoints. @param {Service} service @param {string} chain @param {readonly string[]} endpoints */
function spread(service, chain, endpoints) {
  const { sep } = chainsOf(service);
  return endpoints.map((endpoint, at) => {
    const left = endpoints.length - at;
    const chance = left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(10)}`;
    return `-A ${chain} ${comment(`${labelOf(service)} -> ${endpoint}`)}${chance} -j ${sep(endpoint)}`;
  });
}

/** What node ports and load balancers jump to. @param {Service} service @param {Proxy} proxy */
function outwardRules(service, proxy) {
  const { ext, svc, svl } = chainsOf(service);
  const label = labelOf(service);
  if (!isBound(service))
    return [
      `-A ${ext} ${comment(`masquerade traffic for ${label} external destinations`)} -j KUBE-MARK-MASQ`,
      `-A ${ext} -j ${svc}`,
    ];
  const own = '-m addrtype --src-type LOCAL';
  const { clusterCidr } = proxy;
  const pods = comment(`pod traffic for ${label} external destinations`);
  return [
    ...(clusterCidr === undefined ? [] : [`-A ${ext} ${pods} -s ${clusterCidr} -j ${svc}`]),
    `-A ${ext} ${comment(`masquerade LOCAL traffic for ${label} external destinations`)} ${own} -j KUBE-MARK-MASQ`,
    `-A ${ext} ${comment(`route LOCAL traffic for ${label} external destinations`)} ${own} -j ${svc}`,
    ...(localEndpoints(service, proxy).length === 0 ? [] : [`-A ${ext} -j ${svl}`]),
  ];
}

/** nat: one service that has endpoints. @param {Service} service @param {Proxy} proxy */
function serviceRules(service, proxy) {
  const { svc, svl, ext, firewall, sep } = chainsOf(service);
  const { protocol = 'tcp', nodePort, loadBalancerIp, sourceRanges, endpoints } = service;
  const { clusterCidr } = proxy;
  const label = labelOf(service);
  const chains = [svc, ...endpoints.map(sep)];
  const rules = [`-A KUBE-SERVICES ${to(service, service.clusterIp, 'cluster IP')} -j ${svc}`];
  if (clusterCidr !== undefined)
    rules.push(
      `-A ${svc} ${to(service, service.clusterIp, 'cluster IP')} ! -s ${clusterCidr} -j KUBE-MARK-MASQ`,
    );
  rules.push(...spread(service, svc, endpoints));
  for (const endpoint of endpoints)
    rules.push(
      `-A ${sep(endpoint)} ${comment(label)} -s ${endpoint.split(':')[0] ?? ''} -j KUBE-MARK-MASQ`,
      `-A ${sep(endpoint)} ${comment(label)} -m ${protocol} -p ${protocol} -j DNAT --to-destination ${endpoint}`,
    );
  if (nodePort === undefined && loadBalancerIp === undefined) return { chains, rules };
  chains.push(ext);
  if (loadBalancerIp !== undefined)
    rules.push(
      `-A KUBE-SERVICES ${to(service, loadBalancerIp, 'loadbalancer IP')} -j ${sourceRanges === undefined ? ext : firewall}`,
    );
  if (loadBalancerIp !== undefined && sourceRanges !== undefined) {
    const rest = `other traffic to ${label} will be dropped by KUBE-PROXY-FIREWALL`;
    chains.push(firewall);
    rules.push(
      ...sourceRanges.map(
        (range) => `-A ${firewall} ${comment(`${label} loadbalancer IP`)} -s ${range} -j ${ext}`,
      ),
      `-A ${firewall} ${comment(rest)}`,
    );
  }
  if (nodePort !== undefined)
    rules.push(
      `-A KUBE-NODEPORTS ${comment(label)} -m ${protocol} -p ${protocol} --dport ${String(nodePort)} -j ${ext}`,
    );
  rules.push(...outwardRules(service, proxy));
  const own = localEndpoints(service, proxy);
  if (isBound(service) && own.length > 0) {
    chains.push(svl);
    rules.push(...spread(service, svl, own));
  }
  return { chains, rules };
}

/** @param {readonly Service[]} services @param {Proxy} proxy */
function natRules(services, proxy) {
  const chains = ['KUBE-MARK-MASQ', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-SERVICES'];
  chains.push('KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY');
  const rules = [
    `-A PREROUTING ${comment('kubernetes service portals')} -j KUBE-SERVICES`,
    `-A OUTPUT ${comment('kubernetes service portals')} -j KUBE-SERVICES`,
    `-A POSTROUTING ${comment('kubernetes postrouting rules')} -j KUBE-POSTROUTING`,
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000',
    `-A KUBE-POSTROUTING ${comment('kubernetes service traffic requiring SNAT')} -j MASQUERADE --random-fully`,
    '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000',
  ];
  for (const service of services.filter(({ endpoints }) => endpoints.length > 0)) {
    const made = serviceRules(service, proxy);
    chains.push(...made.chains);
    rules.push(...made.rules);
  }
  const last = 'kubernetes service nodeports; NOTE: this must be the last rule in this chain';
  rules.push(`-A KUBE-SERVICES ${comment(last)} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`);
  return { chains, rules };
}

/** filter: packets to a service that nat leaves as they are. @param {Service} service @param {Proxy} proxy */
function refusals(service, proxy) {
  const { protocol = 'tcp', nodePort, loadBalancerIp, sourceRanges, healthPort, endpoints } = service;
  const label = labelOf(service);
  const rules = [];
  /** @param {string} why @param {string} target */
  const outside = (why, target) => {
    if (loadBalancerIp !== undefined)
      rules.push(`-A KUBE-EXTERNAL-SERVICES ${to(service, loadBalancerIp, why)} -j ${target}`);
    if (nodePort !== undefined)
      rules.push(
        `-A KUBE-EXTERNAL-SERVICES ${comment(`${label} ${why}`)} -m addrtype --dst-type LOCAL -m ${protocol} -p ${protocol} --dport ${String(nodePort)} -j ${target}`,
      );
  };
  if (endpoints.length === 0) {
    rules.push(`-A KUBE-SERVICES ${to(service, service.clusterIp, 'has no endpoints')} -j REJECT`);
    outside('has no endpoints', 'REJECT');
  } else if (isBound(service) && localEndpoints(service, proxy).length === 0) {
    outside('has no local endpoints', 'DROP');
  }
  if (loadBalancerIp !== undefined && sourceRanges !== undefined)
    rules.push(
      `-A KUBE-PROXY-FIREWALL ${to(service, loadBalancerIp, `traffic not accepted by ${chainsOf(service).firewall}`)} -j DROP`,
    );
  if (healthPort !== undefined)
    rules.push(
      `-A KUBE-NODEPORTS ${comment(`${label} health check node port`)} -m tcp -p tcp --dport ${String(healthPort)} -j ACCEPT`,
    );
  return rules;
}

const LOCALNET = `-A KUBE-FIREWALL ${comment('block incoming localnet connections')} -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`;

/** @param {readonly Service[]} services @param {Proxy} proxy */
function filterRules(services, proxy) {
  const fresh = '-m conntrack --ctstate NEW';
  const firewall = `${fresh} ${comment('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`;
  const external = `${fresh} ${comment('kubernetes externally-visible service portals')} -j KUBE-EXTERNAL-SERVICES`;
  const portals = `${fresh} ${comment('kubernetes service portals')} -j KUBE-SERVICES`;
  return {
    chains: [
      ...['KUBE-EXTERNAL-SERVICES', 'KUBE-FIREWALL', 'KUBE-FORWARD', 'KUBE-KUBELET-CANARY', 'KUBE-NODEPORTS'],
      ...['KUBE-PROXY-CANARY', 'KUBE-PROXY-FIREWALL', 'KUBE-SERVICES'],
    ],
    rules: [
      `-A INPUT ${firewall}`,
      `-A INPUT ${comment('kubernetes health check service ports')} -j KUBE-NODEPORTS`,
      `-A INPUT ${external}`,
      '-A INPUT -j KUBE-FIREWALL',
      `-A FORWARD ${firewall}`,
      `-A FORWARD ${comment('kubernetes forwarding rules')} -j KUBE-FORWARD`,
      `-A FORWARD ${portals}`,
      `-A FORWARD ${external}`,
      `-A OUTPUT ${firewall}`,
      `-A OUTPUT ${portals}`,
      '-A OUTPUT -j KUBE-FIREWALL',
      LOCALNET,
      '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
      `-A KUBE-FORWARD ${comment('kubernetes forwarding rules')} -m mark --mark 0x4000/0x4000 -j ACCEPT`,
      `-A KUBE-FORWARD ${comment('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      ...services.flatMap((service) => refusals(service, proxy)),
    ],
  };
}

/** Of those, what kubelet programs: all that there is when kube-proxy uses no iptables. */
export function kubelet() {
  return {
    mangle: { chains: ['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY'], rules: [] },
    nat: { chains: ['KUBE-KUBELET-CANARY'], rules: [] },
    filter: {
      chains: ['KUBE-FIREWALL', 'KUBE-KUBELET-CANARY'],
      rules: ['-A INPUT -j KUBE-FIREWALL', '-A OUTPUT -j KUBE-FIREWALL', LOCALNET],
    },
  };
}

/**
 * @param {readonly Service[]} services
 * @param {Proxy} [proxy]
 * @returns {Record<'mangle' | 'nat' | 'filter', { chains: string[], rules: string[] }>}
 */
export function kubeProxy(services, proxy = {}) {
  return {
    mangle: { chains: ['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY'], rules: [] },
    nat: natRules(services, proxy),
    filter: filterRules(services, proxy),
  };
}
