/** The node of a fact as dump texts: three links, a default gateway, and whatever the fact is about. */
import { type Family, formatAddress } from '../../src/address/address.js';
import { parsePrefix } from '../../src/address/prefix.js';
import { kernelRoutes } from '../kernel/soak/local-table.js';
import { type Backend, type SoakCase, saveHeader } from '../kernel/soak/profile.js';
import { table } from '../support/save.js';

export interface FactLink {
  readonly name: string;
  /** `ADDRESS/LENGTH`, `ADDRESS/LENGTH link` for scope link, in IPv6 `ADDRESS/LENGTH global deprecated`; later ones of one subnet are secondary. */
  readonly addresses: readonly string[];
  readonly mtu?: number;
  /** Flags beside BROADCAST and MULTICAST; `UP,LOWER_UP` unless told. */
  readonly state?: string;
  readonly group?: string;
}

/** What a fact's node has beside the usual; every part may be left out. */
export interface FactNode {
  /** Blocks of iptables-save, or of ip6tables-save when the fact is about IPv6. */
  readonly save?: string;
  /** Blocks of iptables-nft-save beside those of iptables-legacy, which `save` then is. */
  readonly beside?: string;
  readonly sets?: string;
  /** Native tables as `nft list ruleset` prints them; with iptables-legacy alone, whose tables are not among them. */
  readonly native?: string;
  /** Lines of `ip rule` beside the default ones, as `PRIORITY: SELECTOR ACTION`. */
  readonly rules?: readonly string[];
  /** All lines of `ip rule`, when not even the default ones are wanted. */
  readonly allRules?: readonly string[];
  /** Lines of `ip route show table all` beside those that the kernel adds for addresses and the default route. */
  readonly routes?: readonly string[];
  /** Leave the default route out. */
  readonly noDefault?: boolean;
  readonly links?: readonly FactLink[];
  readonly sysctls?: Readonly<Record<string, number>>;
  /** All lines of `ip addrlabel`, in place of the kernel's own. */
  readonly labels?: readonly string[];
}

export const ETH0: FactLink = {
  name: 'eth0',
  addresses: ['10.0.0.1/24', '10.0.0.2/24', 'fd00:a::1/64', 'fe80::1/64'],
};
export const ETH1: FactLink = { name: 'eth1', addresses: ['10.1.0.1/24', 'fd00:b::1/64', 'fe80::2/64'] };
export const ETH2: FactLink = { name: 'eth2', addresses: ['10.2.0.1/24', 'fd00:c::1/64', 'fe80::3/64'] };

const DEFAULT_RULES = [
  '0: from all lookup local',
  '32766: from all lookup main',
  '32767: from all lookup default',
];
const PER_DEVICE = ['rp_filter', 'accept_local', 'route_localnet', 'src_valid_mark', 'bc_forwarding'];

function isSix(text: string): boolean {
  return text.includes(':');
}

function lastOf(text: string): string {
  const { address, mask } = parsePrefix(text) ?? { address: 0, mask: 0 };
  return typeof address === 'number' && typeof mask === 'number' ? formatAddress(address | ~mask) : '';
}

function addressLines({ name, addresses }: FactLink): string[] {
  const seen = new Set<string>();
  return addresses.map((line) => {
    const [text = '', scope = line.startsWith('fe80') ? 'link' : 'global', word = ''] = line.split(' ');
    if (isSix(text)) return `    inet6 ${text} scope ${scope} ${word}`.trimEnd();
    const net = String(parsePrefix(text)?.address);
    const secondary = seen.has(net) ? ' secondary' : '';
    seen.add(net);
    const broadcast = text.endsWith('/32') ? '' : ` brd ${lastOf(text)}`;
    return `    inet ${text}${broadcast} scope ${scope}${secondary} ${name}`;
  });
}

function linkLines(link: FactLink, at: number): string[] {
  const { name, mtu = 1500, state = 'UP,LOWER_UP', group = 'default' } = link;
  const index = String(at + 2);
  return [
    `${index}: ${name}: <BROADCAST,MULTICAST,${state}> mtu ${String(mtu)} qdisc noqueue state UP group ${group}`,
    `    link/ether 02:00:00:00:01:0${index} brd ff:ff:ff:ff:ff:ff`,
    ...addressLines(link),
  ];
}

