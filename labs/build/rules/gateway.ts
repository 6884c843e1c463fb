/** Rule sets of a small router, each of which shows one thing. */
import type { Rules } from '../describe.js';

/** One rule in every hook, whose counter tells that a packet came by. */
export const EVERY_HOOK: Rules = {
  mangle: {
    chains: [],
    rules: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].map(
      (hook) => `-A ${hook} -m comment --comment "seen in ${hook}"`,
    ),
  },
  nat: {
    chains: [],
    rules: ['-A PREROUTING -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 80'],
  },
  filter: { chains: [], rules: ['-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'] },
};

/** Order, a chain that returns, and a policy behind it. */
export const FIRST_MATCH: Rules = {
  filter: {
    chains: ['OFFICE'],
    rules: [
      '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A FORWARD -s 10.50.0.0/24 -j OFFICE',
      '-A FORWARD -s 10.50.0.66/32 -j DROP',
      '-A FORWARD -p icmp -j RETURN',
      '-A FORWARD -p udp -m udp --dport 53 -j ACCEPT',
      '-A OFFICE -d 203.0.113.0/24 -j DROP',
      '-A OFFICE -p tcp -m tcp --dport 25 -j RETURN',
      '-A OFFICE -p tcp -j ACCEPT',
    ],
  },
};

/** A port of the router that leads to a server behind it, and the way out for those behind it. */
export const PORT_FORWARD: Rules = {
  nat: {
    chains: [],
    rules: [
      '-A PREROUTING -d 192.168.96.30/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.50.0.5:80',
      '-A POSTROUTING -s 10.50.0.0/24 -o eth0 -j MASQUERADE',
    ],
  },
  filter: {
    chains: [],
    rules: [
      '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A FORWARD -i eth1 -j ACCEPT',
      '-A FORWARD -d 10.50.0.5/32 -p tcp -m tcp --dport 80 -j ACCEPT',
    ],
  },
};
