/** What is kept of a node: what the real commands print, under the names of `examples/eks-node`. */
import { ON_TERMINAL, TELLING, undated } from '../../scripts/capture/eks-node.mjs';
import type { HostNode, LabNode } from './describe.js';
import type { Machine } from './machine.js';

/** Files by name. */
export type Files = Readonly<Record<string, string>>;

/** What a lease has left when somebody looks. */
const LEASE = 2741;

/** Addresses, with a lease on the primary one; IPv6 takes a moment. */
function addresses(machine: Machine, described: LabNode): string {
  const { node } = machine;
  if (described.kind !== 'aws') return node.run('ip', ['addr']);
  const [{ device, address, length }] = described.enis;
  for (;;) {
    const ttl = `valid_lft ${String(LEASE)} preferred_lft ${String(LEASE)}`;
    node.ip([`addr change ${address}/${String(length)} brd + metric 512 dev ${device} ${ttl}`]);
    const text = node.run('ip', ['addr']);
    if (!text.includes('tentative') && text.includes(`valid_lft ${String(LEASE)}sec preferred`)) return text;
  }
}

/** tunl0 as `ip` prints it, in the place of the device that stands in for it. */
function asIpip(text: string, device: string): string {
  const block = new RegExp(
    `^(\\d+): ${device}: <[^>]*>(.*) qdisc \\S+ state \\S+(.*)\\n +link/\\S+ .*\\n(?: +ifb .*\\n| +dummy .*\\n)?`,
    'm',
  );
  return text.replace(block, (_, index: string, mtu: string, rest: string) => {
    const detailed = text.includes('promiscuity');
    const tail = detailed
      ? ' promiscuity 0 minmtu 0 maxmtu 0 \n    ipip any remote any local any ttl inherit nopmtudisc addrgenmode eui64 numtxqueues 1 numrxqueues 1 gso_max_size 65536 gso_max_segs 65535 '
      : '';
    return `${index}: ${device}@NONE: <NOARP,UP,LOWER_UP>${mtu} qdisc noqueue state UNKNOWN${rest}\n    link/ipip 0.0.0.0 brd 0.0.0.0${tail}\n`;
  });
}

/** The lines of `ip` about a tunnel whose kind this kernel lacks are those that a kernel with it prints. */
function written(text: string, described: LabNode): string {
  const device =
    described.kind === 'host' && described.tunnel?.kind === 'ipip' ? described.tunnel.device : null;
  return device === null || text.includes('link/ipip') ? text : asIpip(text, device);
}

/** Devices that come up send a few packets of their own; who logs in afterwards has zeroed the counters. */
function zero({ node }: Machine, described: LabNode): void {
  const isAws = described.kind === 'aws';
  const backend = isAws ? described.backend : 'legacy';
  for (const tool of isAws ? ['iptables', 'ip6tables'] : ['iptables'])
    for (const table of ['mangle', 'nat', 'filter', ...(isAws ? [] : ['raw'])])
      node.run(`${tool}-${backend}`, ['-t', table, '-Z']);
}

function saves({ node }: Machine, described: LabNode): Files {
  const save = (which: string): string => undated(node.run(`iptables-${which}-save`, []));
  if (described.kind === 'aws' && described.leftInLegacy !== undefined)
    return { 'iptables-legacy-save.txt': save('legacy'), 'iptables-nft-save.txt': save('nft') };
  return { 'iptables-save.txt': save(described.kind === 'aws' ? described.backend : 'legacy') };
}

/** A save of iptables-nft does not tell whether there are tables that other programs made; the listing does. */
const isNative = (described: LabNode): boolean => described.kind === 'aws' && described.backend === 'nft';

/** The kernel's order of what it keeps in hash tables is drawn at boot. */
const sorted = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .sort()
    .map((line) => `${line}\n`)
    .join('');

/** As `bridge fdb show | grep DEVICE`: asked about one device alone, bridge does not name it. */
function stations(text: string, device: string): string {
  return sorted(text.replace(new RegExp(`^(?!.* dev ${device} ).*\n`, 'gm'), ''));
}

/** The tunnel, and where its stations are; other devices of `ip -d link` and `bridge fdb` tell nothing more. */
function tunnelFiles({ node }: Machine, host: HostNode | null): Files {
  if (host?.tunnel === undefined) return {};
  const { device, kind } = host.tunnel;
  return {
    'ip-link.txt': written(node.run('ip', ['-d', 'link', 'show', 'dev', device]), host),
    ...(kind === 'vxlan' ? { 'bridge-fdb.txt': stations(node.run('bridge', ['fdb', 'show']), device) } : {}),
  };
}

/** As Docker and kubeadm want them. A kernel whose br_netfilter is not loaded has no such settings to print. */
const BRIDGED = ['net.bridge.bridge-nf-call-ip6tables = 1', 'net.bridge.bridge-nf-call-iptables = 1'];

/** Dumps a node that is built. */
export function dump(machine: Machine, described: LabNode): Files {
  const { node } = machine;
  const shown = (program: string, words: readonly string[]): string => node.run(program, words);
  const host = described.kind === 'host' ? described : null;
  zero(machine, described);
  const neighbours = sorted(shown('ip', ['neigh']));
  const settings = [
    ...(host?.bridge === undefined ? [] : BRIDGED),
    ...shown('sysctl', ['-a'])
      .split('\n')
      .filter((line) => TELLING.test(line)),
  ];
  return {
    'ip-addr.txt': written(addresses(machine, described), described),
    'ip-rule.txt': shown('ip', ['rule']),
    'ip-route.txt': shown('ip', ['route', 'show', 'table', 'all']),
    ...(neighbours === '' ? {} : { 'ip-neigh.txt': neighbours }),
    ...tunnelFiles(machine, host),
    ...(host?.sets === undefined ? {} : { 'ipset-save.txt': shown('ipset', ['save']) }),
    ...saves(machine, described),
    ...(described.kind === 'aws'
      ? {
          'ip6-rule.txt': shown('ip', ['-6', 'rule']),
          'ip6tables-save.txt': undated(shown(`ip6tables-${described.backend}-save`, [])),
        }
      : {}),
    ...(isNative(described) ? { 'nft-ruleset.txt': shown('sh', ['-c', ON_TERMINAL]) } : {}),
    'sysctl.txt': `${settings.join('\n')}\n`,
  };
}
