/** Packets that NAT sends back into the bridge that they came in by; the kernel suite has the same in a real one. */
import { describe, expect, it } from 'vitest';
import { FORWARD, SYSCTLS, nodeOf, table } from '../../test/support/router.js';
import type { PacketInput } from './result.js';
import { FlowTracer, trace } from './trace.js';

const CALLS = 'net.bridge.bridge-nf-call-iptables';
const NAT = '-A PREROUTING -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.1.0.3:8080';

interface Devices {
  /** What `ip -d addr` adds to the bridge and its port; null for `ip addr`. */
  readonly detail?: readonly [bridge: string, port: string] | null;
  readonly flags?: string;
  readonly masqueraded?: boolean;
  /** What stands behind the names of ports: `@if2` for one end of a veth. */
  readonly far?: string;
  /** A rule of PREROUTING in the place of the usual one. */
  readonly nat?: string;
  readonly routes?: string;
}

const BRIDGE = ['bridge forward_delay 1500', 'bridge_slave state forwarding'] as const;

/** A router that has br0 with two ports in the place of eth1. */
function routerOf(
  settings: string,
  { detail = BRIDGE, flags = '', masqueraded = false, far = '@if2', nat = NAT, routes = '' }: Devices = {},
): ReturnType<typeof nodeOf> {
  const link = (index: number, name: string, rest: string): string =>
    `${String(index)}: ${name}: <BROADCAST,MULTICAST${flags},UP,LOWER_UP> mtu 1500 qdisc noqueue ${rest} state UP group default qlen 1000\n    link/ether 02:00:00:00:00:0${String(index)} brd ff:ff:ff:ff:ff:ff\n`;
  const [ofBridge, ofPort] = (detail ?? ['', '']).map((text) => (text === '' ? '' : `    ${text}\n`));
  return nodeOf({
    save: `${table('nat', masqueraded ? `${nat}\n-A POSTROUTING -s 10.1.0.0/24 -j MASQUERADE` : nat)}${table('filter', '')}`,
    addresses: `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
${link(2, 'eth0', '')}    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0
${link(3, 'br0', '')}${ofBridge ?? ''}    inet 10.1.0.1/24 brd 10.1.0.255 scope global br0
${link(4, `va${far}`, 'master br0')}${ofPort ?? ''}${link(5, `vb${far}`, 'master br0')}${ofPort ?? ''}`,
    routes: `default via 10.0.0.254 dev eth0\n10.1.0.0/24 dev br0 proto kernel scope link src 10.1.0.1\n${routes}`,
    sysctls: `${SYSCTLS.replaceAll('eth1', 'br0')}${settings}`,
  });
}

const packet: PacketInput = {
  ...{ ...FORWARD, in: 'br0', src: '10.1.0.2', sport: 40000, dst: '10.96.0.1', proto: 'tcp', dport: 80 },
};

/** The TTL with which it goes on or the reason of its end, and what that rests on. */
const ends = (node: ReturnType<typeof nodeOf>, sent: PacketInput = packet): readonly string[] =>
  trace(node, sent).outcomes.map(({ final, drop, assumptions }) =>
    [
      drop?.reason ?? String(final.ttl),
      ...assumptions.map(({ code, params }) => `${code} ${String(params['answer'] ?? '')}`.trim()),
    ].join(', '),
  );

