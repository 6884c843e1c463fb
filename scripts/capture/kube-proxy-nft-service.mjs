// What kube-proxy's nftables mode programs for one service: the elements that lead to its chains, and the chains
// (kubernetes pkg/proxy/nftables/proxier.go syncProxyRules).
import { createHash } from 'node:crypto';
import { base32 } from './base32.mjs';

/** @typedef {import('./services.mjs').Service} Service */
/** @typedef {import('./kube-proxy-nft.mjs').Proxy} Proxy */

/** The type of an address in sets. */
export const ADDRESS = { ip: 'ipv4_addr', ip6: 'ipv6_addr' };

/** Chain names say what they are for; the hash tells apart those that are cut short. @param {string} name */
function hashed(name) {
  return `${base32(createHash('sha256').update(name).digest(), 8)}-${name}`;
}

/** @param {Service} service */
function namesOf({ name, protocol = 'tcp', portName = '' }) {
  const base = `${name}/${protocol}/${portName}`;
  const own = (/** @type {string} */ endpoint) => hashed(`${base}__${endpoint.replace(':', '/')}`);
  return {
    service: `service-${hashed(base)}`,
    local: `local-${hashed(base)}`,
    external: `external-${hashed(base)}`,
    firewall: `firewall-${hashed(base)}`,
    endpoint: (/** @type {string} */ endpoint) => `endpoint-${own(endpoint)}`,
    affinity: (/** @type {string} */ endpoint) => `affinity-${own(endpoint)}`,
    port: portName === '' ? name : `${name}:${portName}`,
  };
}

/** The elements by which packets find a service, or are refused. @param {Proxy} proxy @param {Service} service */
export function elements({ family, isLocal }, service) {
  const { clusterIp, port, protocol = 'tcp', endpoints, nodePort, loadBalancerIp } = service;
  const names = namesOf(service);
  const add = (/** @type {string} */ to, /** @type {string} */ element) =>
    `add element ${family} kube-proxy ${to} { ${element} }`;
  const at = (/** @type {string} */ ip) => `${ip} . ${protocol} . ${String(port)}`;
  const some = endpoints.length > 0;
  const outside = service.externalTrafficPolicy === 'Local' ? endpoints.filter(isOwn(isLocal)) : endpoints;
  const refusal = some ? 'drop' : 'goto reject-chain';
  const refused = (/** @type {string} */ to, /** @type {string} */ key) =>
    add(to, `${key} comment "${names.port}" : ${refusal}`);
  const lines = [
    add('cluster-ips', clusterIp),
    some
      ? add('service-ips', `${at(clusterIp)} : goto ${names.service}`)
      : refused('no-endpoint-services', at(clusterIp)),
  ];
  if (loadBalancerIp !== undefined) {
    if (some) lines.push(add('service-ips', `${at(loadBalancerIp)} : goto ${names.external}`));
    if (service.sourceRanges !== undefined)
      lines.push(add('firewall-ips', `${at(loadBalancerIp)} : goto ${names.firewall}`));
    if (outside.length === 0) lines.push(refused('no-endpoint-services', at(loadBalancerIp)));
  }
  if (nodePort !== undefined) {
    const key = `${protocol} . ${String(nodePort)}`;
    if (some) lines.push(add('service-nodeports', `${key} : goto ${names.external}`));
    if (outside.length === 0) lines.push(refused('no-endpoint-nodeports', key));
  }
  return lines;
}

/** @param {Proxy['isLocal']} isLocal */
const isOwn = (isLocal) => (/** @type {string} */ endpoint) => isLocal(endpoint.split(':')[0] ?? '');

/** Lines that add chains and sets, and lines that add rules: rules may go to any of the chains. */
class Lines {
  /** @type {string[]} */
  made = [];
  /** @type {string[]} */
  rules = [];

  /** @param {Proxy['family']} family */
  constructor(family) {
    this.family = family;
    this.table = `${family} kube-proxy`;
  }

  /** @param {string} name */
  chain(name) {
    this.made.push(`add chain ${this.table} ${name}`);
  }

  /** @param {string} chain @param {string} text */
  rule(chain, text) {
    this.rules.push(`add rule ${this.table} ${chain} ${text}`);
  }
}

/** One endpoint at random, after the one that this client had. @param {Lines} lines @param {Service} service @param {string} chain @param {readonly string[]} endpoints */
function spread(lines, service, chain, endpoints) {
  const { affinity, endpoint } = namesOf(service);
  if (service.affinitySeconds !== undefined)
    for (const one of endpoints)
      lines.rule(chain, `${lines.family} saddr @${affinity(one)} goto ${endpoint(one)}`);
  const ways = endpoints.map((one, at) => `${String(at)} : goto ${endpoint(one)}`);
  lines.rule(chain, `numgen random mod ${String(endpoints.length)} vmap { ${ways.join(', ')} }`);
}

/** Node ports and load balancers. @param {Lines} lines @param {Service} service @param {readonly string[]} own */
function outward(lines, service, own) {
  const { external, service: cluster, local } = namesOf(service);
  lines.chain(external);
  if (service.externalTrafficPolicy !== 'Local') {
    lines.rule(external, 'jump mark-for-masquerade');
    lines.rule(external, `goto ${cluster}`);
    return;
  }
  const fromNode = 'fib saddr type local';
  lines.rule(external, `${fromNode} jump mark-for-masquerade comment "masquerade local traffic"`);
  lines.rule(external, `${fromNode} goto ${cluster} comment "short-circuit local traffic"`);
  if (own.length > 0) lines.rule(external, `goto ${local}`);
}

/** @param {Lines} lines @param {Service} service @param {string} endpoint */
function endpointRules(lines, service, endpoint) {
  const names = namesOf(service);
  const { family } = lines;
  const name = names.endpoint(endpoint);
  lines.rule(name, `${family} saddr ${endpoint.split(':')[0] ?? ''} jump mark-for-masquerade`);
  if (service.affinitySeconds !== undefined)
    lines.rule(name, `update @${names.affinity(endpoint)} { ${family} saddr }`);
  lines.rule(name, `meta l4proto ${service.protocol ?? 'tcp'} dnat to ${endpoint}`);
}

/** The chains of a service, and the rules in them. @param {Proxy} proxy @param {Service} service */
export function chainsOf({ family, isLocal }, service) {
  const { endpoints, affinitySeconds, sourceRanges, nodePort, loadBalancerIp } = service;
  const names = namesOf(service);
  const lines = new Lines(family);
  const own = service.externalTrafficPolicy === 'Local' ? endpoints.filter(isOwn(isLocal)) : [];
  for (const one of endpoints) lines.chain(names.endpoint(one));
  if (endpoints.length > 0) lines.chain(names.service);
  if (own.length > 0) lines.chain(names.local);
  if (endpoints.length > 0 && (nodePort !== undefined || loadBalancerIp !== undefined))
    outward(lines, service, own);
  if (sourceRanges !== undefined) {
    lines.chain(names.firewall);
    lines.rule(names.firewall, `${family} saddr != { ${sourceRanges.join(', ')} } drop`);
  }
  if (affinitySeconds !== undefined) {
    const flags = `flags dynamic,timeout; timeout ${String(affinitySeconds)}s;`;
    for (const one of endpoints)
      lines.made.push(`add set ${lines.table} ${names.affinity(one)} { type ${ADDRESS[family]}; ${flags} }`);
  }
  if (endpoints.length > 0) spread(lines, service, names.service, endpoints);
  if (own.length > 0) spread(lines, service, names.local, own);
  for (const one of endpoints) endpointRules(lines, service, one);
  return [...lines.made, ...lines.rules];
}
