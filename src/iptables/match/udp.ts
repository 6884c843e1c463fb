import { type MatchExtension, defineMatch } from '../extension.js';
import { loosePortSpan, onlyPort, portsAre, portReason, printPortSpan } from '../values/port.js';

const match: MatchExtension = defineMatch({
  name: 'udp',
  kernel: 'net/netfilter/xt_tcpudp.c udp_mt',
  protocols: [17],
  options: {
    sport: { flag: '--sport', aliases: ['--source-port'], value: loosePortSpan, invert: true },
    dport: { flag: '--dport', aliases: ['--destination-port'], value: loosePortSpan, invert: true },
  },
  destinationPort: ({ dport }) => onlyPort(dport),
  evaluate: ({ sport, dport }, packet, world) => portsAre(packet, sport, dport, world),
  explain: ({ sport, dport }, packet) =>
    portReason(packet, sport, dport) ?? {
      code: 'NO_DPORT',
      option: null,
      params: { wanted: '', has: packet.destinationPort },
    },
  print: ({ sport, dport }) =>
    [printPortSpan('--sport', sport), printPortSpan('--dport', dport)]
      .filter((part) => part !== '')
      .join(' '),
});
export default match;
