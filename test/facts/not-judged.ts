/**
 * What is known of the kernel and has no fact of its own here that the kernel is asked about, by name, each with the
 * reason. Some of it is drawn by the soak, which does not name what it draws.
 */
export interface NotJudged {
  readonly about: string;
  readonly reason: string;
}

const NOT_BUILT = 'the judge builds no such link or packet';
const NO_KERNEL = 'the kernel of the judge is built without it';
const NO_FIELD = 'a packet that is asked about cannot be described so far';
const BEFORE = 'it hangs on packets long before, which no dump holds';
const AFTER = 'natwalk ends where a packet is handed to the link, and the judge answers for every neighbour';
const NOT_TOLD =
  'natwalk says where the packet goes, and tells of nothing that the node sends in its place or beside it';

const of = (reason: string, ...abouts: readonly string[]): NotJudged[] =>
  abouts.map((about) => ({ about, reason }));

export const NOT_JUDGED: readonly NotJudged[] = [
  ...of(
    NOT_BUILT,
    'bridged frames and br_netfilter',
    'tunnel keys (tun_id) that a packet has brought',
    'XFRM, tc and XDP on the way, flow tables, early demux',
  ),
  ...of(
    NO_KERNEL,
    'VRF: lookups of enslaved devices, names of VRFs in -i and -o, l3mdev rules that hold',
    'SECMARK and LED let a packet go on: there is no security module and no light',
    'nfacct: objects that count',
  ),
  ...of(
    NO_FIELD,
    'fragments, and what -p tcp says of all but the first',
    'extension headers: rt, frag, dst, hbh, ipv6header, srh, ah, mh, eui64',
    'chunks of SCTP, types of DCCP, options of TCP, IPv6 flow labels',
    'sequence numbers of one segment: what the window makes of any but those of a sane connection',
    'sockets that are told not to route (SO_DONTROUTE), which pass over routes of a wider scope',
    'DF, with which IPv4 drops a packet that is larger than the MTU',
  ),
  ...of(BEFORE, 'helpers: RELATED connections that they expect', 'what rateest has measured'),
  ...of(
    AFTER,
    'an unresolved neighbour: the errors after it is given up',
    'neighbours that have failed, which fib_multipath_use_neigh, nexthop objects and equal default routes avoid',
  ),
  ...of(NOT_TOLD, 'ICMP redirects 5/1 of a hairpin', 'SYNPROXY connects on when the client has answered'),
  ...of('iptables refuses the rule, so that no node can have it', 'DROP in table nat'),
];
