/** What fits nowhere else. */
import { table } from '../support/save.js';
import {
  POD,
  type Section,
  delivered,
  dropped,
  fact,
  factOf,
  forwarded,
  fromLan,
  fromNode,
  fromWan,
  sent,
} from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const filter = (...lines: readonly string[]): string => table('filter', lines.join('\n'));

export const misc: Section = {
  title: '13. more',
  facts: [
    fact(
      'NFQUEUE --queue-bypass lets pass what nobody listens for',
      { save: filter('-A FORWARD -j NFQUEUE --queue-num 5 --queue-bypass', '-A FORWARD -j ACCEPT') },
      [fromLan(), [forwarded('eth0'), dropped('rule')], ['UNK_TARGET']],
    ),
    fact(
      'TPROXY drops where no transparent socket listens, which no dump shows',
      {
        save:
          table(
            'mangle',
            '-A PREROUTING -p tcp -j TPROXY --on-port 8080 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1',
          ) + filter(),
        rules: ['100: from all fwmark 0x1 lookup 100'],
        routes: ['local default dev lo table 100'],
      },
      [fromLan(), [dropped('rule'), delivered({ dst: '203.0.113.9', mark: 1 })], ['UNK_TPROXY_SOCKET']],
    ),
    fact(
      'ICMP errors of the node itself are not hindered by what is forwarded',
      { save: filter(':FORWARD DROP [0:0]', '-A INPUT -j ACCEPT') },
      [fromWan({ proto: 'udp' }), delivered()],
    ),
    // nf_tables traces the copy under the packet's own name: its path is not to be told apart.
    factOf(
      'legacy',
      'TEE lets the packet itself go on',
      {
        save:
          table(
            'mangle',
            '-A PREROUTING -i eth1 -j TEE --gateway 10.2.0.9\n-A PREROUTING -j MARK --set-xmark 0x1/0x1',
          ) + filter(),
      },
      [fromLan(), forwarded('eth0', { mark: 1 })],
    ),
    fact('a multicast group that nobody joined is not taken', { links: [ETH0, ETH1, ETH2] }, [
      fromLan({ proto: 'udp', dst: '239.1.2.3' }),
      [dropped('multicast'), delivered()],
      ['UNK_MULTICAST'],
    ]),
    fact(
      'what the node sends to a group leaves by the route',
      { routes: ['224.0.0.0/4 dev eth2 scope link'] },
      [fromNode({ dst: '239.1.2.3' }), sent('eth2', { src: '10.2.0.1' })],
    ),
    fact(
      'a hairpin: a client that calls its own service comes back to itself',
      {
        save:
          table(
            'nat',
            `-A PREROUTING -d 192.0.2.80/32 -j DNAT --to-destination ${POD}\n-A POSTROUTING -s ${POD}/32 -d ${POD}/32 -j MASQUERADE`,
          ) + filter(),
      },
      [fromLan({ proto: 'udp', dst: '192.0.2.80' }), forwarded('eth1', { src: '10.1.0.1', dst: POD })],
      [
        { in: 'eth1', proto: 'udp', src: POD, sport: 443, dst: '10.1.0.1', dport: 40000 },
        forwarded('eth1', { src: '192.0.2.80', dst: POD }),
      ],
    ),
  ],
};
