// The rules that kube-proxy 1.28+ (iptables mode, no cluster CIDR as on EKS) and kubelet program, as restore input.
import { createHash } from 'node:crypto';
import { base32 } from './base32.mjs';

/** @typedef {import('./services.mjs').Service} Service */

/** What kube-proxy calls its chains by. @param {string} text */
function chainHash(text) {
  return base32(createHash('sha256').update(text).digest(), 16);
}

/** A service here has one endpoint. @param {Service} service */
export function chainsOf(service) {
  const endpoint = endpointOf(service);
  const hash = chainHash(`${service.name}tcp`);
  return {
    svc: `KUBE-SVC-${hash}`,
    svl: `KUBE-SVL-${hash}`,
    ext: `KUBE-EXT-${hash}`,
    sep: `KUBE-SEP-${chainHash(`${service.name}tcp${endpoint}`)}`,
  };
}

/** @param {Service} service */
const endpointOf = ({ endpoints }) => endpoints[0] ?? '';

const comment = (/** @type {string} */ text) => `-m comment --comment "${text}"`;

/** @param {readonly Service[]} services */
function natRules(services) {
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
  for (const service of services) {
    const of = chainsOf(service);
    chains.push(of.svc, of.sep);
    const endpoint = endpointOf(service);
    const toEndpoint = `${comment(`${service.name} -> ${endpoint}`)} -j ${of.sep}`;
    rules.push(
      `-A KUBE-SERVICES ${comment(`${service.name} cluster IP`)} -m tcp -p tcp -d ${service.clusterIp} --dport ${String(service.port)} -j ${of.svc}`,
      `-A ${of.svc} ${toEndpoint}`,
      `-A ${of.sep} ${comment(service.name)} -s ${endpoint.split(':')[0] ?? ''} -j KUBE-MARK-MASQ`,
      `-A ${of.sep} ${comment(service.name)} -m tcp -p tcp -j DNAT --to-destination ${endpoint}`,
    );
    if (service.nodePort === undefined) continue;
    chains.push(of.ext);
    rules.push(
      `-A KUBE-NODEPORTS ${comment(service.name)} -m tcp -p tcp --dport ${String(service.nodePort)} -j ${of.ext}`,
    );
    if (service.externalTrafficPolicy === 'Local') {
      chains.push(of.svl);
      const local = '-m addrtype --src-type LOCAL';
      rules.push(
        `-A ${of.ext} ${comment(`masquerade LOCAL traffic for ${service.name} external destinations`)} ${local} -j KUBE-MARK-MASQ`,
        `-A ${of.ext} ${comment(`route LOCAL traffic for ${service.name} external destinations`)} ${local} -j ${of.svc}`,
        `-A ${of.ext} -j ${of.svl}`,
        `-A ${of.svl} ${toEndpoint}`,
      );
    } else {
      rules.push(
        `-A ${of.ext} ${comment(`masquerade traffic for ${service.name} external destinations`)} -j KUBE-MARK-MASQ`,
        `-A ${of.ext} -j ${of.svc}`,
      );
    }
  }
  const last = 'kubernetes service nodeports; NOTE: this must be the last rule in this chain';
  rules.push(`-A KUBE-SERVICES ${comment(last)} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`);
  return { chains, rules };
}

const LOCALNET = `-A KUBE-FIREWALL ${comment('block incoming localnet connections')} -d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`;

function filterRules() {
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
 * @returns {Record<'mangle' | 'nat' | 'filter', { chains: string[], rules: string[] }>}
 */
export function kubeProxy(services) {
  return {
    mangle: { chains: ['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY'], rules: [] },
    nat: natRules(services),
    filter: filterRules(),
  };
}
