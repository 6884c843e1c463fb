/** kube-proxy's rules in iptables mode: eras A (1.19 to 1.21), B (1.22, 1.23) and D (1.25 and later). */
import type { Cluster, Endpoint, Service } from './cluster.js';
import { PLACES } from './places.js';
import type { Rules } from './rule-set.js';

const comment = (text: string): string => `-m comment --comment "${text}"`;

/** Names and words of one cluster that every rule needs. */
interface Words {
  readonly cluster: Cluster;
  readonly rules: Rules;
  readonly host: (address: string) => string;
  readonly bit: string;
  readonly loopback: string;
  readonly reject: string;
  readonly mask: string;
}

function wordsOf(cluster: Cluster, rules: Rules): Words {
  const four = cluster.family === 4;
  return {
    ...{ cluster, rules },
    host: (address) => `${address}/${four ? 32 : 128}`,
    bit: `0x${(1 << cluster.masqueradeBit).toString(16)}`,
    loopback: four ? '127.0.0.0/8' : '::1/128',
    reject: four ? 'icmp-port-unreachable' : 'icmp6-port-unreachable',
    mask: four ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  };
}

function at({ host }: Words, one: Service, address: string, word: string): string {
  return `-d ${host(address)} -p ${one.proto} ${comment(`${one.name} ${word}`)} -m ${one.proto} --dport ${one.port}`;
}

const onNodePort = (one: Service): string =>
  `-p ${one.proto} ${comment(one.name)} -m ${one.proto} --dport ${one.nodePort ?? 0}`;

const sepOf = (one: Service, place: number): string =>
  `KUBE-SEP-${one.hash.slice(0, 13)}${String(place)}${one.hash.slice(-2)}`;

function probability(left: number): string {
  return (Math.round(2 ** 31 / left) / 2 ** 31).toFixed(11);
}

/** Rules that hand a packet to one of some endpoints. */
function spread(words: Words, one: Service, chain: string, endpoints: readonly Endpoint[]): void {
  const { rules, mask } = words;
  const all = one.endpoints;
  if (one.affinity)
    for (const endpoint of endpoints) {
      const sep = sepOf(one, all.indexOf(endpoint));
      rules.add(
        'nat',
        chain,
        `${comment(one.name)} -m recent --rcheck --seconds 10800 --reap --name ${sep} --mask ${mask} --rsource -j ${sep}`,
      );
    }
  for (const [place, endpoint] of endpoints.entries()) {
    const left = endpoints.length - place;
    const share = left > 1 ? ` -m statistic --mode random --probability ${probability(left)}` : '';
    rules.add('nat', chain, `${comment(one.name)}${share} -j ${sepOf(one, all.indexOf(endpoint))}`);
  }
}

function endpointChains(words: Words, one: Service): void {
  const { rules, host, mask, cluster } = words;
  for (const [place, { address, port }] of one.endpoints.entries()) {
    const sep = sepOf(one, place);
    const to = cluster.family === 4 ? `${address}:${port}` : `[${address}]:${port}`;
    const remember = one.affinity ? ` -m recent --set --name ${sep} --mask ${mask} --rsource` : '';
    rules.add('nat', sep, `-s ${host(address)} ${comment(one.name)} -j KUBE-MARK-MASQ`);
    rules.add(
      'nat',
      sep,
      `-p ${one.proto} ${comment(one.name)}${remember} -m ${one.proto} -j DNAT --to-destination ${to}`,
    );
  }
}