const LO = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
`;

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function rulesOf({ rules = [], allRules }: FactNode, family: Family): string {
  const usual = family === 4 ? DEFAULT_RULES : DEFAULT_RULES.slice(0, 2);
  const priority = (line: string): number => Number.parseInt(line, 10);
  const lines = allRules ?? [...usual, ...rules].sort((a, b) => priority(a) - priority(b));
  return text(lines.map((line) => line.replace(': ', ':\t')));
}

/** Routes of one family; those of the other one stay the usual ones. */
function routesOf(node: FactNode, family: Family, about: boolean): string {
  const { links = [ETH0, ETH1, ETH2], routes = [], noDefault = false } = node;
  const addressed = links
    .filter(({ state }) => state === undefined || state.includes('UP'))
    .map(({ name, addresses }) => ({
      device: name,
      addresses: addresses
        .map((line) => line.split(' ')[0] ?? '')
        .filter((one) => isSix(one) === (family === 6)),
    }));
  const { local, main } = kernelRoutes(family, addressed);
  const via = family === 4 ? '10.0.0.254' : 'fd00:a::fe';
  const usual = noDefault || (!about && node.links !== undefined) ? [] : [`default via ${via} dev eth0`];
  const six = (line: string): string => (line.includes(' metric ') ? line : `${line} metric 1024`);
  const own = [...usual, ...(about ? routes : [])].map((line) => (family === 6 ? six(line) : line));
  return `${local}${main}${text(own)}`;
}

/** What a new namespace has. */
const CONNTRACK = [
  ['tcp_loose', 1],
  ['tcp_be_liberal', 0],
  ['checksum', 1],
] as const;

function sysctlsOf({ links = [ETH0, ETH1, ETH2], sysctls = {} }: FactNode): string {
  const values = new Map<string, number>([['net.ipv4.ip_forward', 1]]);
  for (const device of ['all', 'default', 'lo', ...links.map(({ name }) => name)]) {
    values.set(`net.ipv4.conf.${device}.forwarding`, 1);
    for (const name of PER_DEVICE) values.set(`net.ipv4.conf.${device}.${name}`, 0);
  }
  values.set('net.ipv6.conf.all.forwarding', 1);
  for (const family of ['4', '6']) values.set(`net.ipv${family}.ip_nonlocal_bind`, 0);
  for (const [name, value] of CONNTRACK) values.set(`net.netfilter.nf_conntrack_${name}`, value);
  for (const [name, value] of Object.entries(sysctls)) values.set(name, value);
  return text([...values].map(([name, value]) => `${name} = ${String(value)}`));
}

/** A save of one table alone could be one that was cut. */
function whole(save: string): string {
  const empty = (['mangle', 'filter'] as const).filter((name) => !save.includes(`*${name}\n`));
  return `${save}${empty.map((name) => table(name, '')).join('')}`;
}

/** The dumps of the node, as the given iptables would have saved them. */
export function filesOf(node: FactNode, family: Family, backend: Backend): SoakCase['files'] {
  const links = node.links ?? [ETH0, ETH1, ETH2];
  const { save = '', beside } = node;
  return {
    'ip-addr.txt': `${LO}${text(links.flatMap(linkLines))}`,
    'ip-route.txt': routesOf(node, 4, family === 4),
    'ip6-route.txt': routesOf(node, 6, family === 6),
    'ip-rule.txt': rulesOf(family === 4 ? node : {}, 4),
    'ip6-rule.txt': rulesOf(family === 6 ? node : {}, 6),
    'sysctl.txt': sysctlsOf(node),
    ...(node.labels === undefined ? {} : { 'ip-addrlabel.txt': text(node.labels) }),
    ...(node.sets === undefined ? {} : { 'ipset-save.txt': node.sets }),
    ...(node.native === undefined ? {} : { 'nft-ruleset.txt': node.native }),
    [family === 4 ? 'iptables-save.txt' : 'ip6tables-save.txt']:
      `${saveHeader({ family, backend })}${whole(save)}`,
    ...(beside === undefined
      ? {}
      : { 'iptables-nft-save.txt': `${saveHeader({ family: 4, backend: 'nft' })}${whole(beside)}` }),
  };
}
