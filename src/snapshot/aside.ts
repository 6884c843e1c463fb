/** Output of tools that say nothing that natwalk reads, by a line that only they print. */

const ASIDE: readonly (readonly [string, RegExp])[] = [
  [
    'a packet trace',
    /\bTRACE: \w+:\S+:(?:rule|policy|return):\d+|^trace id [0-9a-f]+ |^(?:ip|ip6|inet) \S+ \S+ (?:packet: iif|rule |verdict |policy )/,
  ],
  [
    'tcpdump',
    /^\s*\d\d:\d\d:\d\d\.\d+ (?:\S+ +(?:In|Out|P|B|M) +)?(?:IP6?|ARP|ethertype)[ ,]|^IP6? [0-9a-f.:]+ > |^(?:tcpdump: )?listening on \S+, link-type/,
  ],
  ['ipvsadm', /^IP Virtual Server version|^ {0,4}-> RemoteAddress:Port|^-A -[tuf] \S+ -s \w+/],
  ['ovs-ofctl', /^NXST_FLOW|^OFPST_FLOW|^ ?cookie=0x/],
  ["Cilium's BPF maps", /\/sys\/fs\/bpf\/|^SERVICE ADDRESS +BACKEND/],
  ['arp', /^Address +HWtype +HWaddress/],
  ['ss or netstat', /^(?:Netid|Proto|State) +(?:State|Recv-Q)/],
  ['kubectl get', /^(?:NAME|NAMESPACE) +(?:NAME|READY|TYPE|STATUS|ENDPOINTS|CLUSTER-IP|DATA|AGE)\b/],
  ['uci', /^config [\w-]+(?: '[^']*')?\s*$/],
  [
    'a script',
    /^#!|^(?:sudo )?(?:ip6?tables(?:-\w+)?(?: -t \w+)? (?:-[ADINFXPZ]|--\w+)|ip (?:-\d )?(?:rule|route|addr|link) (?:add|del|set|replace)) /,
  ],
  ['YAML', /^(?:---\s*$|(?:apiVersion|kind|version|services|metadata|spec):(?:\s|$))/],
  ['prometheus', /^# (?:HELP|TYPE) \w+ /],
  ['a log', /^(?:\[? {0,6}\d+\.\d+\] |\w{3} +\d+ \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)/],
];

/** A line that has a few words of any kind, as lists of addresses and names have. */
const SHORT = /^\s*\S{1,80}(?: += +| +|\t)?(?:\S{1,80} *){0,3}$/;

function linesOf(text: string): readonly string[] {
  return text
    .slice(0, 65_536)
    .split('\n', 400)
    .filter((line) => line.trim() !== '');
}

/** Is the text a list of a few words a line, as programs print that list names and addresses? */
export function isShortList(text: string): boolean {
  return linesOf(text).every((line) => line.length < 200 && SHORT.test(line));
}

/** What printed a text that holds no listing; null when nothing tells. */
export function asideKind(text: string): string | null {
  const lines = linesOf(text);
  return ASIDE.find(([, pattern]) => lines.some((line) => pattern.test(line.slice(0, 300))))?.[0] ?? null;
}