/** What a service's outside addresses jump to, and what is said there. */
function outside(words: Words, one: Service): string {
  const { rules, cluster } = words;
  const local = one.endpoints.filter((endpoint) => endpoint.local);
  const [svc, name] = [`KUBE-SVC-${one.hash}`, one.name];
  if (cluster.kube !== 'D' && !one.externalLocal) return svc;
  const chain = cluster.kube === 'D' ? `KUBE-EXT-${one.hash}` : `KUBE-XLB-${one.hash}`;
  rules.chain('nat', chain);
  if (!one.externalLocal) {
    rules.add(
      'nat',
      chain,
      `${comment(`masquerade traffic for ${name} external destinations`)} -j KUBE-MARK-MASQ`,
    );
    rules.add('nat', chain, `-j ${svc}`);
    return chain;
  }
  if (cluster.clusterCidr !== null)
    rules.add('nat', chain, `-s ${cluster.clusterCidr} ${comment(`pod traffic for ${name}`)} -j ${svc}`);
  const own = `-m addrtype --src-type LOCAL`;
  rules.add('nat', chain, `${comment(`masquerade LOCAL traffic for ${name}`)} ${own} -j KUBE-MARK-MASQ`);
  rules.add('nat', chain, `${comment(`route LOCAL traffic for ${name}`)} ${own} -j ${svc}`);
  if (cluster.kube !== 'D') {
    if (local.length === 0)
      rules.add('nat', chain, `${comment(`${name} has no local endpoints`)} -j KUBE-MARK-DROP`);
    else spread(words, one, chain, local);
  } else if (local.length > 0) {
    rules.add('nat', chain, `-j KUBE-SVL-${one.hash}`);
  }
  return chain;
}

function clusterIp(words: Words, one: Service): void {
  const { rules, cluster } = words;
  const local = one.endpoints.filter((endpoint) => endpoint.local);
  const match = at(words, one, one.clusterIp, 'cluster IP');
  const foreign = cluster.proxy.masqueradeAll
    ? `${match} -j KUBE-MARK-MASQ`
    : cluster.clusterCidr === null
      ? null
      : `! -s ${cluster.clusterCidr} ${match} -j KUBE-MARK-MASQ`;
  if (foreign !== null)
    rules.add('nat', cluster.kube === 'A' ? 'KUBE-SERVICES' : `KUBE-SVC-${one.hash}`, foreign);
  const bound = one.internalLocal && cluster.kube === 'D';
  if (bound && local.length === 0) {
    rules.add('filter', 'KUBE-SERVICES', `${match} -j DROP`);
    return;
  }
  rules.add('nat', 'KUBE-SERVICES', `${match} -j ${bound ? 'KUBE-SVL' : 'KUBE-SVC'}-${one.hash}`);
}

function balancer(words: Words, one: Service, target: string): void {
  const { rules, cluster } = words;
  if (one.loadBalancer === null) return;
  const match = at(words, one, one.loadBalancer, 'loadbalancer IP');
  const firewall = `KUBE-FW-${one.hash}`;
  const word = comment(`${one.name} loadbalancer IP`);
  const late = cluster.kube === 'D';
  if (late && one.sourceRanges.length === 0) {
    rules.add('nat', 'KUBE-SERVICES', `${match} -j ${target}`);
    return;
  }
  rules.add('nat', 'KUBE-SERVICES', `${match} -j ${firewall}`);
  if (!late && !one.externalLocal) rules.add('nat', firewall, `${word} -j KUBE-MARK-MASQ`);
  if (one.sourceRanges.length === 0) rules.add('nat', firewall, `${word} -j ${target}`);
  for (const range of one.sourceRanges) rules.add('nat', firewall, `-s ${range} ${word} -j ${target}`);
  // A node within a range may reach the balancer from the balancer's own address.
  if (one.sourceRanges.includes(PLACES[cluster.family].ranges[1]))
    rules.add('nat', firewall, `-s ${words.host(one.loadBalancer)} ${word} -j ${target}`);
  const rest = comment(`other traffic to ${one.name} will be dropped by KUBE-PROXY-FIREWALL`);
  if (cluster.proxy.noted) rules.add('nat', firewall, rest);
  if (late) rules.add('filter', 'KUBE-PROXY-FIREWALL', `${match} -j DROP`);
  else rules.add('nat', firewall, `${word} -j KUBE-MARK-DROP`);
}

