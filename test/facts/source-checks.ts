/** What the kernel makes of the source of a packet that comes in. */
import { table } from '../support/save.js';
import { POD, type Section, delivered, dropped, fact, forwarded, fromLan, fromWan } from './fact.js';
import { ETH0, ETH1 } from './node.js';

const filterOf = (all: number, device: number): Readonly<Record<string, number>> => ({
  'net.ipv4.conf.all.rp_filter': all,
  'net.ipv4.conf.eth1.rp_filter': device,
  'net.ipv4.conf.eth0.rp_filter': device,
});
/** Its way back leads out of eth2. */
const forged = fromLan({ src: '10.2.0.9' });
/** It has no way back at all. */
const unknown = fromLan({ src: '192.0.2.9', dst: '10.2.0.9' });
const STRICT = filterOf(0, 1);
const LOOSE = filterOf(0, 2);
const MARKED =
  table('mangle', '-A PREROUTING -i eth1 -j MARK --set-xmark 0x7/0xffffffff') + table('filter', '');

export const sourceChecks: Section = {
  title: '11. source checks',
  facts: [
    ...['224.0.0.1', '255.255.255.255', '127.0.0.9'].map((src) =>
      fact(`${src} is no source of a packet from outside`, {}, [fromLan({ src }), dropped('martian_source')]),
    ),
    fact('0.0.0.0 is no source of a packet to a host', {}, [
      fromLan({ src: '0.0.0.0', proto: 'udp' }),
      dropped('martian_source'),
    ]),
    fact('0.0.0.0 is a source of a packet to all', {}, [
      fromLan({ src: '0.0.0.0', proto: 'udp', sport: 68, dport: 67, dst: '255.255.255.255' }),
      delivered({ dst: '255.255.255.255' }),
    ]),
    fact('0.0.0.1 is a source like others', {}, [
      fromLan({ src: '0.0.0.1' }),
      forwarded('eth0', { src: '0.0.0.1' }),
    ]),
    fact('an own address is no source of a packet from outside', {}, [
      fromLan({ src: '10.0.0.1' }),
      dropped('martian_source'),
    ]),
    ...['all', 'eth1'].map((device) =>
      fact(
        `accept_local of ${device} lets it in`,
        { sysctls: { [`net.ipv4.conf.${device}.accept_local`]: 1 } },
        [fromLan({ src: '10.0.0.1' }), forwarded('eth0', { src: '10.0.0.1' })],
      ),
    ),
    fact(
      'accept_local with a strict rp_filter lets in an address of the device itself, and no other',
      { sysctls: { ...STRICT, 'net.ipv4.conf.eth1.accept_local': 1 } },
      [fromLan({ src: '10.1.0.1' }), forwarded('eth0')],
      [fromLan({ src: '10.0.0.1' }), dropped('rp_filter')],
    ),
    fact('without rp_filter a forged source passes', {}, [forged, forwarded('eth0', { src: '10.2.0.9' })]),
    fact('a strict rp_filter takes what comes back the way it came', { sysctls: STRICT }, [
      fromLan(),
      forwarded('eth0'),
    ]),
    fact('a strict rp_filter drops a source whose way back leads elsewhere', { sysctls: STRICT }, [
      forged,
      dropped('rp_filter'),
    ]),
    fact('a loose rp_filter takes any source that has a way back', { sysctls: LOOSE }, [
      forged,
      forwarded('eth0'),
    ]),
    ...([1, 2] as const).map((mode) =>
      fact(
        `rp_filter ${String(mode)} drops a source without a way back`,
        { sysctls: filterOf(0, mode), noDefault: true },
        [unknown, dropped('rp_filter')],
      ),
    ),
    fact('rp_filter 0 takes a source without a way back', { noDefault: true }, [unknown, forwarded('eth2')]),
    fact('of all and the device the greater value counts: all', { sysctls: filterOf(1, 0) }, [
      forged,
      dropped('rp_filter'),
    ]),
    fact('of all and the device the greater value counts: 2 makes 1 loose', { sysctls: filterOf(2, 1) }, [
      forged,
      forwarded('eth0'),
    ]),
    fact(
      'a loose rp_filter drops what comes in by a device without an address',
      {
        links: [ETH0, ETH1, { name: 'eth2', addresses: [] }],
        sysctls: { 'net.ipv4.conf.eth2.rp_filter': 2 },
      },
      [fromLan({ in: 'eth2' }), dropped('rp_filter')],
    ),
    ...(['unreachable', 'blackhole'] as const).flatMap((type) => [
      fact(
        `an ${type} way back fails a loose rp_filter`.replace('an b', 'a b'),
        { routes: [`${type} 192.0.2.0/24`], sysctls: LOOSE },
        [unknown, dropped('rp_filter')],
      ),
      fact(
        `an ${type} way back passes without rp_filter`.replace('an b', 'a b'),
        { routes: [`${type} 192.0.2.0/24`] },
        [unknown, forwarded('eth2')],
      ),
    ]),
    fact(
      'a strict rp_filter takes any of the devices of several nexthops',
      {
        routes: [
          '192.0.2.0/24\n\tnexthop via 10.1.0.254 dev eth1 weight 1\n\tnexthop via 10.0.0.254 dev eth0 weight 1',
        ],
        sysctls: STRICT,
      },
      [unknown, forwarded('eth2')],
      [{ ...unknown, in: 'eth0', sport: 41000 }, forwarded('eth2')],
    ),
    fact(
      'the way back is looked up without the mark of the packet',
      {
        save: MARKED,
        rules: ['100: from all fwmark 0x7 lookup 100'],
        routes: ['10.1.0.0/24 dev eth2 scope link table 100', 'default via 10.0.0.254 dev eth0 table 100'],
        sysctls: STRICT,
      },
      [fromLan(), forwarded('eth0')],
    ),
    fact(
      'and with it when src_valid_mark is on',
      {
        save: MARKED,
        rules: ['100: from all fwmark 0x7 lookup 100'],
        routes: ['10.1.0.0/24 dev eth2 scope link table 100', 'default via 10.0.0.254 dev eth0 table 100'],
        sysctls: { ...STRICT, 'net.ipv4.conf.eth1.src_valid_mark': 1 },
      },
      [fromLan(), dropped('rp_filter')],
    ),
    fact(
      'the way back is looked up with the ports turned round',
      {
        rules: ['100: from all sport 443 ipproto tcp lookup 100'],
        routes: ['10.1.0.0/24 dev eth2 scope link table 100'],
        sysctls: STRICT,
      },
      [fromLan(), dropped('rp_filter')],
      [fromLan({ dport: 444 }), forwarded('eth0')],
    ),
    fact(
      'the way back is that of a packet that comes in by the device the first leaves by',
      {
        rules: ['100: from all iif eth0 lookup 100'],
        routes: ['10.1.0.0/24 dev eth2 scope link table 100'],
        sysctls: STRICT,
      },
      [fromLan(), dropped('rp_filter')],
    ),
    fact(
      'the check is behind PREROUTING: it sees the destination that DNAT has set',
      {
        save:
          table('nat', `-A PREROUTING -d 192.0.2.80/32 -j DNAT --to-destination ${POD}`) +
          table('filter', ''),
        rules: [`100: from ${POD} lookup 100`],
        routes: ['198.51.100.0/24 dev eth2 scope link table 100'],
        sysctls: STRICT,
      },
      [fromWan({ dst: '192.0.2.80' }), dropped('rp_filter')],
    ),
    fact(
      'the check is behind PREROUTING: rules there have run',
      {
        save: table('raw', '-A PREROUTING -s 10.2.0.9/32 -j DROP') + table('filter', ''),
        sysctls: STRICT,
      },
      [forged, dropped('rule')],
    ),
  ],
};
