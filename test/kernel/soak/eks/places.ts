/** Addresses that nodes and traffic of the profile `eks` are drawn from. */
const FOUR = {
  interfaces: ['192.168.45.10', '192.168.58.200', '192.168.59.201'],
  pods: ['192.168.40.11', '192.168.50.7', '192.168.61.33', '192.168.33.90', '192.168.62.4', '192.168.34.77'],
  gateway: '192.168.32.1',
  broadcast: '192.168.63.255',
  length: 19,
  /** Custom networking: secondary interfaces and their pods in networks of their own. */
  custom: [
    { address: '100.64.12.5', gateway: '100.64.0.1', broadcast: '100.64.31.255', network: '100.64.1.' },
    { address: '100.64.40.9', gateway: '100.64.32.1', broadcast: '100.64.63.255', network: '100.64.33.' },
  ],
  /** Prefix delegation: pods out of one /28. */
  prefix: '192.168.34.8',
  remote: ['192.168.70.8', '192.168.38.9', '203.0.113.50'],
  cluster: '10.100.5.',
  balancer: '198.51.100.8',
  externalIp: '198.51.100.77',
  vpc: ['192.168.0.0/16', '100.64.0.0/16'],
  ranges: ['203.0.113.0/24', '192.168.0.0/16'],
  clusterCidr: '192.168.0.0/16',
} as const;

const SIX = {
  interfaces: ['2001:db8:1:20::10', '2001:db8:1:20::20', '2001:db8:1:20::30'],
  pods: ['2001:db8:1:20:a::1', '2001:db8:1:20:a::2', '2001:db8:1:20:a::3', '2001:db8:1:20:a::4'],
  gateway: '2001:db8:1:20::1',
  broadcast: '',
  length: 64,
  custom: [],
  prefix: null,
  remote: ['2001:db8:1:30::8', '2001:db8:1:20::77', '2001:db8:113::50'],
  cluster: 'fd00:10::5:',
  balancer: '2001:db8:100::8',
  externalIp: '2001:db8:100::77',
  vpc: ['2001:db8:1::/48'],
  ranges: ['2001:db8:113::/64', '2001:db8:1::/48'],
  clusterCidr: '2001:db8:1::/48',
} as const;

/** The drawn addresses of a family. */
export const PLACES = { 4: FOUR, 6: SIX } as const;