function nodePort(words: Words, one: Service, target: string): void {
  const { rules, cluster, loopback } = words;
  if (one.nodePort === null) return;
  const match = onNodePort(one);
  if (cluster.kube !== 'D') {
    if (one.externalLocal) rules.add('nat', 'KUBE-NODEPORTS', `-s ${loopback} ${match} -j KUBE-MARK-MASQ`);
    else rules.add('nat', cluster.kube === 'A' ? 'KUBE-NODEPORTS' : target, `${match} -j KUBE-MARK-MASQ`);
  }
  rules.add('nat', 'KUBE-NODEPORTS', `${match} -j ${target}`);
}

function externalIp(words: Words, one: Service, target: string): void {
  const { rules, cluster } = words;
  if (one.externalIp === null) return;
  const match = at(words, one, one.externalIp, 'external IP');
  const ways = cluster.proxy.physdev
    ? ['-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL ', '-m addrtype --dst-type LOCAL ']
    : [''];
  for (const way of ways) rules.add('nat', 'KUBE-SERVICES', `${match} ${way}-j ${target}`);
}

/** filter: what becomes of packets to a service's outside addresses, which no DNAT rule takes. */
function toOutside(words: Words, one: Service, why: string, end: string): void {
  const add = (match: string): void => {
    words.rules.add('filter', 'KUBE-EXTERNAL-SERVICES', `${match} ${end}`);
  };
  for (const address of [one.externalIp, one.loadBalancer])
    if (address !== null) add(at(words, one, address, why));
  const local = '-m addrtype --dst-type LOCAL';
  if (one.nodePort !== null)
    add(`-p ${one.proto} ${comment(`${one.name} ${why}`)} ${local} -m ${one.proto} --dport ${one.nodePort}`);
}

function withoutEndpoints(words: Words, one: Service): void {
  const end = `-j REJECT --reject-with ${words.reject}`;
  words.rules.add('filter', 'KUBE-SERVICES', `${at(words, one, one.clusterIp, 'has no endpoints')} ${end}`);
  toOutside(words, one, 'has no endpoints', end);
}

function service(words: Words, one: Service): void {
  const { rules, cluster } = words;
  if (one.endpoints.length === 0) {
    withoutEndpoints(words, one);
    return;
  }
  const svc = `KUBE-SVC-${one.hash}`;
  const local = one.endpoints.filter((endpoint) => endpoint.local);
  rules.chain('nat', svc);
  clusterIp(words, one);
  if (one.nodePort !== null || one.loadBalancer !== null || one.externalIp !== null) {
    const target = outside(words, one);
    externalIp(words, one, target);
    balancer(words, one, target);
    nodePort(words, one, target);
    if (cluster.kube === 'D' && one.externalLocal && local.length === 0)
      toOutside(words, one, 'has no local endpoints', '-j DROP');
    if (one.externalLocal && one.loadBalancer !== null && one.healthPort !== null)
      rules.add(
        'filter',
        'KUBE-NODEPORTS',
        `-p tcp ${comment(`${one.name} health check node port`)} -m tcp --dport ${one.healthPort} -j ACCEPT`,
      );
  }
  spread(words, one, svc, one.endpoints);
  if (cluster.kube === 'D' && local.length > 0 && (one.externalLocal || one.internalLocal))
    spread(words, one, `KUBE-SVL-${one.hash}`, local);
  endpointChains(words, one);
}

