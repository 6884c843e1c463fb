/** Which source address the node gives to what it sends itself. */
import { type Section, delivered, fact, fromNode, nowhere, sent } from './fact.js';
import { ETH0, ETH1, ETH2 } from './node.js';

const HOST = '198.51.100.9';
const toHost = fromNode({ dst: HOST });

export const sourceSelection: Section = {
  title: '12. source address selection',
  facts: [
    fact('a bound source is kept', {}, [fromNode({ src: '10.2.0.1' }), sent('eth0', { src: '10.2.0.1' })]),
    fact(
      'trap: the src of the route is taken',
      { routes: [`${HOST} via 10.0.0.254 dev eth0 src 10.0.0.2`] },
      [toHost, sent('eth0', { src: '10.0.0.2' })],
    ),
    fact(
      'trap: without one, the address of the device whose subnet holds the gateway',
      {
        links: [{ name: 'eth0', addresses: ['192.0.2.1/24', '10.0.0.1/24'] }, ETH1, ETH2],
      },
      [toHost, sent('eth0', { src: '10.0.0.1' })],
    ),
    fact(
      'without a gateway, the first address of the device',
      {
        routes: [`${HOST} dev eth0 scope link`],
        links: [{ name: 'eth0', addresses: ['192.0.2.1/24', '10.0.0.1/24'] }, ETH1, ETH2],
      },
      [toHost, sent('eth0', { via: null, src: '192.0.2.1' })],
    ),
    fact(
      'secondary addresses are not taken',
      { links: [{ name: 'eth0', addresses: ['10.0.0.7/24', '10.0.0.1/24'] }, ETH1, ETH2] },
      [toHost, sent('eth0', { src: '10.0.0.7' })],
    ),
    fact(
      'a device without an address: the first global address of any',
      { links: [ETH0, ETH1, { name: 'eth2', addresses: [] }], routes: [`${HOST} dev eth2 scope link`] },
      [toHost, sent('eth2', { src: '10.0.0.1' })],
    ),
    fact(
      'a global address on lo comes before those of other devices',
      {
        links: [ETH1, ETH0, { name: 'eth2', addresses: [] }],
        routes: [`${HOST} dev eth2 scope link`],
      },
      [toHost, sent('eth2', { src: '10.1.0.1' })],
    ),
    fact(
      'a route of scope link may take an address of scope link',
      {
        links: [ETH0, { name: 'eth1', addresses: ['192.168.9.1/24 link'] }, ETH2],
        routes: [`${HOST} dev eth1 scope link`],
      },
      [toHost, sent('eth1', { src: '192.168.9.1' })],
    ),
    fact(
      'a route of scope global may not',
      {
        links: [ETH0, { name: 'eth1', addresses: ['192.168.9.1/24 link'] }, ETH2],
        routes: [`${HOST} via 192.168.9.254 dev eth1`],
      },
      [toHost, sent('eth1', { src: '10.0.0.1' })],
    ),
    fact('to an own address, the address itself', {}, [
      fromNode({ dst: '10.1.0.1' }),
      delivered({ src: '10.1.0.1', dst: '10.1.0.1' }),
    ]),
    fact('to 127.0.0.9, 127.0.0.1 by the src of the local route', {}, [
      fromNode({ dst: '127.0.0.9' }),
      delivered({ src: '127.0.0.1' }),
    ]),
    fact('to a secondary address, the primary by the src of the local route', {}, [
      fromNode({ dst: '10.0.0.2' }),
      delivered({ src: '10.0.0.1', dst: '10.0.0.2' }),
    ]),
    fact('a socket that is bound to a device takes its address', {}, [
      fromNode({ dst: HOST, oif: 'eth2' }),
      sent('eth2', { via: null, src: '10.2.0.1' }),
    ]),
    fact('a source that is not of the node cannot be bound', {}, [
      fromNode({ src: '192.0.2.9', proto: 'udp' }),
      nowhere('EADDRNOTAVAIL'),
    ]),
  ],
};
