/** The kernel's choice from a NAT range, read off its conntrack table, against ours. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Family, formatAddress, parseAddress } from '../../src/address/address.js';
import type { Address } from '../../src/address/address.js';
import { type Manip, firstPort, pickAddress, searchRange } from '../../src/packet/nat-range.js';

const NAMESPACE = `natwalk-range-${String(process.pid)}`;

function run(command: string, ...words: string[]): string {
  return execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const inside = (line: string): string => run('ip', 'netns', 'exec', NAMESPACE, ...line.split(' '));

interface Sent {
  readonly from: string;
  /** 0 lets the kernel choose. */
  readonly sport: number;
  readonly to: string;
  readonly port: number;
}

/** Sends one datagram per line through a socket of its own, from a process in the namespace. */
const SENDER = `
import { createSocket } from 'node:dgram';
for (const { from, sport, to, port } of JSON.parse(process.argv[1])) {
  const socket = createSocket(from.includes(':') ? 'udp6' : 'udp4');
  await new Promise((done) => socket.bind(sport, from, done));
  await new Promise((done) => socket.send('x', port, to, done));
  socket.close();
}`;

function send(packets: readonly Sent[]): void {
  run(
    'ip',
    'netns',
    'exec',
    NAMESPACE,
    process.execPath,
    '--input-type=module',
    '-e',
    SENDER,
    JSON.stringify(packets),
  );
}

interface Entry {
  readonly original: ReadonlyMap<string, string>;
  readonly reply: ReadonlyMap<string, string>;
}

function entries(family: Family): Entry[] {
  return inside(`conntrack -L -p udp -f ipv${String(family)}`)
    .split('\n')
    .filter((line) => line.startsWith('udp'))
    .map((line) => {
      const fields = [...line.matchAll(/\b(src|dst|sport|dport)=(\S+)/g)].map(
        ([, key = '', value = '']) => [key, value] as const,
      );
      return { original: new Map(fields.slice(0, 4)), reply: new Map(fields.slice(4)) };
    });
}

function address(text: string | undefined): Address {
  const value = parseAddress(text ?? '');
  if (value === null) throw new Error(`not an address: ${String(text)}`);
  return value;
}

function fresh(): void {
  inside('conntrack -F');
  for (const tool of ['iptables-legacy', 'ip6tables-legacy'])
    for (const table of ['nat', 'raw']) inside(`${tool} -t ${table} -F`);
}

beforeAll(() => {
  run('ip', 'netns', 'add', NAMESPACE);
  for (const line of [
    'ip link set lo up',
    'ip link add d0 type veth peer name d1',
    'ip link set d1 up',
    'ip link set d0 up',
    'ip addr add 10.0.0.1/8 dev d0',
    'ip addr add 2001:db8::1/32 dev d0 nodad',
    'ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:01 dev d0',
    'ip neigh add 2001:db8::2 lladdr 02:00:00:00:00:01 dev d0',
    'ip route add default via 10.0.0.2',
    'ip -6 route add default via 2001:db8::2',
    'ip route add local 10.9.0.0/16 dev lo',
    'sysctl -qw net.ipv6.ip_nonlocal_bind=1',
  ])
    inside(line);
});
afterAll(() => {
  run('ip', 'netns', 'del', NAMESPACE);
});

const FLOWS: Readonly<
  Record<Family, { readonly sources: readonly string[]; readonly destinations: readonly string[] }>
> = {
  4: {
    sources: ['10.9.0.1', '10.9.0.2', '10.9.77.200', '10.9.255.254'],
    destinations: ['192.0.2.1', '192.0.2.77', '203.0.113.9'],
  },
  6: {
    sources: ['2001:db8:9::1', '2001:db8:9::2', '2001:db8:9:ffff::abcd', '2001:db8:9:1:2:3:4:5'],
    destinations: ['2001:db8:100::1', '2600:1:2:3:4:5:6:7', '2a00::77'],
  },
};

const RANGES: readonly (readonly [Family, string, string])[] = [
  [4, '198.51.100.3', '198.51.100.250'],
  [4, '198.51.100.9', '198.51.100.10'],
  [4, '198.51.1.200', '198.52.0.3'],
  [4, '198.51.100.250', '198.51.100.3'],
  [6, '2001:db8:5::3', '2001:db8:5::fa'],
  [6, '2001:db8:5::', '2001:db8:5:0:ffff:ffff:ffff:ffff'],
  [6, '2001:db8:5:1:2:3:4:5', '2001:db8:7:9:1:1:1:1'],
  [6, '2001:db8:5::9:fffe', '2001:db8:5::a:0001'],
];

