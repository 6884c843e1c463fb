/**
 * A shell script that makes the namespaces `node` and `far` out of a folder of dumps: what the dumps print is given
 * back to the tools that printed it. Written apart from natwalk's own readers, so that the two can disagree.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAddress } from '../../../src/address/address.js';
import { parsePrefix } from '../../../src/address/prefix.js';
import { about } from './complaints.js';
import { EMPTY_NFT, LOADED_FIRST, loadScript } from './native-rules.js';
import { TOOL } from './refusal.js';
import { RETRY } from './retry.js';

export interface LinkEnd {
  readonly name: string;
  /** The device's own name in `far`. */
  readonly far: string;
  readonly mac: string;
}

export interface Setup {
  readonly script: string;
  readonly links: readonly LinkEnd[];
  /** Directed broadcast addresses, each as `DEVICE ADDRESS`. */
  readonly broadcasts: readonly string[];
  /** There are rules in nf_tables: by iptables-nft, or native ones. */
  readonly nft: boolean;
  /** Lines of the sysctl dump that are left as the kernel has them: values of the machine, or what the judge itself sets. */
  readonly notSet: readonly string[];
}

interface Link extends LinkEnd {
  readonly index: number | null;
  readonly up: boolean;
  /** It is down, and was up when a route was added of which it now is a dead nexthop. */
  readonly dying: boolean;
  readonly carrier: boolean;
  readonly mtu: string;
  readonly group: string;
  readonly addresses: readonly string[];
}

const DEFAULT_RULES = [
  '0: from all lookup local',
  '32766: from all lookup main',
  '32767: from all lookup default',
].join('\n');

/** Values of the machine rather than of the namespace, and what the judge sets itself. */
const NOT_SET =
  /(?:_mem|nf_conntrack_(?:max|count|buckets|expect_max))$|\.neigh\.|\.route\.|icmp_ratelimit|send_redirects/;

