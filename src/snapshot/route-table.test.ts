/** `route -n`, `route`, `netstat -rn`, as net-tools and busybox print them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { readRouteTable } from './route-table.js';
import { TableNames } from './table-names.js';

function read(text: string): { readonly routes: readonly string[]; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  const routes = readRouteTable(new TableNames(), report).map((route) => route.text);
  return { routes, codes: codes() };
}

const HEAD =
  'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n';
const NETSTAT =
  'Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n';
const FOUND = 'READ_ROUTE_TABLE@1:1';

describe('route -n', () => {
  it.each<[string, string, readonly string[]]>([
    [
      `${HEAD}0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 e0\n`,
      'default via 10.0.0.1 dev e0',
      [FOUND],
    ],
    [
      `${HEAD}default         10.0.0.1        0.0.0.0         UG    600    0        0 wlan0\n`,
      'default via 10.0.0.1 dev wlan0 metric 600',
      [FOUND],
    ],
    [
      `${HEAD}10.0.0.0        0.0.0.0         255.255.255.0   U     100    0        0 e0\n`,
      '10.0.0.0/24 dev e0 scope link metric 100',
      [FOUND],
    ],
    [
      `${HEAD}link-local      *               255.255.0.0     U     0      0        0 e0\n`,
      '169.254.0.0/16 dev e0 scope link',
      [FOUND],
    ],
    [
      `${HEAD}169.254.1.1     0.0.0.0         255.255.255.255 UH    0      0        0 eth0\n`,
      '169.254.1.1 dev eth0 scope link',
      [FOUND],
    ],
    [`${HEAD}10.0.0.0 0.0.0.0 255.0.0.0 U 0 0 0 e0 0 0 0\n`, '10.0.0.0/8 dev e0 scope link', [FOUND]],
    // Columns of netstat have no metric.
    [
      `${NETSTAT}10.0.0.0        10.9.0.1        255.0.0.0       UG     1500 0          0 e0\n`,
      '10.0.0.0/8 via 10.9.0.1 dev e0',
      [FOUND],
    ],
    [
      `${HEAD}192.168.1.0     0.0.0.0         255.255.255.0   U     0      0        0 *\n`,
      'blackhole 192.168.1.0/24',
      [FOUND, 'READ_ROUTE_TYPE@3:73'],
    ],
    [
      `${HEAD}10.31.0.0       -               255.255.0.0     !     9      -        0 -\n`,
      'unreachable 10.31.0.0/16 metric 9',
      [FOUND, 'READ_ROUTE_TYPE@3:49'],
    ],
  ])('%s', (text, route, codes) => {
    expect(read(text)).toEqual({ routes: [route], codes });
  });

  it.each<[string, readonly string[]]>([
    [
      `${HEAD}office          10.0.0.1        255.0.0.0       UG    0      0        0 e0\n`,
      [FOUND, 'READ_VALUE@3:1'],
    ],
    [
      `${HEAD}10.0.0.0        gateway         255.0.0.0       UG    0      0        0 e0\n`,
      [FOUND, 'READ_VALUE@3:17'],
    ],
    [
      `${HEAD}10.0.0.0        10.0.0.1        255.0.255.0     UG    0      0        0 e0\n`,
      [FOUND, 'READ_VALUE@3:33'],
    ],
    // The gateway is an IPv6 address, which has no column.
    [
      `${HEAD}10.28.0.0       0.0.0.0         255.255.0.0     UG    0      0        0 e0\n`,
      [FOUND, 'READ_VALUE@3:17'],
    ],
    [`${HEAD}10.0.0.0        10.0.0.1        255.0.`, [FOUND, 'READ_CUT@3:1']],
    [`${HEAD}...\n`, [FOUND, 'READ_ELIDED@3:1']],
  ])('%s', (text, codes) => {
    expect(read(text)).toEqual({ routes: [], codes });
  });

  it('never throws', () => {
    const word = fc.constantFrom(
      '0.0.0.0',
      '10.0.0.1',
      '255.0.0.0',
      'UG',
      '!',
      '0',
      '-',
      '*',
      'e0',
      '\n',
      'Genmask',
      'Iface',
    );
    fc.assert(fc.property(fc.array(word), (words) => void read(words.join(' '))));
  });
});