function pickingCase(
  family: Family,
  from: string,
  to: string,
  manip: Manip,
  persistent: boolean,
  zone: number,
): void {
  fresh();
  const tool = family === 4 ? 'iptables-legacy' : 'ip6tables-legacy';
  const range = `${from}-${to}${persistent ? ' --persistent' : ''}`;
  inside(
    manip === 'src'
      ? `${tool} -t nat -A POSTROUTING -o d0 -j SNAT --to-source ${range}`
      : `${tool} -t nat -A OUTPUT -o d0 -j DNAT --to-destination ${range}`,
  );
  if (zone !== 0) inside(`${tool} -t raw -A OUTPUT -o d0 -j CT --zone ${String(zone)}`);
  const { sources, destinations } = FLOWS[family];
  const packets = sources.flatMap((source) =>
    destinations.map((destination) => ({ from: source, sport: 0, to: destination, port: 1000 })),
  );
  send(packets);
  const seen = entries(family);
  expect(seen.length).toBe(packets.length);
  const given = { from: address(from), to: address(to) };
  for (const { original, reply } of seen) {
    const source = address(original.get('src'));
    const destination = address(original.get('dst'));
    const picked = pickAddress(given, persistent, source, destination, zone, manip);
    expect(formatAddress(picked), `${original.get('src') ?? ''} > ${original.get('dst') ?? ''}`).toBe(
      reply.get(manip === 'src' ? 'dst' : 'src'),
    );
  }
}

describe('the address that a flow gets from a range', () => {
  for (const [family, from, to] of RANGES)
    for (const manip of ['src', 'dst'] as const)
      for (const persistent of [false, true])
        it(`${from}-${to} as ${manip}${persistent ? ', persistent' : ''}`, () => {
          pickingCase(family, from, to, manip, persistent, 0);
        });
  it('depends on the zone of the connection', () => {
    pickingCase(4, '198.51.100.3', '198.51.100.250', 'src', false, 4660);
    pickingCase(6, '2001:db8:5::', '2001:db8:5:0:ffff:ffff:ffff:ffff', 'dst', false, 4660);
  });
});

const NONE = { ports: null, basePort: null, random: false, randomFully: false };

describe('the port that a flow gets', () => {
  it('stays in the class of the source port when no range is given', () => {
    fresh();
    inside('iptables-legacy -t nat -A POSTROUTING -o d0 -j SNAT --to-source 198.51.100.3 --random-fully');
    const ports = [1, 53, 511, 512, 599, 700, 1023, 1024, 40000, 65535];
    send(
      ports.flatMap((sport) =>
        Array.from({ length: 30 }, (_, at) => ({
          from: '10.9.0.1',
          sport,
          to: '192.0.2.1',
          port: 1000 + at,
        })),
      ),
    );
    const seen = entries(4);
    expect(seen.length).toBe(ports.length * 30);
    const classes = new Map<number, number[]>();
    for (const { original, reply } of seen) {
      const within = searchRange(Number(original.get('sport')), 17, 'src', NONE);
      const got = Number(reply.get('dport'));
      expect(got).toBeGreaterThanOrEqual(within?.from ?? Number.NaN);
      expect(got).toBeLessThanOrEqual(within?.to ?? Number.NaN);
      classes.set(within?.from ?? 0, [...(classes.get(within?.from ?? 0) ?? []), got]);
    }
    // Wide use of the range: were it narrower than ours, 90 draws would not come near both ends.
    expect(Math.max(...(classes.get(1) ?? []))).toBeGreaterThan(420);
    expect(Math.min(...(classes.get(600) ?? []))).toBeLessThan(660);
    expect(Math.max(...(classes.get(600) ?? []))).toBeGreaterThan(960);
    expect(Math.min(...(classes.get(1024) ?? []))).toBeLessThan(8000);
    expect(Math.max(...(classes.get(1024) ?? []))).toBeGreaterThan(58000);
  });

  it('of a destination is the low end, or shifted by the distance from the base', () => {
    fresh();
    inside(
      'iptables-legacy -t nat -A OUTPUT -o d0 -p udp --dport 1:99 -j DNAT --to-destination 192.0.2.9:8050-8060/50',
    );
    inside('iptables-legacy -t nat -A OUTPUT -o d0 -p udp --dport 100:199 -j DNAT --to-destination :700-720');
    send(
      [1, 49, 50, 53, 60, 61, 99, 100, 150].map((port) => ({
        from: '10.9.0.1',
        sport: 0,
        to: '192.0.2.1',
        port,
      })),
    );
    for (const { original, reply } of entries(4)) {
      const port = Number(original.get('dport'));
      const shifted = { ...NONE, ports: { from: 8050, to: 8060 }, basePort: 50 };
      const plain = { ...NONE, ports: { from: 700, to: 720 } };
      expect(firstPort(port, 17, 'dst', port < 100 ? shifted : plain), `port ${String(port)}`).toBe(
        Number(reply.get('sport')),
      );
    }
  });
});