function read(folder: string, name: string): string | null {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A text as the standard input of the command before it: no line of it ends it. */
function fed(text: string): string {
  let end = 'EOT';
  while (text.includes(end)) end += 'T';
  return `<<'${end}'\n${text}\n${end}\n`;
}

/** Lines of `ip` that go through one process; those that fail are named and stop nothing. */
function batch(lines: readonly string[], family = '', namespace = 'node'): string {
  return lines.length === 0 ? '' : `ip ${family} -n ${namespace} -force -batch - ${fed(lines.join('\n'))}`;
}

/** The kernel lists the IPv6 address first that was added last. */
function inOrderOfAdding(lines: readonly string[]): readonly string[] {
  const six = lines.filter((line) => line.startsWith('inet6'));
  return [...lines.filter((line) => !line.startsWith('inet6')), ...six.reverse()];
}

function readLinks(text: string, routesText: string): Link[] {
  const links: Link[] = [];
  const blocks = text.split(/^(?=\d+: )/m);
  for (const block of blocks) {
    const head = /^(\d+): ([^:@\s]+)(?:@\S+)?: <([^>]*)> mtu (\d+)/.exec(block);
    if (head === null) continue;
    const [, index = '', name = '', flags = '', mtu = ''] = head;
    const mac =
      /link\/ether (\S+)/.exec(block)?.[1] ??
      `02:4e:57:00:00:${Number(index).toString(16).padStart(2, '0').slice(-2)}`;
    links.push({
      name,
      far: `far${index}`,
      mac,
      index: Number(index),
      up: flags.split(',').includes('UP'),
      dying: !flags.split(',').includes('UP') && routesText.includes(` dev ${name} weight 1 dead`),
      carrier: !flags.split(',').includes('NO-CARRIER'),
      mtu,
      group: /^\d+:.* group (\S+)/.exec(block)?.[1] ?? 'default',
      addresses: inOrderOfAdding([...block.matchAll(/^ +(inet6? .*)$/gm)].map((found) => found[1] ?? '')),
    });
  }
  return links;
}

function addLink(link: Link): string[] {
  const { name, far, mac, index, mtu } = link;
  const size = String(Math.min(Number(mtu), 65535));
  return [
    `link add ${name} index ${String(index)} address ${mac} mtu ${size} type veth peer name ${far} mtu ${size} netns far`,
    ...(link.group === 'default' ? [] : [`link set ${name} group ${link.group}`]),
    ...(link.up || link.dying ? [`link set ${name} up`] : []),
  ];
}

function addAddress(device: string, line: string): string {
  const found = /^(inet6?) (\S+)(?: peer (\S+))?(?: metric \d+)?(?: brd (\S+))? scope (\S+)/.exec(line);
  const label = new RegExp(` ${device.replaceAll('.', '\\.')}:\\S+$`).exec(line.trimEnd())?.[0] ?? '';
  const aged = / deprecated(?: |$)/.test(line) ? ' preferred_lft 0' : '';
  if (found === null) return '';
  const [, kind, address, peer, broadcast, scope] = found;
  const managed = / mngtmpaddr(?: |$)/.test(line) ? ' mngtmpaddr' : '';
  const extra = kind === 'inet6' ? ` nodad${managed}` : '';
  return [
    `addr add ${address ?? ''}${peer === undefined ? '' : ` peer ${peer}`}`,
    broadcast === undefined ? '' : `brd ${broadcast}`,
    `scope ${scope ?? 'global'} dev ${device} noprefixroute${extra}${label === '' ? '' : ` label${label}`}${aged}`,
  ].join(' ');
}

function ruleLines(text: string | null): string[] {
  if (text === null) return [];
  const wanted = text
    .replace(/^(\d+):\s+/gm, '$1: ')
    .replace(/ +$/gm, '')
    .trim();
  if (wanted === DEFAULT_RULES) return [];
  return wanted.split('\n').map((line) => {
    const [, priority = '', rest = ''] = /^(\d+): (.*)$/.exec(line) ?? [];
    const words = rest
      .replace(/ \[detached\]/g, '')
      .replace(' lookup [l3mdev-table]', ' l3mdev')
      .replace(/^(not )?from all /, (_, not?: string) => `${not ?? ''}from all `);
    return `rule add pref ${priority} ${words}`;
  });
}

/** One line a route: `nexthop` lines follow the line that they belong to. */
function routeLines(text: string): string[] {
  return text
    .replace(/\n[ \t]+(?=nexthop)/g, ' ')
    .split('\n')
    .map((line) =>
      line
        // The route to the gateway is gone with the device.
        .replace(/ (via \S+ dev \S+ weight \d+) dead(?= |$)/g, ' $1 onlink')
        .replace(
          / (?:linkdown|dead|offload|rt_offload|rt_trap|error -?\d+|users \d+|age \S+|expires \S+)(?= |$)/g,
          '',
        )
        .replace(/ pref medium/, '')
        .trim(),
    )
    .filter((line) => line !== '');
}

function split(lines: readonly string[]): { four: string[]; six: string[] } {
  const isSix = (line: string): boolean =>
    /^(?:\w+ )?[0-9a-f]*:[0-9a-f:]*|pref \w+$|^default .*via [0-9a-f]*:|metric \d+$/i.test(line) &&
    line.includes(':');
  return { four: lines.filter((line) => !isSix(line)), six: lines.filter(isSix) };
}

/** What a route by a nexthop object shows is what the object says: it is made before the route. */
function withObjects(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const [, head = '', id = '', rest = ''] = /^(.*) nhid (\d+)(.*)$/.exec(line) ?? [];
    if (id === '') return [`route VERB ${line}`];
    const [words = '', ...hops] = rest.split(' nexthop ');
    const way = (text: string): string =>
      [/via (?:inet6 )?\S+/, /dev \S+/, /\bonlink\b/].flatMap((part) => part.exec(text)?.[0] ?? []).join(' ');
    const members = hops.map((hop, at) => ({ id: `${id}${String(at + 1)}`, hop }));
    const group = members.map((one) => `${one.id},${/weight (\d+)/.exec(one.hop)?.[1] ?? '1'}`).join('/');
    const left = words.replace(/ via \S+| dev \S+| onlink/g, '');
    if (head.startsWith('blackhole '))
      return [`nexthop add id ${id} blackhole`, `route VERB ${head.slice(10)}${left} nhid ${id}`];
    return [
      ...members.map((one) => `nexthop add id ${one.id} ${way(one.hop)}`),
      `nexthop add id ${id} ${group === '' ? way(words) : `group ${group}`}`,
      `route VERB ${head}${left} nhid ${id}`,
    ];
  });
}

/**
 * Adds routes again and again until nothing is left or nothing helps: a gateway needs the route to it first. A group of
 * nexthop objects is of no family.
 */
