/** Links, addresses, routes, policy rules and sysctls of a drawn node. */
import { kernelRoutes } from '../local-table.js';
import type { SoakCase } from '../profile.js';
import { UNCHANGED } from '../unchanged.js';
import { type Cluster, ERAS, type Pod } from './cluster.js';

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

interface Device {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly broadcast: string;
}

/** The devices of a node in the order of their indexes, with the addresses that they hold. */
function devices({ interfaces, pods, branch, family, extras }: Cluster): Device[] {
  const [primary, ...rest] = interfaces.map(({ device, address, length, broadcast }) => ({
    name: device,
    addresses: [`${address}/${length}`],
    broadcast,
  }));
  const host = family === 4 ? 32 : 128;
  const bare = (name: string, addresses: readonly string[]): Device => ({
    name,
    addresses: addresses.map((address) => `${address}/${host}`),
    broadcast: '',
  });
  return [
    ...(primary === undefined ? [] : [primary]),
    ...pods.map(({ device }) => bare(device, [])),
    ...rest,
    ...(branch === null || family === 6 ? [] : [bare(branch.device, [])]),
    ...(extras.dns.length === 0 ? [] : [bare('nodelocaldns', extras.dns)]),
    ...(extras.egress === null ? [] : [bare(extras.egress.device, [extras.egress.gateway])]),
  ];
}

function addressText(cluster: Cluster): string {
  const blocks = devices(cluster).map(({ name, addresses, broadcast }, at) => {
    const index = at + 2;
    const hex = index.toString(16).padStart(2, '0');
    const link = cluster.family === 6 ? `\n    inet6 fe80::9d:41ff:fe00:${index}/64 scope link` : '';
    const four = cluster.family === 4;
    const tail = `${broadcast === '' ? '' : ` brd ${broadcast}`} scope global${four ? ` ${name}` : ''}`;
    const own = addresses.map((address) => `\n    ${four ? 'inet' : 'inet6'} ${address}${tail}`).join('');
    return `${index}: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default
    link/ether 02:9d:41:aa:10:${hex} brd ff:ff:ff:ff:ff:ff${own}${link}`;
  });
  return `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
${blocks.join('\n')}\n`;
}

function routeText(cluster: Cluster): string {
  const { family, interfaces, pods, branch, extras, leased } = cluster;
  const [primary] = interfaces;
  if (primary === undefined) return '';
  const links = devices(cluster).map(({ name, addresses }, at) => ({
    device: name,
    addresses: [...addresses, ...(family === 6 ? [`fe80::9d:41ff:fe00:${at + 2}/64`] : [])],
  }));
  const { local, main } = kernelRoutes(family, links);
  // Of secondary interfaces the connected route is taken away.
  const kept = [primary.device, ...(extras.dns.length === 0 ? [] : ['nodelocaldns'])];
  const connected = main
    .split('\n')
    .filter(
      (line) => kept.some((device) => line.includes(` dev ${device} `)) || line.startsWith('fe80::/64'),
    );
  const tables = interfaces.flatMap(({ device, gateway, table }) =>
    table === null
      ? []
      : [
          `${gateway} dev ${device} table ${table} scope link`,
          `default via ${gateway} dev ${device} table ${table}`,
        ],
  );
  const branched =
    branch === null
      ? []
      : [
          `${branch.gateway} dev ${branch.device} table ${branch.table} scope link`,
          `default via ${branch.gateway} dev ${branch.device} table ${branch.table}`,
          ...pods
            .filter(({ strict }) => strict !== null)
            .map(({ address, device }) => `${address} dev ${device} table ${branch.table} scope link`),
        ];
  const homes = pods
    .filter(({ strict }) => strict === null)
    .map(({ address, device }) =>
      family === 4
        ? `${address} dev ${device} scope link`
        : `${address} dev ${device} metric 1024 pref medium`,
    );
  const far = extras.egress;
  const egress =
    far === null
      ? []
      : family === 4
        ? [`${far.address} dev ${far.device} scope link`]
        : [`${far.address} dev ${far.device} metric 1024 pref medium`];
  const lease = `dev ${primary.device} proto dhcp`;
  const own = `src ${primary.address} metric 512`;
  const leases =
    leased && family === 4
      ? [
          `192.168.0.2 via ${primary.gateway} ${lease} ${own}`,
          `${primary.gateway} ${lease} scope link ${own}`,
        ]
      : [];
  const way =
    family === 4
      ? [`default via ${primary.gateway} dev ${primary.device} proto dhcp src ${primary.address} metric 512`]
      : [`default via ${primary.gateway} dev ${primary.device} metric 1024 pref medium`];
  return (
    lines(
      [...tables, ...branched, ...way, ...leases, ...connected, ...homes, ...egress].filter(
        (line) => line !== '',
      ),
    ) + local
  );
}

