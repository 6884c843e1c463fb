/**
 * What is known of the kernel and has no fact of its own here that the kernel is asked about, by name, each with the
 * reason. Some of it is drawn by the soak, which does not name what it draws.
 */
export interface NotJudged {
  readonly about: string;
  readonly reason: string;
}

const NOT_BUILT = 'the judge builds no such link or packet';
const NO_FIELD = 'a packet that is asked about cannot be described so far';
const BEFORE = 'it hangs on packets long before, which no dump holds';
const NOT_YET = 'no fact pins it yet; what of it the soak draws has no name there';

const of = (reason: string, ...abouts: readonly string[]): NotJudged[] =>
  abouts.map((about) => ({ about, reason }));

export const NOT_JUDGED: readonly NotJudged[] = [
  ...of(
    NOT_BUILT,
    'bridged frames and br_netfilter',
    'VRF: lookups of enslaved devices, names of bridges and VRFs in -i and -o',
    'tunnel keys (tun_id) and l3mdev in policy rules',
    'XFRM, tc and XDP on the way, flow tables, early demux',
    'temporary addresses (RFC 6724, rule 7), which the kernel makes and names itself',
    'SYNPROXY ends a connection attempt itself',
    'dead nexthops and nexthop objects of blackholes',
    'fib_multipath_use_neigh and fib_select_default, which hang on neighbours',
  ),
  ...of(
    NO_FIELD,
    'fragments, and what -p tcp says of all but the first',
    'extension headers: rt, frag, dst, hbh, ipv6header, srh, ah, mh, eui64',
    'chunks of SCTP, types of DCCP, options of TCP, IPv6 flow labels',
    'segments out of the window are INVALID, and tcp_be_liberal lets them pass',
    'packets larger than the MTU: ICMP 3/4 before FORWARD, packet too big in IPv6',
  ),
  ...of(
    BEFORE,
    'helpers: RELATED connections that they expect',
    'the burst of a limit, the phase of statistic nth, what is left of a quota',
    'what recent, connlimit, rateest and nfacct have counted',
    'a changed rule set leaves the flows NATed that it made',
    'an unresolved neighbour: the errors after it is given up',
  ),
  ...of(
    NOT_YET,
    'targets that let a packet go on: CLASSIFY, AUDIT, SECMARK, RATEEST, IDLETIMER, LED, HL',
    'DCCP and UDP-Lite are tracked like UDP where they leave the node',
    'a client keeps its translated port towards other destinations',
    'weights and hash policies of several nexthops',
    'the scope of a gateway, source-specific routes, preferences of routes (pref)',
    'set counters, list:set in the order of its members',
    'neighbour discovery is untracked',
    'MASQUERADE of a source of 0.0.0.0',
  ),
  ...of(
    'walks of EKS nodes pass it under the judge, without a name of its own',
    'the chain of the VPC CNI at priority -90',
  ),
  ...of(
    'the judge turns redirects off, which would come before what is asked about',
    'ICMP redirects 5/1 of a hairpin',
  ),
  ...of('iptables refuses the rule, so that no node can have it', 'DROP in table nat'),
];