function routes(lines: readonly string[], family: string, verb: string): string {
  if (lines.length === 0) return '';
  const all = withObjects(lines).join('\n').replaceAll('route VERB', `route ${verb}`);
  return `retry '${family}' ${fed(all)}`;
}

function fourRoutes(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const local = lines.some((line) => line.includes(' table local'))
    ? 'ip -n node route flush table local\n'
    : '';
  return `${local}ip -n node route flush table main\n${routes(lines, '-4', 'append')}`;
}

/** Of one prefix and metric IPv6 has several routes, where their devices or preferences differ. */
function sixRoutes(lines: readonly string[]): string {
  const own = lines.filter((line) => !line.includes(' table local') || !line.includes('proto kernel'));
  return lines.length === 0 ? '' : `ip -6 -n node route flush table main\n${routes(own, '-6', 'append')}`;
}

/** Lines of the dump that can be settings of the namespace: none climbs out of it by its name. */
function settingsOf(text: string | null): {
  readonly set: readonly string[];
  readonly left: readonly string[];
} {
  const lines = (text ?? '')
    .split('\n')
    .filter((line) => /^net\.(?:ipv[46]|netfilter|bridge)\.\S+ = \S/.test(line));
  const isLeft = (line: string): boolean => {
    const [name = ''] = line.split(' = ');
    return NOT_SET.test(name) || /\.\.|\/\/|\.\/|\/\./.test(name);
  };
  return { set: lines.filter((line) => !isLeft(line)), left: lines.filter(isLeft) };
}

/** What the kernel lacks is complained about like what it does not take. */
function sysctls(set: readonly string[]): string {
  const rank = (line: string): number =>
    line.includes('ip_forward =') ? 0 : line.includes('conf.all.') ? 1 : 2;
  const lines = [...set].sort((a, b) => rank(a) - rank(b));
  return `ip netns exec node sysctl -q -p - ${fed(lines.join('\n'))}`;
}

const QUIET = [
  'net.ipv4.icmp_ratelimit=0',
  'net.ipv4.icmp_ratemask=0',
  'net.ipv6.icmp.ratelimit=0',
  'net.ipv4.icmp_msgs_per_sec=1000000',
  'net.ipv4.conf.all.send_redirects=0',
  'net.ipv4.conf.default.send_redirects=0',
  'net.ipv6.conf.default.addr_gen_mode=1',
  'net.ipv6.conf.default.accept_ra=0',
  'net.ipv6.conf.default.router_solicitations=0',
].join(' ');

const PRELUDE = `set -u
mount -t tmpfs tmpfs /run/netns
ip netns add node; ip netns add far
ip netns exec far sysctl -q -e -w net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip netns exec node sysctl -q -e -w ${QUIET}
${RETRY}`;

const TABLES: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Takes out what an earlier snapshot left; tables of the legacy backend cannot go, and are emptied. */
export function reloadOf(folder: string): string {
  const empty = Object.entries(TABLES)
    .map(([table, hooks]) => `*${table}\n${hooks.map((hook) => `:${hook} ACCEPT [0:0]\n`).join('')}COMMIT\n`)
    .join('');
  const legacy = TOOLS.filter((tool) =>
    SAVES.some((file) => {
      const text = file.startsWith(`${tool}-`) ? read(folder, file) : null;
      return text !== null && !NFT.test(text);
    }),
  ).map((tool) => `${tool}-legacy-restore ${fed(empty)}`);
  const sets = `[ -z "$(ipset list -n)" ] || { ipset flush; ipset destroy; }\n`;
  const emptied = `${isNft(folder) ? EMPTY_NFT : ''}${legacy.join('')}${sets}`;
  return `${about('watch')}${emptied}${about('rules')}${restores(folder, '')}`;
}

const TOOLS = ['iptables', 'ip6tables'] as const;
const SAVES = [
  'iptables-save.txt',
  'ip6tables-save.txt',
  'iptables-nft-save.txt',
  'ip6tables-nft-save.txt',
] as const;
const NATIVE = 'nft-ruleset.txt';
const NFT = /^# Generated by .*nf_tables/m;
const isNft = (folder: string): boolean =>
  read(folder, NATIVE) !== null || SAVES.some((file) => NFT.test(read(folder, file) ?? ''));

