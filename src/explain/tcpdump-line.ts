/** One packet as `tcpdump -nn` words it (print-ip.c, print-tcp.c, print-udp.c, print-icmp.c, print-icmp6.c). */
import { protocolNumber } from '../address/protocols.js';
import { PROTOCOL, hasPorts } from '../packet/packet.js';
import type { FinalPacket } from '../packet/result.js';
import { type Hop, bareLength } from './hops.js';
import { WINDOW, tcpNumbers } from './packet-bytes.js';

/** In the tool's order. */
const FLAGS = [
  ['FIN', 'F'],
  ['SYN', 'S'],
  ['RST', 'R'],
  ['PSH', 'P'],
  ['ACK', '.'],
  ['URG', 'U'],
  ['ECE', 'E'],
  ['CWR', 'W'],
] as const;

/** What the packet carries, behind its headers. */
const payload = ({ length, family, protocol }: Hop): number =>
  Math.max(0, length - bareLength(family, protocol));

function tcpWords(hop: Hop): string {
  const { tcpFlags } = hop;
  const letters = FLAGS.map(([name, letter]) => (tcpFlags.includes(name) ? letter : '')).join('');
  const { seq, ack } = tcpNumbers(tcpFlags);
  const data = payload(hop);
  const numbered = data > 0 || ['SYN', 'FIN', 'RST'].some((flag) => tcpFlags.includes(flag));
  const range = data > 0 ? `${String(seq)}:${String(seq + data)}` : String(seq);
  return [
    `Flags [${letters === '' ? 'none' : letters}]`,
    ...(numbered ? [`seq ${range}`] : []),
    ...(tcpFlags.includes('ACK') ? [`ack ${String(ack)}`] : []),
    `win ${String(WINDOW)}`,
    ...(tcpFlags.includes('URG') ? ['urg 0'] : []),
    `length ${String(data)}`,
  ].join(', ');
}

interface Quoted {
  readonly address: string;
  readonly protocol: number;
  readonly port: string;
}

function quotedOf(inner: FinalPacket): Quoted {
  const address = inner.dst ?? inner.dstRange?.join('-') ?? '?';
  const port = inner.dport === undefined ? (inner.dportRange?.join('-') ?? '0') : String(inner.dport);
  return { address, protocol: protocolNumber(inner.proto) ?? Number(inner.proto), port };
}

function portWords({ address, protocol, port }: Quoted): string {
  const name = protocol === PROTOCOL.tcp ? 'tcp' : protocol === PROTOCOL.udp ? 'udp' : null;
  return name === null
    ? `${address} protocol ${String(protocol)} port ${port} unreachable`
    : `${address} ${name} port ${port} unreachable`;
}

/** By the code of an ICMP destination unreachable. */
function unreachable(code: number, quoted: Quoted): string {
  const { address, protocol } = quoted;
  switch (code) {
    case 0:
      return `net ${address} unreachable`;
    case 1:
      return `host ${address} unreachable`;
    case 2:
      return `${address} protocol ${String(protocol)} unreachable`;
    case 3:
      return portWords(quoted);
    case 4:
      return `${address} unreachable - need to frag`;
    case 9:
      return `net ${address} unreachable - admin prohibited`;
    case 10:
      return `host ${address} unreachable - admin prohibited`;
    case 13:
      return `host ${address} unreachable - admin prohibited filter`;
    default:
      return `${address} unreachable - #${String(code)}`;
  }
}

function unreachable6(code: number, quoted: Quoted): string {
  const { address } = quoted;
  switch (code) {
    case 0:
      return `unreachable route ${address}`;
    case 1:
      // With the two blanks of the tool.
      return ` unreachable prohibited ${address}`;
    case 3:
      return `unreachable address ${address}`;
    case 4:
      return `unreachable port, ${portWords(quoted).replace(/(tcp|udp)( port .*) unreachable$/, '$1$2')}`;
    default:
      return `unknown unreach code (${String(code)})`;
  }
}

function icmpWords(hop: Hop): string | null {
  const { icmpType: type, icmpCode: code, header, inner } = hop;
  if (type === 8 || type === 0) return `echo ${type === 8 ? 'request' : 'reply'}, id ${header.icmpId}, seq 1`;
  if (type === 3) return inner === null ? null : unreachable(code, quotedOf(inner));
  if (type === 11)
    return inner === null ? null : code === 0 ? 'time exceeded in-transit' : 'ip reassembly time exceeded';
  return `type-#${String(type)}`;
}

function icmp6Words(hop: Hop): string {
  const { icmpType: type, icmpCode: code, header, inner } = hop;
  if (type === 128 || type === 129)
    return `echo ${type === 128 ? 'request' : 'reply'}, id ${header.icmpId}, seq 1`;
  if (type === 1 && inner !== null) return `destination unreachable, ${unreachable6(code, quotedOf(inner))}`;
  if (type === 2) return 'packet too big, mtu 0';
  if (type === 3 && inner !== null) return `time exceeded in-transit for ${quotedOf(inner).address}`;
  return `unknown icmp6 type (${String(type)})`;
}

/** What stands behind the addresses; begins with the blank or two that the tool puts there. */
function words(hop: Hop): string {
  const { protocol, family, length } = hop;
  const behind = String(length - (family === 4 ? 20 : 40));
  switch (protocol) {
    case PROTOCOL.tcp:
      return ` ${tcpWords(hop)}`;
    case PROTOCOL.udp:
      return ` UDP, length ${String(payload(hop))}`;
    case PROTOCOL.sctp:
      return ' sctp (1) [INIT] [init tag: 1] [rwnd: 65536] [OS: 1] [MIS: 1] [init TSN: 1] ';
    case PROTOCOL.gre:
      return ` GREv0, length ${behind}: gre-proto-0x0`;
    case PROTOCOL.icmp: {
      const text = family === 4 ? icmpWords(hop) : null;
      return text === null ? '  [|icmp]' : ` ICMP ${text}, length ${behind}`;
    }
    case PROTOCOL.icmpv6:
      if (family === 6) return ` ICMP6, ${icmp6Words(hop)}, length ${behind}`;
  }
  return `  ip-proto-${String(protocol)} ${behind}`;
}

/** The tool prints ports of these. */
const WITH_PORTS: ReadonlySet<number> = new Set([PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.sctp, PROTOCOL.dccp]);

/** `IP 10.0.0.1.4000 > 10.0.0.2.80: Flags [S], …`, as at one interface. */
export function tcpdumpWords(hop: Hop): string {
  const { header, family, protocol } = hop;
  const isPorted = hasPorts(protocol) && WITH_PORTS.has(protocol);
  const end = (address: string, port: string): string => (isPorted ? `${address}.${port}` : address);
  const ends = `${end(header.src, header.sport)} > ${end(header.dst, header.dport)}`;
  return `${family === 4 ? 'IP' : 'IP6'} ${ends}:${words(hop)}`;
}
