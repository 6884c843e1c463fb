/**
 * Bundles that support tools write, by their layout: which command printed a file, and which folder is a node's.
 * Only what the text itself does not tell is taken from it. (EKS log collector, Rancher and RKE2 collectors, sosreport,
 * Cilium's bugtool, calicoctl node diags, the AKS log collector.)
 */

/** Names in `networking/`: the EKS collector's end in .txt, Rancher's have no blank, dash or ending. */
const NETWORKING = new Map([
  ['iptables-save.txt', 'iptables-save'],
  ['ip6tables-save.txt', 'ip6tables-save'],
  ['iptables.txt', 'iptables -t filter -n -v -L'],
  ['iptables-filter.txt', 'iptables -t filter -n -v -L'],
  ['iptables-nat.txt', 'iptables -t nat -n -v -L'],
  ['iptables-mangle.txt', 'iptables -t mangle -n -v -L'],
  ['ip6tables.txt', 'ip6tables -t filter -n -v -L'],
  ['ip6tables-filter.txt', 'ip6tables -t filter -n -v -L'],
  ['ip6tables-nat.txt', 'ip6tables -t nat -n -v -L'],
  ['ip6tables-mangle.txt', 'ip6tables -t mangle -n -v -L'],
  ['iprule.txt', 'ip rule show'],
  ['ip6rule.txt', 'ip -6 rule show'],
  ['iproute.txt', 'ip route show table all'],
  ['ip6route.txt', 'ip -6 route show table all'],
  ['conntrack.txt', 'conntrack -L'],
  ['conntrack6.txt', 'conntrack -L -f ipv6'],
  ['ifconfig.txt', 'ifconfig'],
  ['iptablessave', 'iptables-save'],
  ['ip6tablessave', 'ip6tables-save'],
  ['iptables', 'iptables -n -v -L'],
  ['iptablesnat', 'iptables -t nat -n -v -L'],
  ['iptablesmangle', 'iptables -t mangle -n -v -L'],
  ['nft_ruleset', 'nft list ruleset'],
  ['ipaddrshow', 'ip addr show'],
  ['ipv6addrshow', 'ip -6 addr show'],
  ['iplinkshow', 'ip -s link show'],
  ['iproute', 'ip route show table all'],
  ['ipv6route', 'ip -6 route show table all'],
  ['iprule', 'ip rule show'],
  ['ipv6rule', 'ip -6 rule show'],
  ['ipneighbour', 'ip neighbour show'],
  ['ipv6neighbour', 'ip -6 neighbour show'],
  ['ifconfiga', 'ifconfig'],
]);

const CALICO = new Map([
  ['ipv4_addr', 'ip -4 addr'],
  ['ipv6_addr', 'ip -6 addr'],
  ['ipv4_route', 'ip -4 route'],
  ['ipv6_route', 'ip -6 route'],
  ['nft_ruleset', 'nft -n -a list ruleset'],
  ['ipv4_tables', 'iptables-save -c'],
  ['ipv6_tables', 'ip6tables-save -c'],
  ['ipsets', 'ipset list'],
]);

const AKS = new Map([
  ['ip_4_addr.json', 'ip -4 -j -d -s addr'],
  ['ip_6_addr.json', 'ip -6 -j -d -s addr'],
  ['ip_4_route.json', 'ip -4 -j -d -s route'],
  ['ip_6_route.json', 'ip -6 -j -d -s route'],
  ['ip_4_neighbor.json', 'ip -4 -j -d -s neigh'],
  ['ip_6_neighbor.json', 'ip -6 -j -d -s neigh'],
  ['ip_link.json', 'ip -j -d -s link'],
  ['ip_rule.json', 'ip -j -d -s rule'],
  ['iptables.txt', 'iptables -L -vn --line-numbers'],
  ['ip6tables.txt', 'ip6tables -L -vn --line-numbers'],
  ['nftables.json', 'nft -jn list ruleset'],
  ['conntrack.txt', 'conntrack -L'],
  ['sysctl.txt', 'sysctl -a'],
]);

const SYSCTL = new Map([
  ['sysctls/sysctl_all.txt', 'sysctl -a'],
  ['systeminfo/sysctla', 'sysctl -a'],
]);

/** sosreport writes blanks as `_` and slashes as `.` (sos/utilities.py, _mangle_command). */
function sosCommand(folder: string | undefined, file: string): string {
  const inside = folder === undefined ? null : `ip_netns_exec_${folder}_`;
  if (inside !== null && file.startsWith(inside))
    return `ip netns exec ${folder ?? ''} ${file.slice(inside.length).replaceAll('_', ' ')}`;
  return file.replaceAll('_', ' ');
}

