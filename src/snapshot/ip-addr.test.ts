/** `ip addr`, `ip link` and their short forms. */
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { formatAddress } from '../address/address.js';
import { readLinks } from './ip-addr.js';

function links(text: string): ReturnType<typeof readLinks> & { readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  return { ...readLinks(report), codes: codes() };
}

const LONG = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
6: up0@up1: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue master br0 state LOWERLAYERDOWN group 7 qlen 1000
    link/ether de:fe:d5:fd:48:3a brd ff:ff:ff:ff:ff:ff link-netnsid 0
    altname enp0s1
    inet 10.0.0.4/24 metric 512 brd 10.0.0.255 scope global dynamic up0
       valid_lft 84872sec preferred_lft 84872sec
    inet 10.0.0.6 peer 10.9.9.9/32 scope global up0
    inet 10.0.0.5/24 scope global secondary up0:1
    inet6 fe80::dcfe:d5ff:fefd:483a/64 scope link tentative
`;

describe('ip addr', () => {
  it('reads the long form', () => {
    const read = links(LONG);
    expect(read.codes).toEqual([]);
    expect(
      read.links.map(({ name, index, peer, master, group, up, mtu, mac }) => ({
        name,
        index,
        peer,
        master,
        group,
        up,
        mtu,
        mac,
      })),
    ).toEqual([
      {
        name: 'lo',
        index: 1,
        peer: null,
        master: null,
        group: 0,
        up: true,
        mtu: 65536,
        mac: '00:00:00:00:00:00',
      },
      {
        name: 'up0',
        index: 6,
        peer: 'up1',
        master: 'br0',
        group: 7,
        up: true,
        mtu: 1500,
        mac: 'de:fe:d5:fd:48:3a',
      },
    ]);
    expect(
      read.links[1]?.addresses.map((own) => ({
        ...own,
        address: formatAddress(own.address),
        broadcast: own.broadcast === null ? null : formatAddress(own.broadcast),
        peer: own.peer === null ? null : formatAddress(own.peer),
      })),
    ).toEqual([
      {
        address: '10.0.0.4',
        length: 24,
        peer: null,
        broadcast: '10.0.0.255',
        scope: 0,
        secondary: false,
        metric: 512,
        words: ['dynamic', 'up0'],
      },
      {
        address: '10.0.0.6',
        length: 32,
        peer: '10.9.9.9',
        broadcast: null,
        scope: 0,
        secondary: false,
        metric: null,
        words: ['up0'],
      },
      {
        address: '10.0.0.5',
        length: 24,
        peer: null,
        broadcast: null,
        scope: 0,
        secondary: true,
        metric: null,
        words: ['up0:1'],
      },
      {
        address: 'fe80::dcfe:d5ff:fefd:483a',
        length: 64,
        peer: null,
        broadcast: null,
        scope: 253,
        secondary: false,
        metric: null,
        words: ['tentative'],
      },
    ]);
    expect([...read.families].sort()).toEqual([4, 6]);
  });

  it('reads -o as the long form', () => {
    const read = links(
      '6: up0    inet 10.0.0.4/24 brd 10.0.0.255 scope global up0\\       valid_lft forever preferred_lft forever\n6: up0    inet6 fe80::1/64 scope link \\       valid_lft forever preferred_lft forever\n',
    );
    expect(read.codes).toEqual([]);
    expect(read.links).toMatchObject([
      { name: 'up0', index: 6, addresses: [{ length: 24 }, { length: 64 }] },
    ]);
    const link = links(
      '1: lo: <LOOPBACK,UP> mtu 65536 mode DEFAULT group default \\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n',
    );
    expect(link.links).toMatchObject([{ name: 'lo', mac: '00:00:00:00:00:00' }]);
  });

  it('reads -br, with indexes in the order of the listing', () => {
    const read = links(
      'lo               UNKNOWN        127.0.0.1/8 ::1/128 \nens5             UP             192.168.45.10/19 metric 512 fe80::1/64\nup0@up1  DOWN  10.0.0.6 peer 10.9.9.9/32\neni1   LOWERLAYERDOWN\n',
    );
    expect(read.codes).toEqual([]);
    expect(read.links).toMatchObject([
      { name: 'lo', index: -1, up: true, addresses: [{ length: 8, scope: 254 }, { length: 128 }] },
      { name: 'ens5', index: -2, addresses: [{ metric: 512 }, { scope: 253 }] },
      { name: 'up0', peer: 'up1', index: -3, up: false, addresses: [{ length: 32 }] },
      { name: 'eni1', index: -4, up: true, addresses: [] },
    ]);
  });

  it('reads -br link', () => {
    const read = links(
      'up0@up1          LOWERLAYERDOWN de:fe:d5:fd:48:3a <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> \ndummy0 DOWN 02:00:00:00:00:01 <BROADCAST,NOARP>\n',
    );
    expect(read.codes).toEqual([]);
    expect(read.links).toMatchObject([
      { mac: 'de:fe:d5:fd:48:3a', up: true, flags: ['NO-CARRIER', 'BROADCAST', 'MULTICAST', 'UP', 'M-DOWN'] },
      { up: false, flags: ['BROADCAST', 'NOARP'] },
    ]);
  });

  it('stops at a second node', () => {
    const read = links(`${LONG}1: lo: <LOOPBACK> mtu 1\n    inet 10.1.1.1/8 scope host lo\n`);
    expect(read.codes).toEqual(['READ_SECOND_NODE@13:1']);
    expect(read.links).toHaveLength(2);
    expect(read.links[0]?.addresses).toHaveLength(1);
  });

  it.each([
    ['    inet 10.0.0.1/8 scope global e0\n', 'READ_NO_LINK@1:5'],
    ['1: e0: <UP> mtu 1500\n    inet 10.0.0.256/8 scope global e0\n', 'READ_VALUE@2:10'],
    ['1: e0: <UP> mtu 1500\n    inet 10.0.0.1/40 scope global e0\n', 'READ_VALUE@2:10'],
    ['1: e0: <UP> mtu many\n', 'READ_VALUE@1:17'],
    ['0: e0: <UP> mtu 1500\n', 'READ_VALUE@1:1'],
  ])('refuses %j', (text, code) => {
    expect(links(text).codes).toEqual([code]);
  });
});
