/** The few addresses, ports and devices that nodes and flows of the profile `flows` are drawn from, so that they meet. */
import type { Family } from '../../../../src/address/address.js';

export interface Vocabulary {
  readonly family: Family;
  /** Hosts behind `lan`. */
  readonly clients: readonly string[];
  /** Hosts behind `wan` and `dmz`. */
  readonly servers: readonly string[];
  /** Addresses that belong to nobody until a rule rewrites them. */
  readonly services: readonly string[];
  /** The node's own, by device. */
  readonly own: readonly string[];
  readonly routers: readonly string[];
  /** Source and destination networks that rules are written about. */
  readonly networks: readonly string[];
  /** What SNAT maps to, and ranges of it. */
  readonly pool: readonly string[];
  readonly mapped: readonly string[];
  readonly icmp: { readonly proto: 'icmp' | 'icmpv6'; readonly request: number; readonly reply: number };
  readonly errors: readonly (readonly [number, number])[];
  readonly rejects: readonly string[];
}

export const DEVICES = ['lan', 'wan', 'dmz'] as const;
export const PORTS = [53, 80, 443, 8080, 5000] as const;
export const CLIENT_PORTS = [40000, 40001, 700, 53, 5001] as const;

export const FOUR: Vocabulary = {
  family: 4,
  clients: ['10.0.0.2', '10.0.0.3'],
  servers: ['203.0.113.5', '203.0.113.6', '10.0.2.9'],
  services: ['198.51.100.1', '198.51.100.2'],
  own: ['10.0.0.1', '10.0.1.1', '10.0.1.2', '10.0.2.1'],
  routers: ['10.0.1.254', '10.0.2.254'],
  networks: [
    '10.0.0.0/24',
    '10.0.0.2/32',
    '203.0.113.0/24',
    '198.51.100.0/24',
    '10.0.2.9/32',
    '198.51.100.1/32',
  ],
  pool: ['10.0.1.1', '10.0.1.2', '192.0.2.7', '192.0.2.8', '10.0.0.1'],
  mapped: ['192.0.2.0/24', '10.0.2.0/24', '203.0.113.0/29', '198.51.100.0/30'],
  icmp: { proto: 'icmp', request: 8, reply: 0 },
  errors: [
    [3, 1],
    [3, 3],
    [3, 4],
    [11, 0],
    [4, 0],
    [5, 1],
    [12, 0],
  ],
  rejects: ['icmp-port-unreachable', 'icmp-host-prohibited', 'icmp-net-unreachable'],
};

export const SIX: Vocabulary = {
  family: 6,
  clients: ['fd00:a::2', 'fd00:a::3'],
  servers: ['2001:db8:113::5', '2001:db8:113::6', 'fd00:c::9'],
  services: ['2001:db8:100::1', '2001:db8:100::2'],
  own: ['fd00:a::1', 'fd00:b::1', 'fd00:b::2', 'fd00:c::1'],
  routers: ['fd00:b::fe', 'fd00:c::fe'],
  networks: [
    'fd00:a::/64',
    'fd00:a::2/128',
    '2001:db8:113::/64',
    '2001:db8:100::/64',
    'fd00:c::9/128',
    '2001:db8:100::1/128',
  ],
  pool: ['fd00:b::1', 'fd00:b::2', '2001:db8:2::7', '2001:db8:2::8', 'fd00:a::1'],
  mapped: ['2001:db8:2::/64', 'fd00:c::/64', '2001:db8:113::/125', '2001:db8:100::/126'],
  icmp: { proto: 'icmpv6', request: 128, reply: 129 },
  errors: [
    [1, 0],
    [1, 4],
    [2, 0],
    [3, 0],
    [4, 1],
  ],
  rejects: ['icmp6-port-unreachable', 'icmp6-adm-prohibited'],
};