function statics(words: Words): void {
  const { rules, bit, cluster, loopback } = words;
  const unmarked = `-m mark ! --mark ${bit}/${bit} -j RETURN`;
  rules.add('nat', 'KUBE-POSTROUTING', unmarked);
  rules.add('nat', 'KUBE-POSTROUTING', `-j MARK --set-xmark ${bit}/0x0`);
  rules.add(
    'nat',
    'KUBE-POSTROUTING',
    `${comment('kubernetes service traffic requiring SNAT')} -j MASQUERADE --random-fully`,
  );
  rules.add('nat', 'KUBE-MARK-MASQ', `-j MARK --set-xmark ${bit}/${bit}`);
  if (!cluster.proxy.liberal) rules.add('filter', 'KUBE-FORWARD', '-m conntrack --ctstate INVALID -j DROP');
  rules.add(
    'filter',
    'KUBE-FORWARD',
    `${comment('kubernetes forwarding rules')} -m mark --mark ${bit}/${bit} -j ACCEPT`,
  );
  for (const word of cluster.kube === 'D' ? ['rule'] : ['pod source rule', 'pod destination rule'])
    rules.add(
      'filter',
      'KUBE-FORWARD',
      `${comment(`kubernetes forwarding conntrack ${word}`)} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    );
  rules.add(
    'filter',
    'KUBE-FIREWALL',
    `! -s ${loopback} -d ${loopback} ${comment('block incoming localnet connections')} -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`,
  );
  if (cluster.kube === 'D') return;
  rules.add('nat', 'KUBE-MARK-DROP', '-j MARK --set-xmark 0x8000/0x8000');
  rules.add('filter', 'KUBE-FIREWALL', '-m mark --mark 0x8000/0x8000 -j DROP');
}

/** Jumps of the filter table, and every chain that they lead to. */
function jumps({ rules, cluster }: Words): void {
  const fresh = (chain: string, word: string, target: string): void => {
    rules.add('filter', chain, `-m conntrack --ctstate NEW ${comment(word)} -j ${target}`);
  };
  const late = cluster.kube === 'D';
  for (const chain of [
    'KUBE-SERVICES',
    'KUBE-EXTERNAL-SERVICES',
    'KUBE-FORWARD',
    'KUBE-FIREWALL',
    'KUBE-NODEPORTS',
  ])
    rules.chain('filter', chain);
  if (late) rules.chain('filter', 'KUBE-PROXY-FIREWALL');
  for (const chain of ['INPUT', 'FORWARD', 'OUTPUT']) {
    if (late) fresh(chain, 'kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL');
    if (chain === 'INPUT')
      rules.add('filter', chain, `${comment('kubernetes health check service ports')} -j KUBE-NODEPORTS`);
    if (chain === 'FORWARD')
      rules.add('filter', chain, `${comment('kubernetes forwarding rules')} -j KUBE-FORWARD`);
    if (chain !== 'INPUT') fresh(chain, 'kubernetes service portals', 'KUBE-SERVICES');
    if (chain !== 'OUTPUT')
      fresh(chain, 'kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES');
    if (chain !== 'FORWARD') rules.add('filter', chain, '-j KUBE-FIREWALL');
  }
  rules.add('nat', 'PREROUTING', `${comment('kubernetes service portals')} -j KUBE-SERVICES`);
  rules.add('nat', 'OUTPUT', `${comment('kubernetes service portals')} -j KUBE-SERVICES`);
  rules.add('nat', 'POSTROUTING', `${comment('kubernetes postrouting rules')} -j KUBE-POSTROUTING`);
  for (const chain of ['KUBE-SERVICES', 'KUBE-NODEPORTS']) rules.chain('nat', chain);
}

/** All of kube-proxy's and kubelet's rules; the CNI's go behind them. */
export function kubeProxy(rules: Rules, cluster: Cluster): void {
  const words = wordsOf(cluster, rules);
  jumps(words);
  statics(words);
  for (const one of cluster.services) service(words, one);
  nodePortJumps(words);
}

/** The last rules of KUBE-SERVICES: which addresses have node ports. */
function nodePortJumps({ rules, cluster, host }: Words): void {
  const { localhost, chosenAddresses } = cluster.proxy;
  const word = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
  const [primary] = cluster.interfaces;
  if (chosenAddresses && primary !== undefined) {
    rules.add('nat', 'KUBE-SERVICES', `-d ${host(primary.address)} ${word} -j KUBE-NODEPORTS`);
    return;
  }
  const loopback = cluster.family === 6 ? '! -d ::1/128 ' : localhost ? '' : '! -d 127.0.0.0/8 ';
  rules.add('nat', 'KUBE-SERVICES', `${loopback}${word} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`);
}
