import { expect, it } from 'vitest';
import { ip, link, network } from '../../test/support/network.js';
import { fibType6 } from './fib-type.js';

const links = [link('lo', ['::1/128 host']), link('e0', ['fd00:a::1/64']), link('e1', ['fd00:b::1/64'])];
const net = network({
  family: 6,
  links,
  routes: [
    'fd00:a::/64 dev e0',
    'fd00:b::/64 dev e1',
    'unreachable fd00:1::/64 dev lo',
    'prohibit fd00:2::/64 dev lo',
    'blackhole fd00:3::/64 dev lo',
    'anycast fd00:a:: dev e0 table 255 metric 0',
    'multicast ff00::/8 dev e0 table 255 metric 256',
  ],
});

// The answers without a device are those that nft on Linux 6.18 gave, counted by rules at prerouting.
it.each([
  ['fd00:a::1', null, 'LOCAL'],
  ['fd00:a::2', null, 'UNICAST'],
  ['fd00:1::1', null, 'UNREACHABLE'],
  ['fd00:2::1', null, 'PROHIBIT'],
  ['fd00:3::1', null, 'BLACKHOLE'],
  ['fd00:4::1', null, 'UNREACHABLE'],
  ['fd00:a::', null, 'ANYCAST'],
  ['ff02::1', null, 'MULTICAST'],
  ['fd00:a::1', 'e0', 'LOCAL'],
  ['fd00:a::1', 'e1', 'UNICAST'],
  ['fd00:a::2', 'e1', 'UNICAST'],
])('%s is, seen from %s, %s', (address, device, type) => {
  const question = {
    destination: ip(address),
    source: ip('fd00:b::2'),
    mark: 0,
    markUnknown: 0,
    tos: 0,
    protocol: 6,
    from: 'lo',
    device,
    reverse: false,
    arrived: 'e1',
  };
  const never = {
    choose(): number {
      throw new Error('nothing is open');
    },
  };
  expect(fibType6(net, question, never)).toBe(type);
});
