/** The node's addresses, policy rules, routes and settings, as the tools print them and as `ip -batch` takes them. */
import type { Cluster } from './cluster.js';

const hex = (number: number): string => (number & 255).toString(16).padStart(2, '0');

/** A locally administered MAC address. */
const mac = (at: number): string => `02:42:0a:00:${hex(at >> 8)}:${hex(at)}`;

/** `ip addr` */
export function addressesOf({ enis, pods, subnet }: Cluster): string {
  const lines = [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00',
    '    inet 127.0.0.1/8 scope host lo',
    '       valid_lft forever preferred_lft forever',
  ];
  for (const [at, { device, address }] of enis.entries())
    lines.push(
      `${at + 2}: ${device}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP group default qlen 1000`,
      `    link/ether ${mac(at + 2)} brd ff:ff:ff:ff:ff:ff`,
      `    inet ${address}/${subnet.length} brd ${subnet.broadcast} scope global ${device}`,
      '       valid_lft forever preferred_lft forever',
    );
  for (const [at, { device }] of pods.entries()) {
    const index = at + 2 + enis.length;
    lines.push(
      `${index}: ${device}@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP group default `,
      `    link/ether ${mac(index)} brd ff:ff:ff:ff:ff:ff link-netns cni-${hex(at)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Priority and selector of the rules that the CNI adds. */
function policyRules({ enis, pods }: Cluster): readonly (readonly [number, string, string])[] {
  return [
    ...pods.map(({ address }) => [512, `from all to ${address}`, 'main'] as const),
    [1024, 'from all fwmark 0x80/0x80', 'main'],
    ...pods.flatMap(({ address, eni }) => {
      const table = enis[eni]?.table ?? null;
      return table === null ? [] : [[1536, `from ${address}`, String(table)] as const];
    }),
  ];
}

/** `ip rule` */
export function rulesOf(cluster: Cluster): string {
  const own = policyRules(cluster).map(([at, selector, table]) => `${at}:\t${selector} lookup ${table}\n`);
  return `0:\tfrom all lookup local\n${own.join('')}32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n`;
}

/** Routes that are not the kernel's own, without what prints behind them. */
function addedRoutes({ enis, pods, gateway }: Cluster): readonly string[] {
  const [primary, ...others] = enis;
  return [
    ...others.flatMap(({ device, table }) => [
      `${gateway} dev ${device} table ${String(table)} scope link`,
      `default via ${gateway} dev ${device} table ${String(table)}`,
    ]),
    `default via ${gateway} dev ${primary?.device ?? ''}`,
    ...pods.map(({ address, device }) => `${address} dev ${device} scope link`),
  ];
}

/** `ip route show table all` */
export function routesOf(cluster: Cluster): string {
  const { enis, subnet } = cluster;
  const [primary] = enis;
  const lines = [
    ...addedRoutes(cluster),
    `${subnet.network}/${subnet.length} dev ${primary?.device ?? ''} proto kernel scope link src ${primary?.address ?? ''}`,
    ...['127.0.0.0/8', '127.0.0.1'].map(
      (own) => `local ${own} dev lo table local proto kernel scope host src 127.0.0.1`,
    ),
    'broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1',
    ...enis.flatMap(({ device, address }) => [
      `local ${address} dev ${device} table local proto kernel scope host src ${address}`,
      `broadcast ${subnet.broadcast} dev ${device} table local proto kernel scope link src ${address}`,
    ]),
  ];
  return lines.map((line) => `${line} \n`).join('');
}

/** What differs from the kernel's own settings, by name. */
function settings(cluster: Cluster): readonly (readonly [string, string])[] {
  const devices = [...cluster.enis, ...cluster.pods].map(({ device }) => device);
  return [
    ['net.ipv4.ip_forward', '1'],
    ['net.ipv4.conf.all.rp_filter', '0'],
    ['net.ipv4.conf.all.route_localnet', '1'],
    ['net.ipv4.conf.all.src_valid_mark', '0'],
    ['net.ipv4.conf.all.accept_local', '0'],
    ...devices.map((device) => [`net.ipv4.conf.${device}.rp_filter`, '2'] as const),
  ];
}

/** `sysctl -a`, of what matters to a packet. */
export function settingsOf(cluster: Cluster): string {
  const lines = settings(cluster).map(([name, value]) => `${name} = ${value}\n`);
  const range = 'net.ipv4.ip_local_port_range = 32768\t60999\n';
  return `${lines.join('')}net.ipv4.conf.lo.rp_filter = 0\n${range}net.netfilter.nf_conntrack_tcp_be_liberal = 0\n`;
}

/** A shell script that makes all this in a network namespace which has the devices already. */
export function setupOf(cluster: Cluster): string {
  const { enis, pods, subnet } = cluster;
  const batch = [
    'link set lo up',
    ...[...enis, ...pods].map(({ device }) => `link set ${device} up`),
    ...enis.map(
      ({ device, address }, at) =>
        `address add ${address}/${subnet.length} brd ${subnet.broadcast} dev ${device}${at === 0 ? '' : ' noprefixroute'}`,
    ),
    ...addedRoutes(cluster).map((route) => `route add ${route}${route.includes(' via ') ? ' onlink' : ''}`),
    ...policyRules(cluster).map(
      ([priority, selector, table]) => `rule add ${selector} lookup ${table} pref ${priority}`,
    ),
  ];
  const set = settings(cluster).map(([name, value]) => `${name}=${value}`);
  return `set -e\nip -batch - <<'END'\n${batch.join('\n')}\nEND\nsysctl -qw ${set.join(' ')}\n`;
}
