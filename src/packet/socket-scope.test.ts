/** UDP to an address of one link, from a socket without a device: connect() refuses it, sendto() does not. */
import { expect, it } from 'vitest';
import { nodeOf } from '../../test/support/router.js';
import { loadNode } from '../snapshot/load.js';
import { trace } from './trace.js';

const node = loadNode('n', [
  {
    name: 'ip-addr.txt',
    text: `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    inet6 fe80::1/64 scope link
`,
  },
  {
    name: 'ip-rule.txt',
    text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n',
  },
  {
    name: 'ip-6-route.txt',
    text: `fe80::/64 dev eth0 proto kernel metric 256 pref medium
local fe80::1 dev eth0 table local proto kernel metric 0 pref medium
multicast ff00::/8 dev eth0 table local proto kernel metric 256 pref medium
`,
  },
]);

const ways = (connected?: boolean): readonly string[] =>
  trace(
    { ...nodeOf(), ...node },
    {
      ...{ in: null, proto: 'udp', dst: 'fe80::7', dport: 9 },
      ...(connected === undefined ? {} : { connected }),
    },
  ).outcomes.map(({ verdict, unroutable }) => `${verdict} ${unroutable?.errno ?? ''}`);

it('is refused of a connected socket, and of one that may be', () => {
  expect(ways(true)).toEqual(['unroutable EINVAL']);
  expect(ways(false)).toEqual(['sent ']);
  expect(ways()).toEqual(['unroutable EINVAL', 'sent ']);
});