/** Cilium's bugtool writes blanks and slashes as `-`; only iptables' own names have a dash of theirs. */
function ciliumCommand(file: string): string {
  const save = /^(ip6?tables(?:-legacy|-nft)?-save)(.*)$/.exec(file);
  const [head, rest] = save === null ? ['', file] : [save[1] ?? '', save[2] ?? ''];
  return `${head}${rest.replaceAll('--', ' -').replace(/(?<=[^ -])-/g, ' ')}`.trim();
}

interface Layout {
  /** Groups: root (a folder with its slash, or nothing), then what `command` takes. */
  readonly pattern: RegExp;
  readonly command: (groups: Readonly<Record<string, string | undefined>>) => string | undefined;
}

const LAYOUTS: readonly Layout[] = [
  {
    pattern:
      /^(?<root>(?:.*\/)?)sos_commands\/[\w-]+\/(?:namespaces\/(?<space>[^/]+)\/|ip_netns_exec_[^/]+\/)?(?<file>[^/]+)$/,
    command: ({ space, file = '' }) => sosCommand(space, file),
  },
  {
    pattern: /^(?<root>(?:.*\/)?)cmd\/(?<file>[^/]+)\.md$/,
    command: ({ file = '' }) => ciliumCommand(file),
  },
  {
    pattern: /^(?<root>(?:.*\/)?)diagnostics\/(?<file>[^/]+)$/,
    command: ({ file = '' }) => CALICO.get(file),
  },
  { pattern: /^(?<root>(?:.*\/)?)collect\/(?<file>[^/]+)$/, command: ({ file = '' }) => AKS.get(file) },
  {
    pattern: /^(?<root>(?:.*\/)?)networking\/(?<file>[^/]+)$/,
    command: ({ file = '' }) => NETWORKING.get(file),
  },
  {
    pattern: /^(?<root>(?:.*\/)?)(?<file>(?:sysctls|systeminfo)\/[^/]+)$/,
    command: ({ file = '' }) => SYSCTL.get(file),
  },
];

/** Paths are short; a name of a megabyte is no collector's. */
const LONGEST = 1000;

function told(path: string): { readonly root: string; readonly command: string } | null {
  if (path.length > LONGEST) return null;
  for (const { pattern, command } of LAYOUTS) {
    const groups = pattern.exec(path)?.groups;
    const text = groups === undefined ? undefined : command(groups);
    if (groups !== undefined && text !== undefined) return { root: groups['root'] ?? '', command: text };
  }
  return null;
}

/** The command that a collector ran for a file of that path; null where no layout tells. */
export function layoutCommand(path: string): string | null {
  return told(path)?.command ?? null;
}

/** The folder (with its slash; empty for the top) of the node that a bundle's file is of; null outside of bundles. */
export function bundleRoot(path: string): string | null {
  return told(path)?.root ?? null;
}

/** Where collectors write the node's name. */
const HOST_FILES = [
  'hostname',
  'sos_commands/host/hostname',
  'diagnostics/hostname',
  'systeminfo/hostname',
  'systeminfo/hostnamefqdn',
];

/** Names of folders that hold the node's name among a date and other things. */
const HOST_FOLDERS: readonly RegExp[] = [
  /^sosreport-(.+?)(?:-\d{4,})?-\d{4}-\d\d-\d\d-[a-z]{5,9}$/,
  /^cilium-bugtool-(.+?)-\d{8}-.*$/,
  /^eks_(i-[0-9a-f]+)_.*$/,
  /^(.+)-\d{4}-\d\d-\d\d_\d\d_\d\d_\d\d$/,
];

/**
 * What the node of a folder is called: by the file with its host name, by the folder's name; null for the top folder
 * when nothing tells.
 * @param textOf the text of the file at a path, if there is one
 */
export function hostOfRoot(root: string, textOf: (path: string) => string | undefined): string | null {
  for (const file of HOST_FILES) {
    const name = textOf(`${root}${file}`)?.trim();
    if (name !== undefined && /^[\w.-]{1,253}$/.test(name)) return name;
  }
  const folder = root
    .replace(/\/$/, '')
    .split('/')
    .at(-1)
    ?.replace(/\.(?:tar|tar\.gz|tgz|zip)$/i, '');
  if (folder === undefined || folder === '') return null;
  for (const pattern of HOST_FOLDERS) {
    const name = pattern.exec(folder)?.[1];
    if (name !== undefined) return name;
  }
  return folder;
}
