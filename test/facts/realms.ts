/** The realm that -m realm asks for: of the route, of the policy rule, and of the way back to the sender (rt_set_nexthop). */
import { table } from '../support/save.js';
import {
  type Fact,
  type Section,
  delivered,
  fact,
  forwarded,
  fromLan,
  fromNode,
  fromWan,
  sent,
} from './fact.js';
import type { Expected, Given } from './fact.js';
import type { FactNode } from './node.js';

/** Realms by the mark that a packet of it gets, from 1. */
const REALMS = [
  '0x0',
  '0x5',
  '0x6',
  '0x30006',
  '0x50000',
  '0x70000',
  '0x50007',
  '0x70005',
  '0x30007',
  '0x40003',
  '0x60000',
];
const markOf = (realm: string): number => REALMS.indexOf(realm) + 1;
const marking = (chain: string): string =>
  REALMS.map(
    (realm, at) =>
      `-A ${chain} -m realm --realm ${realm} -j MARK --set-xmark 0x${(at + 1).toString(16)}/0xffffffff`,
  ).join('\n');

const ROUTES = [
  'default via 10.0.0.254 dev eth0 realm 5',
  '192.0.2.0/24 via 10.0.0.254 dev eth0 realms 3/6',
  '203.0.113.0/24 via 10.0.0.254 dev eth0',
  '172.16.0.0/16 via 10.1.0.9 dev eth1 realm 7',
  'unreachable 172.17.0.0/16',
];

function node(chain: string, more: Partial<FactNode> = {}): FactNode {
  return { noDefault: true, routes: ROUTES, save: table('mangle', marking(chain)), ...more };
}

function realm(name: string, chain: string, packet: Given[0], expect: Expected, realm: string): Fact {
  return fact(name, node(chain), [packet, { ...expect, mark: markOf(realm) }]);
}

const out = (name: string, dst: string, has: string, expect: Expected = sent('eth0')): Fact =>
  realm(name, 'POSTROUTING', fromNode({ dst, src: '10.0.0.1' }), expect, has);

export const realms: Section = {
  title: '10a. realms',
  facts: [
    out('of what is sent that of its route', '198.51.100.1', '0x5'),
    out('two realms of a route are one number, FROM in the upper half', '192.0.2.9', '0x30006'),
    out('a route without a realm has 0', '203.0.113.9', '0x0'),
    out('a directed broadcast leaves without its route', '10.0.0.255', '0x0'),
    out('one to all leaves without the default route', '255.255.255.255', '0x0'),
    out('a group leaves without the default route', '224.0.0.5', '0x0'),
    realm(
      'what the node sends to itself has 0, on its way in too',
      'INPUT',
      fromNode({ dst: '10.1.0.1', src: '10.0.0.1' }),
      delivered(),
      '0x0',
    ),
    realm(
      'what is forwarded has that of its route, and in the upper half that of the way back',
      'FORWARD',
      fromLan({ src: '172.16.0.7', dst: '198.51.100.1' }),
      forwarded('eth0'),
      '0x70005',
    ),
    realm(
      'FROM of its own route comes before the way back',
      'FORWARD',
      fromLan({ src: '172.16.0.7', dst: '192.0.2.9' }),
      forwarded('eth0'),
      '0x30006',
    ),
    realm(
      'of a sender on the link the way back has none',
      'FORWARD',
      fromLan({ dst: '198.51.100.1' }),
      forwarded('eth0'),
      '0x5',
    ),
    realm(
      'what is delivered has that of the way back alone',
      'INPUT',
      fromWan({ src: '198.51.100.7' }),
      delivered(),
      '0x50000',
    ),
    realm(
      'TO of the way back is what counts, not FROM',
      'INPUT',
      fromWan({ src: '192.0.2.7', dst: '10.0.0.1' }),
      delivered(),
      '0x60000',
    ),
    realm(
      'a broadcast that came in has that of the way back',
      'INPUT',
      fromWan({ proto: 'udp', src: '198.51.100.7', dst: '10.0.0.255' }),
      delivered(),
      '0x50000',
    ),
    realm(
      'a broadcast to all has that of the way back',
      'INPUT',
      fromWan({ proto: 'udp', src: '198.51.100.7', dst: '255.255.255.255' }),
      delivered(),
      '0x50000',
    ),
    realm(
      'a group of the link has that of the way back',
      'INPUT',
      fromWan({ proto: 'udp', src: '198.51.100.7', dst: '224.0.0.1' }),
      delivered(),
      '0x50000',
    ),
    realm(
      'a sender to whom no way leads gives none',
      'INPUT',
      fromWan({ src: '172.17.0.7' }),
      delivered(),
      '0x0',
    ),
    fact(
      'a policy rule gives its realm where the route has none',
      node('POSTROUTING', {
        allRules: [
          '0: from all lookup local',
          '32766: from all lookup main realms 4/3',
          '32767: from all lookup default',
        ],
        routes: ['default via 10.0.0.254 dev eth0'],
      }),
      [fromNode({ dst: '198.51.100.1', src: '10.0.0.1' }), sent('eth0', { mark: markOf('0x40003') })],
    ),
    fact(
      'where some route has a realm every source is checked in full, as with rp_filter: a broadcast address is none',
      node('INPUT', { save: '' }),
      [fromWan({ src: '10.1.0.255' }), { verdict: 'dropped', drop: 'martian_source' }],
    ),
  ],
};