function restores(folder: string, inside = 'ip netns exec node '): string {
  const sets = read(folder, 'ipset-save.txt');
  const native = read(folder, NATIVE);
  const own = native === null ? '' : loadScript(join(folder, NATIVE), inside);
  const first = native?.startsWith(LOADED_FIRST) === true;
  let script = TOOL;
  if (sets !== null) script += `tool ipset ${quote(join(folder, 'ipset-save.txt'))} ${inside}ipset restore\n`;
  if (first) script += own;
  for (const file of SAVES) {
    const text = read(folder, file);
    if (text === null) continue;
    const [tool = ''] = file.split('-');
    const backend = NFT.test(text) ? 'nft' : 'legacy';
    const name = `${tool}-${backend}-restore`;
    script += `tool ${name} ${quote(join(folder, file))} ${inside}${name}\n`;
  }
  return first ? script : `${script}${own}`;
}

/** The labels of the dump in place of the kernel's own; an empty dump takes all away. */
function labels(text: string | null): string {
  if (text === null) return '';
  const lines = text.split('\n').filter((line) => line.startsWith('prefix '));
  return `ip -n node addrlabel flush\n${batch(lines.map((line) => `addrlabel add ${line}`))}`;
}

/** The last address of an IPv4 subnet is a broadcast with and without `brd`. */
function broadcastsOf(line: string): string[] {
  const [, own = '', peer, length = ''] = /^inet ([\d.]+)(?: peer ([\d.]+))?\/(\d+)/.exec(line) ?? [];
  const prefix = Number(length) > 30 ? null : parsePrefix(`${peer ?? own}/${length}`);
  const { address, mask } = prefix ?? { address: 0n, mask: 0n };
  const last =
    typeof address === 'number' && typeof mask === 'number' ? [formatAddress(address | ~mask)] : [];
  const named = / brd (\S+)/.exec(line)?.[1];
  return named === undefined ? last : [...last, named];
}

/** The script and the links of a snapshot folder (files named as in `examples/`). */
export function setupOf(folder: string): Setup {
  const routesText = read(folder, 'ip-route.txt') ?? '';
  const all = readLinks(read(folder, 'ip-addr.txt') ?? '', routesText);
  const links = all.filter((link) => link.name !== 'lo');
  const addresses = all.flatMap((link) => link.addresses.map((line) => ({ device: link.name, line })));
  const added = addresses.filter(
    ({ device, line }) => device !== 'lo' || !/ (?:127\.0\.0\.1|::1)\//.test(line),
  );
  const lines = split(routeLines(`${routesText}\n`));
  const six = [...lines.six, ...routeLines(read(folder, 'ip6-route.txt') ?? '')];
  const four = ruleLines(read(folder, 'ip-rule.txt'));
  const sixRules = ruleLines(read(folder, 'ip6-rule.txt'));
  const settings = settingsOf(read(folder, 'sysctl.txt'));
  const flush = (family: string): string =>
    `for p in 0 32766 32767; do ip ${family} -n node rule del pref $p 2>/dev/null; done\n`;
  const script = [
    PRELUDE,
    batch(['link set lo up', ...links.flatMap(addLink)]),
    batch(
      links.filter((link) => link.carrier).map((link) => `link set ${link.far} up`),
      '',
      'far',
    ),
    about('settings'),
    sysctls(settings.set),
    about('network'),
    batch(added.map(({ device, line }) => addAddress(device, line))),
    labels(read(folder, 'ip-addrlabel.txt')),
    `ip netns exec node sh -c 'for one in /proc/sys/net/ipv4/conf/*/send_redirects; do echo 0 > "$one"; done'\n`,
    // Before IPv4, whose routes may lead to IPv6 gateways.
    sixRoutes(six),
    fourRoutes(lines.four),
    batch(links.filter((link) => link.dying).map((link) => `link set ${link.name} down`)),
    four.length > 0 ? `${flush('-4')}${batch(four, '-4')}` : '',
    sixRules.length > 0 ? `${flush('-6')}${batch(sixRules, '-6')}` : '',
    about('rules'),
    restores(folder),
  ].join('');
  const broadcasts = addresses.flatMap(({ device, line }) =>
    broadcastsOf(line).map((address) => `${device} ${address}`),
  );
  return { script, links, broadcasts, nft: isNft(folder), notSet: settings.left };
}
