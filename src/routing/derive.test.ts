import { describe, expect, it } from 'vitest';
import { formatAddress } from '../address/address.js';
import { ip, link } from '../../test/support/network.js';
import { deriveLocalTable } from './derive.js';
import type { Link } from './model.js';

function lines(links: readonly Link[], family: 4 | 6, forwards = false): string[] {
  return deriveLocalTable(links, family, () => forwards).map(({ text }) => text);
}

describe('table local, from addresses', () => {
  it('has the loopback prefix, its address and its broadcast', () => {
    expect(lines([link('lo', ['127.0.0.1/8 host'])], 4)).toEqual([
      'local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1',
      'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1',
      'broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1',
    ]);
  });

  it('has no broadcast of /31 and /32, and takes the subnet of a peer', () => {
    const found = lines([link('e0', ['10.5.0.1/31', '10.6.0.1/32', '10.7.0.1/24 peer 10.8.0.9'])], 4);
    expect(found).toEqual([
      'local 10.5.0.1 dev e0 table local proto kernel scope host src 10.5.0.1',
      'local 10.6.0.1 dev e0 table local proto kernel scope host src 10.6.0.1',
      'local 10.7.0.1 dev e0 table local proto kernel scope host src 10.7.0.1',
      'broadcast 10.8.0.255 dev e0 table local proto kernel scope link src 10.7.0.1',
    ]);
  });

  it('names the primary as source of a secondary', () => {
    const table = deriveLocalTable([link('e0', ['10.0.0.1/24', '10.0.0.2/24 secondary'])], 4);
    expect(table.map(({ source }) => source)).toEqual([ip('10.0.0.1'), ip('10.0.0.1'), ip('10.0.0.1')]);
  });

  it('keeps addresses of a device that is down, not its broadcasts', () => {
    expect(lines([link('e0', ['10.0.0.1/24'], { up: false })], 4)).toHaveLength(1);
  });

  it('has addresses, multicast and, on a router, anycast of IPv6', () => {
    const links = [
      link('lo', ['::1/128 host']),
      link('e0', ['fd00::1/64', 'fd01::1/64 tentative', 'fd02::1/128']),
    ];
    const targets = (forwards: boolean): string[] =>
      deriveLocalTable(links, 6, () => forwards).map(
        ({ type, destination }) => `${type} ${formatAddress(destination.address)}`,
      );
    expect(targets(false)).toEqual(['local ::1', 'local fd00::1', 'local fd02::1', 'multicast ff00::']);
    expect(targets(true)).toEqual([
      'local ::1',
      'local fd00::1',
      'anycast fd00::',
      'local fd02::1',
      'multicast ff00::',
    ]);
  });
});
