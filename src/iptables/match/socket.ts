import { formatAddress } from '../../address/address.js';
import { unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { flag } from '../values/text.js';
import type { PacketView } from '../view.js';

/** ICMP errors that quote the packet they are about: its socket is looked up. */
const QUOTING: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Sockets are looked up for TCP, UDP, and errors about them (nf_sk_lookup_slow_v4 and _v6). */
function hasSocket({ family, protocol, icmpType }: PacketView): boolean {
  if (protocol === 6 || protocol === 17) return true;
  if (family === 4) return protocol === 1 && QUOTING.has(icmpType);
  return protocol === 58 && icmpType < 128;
}

const match: MatchExtension = defineMatch({
  name: 'socket',
  kernel: 'net/netfilter/xt_socket.c socket_match',
  missing: 'sockets are not in a dump: an open question; --restore-skmark leaves the mark alone',
  placement: { hooks: ['PREROUTING', 'INPUT'] },
  options: {
    transparent: { flag: '--transparent', value: flag },
    nowildcard: { flag: '--nowildcard', value: flag },
    restore: { flag: '--restore-skmark', value: flag },
  },
  evaluate({ transparent, nowildcard }, packet) {
    if (!hasSocket(packet)) return false;
    const kind = `${transparent === undefined ? '' : 'transparent '}${nowildcard === undefined ? '' : 'bound '}socket`;
    const address = formatAddress(packet.destination);
    const to = `${String(packet.protocol)} ${address} ${String(packet.destinationPort)}`;
    return unsure(`${kind} of ${to}`, 'UNK_SOCKET', { kind, address, port: packet.destinationPort });
  },
  explain: (_values, { protocol }) => ({ code: 'NO_SOCKET', option: null, params: { protocol } }),
});
export default match;
