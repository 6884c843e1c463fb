/** Names of IP protocols, as iptables and iproute2 read and print them with Debian's /etc/protocols. */

/** The name that is printed for a number. Numbers without an entry print as they are. */
const NAMES: readonly (readonly [number, string])[] = [
  [0, 'ip'], [1, 'icmp'], [2, 'igmp'], [3, 'ggp'], [4, 'ipencap'], [5, 'st'], [6, 'tcp'], [8, 'egp'], [9, 'igp'],
  [12, 'pup'], [17, 'udp'], [20, 'hmp'], [22, 'xns-idp'], [27, 'rdp'], [29, 'iso-tp4'], [33, 'dccp'], [36, 'xtp'],
  [37, 'ddp'], [38, 'idpr-cmtp'], [41, 'ipv6'], [43, 'ipv6-route'], [44, 'ipv6-frag'], [45, 'idrp'], [46, 'rsvp'],
  [47, 'gre'], [50, 'esp'], [51, 'ah'], [57, 'skip'], [58, 'ipv6-icmp'], [59, 'ipv6-nonxt'], [60, 'ipv6-opts'],
  [73, 'rspf'], [81, 'vmtp'], [88, 'eigrp'], [89, 'ospf'], [93, 'ax.25'], [94, 'ipip'], [97, 'etherip'], [98, 'encap'],
  [103, 'pim'], [108, 'ipcomp'], [112, 'vrrp'], [115, 'l2tp'], [124, 'isis'], [132, 'sctp'], [133, 'fc'],
  [135, 'mobility-header'], [136, 'udplite'], [137, 'mpls-in-ip'], [138, 'manet'], [139, 'hip'], [140, 'shim6'],
  [141, 'wesp'], [142, 'rohc'], [143, 'ethernet'],
]; // prettier-ignore

/** Further spellings that are understood. */
const ALIASES: readonly (readonly [number, string])[] = [
  [0, 'all'], [0, 'hopopt'], [4, 'ip-encap'], [50, 'ipsec-esp'], [51, 'ipsec-ah'], [58, 'icmpv6'], [58, 'icmp6'],
  [89, 'ospfigp'], [135, 'ipv6-mh'], [135, 'mh'],
]; // prettier-ignore

const NAME_OF: ReadonlyMap<number, string> = new Map(NAMES);
const NUMBER_OF: ReadonlyMap<string, number> = new Map(
  [...NAMES, ...ALIASES].map(([number, name]) => [name, number]),
);

/** The name of a protocol number as `iptables -S` and `ip rule` print it, or the number itself. */
export function protocolName(number: number): string {
  return NAME_OF.get(number) ?? String(number);
}

/** The number of a protocol name in any case; null when no name is so spelled. Numbers are not names. */
export function protocolNumber(name: string): number | null {
  return NUMBER_OF.get(name.toLowerCase()) ?? null;
}

/** The name of a protocol as results spell it: `icmpv6` where the tools print `ipv6-icmp`. */
export function protocolWord(number: number): string {
  return number === 58 ? 'icmpv6' : protocolName(number);
}
