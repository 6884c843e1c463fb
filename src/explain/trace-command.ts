/** A packet as the command that walks it, ready to be copied. */
import type { PacketInput } from '../packet/result.js';
import { endpoint } from './endpoint.js';

/** A word as a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(word) && !/[[\]]/.test(word)
    ? word
    : `'${word.replaceAll("'", "'\\''")}'`;
}

const end = (address: string, port: number | undefined): string =>
  endpoint(address, port === undefined ? '' : String(port));

type Named = readonly [string, string | number | undefined];

/** `natwalk trace NODE --from … --to …`, with every field that the packet was given. */
export function traceCommand(node: string, packet: PacketInput): string {
  const { src, sport, dst, dport, proto, tcpFlags, icmpType, icmpCode } = packet;
  const icmp =
    icmpType === undefined
      ? undefined
      : `${String(icmpType)}${icmpCode === undefined ? '' : `/${String(icmpCode)}`}`;
  const flags = tcpFlags === undefined ? undefined : tcpFlags.length === 0 ? 'NONE' : tcpFlags.join(',');
  const named: readonly Named[] = [
    ['--in', packet.in ?? undefined],
    ['--from', src === undefined ? undefined : end(src, sport)],
    ['--to', end(dst, dport)],
    ['--proto', proto === 'tcp' ? undefined : proto],
    ['--tcp-flags', flags],
    ['--icmp', icmp],
    ['--icmp-id', packet.icmpId],
    ['--mark', packet.mark],
    ['--tos', packet.tos],
    ['--ttl', packet.ttl],
    ['--length', packet.length],
    ['--uid', packet.uid],
    ['--gid', packet.gid],
    ['--oif', packet.oif],
    ['--ct', packet.ct],
  ];
  const words = named.flatMap(([option, value]) => (value === undefined ? [] : [option, String(value)]));
  const local = packet.in === null ? ['--local'] : [];
  return ['natwalk', 'trace', node, ...local, ...words].map(quoted).join(' ');
}
