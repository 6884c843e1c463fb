/** `ifconfig` in its two forms. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { formatAddress } from '../address/address.js';
import { ifconfigLines, readIfconfig } from './ifconfig.js';

const NEW = `e0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1450
        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255
        inet6 fe80::1  prefixlen 64  scopeid 0x20<link>
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 24  bytes 1920 (1.8 KiB)
        RX errors 0  dropped 0  overruns 0  frame 0
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0
        device interrupt 18  memory 0xfe9e0000-fea00000

e0:1: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1450
        inet 10.0.0.2  netmask 255.255.255.0  broadcast 0.0.0.0
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)

lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536
        inet 127.0.0.1  netmask 255.0.0.0
        inet6 ::1  prefixlen 128  scopeid 0x10<host>
        loop  txqueuelen 1000  (Local Loopback)

tun0: flags=4305<UP,POINTOPOINT,RUNNING,NOARP,MULTICAST>  mtu 1500
        inet 10.8.0.2  netmask 255.255.255.255  destination 10.8.0.1
        unspec 00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00  txqueuelen 100  (UNSPEC)
`;

const OLD = `e0        Link encap:Ethernet  HWaddr 02:00:00:00:00:01  
          inet addr:10.0.0.1  Bcast:10.0.0.255  Mask:255.255.255.0
          inet6 addr: fe80::1/64 Scope:Link
          UP BROADCAST RUNNING MULTICAST  MTU:1450  Metric:1
          RX packets:12 errors:0 dropped:0 overruns:0 frame:0
          collisions:0 txqueuelen:0 
          RX bytes:1016 (1016.0 B)  TX bytes:508 (508.0 B)
          Interrupt:18 Base address:0x2000 

e0:1      Link encap:Ethernet  HWaddr 02:00:00:00:00:01  
          inet addr:10.0.0.2  Bcast:0.0.0.0  Mask:255.255.255.0
          UP BROADCAST RUNNING MULTICAST  MTU:1450  Metric:1

lo        Link encap:Local Loopback  
          inet addr:127.0.0.1  Mask:255.0.0.0
          inet6 addr: ::1/128 Scope:Host
          UP LOOPBACK RUNNING  MTU:65536  Metric:1

tun0      Link encap:UNSPEC  HWaddr 00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00  
          inet addr:10.8.0.2  P-t-P:10.8.0.1  Mask:255.255.255.255
          UP POINTOPOINT RUNNING NOARP MULTICAST  MTU:1500  Metric:1
`;

function read(text: string): { readonly links: readonly unknown[]; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  const links = readIfconfig(report).map(({ name, flags, up, mtu, mac, layer, index, addresses }) => ({
    ...{ index, name, flags: flags.join(','), up, mtu, mac, layer },
    addresses: addresses.map((own) => {
      const { address, length, peer, broadcast, scope, secondary, words } = own;
      return [
        `${formatAddress(address)}/${String(length)}`,
        ...(peer === null ? [] : [`peer ${formatAddress(peer)}`]),
        ...(broadcast === null ? [] : [`brd ${formatAddress(broadcast)}`]),
        ...[`scope ${String(scope)}`, ...(secondary ? ['secondary'] : []), ...words],
      ].join(' ');
    }),
  }));
  return { links, codes: codes() };
}

const EXPECTED = [
  {
    ...{ index: -1, name: 'e0', flags: 'BROADCAST,MULTICAST,UP,LOWER_UP', up: true, mtu: 1450 },
    ...{ mac: '02:00:00:00:00:01', layer: 'ether' },
    addresses: [
      '10.0.0.1/24 brd 10.0.0.255 scope 0 e0',
      'fe80::1/64 scope 253',
      '10.0.0.2/24 scope 0 secondary e0:1',
    ],
  },
  {
    ...{ index: -2, name: 'lo', flags: 'LOOPBACK,UP,LOWER_UP', up: true, mtu: 65536 },
    ...{ mac: '00:00:00:00:00:00', layer: 'loopback' },
    addresses: ['127.0.0.1/8 scope 254 lo', '::1/128 scope 254'],
  },
  {
    ...{ index: -3, name: 'tun0', flags: 'POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP', up: true, mtu: 1500 },
    ...{ mac: null, layer: 'none', addresses: ['10.8.0.2/32 peer 10.8.0.1 scope 0 tun0'] },
  },
];

describe('ifconfig', () => {
  it.each([
    ['new', NEW],
    ['old', OLD],
  ])('reads the %s form', (_name, text) => {
    expect(read(text)).toEqual({ links: EXPECTED, codes: ['READ_IFCONFIG@1:1'] });
  });

  it('takes a link without carrier, and one that is down, as ip shows them', () => {
    const { links } = read(
      'e0: flags=4099<UP,BROADCAST,MULTICAST>  mtu 1500\n\ne1: flags=4098<BROADCAST,MULTICAST>  mtu 1500\n',
    );
    expect(links).toMatchObject([
      { name: 'e0', flags: 'NO-CARRIER,BROADCAST,MULTICAST,UP', up: true },
      { name: 'e1', flags: 'BROADCAST,MULTICAST', up: false },
    ]);
  });

  it('reads what it prints as the same links', () => {
    const links = readIfconfig(open(NEW).report);
    const again = read(`${links.flatMap(ifconfigLines).join('\n')}\n`);
    expect(again.codes).toEqual(['READ_IFCONFIG@1:1']);
    expect(again.links.map((link) => link)).toEqual(read(NEW).links);
  });

  it.each<[string, readonly string[]]>([
    [
      'e0: flags=1<UP>  mtu 1500\n        inet 10.0.0  netmask 255.0.0.0\n',
      ['READ_IFCONFIG@1:1', 'READ_VALUE@2:14'],
    ],
    [
      'e0: flags=1<UP>  mtu 1500\n        inet 10.0.0.1  netmask 255.0.255.0\n',
      ['READ_IFCONFIG@1:1', 'READ_VALUE@2:32'],
    ],
    [
      'e0: flags=1<UP>  mtu 1500\n        inet6 fe80::1  prefixlen 640  scopeid 0x20<link>\n',
      ['READ_IFCONFIG@1:1', 'READ_VALUE@2:15'],
    ],
    [
      'e0: flags=1<UP>  mtu 1500\n        inet 10.0.0.1  netmask 255.0.0.0\n\ne0: flags=1<UP>  mtu 1500\n',
      ['READ_IFCONFIG@1:1', 'READ_SECOND_NODE@4:1'],
    ],
    ['e0: flags=1<UP>  mtu 1500\n        what is this\n', ['READ_IFCONFIG@1:1', 'READ_LINE@2:1']],
    ['        inet 10.0.0.1  netmask 255.0.0.0\n', ['READ_LINE@1:1']],
  ])('%s', (text, codes) => {
    expect(read(text).codes).toEqual(codes);
  });

  it('never throws', () => {
    const word = fc.constantFrom(
      'e0: flags=1<UP>',
      'e0 Link encap:Ethernet',
      '\n',
      '\n  ',
      'inet',
      'inet6',
      'addr:10.0.0.1',
      '10.0.0.1',
      'netmask',
      'Mask:255.0.0.0',
      'MTU:9',
      'ether',
      '__proto__:',
    );
    fc.assert(fc.property(fc.array(word), (words) => void read(words.join(' '))));
  });
});