function podRules(cluster: Cluster, { address, table, strict }: Pod): string[] {
  const { era, externalSnat, vpc, excluded } = cluster;
  if (strict !== null) return [];
  const to = `512:\tfrom all to ${address} lookup main`;
  if (table === null) return [to];
  if (ERAS.indexOf(era) < ERAS.indexOf('1.8') && !externalSnat)
    return [to, ...[...vpc, ...excluded].map((net) => `1536:\tfrom ${address} to ${net} lookup ${table}`)];
  return [to, `1536:\tfrom ${address} lookup ${table}`];
}

function ruleText(cluster: Cluster): string {
  const { family, pods, branch, era, nodePortSupport, externalSnat, external, interfaces } = cluster;
  if (family === 6) return '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n';
  const strict = pods.filter((pod) => pod.strict !== null);
  const marked = nodePortSupport || (ERAS.indexOf(era) >= ERAS.indexOf('1.12.1') && !externalSnat);
  const branched =
    branch === null || strict.length === 0
      ? []
      : [branch.device, ...strict.map(({ device }) => device)].map(
          (device) => `10:\tfrom all iif ${device} lookup ${branch.table}`,
        );
  const own =
    ERAS.indexOf(era) >= ERAS.indexOf('1.20')
      ? interfaces.flatMap(({ address, table }) =>
          table === null ? [] : [`32765:\tfrom ${address} lookup ${table}`],
        )
      : [];
  const all = [
    ...branched,
    `${strict.length > 0 ? 20 : 0}:\tfrom all lookup local`,
    ...pods.flatMap((pod) => podRules(cluster, pod)),
    ...(marked ? [`1024:\tfrom all fwmark ${cluster.connmark}/${cluster.connmark} lookup main`] : []),
    ...external.map((net) => `1535:\tfrom all to ${net} lookup main`),
    ...own,
    '32766:\tfrom all lookup main',
    '32767:\tfrom all lookup default',
  ];
  return lines(all.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)));
}

function sysctlText(cluster: Cluster): string {
  const { rpFilter, localnet, srcValidMark, interfaces, proxy } = cluster;
  const [primary] = interfaces;
  const bit = (on: boolean): string => (on ? '1' : '0');
  const names = ['all', 'default', 'lo', ...devices(cluster).map(({ name }) => name.replaceAll('.', '/'))];
  return lines([
    ...names.flatMap((name) => {
      const filter =
        name === 'all' ? rpFilter.all : name === primary?.device ? rpFilter.primary : rpFilter.rest;
      return [
        `net.ipv4.conf.${name}.forwarding = 1`,
        `net.ipv4.conf.${name}.rp_filter = ${filter}`,
        `net.ipv4.conf.${name}.route_localnet = ${bit(localnet)}`,
        `net.ipv4.conf.${name}.src_valid_mark = ${bit(srcValidMark)}`,
        `net.ipv4.conf.${name}.accept_local = 0`,
        `net.ipv4.conf.${name}.bc_forwarding = 0`,
        `net.ipv6.conf.${name}.use_oif_addrs_only = 0`,
      ];
    }),
    'net.ipv4.ip_forward = 1',
    'net.ipv6.conf.all.forwarding = 1',
    ...UNCHANGED,
    'net.netfilter.nf_conntrack_tcp_loose = 1',
    `net.netfilter.nf_conntrack_tcp_be_liberal = ${bit(proxy.liberal)}`,
  ]);
}

/** All dumps but those of iptables. */
export function networkFiles(cluster: Cluster): SoakCase['files'] {
  const four = cluster.family === 4;
  return {
    'ip-addr.txt': addressText(cluster),
    [four ? 'ip-route.txt' : 'ip6-route.txt']: routeText(cluster),
    [four ? 'ip-rule.txt' : 'ip6-rule.txt']: ruleText(cluster),
    'sysctl.txt': sysctlText(cluster),
  };
}
