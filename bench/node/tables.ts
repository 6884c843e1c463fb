/** The rules that kube-proxy 1.28 (iptables mode, no detection of local traffic), kubelet and the AWS VPC CNI 1.18 keep
 *  on a node, in the form that iptables-save prints them. */
import { endpointChain } from './chain-names.js';
import type { Cluster, Endpoint, Outside, ServicePort } from './cluster.js';

/** Chains by name, each with its rules without `-A CHAIN`. */
export type Chains = Map<string, string[]>;

export interface Table {
  readonly name: string;
  readonly builtIn: readonly string[];
  readonly chains: Chains;
}

const note = (text: string): string => `-m comment --comment "${text}"`;
const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
/** What kube-proxy gives as 1/n, as the kernel keeps it: in parts of 2^31. */
const share = (n: number): string => (Math.round(2 ** 31 / n) / 2 ** 31).toFixed(11);

class Rules {
  readonly filter: Chains;
  readonly nat: Chains;
  /** Without comments where kube-proxy's largeClusterMode leaves them out. */
  readonly #brief: boolean;

  constructor(filter: Chains, nat: Chains, brief: boolean) {
    this.filter = filter;
    this.nat = nat;
    this.#brief = brief;
  }

  /** A comment that a large cluster does without. */
  #noted(text: string): string {
    return this.#brief ? '' : note(text);
  }

  #add(chains: Chains, chain: string, ...parts: readonly string[]): void {
    const rules = chains.get(chain);
    if (rules === undefined) chains.set(chain, [joined(...parts)]);
    else rules.push(joined(...parts));
  }

  service(service: ServicePort): void {
    const { name, proto, address, port, endpoints, outside, hash } = service;
    const to = (target: string, what: string): string =>
      joined(`-d ${target}/32 -p ${proto}`, note(`${name} ${what}`), `-m ${proto} --dport ${port}`);
    if (endpoints.length === 0) {
      const reject = '-j REJECT --reject-with icmp-port-unreachable';
      this.#add(this.filter, 'KUBE-SERVICES', to(address, 'has no endpoints'), reject);
      return;
    }
    this.#add(this.nat, 'KUBE-SERVICES', to(address, 'cluster IP'), `-j KUBE-SVC-${hash}`);
    if (outside !== null) this.#outside(service, outside, to);
    this.#balance(service, `KUBE-SVC-${hash}`, endpoints);
    for (const endpoint of endpoints) this.#endpoint(service, endpoint);
  }

  #outside(
    service: ServicePort,
    { nodePort, policy, balancer, ranges, healthPort }: Outside,
    to: (target: string, what: string) => string,
  ): void {
    const { name, proto, hash, endpoints } = service;
    const ext = `KUBE-EXT-${hash}`;
    const local = endpoints.filter((endpoint) => endpoint.local);
    this.#add(
      this.nat,
      'KUBE-NODEPORTS',
      joined(`-p ${proto}`, this.#noted(name), `-m ${proto} --dport ${nodePort} -j ${ext}`),
    );
    if (healthPort !== null) {
      const check = joined(note(`${name} health check node port`), `-m tcp --dport ${healthPort} -j ACCEPT`);
      this.#add(this.filter, 'KUBE-NODEPORTS', '-p tcp', check);
    }
    if (balancer !== null) {
      const fw = `KUBE-FW-${hash}`;
      const entry = ranges.length === 0 ? ext : fw;
      this.#add(this.nat, 'KUBE-SERVICES', to(balancer, 'loadbalancer IP'), `-j ${entry}`);
      if (ranges.length > 0)
        this.#firewall(service, fw, ranges, to(balancer, `traffic not accepted by ${fw}`));
    }
    const traffic = `for ${name} external destinations`;
    if (policy === 'Cluster') {
      this.#add(this.nat, ext, note(`masquerade traffic ${traffic}`), '-j KUBE-MARK-MASQ');
      this.#add(this.nat, ext, `-j KUBE-SVC-${hash}`);
      return;
    }
    const own = '-m addrtype --src-type LOCAL';
    this.#add(this.nat, ext, note(`masquerade LOCAL traffic ${traffic}`), own, '-j KUBE-MARK-MASQ');
    this.#add(this.nat, ext, note(`route LOCAL traffic ${traffic}`), own, `-j KUBE-SVC-${hash}`);
    if (local.length === 0) {
      const port = joined(note(`${name} has no local endpoints`), '-m addrtype --dst-type LOCAL');
      const drop = joined(`-p ${proto}`, port, `-m ${proto} --dport ${nodePort} -j DROP`);
      this.#add(this.filter, 'KUBE-EXTERNAL-SERVICES', drop);
      return;
    }
    this.#add(this.nat, ext, `-j KUBE-SVL-${hash}`);
    this.#balance(service, `KUBE-SVL-${hash}`, local);
  }

  #firewall({ name, hash }: ServicePort, fw: string, ranges: readonly string[], refused: string): void {
    for (const range of ranges)
      this.#add(this.nat, fw, `-s ${range}`, note(`${name} loadbalancer IP`), `-j KUBE-EXT-${hash}`);
    this.#add(this.nat, fw, note(`other traffic to ${name} will be dropped by KUBE-PROXY-FIREWALL`));
    this.#add(this.filter, 'KUBE-PROXY-FIREWALL', refused, '-j DROP');
  }

  #balance(service: ServicePort, chain: string, endpoints: readonly Endpoint[]): void {
    const { name, proto, sticky } = service;
    const targets = endpoints.map(({ address, port }) => {
      const end = `${address}:${String(port)}`;
      return { note: this.#noted(`${name} -> ${end}`), sep: endpointChain(name, proto, end) };
    });
    if (sticky)
      for (const { note: noted, sep } of targets) {
        const recent = `-m recent --rcheck --seconds 10800 --reap --name ${sep} --mask 255.255.255.255 --rsource`;
        this.#add(this.nat, chain, noted, recent, `-j ${sep}`);
      }
    for (const [at, { note: noted, sep }] of targets.entries()) {
      const left = targets.length - at;
      const drawn = left === 1 ? '' : `-m statistic --mode random --probability ${share(left)}`;
      this.#add(this.nat, chain, noted, drawn, `-j ${sep}`);
    }
  }

  #endpoint({ name, proto, sticky }: ServicePort, { address, port }: Endpoint): void {
    const end = `${address}:${String(port)}`;
    const sep = endpointChain(name, proto, end);
    const seen = sticky ? `-m recent --set --name ${sep} --mask 255.255.255.255 --rsource` : '';
    this.#add(this.nat, sep, `-s ${address}/32`, this.#noted(name), '-j KUBE-MARK-MASQ');
    const dnat = `-m ${proto} -j DNAT --to-destination ${end}`;
    this.#add(this.nat, sep, `-p ${proto}`, this.#noted(name), seen, dnat);
  }
}

