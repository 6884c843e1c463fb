/** How a packet ends, and what its sender is told. */
import { table } from '../support/save.js';
import {
  POD,
  SERVER,
  type Section,
  delivered,
  dropped,
  fact,
  forwarded,
  fromLan,
  fromNode,
  fromWan,
  nowhere,
  rejected,
} from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const localnet = (device: string): Readonly<Record<string, number>> => ({
  [`net.ipv4.conf.${device}.route_localnet`]: 1,
});
const HOST = '198.51.100.9';
const onlyTo = (route: string): { readonly noDefault: true; readonly routes: readonly string[] } => ({
  noDefault: true,
  routes: [route],
});

export const outcomes: Section = {
  title: '10. outcomes',
  facts: [
    fact('no route: what is forwarded', { noDefault: true }, [
      fromLan(),
      nowhere('ENETUNREACH', 'icmp-net-unreachable'),
    ]),
    fact('no route: what the node sends', { noDefault: true }, [fromNode(), nowhere('ENETUNREACH')]),
    fact('a throw in every table is no route', onlyTo(`throw ${HOST}`), [
      fromLan({ dst: HOST }),
      nowhere('ENETUNREACH', 'icmp-net-unreachable'),
    ]),
    ...(
      [
        ['unreachable', 'EHOSTUNREACH', 'icmp-host-unreachable'],
        ['prohibit', 'EACCES', 'icmp-admin-prohibited'],
      ] as const
    ).flatMap(([type, errno, answer]) => [
      fact(`a route that is ${type}: what is forwarded`, { routes: [`${type} ${HOST}`] }, [
        fromLan({ dst: HOST }),
        nowhere(errno, answer),
      ]),
      fact(`a route that is ${type}: what the node sends`, { routes: [`${type} ${HOST}`] }, [
        fromNode({ dst: HOST }),
        nowhere(errno),
      ]),
    ]),
    fact('a blackhole: what is forwarded', { routes: [`blackhole ${HOST}`] }, [
      fromLan({ dst: HOST }),
      dropped('blackhole'),
    ]),
    fact('a blackhole: what the node sends', { routes: [`blackhole ${HOST}`] }, [
      fromNode({ dst: HOST }),
      nowhere('EINVAL'),
    ]),
    fact('a TCP connection is told the same', { routes: [`prohibit ${HOST}`] }, [
      fromNode({ proto: 'tcp', dst: HOST }),
      nowhere('EACCES'),
    ]),
    fact(
      'forwarding is switched by the device that the packet came in by',
      { sysctls: { 'net.ipv4.conf.eth1.forwarding': 0 } },
      [fromLan(), dropped('ip_forward')],
    ),
    fact('and not by the one that it leaves by', { sysctls: { 'net.ipv4.conf.eth0.forwarding': 0 } }, [
      fromLan(),
      forwarded('eth0'),
    ]),
    fact(
      'without forwarding the node still takes what is for itself',
      { sysctls: { 'net.ipv4.conf.eth1.forwarding': 0 } },
      [fromLan({ proto: 'udp', dst: '10.0.0.1' }), delivered()],
    ),
    fact('a packet may leave by the device that it came in by', {}, [
      fromLan({ dst: '10.1.0.9' }),
      forwarded('eth1', { via: null }),
    ]),
    fact('an address answers on every device', {}, [
      fromLan({ proto: 'udp', dst: '10.2.0.1' }),
      delivered({ dst: '10.2.0.1' }),
    ]),
    fact('the broadcast of another subnet is not forwarded', {}, [
      fromLan({ proto: 'udp', dst: '10.0.0.255' }),
      delivered({ dst: '10.0.0.255' }),
    ]),
    fact('the broadcast of its own subnet is for the node', {}, [
      fromLan({ proto: 'udp', dst: '10.1.0.255' }),
      delivered({ dst: '10.1.0.255' }),
    ]),
    fact('127.0.0.1 does not come from the wire', {}, [
      fromLan({ proto: 'udp', dst: '127.0.0.1' }),
      dropped('martian_destination'),
    ]),
    fact('nor does it come as a source', {}, [
      fromLan({ proto: 'udp', dst: '10.1.0.1', src: '127.0.0.1' }),
      dropped('martian_source'),
    ]),
    ...['all', 'eth1'].map((device) =>
      fact(`with route_localnet of ${device} it does`, { sysctls: localnet(device) }, [
        fromLan({ proto: 'udp', dst: '127.0.0.1' }),
        delivered({ dst: '127.0.0.1' }),
      ]),
    ),
    fact('route_localnet of another device does not help', { sysctls: localnet('eth0') }, [
      fromLan({ proto: 'udp', dst: '127.0.0.1' }),
      dropped('martian_destination'),
    ]),
    fact(
      'DNAT to 127.0.0.1 fails without route_localnet',
      {
        save:
          table('nat', '-A PREROUTING -d 10.1.0.1/32 -j DNAT --to-destination 127.0.0.1') +
          table('filter', ''),
      },
      [fromLan({ proto: 'udp', dst: '10.1.0.1' }), dropped('martian_destination')],
    ),
    fact(
      'DNAT to 127.0.0.1 is delivered with it',
      {
        save:
          table('nat', '-A PREROUTING -d 10.1.0.1/32 -j DNAT --to-destination 127.0.0.1') +
          table('filter', ''),
        sysctls: localnet('eth1'),
      },
      [fromLan({ proto: 'udp', dst: '10.1.0.1' }), delivered({ dst: '127.0.0.1' })],
    ),
    fact(
      'what is routed to a device that is down is gone with its routes',
      { links: [ETH0, ETH1, { ...ETH2, state: 'DOWN' }] },
      [fromLan({ dst: '10.2.0.9' }), forwarded('eth0', { via: '10.0.0.254' })],
    ),
    fact(
      'an answer of REJECT goes to the sender by the routes of the node',
      { save: table('filter', '-A FORWARD -j REJECT') },
      [fromWan({ dst: POD }), rejected('icmp-port-unreachable')],
    ),
    fact('a time exceeded is not told of an ICMP error', {}, [
      fromLan({
        proto: 'icmp',
        icmpType: 3,
        icmpCode: 3,
        ttl: 1,
        inner: { proto: 'udp', src: SERVER, sport: 9, dst: POD, dport: 9 },
      }),
      dropped('ttl'),
    ]),
  ],
};
