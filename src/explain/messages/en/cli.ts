/** Words of the command line. */
import type { Catalogue } from '../catalogue.js';

export const cli = {
  // A command line that is not understood; in English Commander says it
  LINE_UNKNOWN_OPTION: "error: unknown option '{option}'",
  LINE_UNKNOWN_COMMAND: "error: unknown command '{command}'",
  LINE_NO_ARGUMENT: "error: missing required argument '{argument}'",
  LINE_NO_VALUE: "error: option '{option}' argument missing",
  LINE_TOO_MANY: "error: too many arguments for '{command}'. Expected {most} but got {count}.",
  LINE_NEAR: '(Did you mean {near}?)',
  LINE_HELP: '({command} --help shows how)',

  USAGE_ADDRESS: {
    text: '{option}: "{text}" is not an IP address',
    why: 'every octet of an IPv4 address is 0 to 255, and an IPv6 address with a port stands in brackets',
    do: 'write {option} 192.168.1.10, 192.168.1.10:443 or [2001:db8::1]:443',
  },
  USAGE_PORT: {
    text: '{option}: "{text}" is not a port',
    why: 'a port is a whole number from 0 to 65535',
    do: 'write {option} 192.168.1.10:443',
  },
  USAGE_FAMILY: {
    text: '--from and --to are of different address families',
    why: 'a packet is IPv4 or IPv6, never both',
    do: 'give two IPv4 or two IPv6 addresses',
  },
  USAGE_NUMBER: {
    text: '{option}: "{text}" is not a number from {low} to {high}',
    why: 'the packet field holds nothing else',
    do: 'write a decimal number, or 0x… for hexadecimal',
  },
  USAGE_FLAGS: {
    text: '{option}: "{text}" is not a TCP flag',
    why: 'the flags are FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, or NONE',
    do: 'write {option} SYN or {option} SYN,ACK',
  },
  USAGE_CHOICE: {
    text: '{option}: "{text}" is not one of {choices}',
    why: 'nothing else has a meaning here',
    do: 'write one of {choices}',
  },
  USAGE_ICMP: {
    text: '{option}: "{text}" is not TYPE or TYPE/CODE',
    why: 'an ICMP type and an ICMP code are numbers from 0 to 255',
    do: 'write {option} 8 or {option} 3/1',
  },
  USAGE_CONFLICT: {
    text: '{option} does not go together with {other}',
    why: 'each of them says where the packet comes from, and they disagree',
    do: 'leave one of them out',
  },
  USAGE_MISSING: {
    text: '{option} is missing',
    why: 'without it there is no packet to walk',
    do: 'natwalk trace NODE --from 192.168.61.33 --to 203.0.113.9:443',
  },
  USAGE_PACKET: {
    text: 'this packet cannot be: {reason}',
    why: 'its parts do not fit together',
    do: 'see natwalk trace --help',
  },
  NODE_UNREADABLE: {
    text: 'cannot read "{path}": {reason}',
    why: 'without a snapshot there is nothing to walk through',
    do: 'give the folder or the file that holds the dumps, or - for standard input',
  },
  NODE_EMPTY: {
    text: 'nothing in "{path}" was recognised as a dump',
    why: 'natwalk knows dumps by what they hold: iptables-save, ip rule, ip route, ip addr, ipset, sysctl, conntrack',
    do: 'check that the files hold the output of those commands',
  },
  BATCH_UNREADABLE: {
    text: 'cannot read the packets of "{path}": {reason}',
    why: '--batch takes one JSON object per line',
    do: 'give a file, or - for standard input',
  },
  DIFF_NO_PACKETS: {
    text: 'there is no packet in "{path}"',
    why: 'of no packet at all every two nodes would seem the same',
    do: 'give one JSON object per line, or leave --packets out',
  },
  BATCH_LINE: {
    text: 'line {line} is not a packet: {reason}',
    why: 'a packet line is a JSON object with at least proto and dst',
    do: 'write {"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9","dport":443}',
  },
  BATCH_TWO_STDIN: {
    text: 'the node and the packets cannot both come from standard input',
    why: 'it can be read only once',
    do: 'put one of them in a file',
  },
  EXPLAIN_UNKNOWN: {
    text: '"{code}" is not a code of natwalk',
    why: 'codes stand after "error" and "warning", and in JSON under "code"',
    do: 'copy the code as it is printed; near to it are {near}',
  },
  INTERNAL: {
    text: 'this is a fault in natwalk: {reason}',
    why: 'natwalk met a case that its code did not expect; nothing is wrong with your command',
    do: 'report it with the command and, if you may, the snapshot',
  },
  ERROR: 'error',
  SEVERITY_WARNING: 'warning',
  DIAG_WHY: 'why',
  DIAG_DO: 'do',
  EXPLAIN_WHAT: 'what',
  DIAG_RELATED: 'see also',
  DIAG_MORE_ONE: 'and 1 more finding',
  DIAG_MORE: 'and {count} more findings',
  COMMAND_LINE: 'command line',
  GREETING: `natwalk tells what a Linux node's kernel will do with a packet, and why, from the node's own dumps.

  natwalk trace ./node --from 192.168.61.33 --to 203.0.113.9:443
      the walk of one packet: which hook, rule, mark, NAT and route decides
  natwalk trace ./node --batch packets.jsonl --json
      many packets, one JSON result per line
  natwalk show ./node --summary
      what was read from the dumps

./node is a folder or a file with iptables-save, ip rule, ip route, ip addr and sysctl -a.
The answer comes first, then one line per decision; -o json is for scripts.
natwalk --help lists everything.`,
  STRICT: 'an outcome rests on an assumption (--strict)',
  SHOW_SUMMARY_RULES: '{tool} {table}: {chains} chains, {rules} rules',
  SHOW_SUMMARY_UNKNOWN: '{tool} {table}: not in the snapshot',
  SHOW_SUMMARY_NETWORK:
    'IPv{family}: {links} links, {addresses} addresses, {rules} policy rules, {routes} routes in {tables} tables',
  SHOW_SUMMARY_SETS: 'ipsets: {sets}',
  SHOW_SUMMARY_NO_SETS: 'ipsets: not in the snapshot',
  SHOW_SUMMARY_SYSCTLS: 'sysctls: {sysctls}',
} as const satisfies Catalogue;
