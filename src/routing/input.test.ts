/** Where a packet that comes in is routed to, where it hangs on settings of the device. */
import { describe, expect, it } from 'vitest';
import { enumerate } from '../chooser/enumerate.js';
import { flow, ip, link, network } from '../../test/support/network.js';
import { routeInput } from './input.js';

const PLAIN = ['rp_filter', 'accept_local', 'route_localnet', 'src_valid_mark'].flatMap((name) =>
  ['all', 'e0', 'e1'].map((device): [string, string] => [`net.ipv4.conf.${device}.${name}`, '0']),
);

/** What may become of a packet by e0 to the broadcast address of e1's subnet. */
function toBroadcast(forwarding: Readonly<Record<string, string>>): readonly string[] {
  const net = network({
    links: [link('lo', ['127.0.0.1/8 host']), link('e0', ['10.0.0.1/24']), link('e1', ['10.0.1.1/24'])],
    routes: [
      '10.0.0.0/24 dev e0',
      '10.0.1.0/24 dev e1',
      'broadcast 10.0.1.255 dev e1 table local proto kernel scope link src 10.0.1.1',
    ],
    sysctls: { ...Object.fromEntries(PLAIN), 'net.ipv4.ip_forward': '1', ...forwarding },
  });
  const asked = flow('10.0.1.255', { source: ip('10.0.0.9'), inInterface: 'e0' });
  const { branches } = enumerate((chooser) => routeInput(net, asked, chooser).kind, 10);
  return branches.map(({ value }) => value);
}

describe('a packet to the broadcast address of another subnet', () => {
  const [all, own] = ['net.ipv4.conf.all.bc_forwarding', 'net.ipv4.conf.e0.bc_forwarding'];
  it.each([
    [{ [all]: '1', [own]: '1' }, ['forward']],
    [{ [all]: '0', [own]: '1' }, ['broadcast']],
    [{ [all]: '1', [own]: '0' }, ['broadcast']],
    // Both have to be set, so that one that is not shown leaves it open, unless the other is 0.
    [{ [all]: '1' }, ['broadcast', 'forward']],
    [{ [own]: '0' }, ['broadcast']],
    [{}, ['broadcast', 'forward']],
  ])('goes where bc_forwarding says: %j', (shown, expected) => {
    expect(toBroadcast(shown)).toEqual(expected);
  });
});
