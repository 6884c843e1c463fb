/** Settings of the namespace that the snapshot does not show leave an answer open where it hangs on them, and only there. */
import { describe, expect, it } from 'vitest';
import { FORWARD, LOCAL_IN, SYSCTLS, nodeOf, table } from '../../test/support/router.js';
import { loadNode } from '../snapshot/load.js';
import type { Outcome, PacketInput } from './result.js';
import { FlowTracer, trace } from './trace.js';

const SAVE = table('filter', '-A FORWARD -m conntrack --ctstate INVALID -j DROP');
const without = (name: string): string => SYSCTLS.replace(new RegExp(`^.*\\.${name} = .*$`, 'mu'), '');

/** Verdicts in their order, each with what it says of the setting. */
function ends(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map(({ verdict, unroutable, assumptions }) => {
    const said = assumptions.map(
      ({ code, params }) => `${code} ${params['name'] ?? ''} ${params['answer'] ?? ''}`,
    );
    return [unroutable?.errno ?? verdict, ...said].join(', ');
  });
}

const walked = (sysctls: string, packet: PacketInput): readonly string[] =>
  ends(trace(nodeOf({ save: SAVE, sysctls }), packet).outcomes);

const middle: PacketInput = { ...FORWARD, tcpFlags: ['ACK'] };
const udplite: PacketInput = { ...FORWARD, proto: 'udplite' };
const foreign: PacketInput = { in: null, proto: 'udp', src: '10.9.9.9', dst: '8.8.8.8', dport: 53 };
const loose = 'net.netfilter.nf_conntrack_tcp_loose';
const checksum = 'net.netfilter.nf_conntrack_checksum';
const nonlocal = 'net.ipv4.ip_nonlocal_bind';

describe('a setting that is not shown', () => {
  it.each([
    [
      'nf_conntrack_tcp_loose',
      middle,
      [`forwarded, UNK_SYSCTL ${loose} yes`, `dropped, UNK_SYSCTL ${loose} no`],
    ],
    [
      'nf_conntrack_checksum',
      udplite,
      [`dropped, UNK_SYSCTL ${checksum} yes`, `forwarded, UNK_SYSCTL ${checksum} no`],
    ],
    [
      'ip_nonlocal_bind',
      foreign,
      [`EADDRNOTAVAIL, UNK_SYSCTL_OFF ${nonlocal} yes`, `ENETUNREACH, UNK_SYSCTL_OFF ${nonlocal} no`],
    ],
  ])('leaves it open: %s', (name, packet, expected) => {
    expect(walked(without(name), packet)).toEqual(expected);
    expect(walked(SYSCTLS, packet)).toHaveLength(1);
  });

  it.each([
    ['nf_conntrack_tcp_loose', FORWARD],
    ['nf_conntrack_tcp_loose', { ...FORWARD, tcpFlags: ['RST'] }],
    ['nf_conntrack_tcp_be_liberal', middle],
    ['nf_conntrack_checksum', FORWARD],
    ['nf_conntrack_checksum', { ...udplite, in: null, src: '10.0.0.1' }],
    ['ip_nonlocal_bind', { ...foreign, src: '10.0.0.1' }],
    ['ip_nonlocal_bind', LOCAL_IN],
  ])('is not asked where nothing hangs on it: %s', (name, packet) => {
    expect(walked(without(name), packet)).toEqual(walked(SYSCTLS, packet));
  });

  it('leaves open whether a segment out of the window is taken', () => {
    const back: PacketInput = {
      in: 'eth0',
      proto: 'tcp',
      src: '8.8.8.8',
      sport: 443,
      dst: '10.1.0.7',
      dport: 40000,
    };
    const packets: readonly PacketInput[] = [
      FORWARD,
      { ...back, tcpFlags: ['ACK'] },
      { ...FORWARD, tcpFlags: ['RST', 'ACK'] },
      { ...FORWARD, tcpFlags: ['ACK'] },
    ];
    const last = (sysctls: string): readonly string[] => {
      const tracer = new FlowTracer(nodeOf({ save: SAVE, sysctls }));
      return packets.map((packet) => ends(tracer.next(packet).outcomes)).at(-1) ?? [];
    };
    expect(last(SYSCTLS)).toEqual(['dropped']);
    const name = 'net.netfilter.nf_conntrack_tcp_be_liberal';
    expect(last(without('nf_conntrack_tcp_be_liberal'))).toEqual([
      `dropped, UNK_SYSCTL_OFF ${name} yes`,
      `forwarded, UNK_SYSCTL_OFF ${name} no`,
    ]);
  });
});

describe('a source that the node sends from', () => {
  const texts = (files: Readonly<Record<string, string>>): readonly string[] => {
    const node = loadNode(
      'node',
      Object.entries(files).map(([name, text]) => ({ name, text })),
    );
    const sent = { in: null, proto: 'udp', src: '192.168.0.10', dst: '8.8.8.8', dport: 53 } as const;
    return trace(node, sent).outcomes.map(({ verdict, unroutable, assumptions }) =>
      [unroutable?.errno ?? verdict, assumptions.some(({ code }) => code === 'ASM_OWN_SOURCE')].join(),
    );
  };
  const ROUTES = 'default via 10.0.0.254 dev eth0\n';

  it('is taken for its own where no address is shown', () => {
    expect(texts({ 'ip-route.txt': ROUTES, 'sysctl.txt': SYSCTLS })).toEqual(['sent,true']);
    expect(texts({ 'ip-route.txt': `${ROUTES}192.168.0.0/24 dev eth0 src 192.168.0.10\n` })).toEqual([
      'sent,false',
    ]);
  });

  it('is refused where the addresses are shown, and it is none of them', () => {
    const shown =
      '2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\n';
    const files = { 'ip-route.txt': ROUTES, 'ip-addr.txt': shown, 'sysctl.txt': SYSCTLS };
    expect(texts(files)).toEqual(['EADDRNOTAVAIL,false']);
  });
});