function mangle(primary: string): Table {
  const eni = note('AWS, primary ENI');
  const restore = '-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80';
  const mark = '-j CONNMARK --set-xmark 0x80/0x80';
  return {
    name: 'mangle',
    builtIn: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
    chains: new Map([
      [
        'PREROUTING',
        [
          `-i ${primary} ${eni} -m addrtype --dst-type LOCAL --limit-iface-in ${mark}`,
          `-i eni+ ${eni} ${restore}`,
          `-i vlan+ ${eni} ${restore}`,
        ],
      ],
      ['KUBE-IPTABLES-HINT', []],
      ['KUBE-KUBELET-CANARY', []],
      ['KUBE-PROXY-CANARY', []],
    ]),
  };
}

const LOCALNET = `! -s 127.0.0.0/8 -d 127.0.0.0/8 ${note('block incoming localnet connections')} -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`;

function filterChains(): Chains {
  const fresh = '-m conntrack --ctstate NEW';
  const guard = `${fresh} ${note('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`;
  const external = `${fresh} ${note('kubernetes externally-visible service portals')} -j KUBE-EXTERNAL-SERVICES`;
  const portals = `${fresh} ${note('kubernetes service portals')} -j KUBE-SERVICES`;
  const health = `${note('kubernetes health check service ports')} -j KUBE-NODEPORTS`;
  const forward = `${note('kubernetes forwarding rules')} -j KUBE-FORWARD`;
  const related = note('kubernetes forwarding conntrack rule');
  const empty = ['KUBE-EXTERNAL-SERVICES', 'KUBE-NODEPORTS', 'KUBE-PROXY-FIREWALL', 'KUBE-SERVICES'];
  return new Map([
    ['INPUT', [guard, health, external, '-j KUBE-FIREWALL']],
    ['FORWARD', [guard, forward, portals, external]],
    ['OUTPUT', [guard, portals, '-j KUBE-FIREWALL']],
    ['KUBE-FIREWALL', [LOCALNET]],
    [
      'KUBE-FORWARD',
      [
        '-m conntrack --ctstate INVALID -j DROP',
        `${note('kubernetes forwarding rules')} -m mark --mark 0x4000/0x4000 -j ACCEPT`,
        `${related} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      ],
    ],
    ...[...empty, 'KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY'].map((name): [string, string[]] => [name, []]),
  ]);
}

function natChains({ enis, vpc }: Cluster): Chains {
  const portals = `${note('kubernetes service portals')} -j KUBE-SERVICES`;
  const outbound = note('AWS, outbound connections');
  const connmark = note('AWS, CONNMARK');
  const snat = `! -o vlan+ ${note('AWS, SNAT')} -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${enis[0]?.address ?? ''} --random-fully`;
  const returns = (text: string): string[] =>
    vpc.toReversed().map((range) => `-d ${range} ${note(text)} -j RETURN`);
  return new Map([
    [
      'PREROUTING',
      [
        portals,
        `-i eni+ ${outbound} -j AWS-CONNMARK-CHAIN-0`,
        `${connmark} -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80`,
      ],
    ],
    ['OUTPUT', [portals]],
    [
      'POSTROUTING',
      [
        `${note('kubernetes postrouting rules')} -j KUBE-POSTROUTING`,
        `${note('AWS SNAT CHAIN')} -j AWS-SNAT-CHAIN-0`,
      ],
    ],
    [
      'AWS-CONNMARK-CHAIN-0',
      [...returns('AWS CONNMARK CHAIN, VPC CIDR'), `${connmark} -j CONNMARK --set-xmark 0x80/0x80`],
    ],
    ['AWS-SNAT-CHAIN-0', [...returns('AWS SNAT CHAIN'), snat]],
    ['KUBE-MARK-MASQ', ['-j MARK --set-xmark 0x4000/0x4000']],
    [
      'KUBE-POSTROUTING',
      [
        '-m mark ! --mark 0x4000/0x4000 -j RETURN',
        '-j MARK --set-xmark 0x4000/0x0',
        `${note('kubernetes service traffic requiring SNAT')} -j MASQUERADE --random-fully`,
      ],
    ],
    ...['KUBE-NODEPORTS', 'KUBE-SERVICES', 'KUBE-KUBELET-CANARY', 'KUBE-PROXY-CANARY'].map(
      (name): [string, string[]] => [name, []],
    ),
  ]);
}

/** The three tables. @param brief without the comments that kube-proxy leaves out above 1,000 endpoints */
export function tablesOf(cluster: Cluster, brief: boolean): readonly Table[] {
  const filter = filterChains();
  const nat = natChains(cluster);
  const rules = new Rules(filter, nat, brief);
  for (const service of cluster.services) rules.service(service);
  const last = note('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
  nat.get('KUBE-SERVICES')?.push(`${last} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`);
  return [
    mangle(cluster.enis[0]?.device ?? ''),
    { name: 'filter', builtIn: ['INPUT', 'FORWARD', 'OUTPUT'], chains: filter },
    { name: 'nat', builtIn: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], chains: nat },
  ];
}

/** As `iptables-save` prints tables: built-in chains, the others by name, then the rules in the same order. */
export function printTables(tables: readonly Table[]): string {
  const lines: string[] = [];
  for (const { name, builtIn, chains } of tables) {
    const own = [...chains.keys()].filter((chain) => !builtIn.includes(chain)).sort();
    lines.push('# Generated by iptables-save v1.8.9', `*${name}`);
    lines.push(...builtIn.map((chain) => `:${chain} ACCEPT [0:0]`));
    for (const chain of own) lines.push(`:${chain} - [0:0]`);
    for (const chain of [...builtIn, ...own])
      for (const rule of chains.get(chain) ?? []) lines.push(`-A ${chain} ${rule}`);
    lines.push('COMMIT', '# Completed');
  }
  return `${lines.join('\n')}\n`;
}