describe('a packet that is translated to another host of its bridge', () => {
  it.each<readonly [string, string, Devices, readonly string[]]>([
    ['keeps its TTL where the bridge asks the rules', `${CALLS} = 1\n`, {}, ['64']],
    ['is forwarded where it does not', `${CALLS} = 0\n`, {}, ['63']],
    ['is taken to be forwarded where nothing says', '', {}, ['63, ASM_ROUTED_IN_BRIDGE']],
    ['keeps it where a listing without details has a device with ports', `${CALLS} = 1\n`, { detail: null }, ['64']],
    ['is taken to be behind another port where a port has more than one host', `${CALLS} = 1\n`, { far: '' }, ['64, ASM_OTHER_PORT']],
    ['keeps it where the bridge itself asks them', `${CALLS} = 0\n`, { detail: ['bridge forward_delay 1500 nf_call_iptables 1', BRIDGE[1]] }, ['64']],
    ['is forwarded by a bond', `${CALLS} = 1\n`, { detail: null, flags: ',MASTER' }, ['63']],
    ['is forwarded by a VRF', `${CALLS} = 1\n`, { detail: ['vrf table 10', 'vrf_slave table 10'] }, ['63']],
  ])('%s', (_, settings, devices, expected) => {
    expect(ends(routerOf(settings, devices))).toEqual(expected);
  }); // prettier-ignore

  it('does not come back by its own port, unless that is in hairpin mode', () => {
    const toItself = { ...packet, src: '10.1.0.3' };
    expect(ends(routerOf(`${CALLS} = 1\n`), toItself)).toEqual([
      '64, UNK_HAIRPIN yes',
      'hairpin, UNK_HAIRPIN no',
    ]);
    expect(ends(routerOf(`${CALLS} = 0\n`), toItself)).toEqual(['63']);
    expect(ends(routerOf(''), toItself)).toEqual([
      '63, UNK_SYSCTL_OFF yes',
      '64, UNK_SYSCTL_OFF no, UNK_HAIRPIN yes',
      'hairpin, UNK_SYSCTL_OFF no, UNK_HAIRPIN no',
    ]);
  });

  it('does not come back by the port of the gateway that both ends have', () => {
    const nat = NAT.replace('10.1.0.3', '198.51.100.1');
    const node = routerOf(`${CALLS} = 1\n`, { nat, routes: '192.0.2.0/24 via 10.1.0.254 dev br0\n198.51.100.0/24 via 10.1.0.254 dev br0\n' });
    expect(ends(node, { ...packet, src: '192.0.2.1' })).toEqual(['64, UNK_HAIRPIN yes', 'hairpin, UNK_HAIRPIN no']);
    expect(ends(node, packet)).toEqual(['64']);
  }); // prettier-ignore

  it.each<readonly [string, PacketInput]>([
    ['with a TTL that has run down', { ...packet, ttl: 1 }],
    ['to all', { ...packet, dst: '10.1.0.255', proto: 'udp' }],
  ])('goes on in a bridge that asks the rules, and is dropped by one that does not: %s', (_, sent) => {
    const nat = NAT.replace('-d 10.96.0.1/32 -p tcp -m tcp --dport 80', '-i br0').replace(':8080', '');
    const outcomes = (settings: string): readonly string[] =>
      trace(routerOf(settings, { nat }), sent).outcomes.map(({ verdict }) => verdict);
    expect(outcomes(`${CALLS} = 1\n`)).toEqual(['forwarded']);
    expect(outcomes(`${CALLS} = 0\n`)).toEqual(['dropped']);
    expect(outcomes('')).toEqual(['dropped', 'forwarded']);
  }); // prettier-ignore

  it('is answered within the bridge, too, where its source was translated as well', () => {
    const tracer = new FlowTracer(routerOf(`${CALLS} = 1\n`, { masqueraded: true }));
    const [there] = tracer.next(packet).outcomes;
    expect([there?.final.src, there?.final.ttl]).toEqual(['10.1.0.1', 64]);
    const answer = { in: 'br0', proto: 'tcp', src: '10.1.0.3', sport: 8080, dst: '10.1.0.1' } as const;
    const [back] = tracer.next({
      ...{ ...answer, dport: 40000, tcpFlags: ['SYN', 'ACK'] },
    }).outcomes;
    expect([back?.final.src, back?.final.dst, back?.final.ttl]).toEqual(['10.96.0.1', '10.1.0.2', 64]);
  });

  it('is forwarded as any other by another device, and where NAT leaves it alone', () => {
    const node = routerOf(`${CALLS} = 1\n`);
    expect(ends(node, { ...packet, in: 'eth0', src: '10.0.0.9' })).toEqual(['63']);
    expect(ends(node, { ...packet, dst: '10.1.0.3' })).toEqual(['63']);
  });
});
