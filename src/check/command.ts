/** A packet as the command line that walks it. */
import { endpoint } from '../explain/endpoint.js';
import type { PacketInput } from '../packet/result.js';

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./[\]#-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const end = (address: string, port: number | undefined): string =>
  endpoint(address, port === undefined ? '' : String(port));

/** `natwalk trace NODE --from … --to …`. */
export function traceCommand(node: string, packet: PacketInput): string {
  const { in: device, icmpType, icmpCode, tcpFlags } = packet;
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['--proto', packet.proto === 'tcp' ? undefined : packet.proto],
    ['--from', packet.src === undefined ? undefined : end(packet.src, packet.sport)],
    ['--to', end(packet.dst, packet.dport)],
    ['--in', device ?? undefined],
    ['--mark', packet.mark],
    ['--tos', packet.tos],
    ['--ttl', packet.ttl],
    ['--length', packet.length],
    ['--tcp-flags', tcpFlags === undefined ? undefined : tcpFlags.length === 0 ? 'NONE' : tcpFlags.join(',')],
    ['--icmp', icmpType === undefined ? undefined : `${String(icmpType)}/${String(icmpCode ?? 0)}`],
    ['--icmp-id', packet.icmpId],
    ['--uid', packet.uid],
    ['--gid', packet.gid],
    ['--oif', packet.oif],
    ['--connected', packet.connected === undefined ? undefined : packet.connected ? 'yes' : 'no'],
    ['--ct', packet.ct],
  ];
  const words = options.flatMap(([name, value]) =>
    value === undefined ? [] : [name, quoted(String(value))],
  );
  const local = device === null ? ['--local'] : [];
  return ['natwalk', 'trace', quoted(node), ...words, ...local].join(' ');
}
