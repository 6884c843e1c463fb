/** What generated rule sets found, each as the kernel does it. */
import { describe, expect, it } from 'vitest';
import { FORWARD, LOCAL_IN, SYSCTLS, nodeOf, only, table } from '../../test/support/router.js';
import type { Outcome, TraceResult } from './result.js';
import { loadNode } from '../snapshot/load.js';
import { FlowTracer } from './trace.js';

const BY_MARK = `0:\tfrom all lookup local
100:\tfrom all fwmark 0x7 lookup 7
32766:\tfrom all lookup main
32767:\tfrom all lookup default
`;
const ROUTES = `default via 10.0.0.254 dev eth0
default via 10.1.0.254 dev eth1 table 7
`;

describe('OUTPUT', () => {
  const mark = table('mangle', '-A OUTPUT -j MARK --set-xmark 0x7/0xffffffff');
  const send = { in: null, proto: 'udp', src: '10.0.0.1', dst: '8.8.8.8', dport: 53 } as const;

  it('asks -o for the device of the first decision, in tables behind a new one too', () => {
    const save = mark + table('filter', '-A OUTPUT -o eth1 -j DROP');
    const outcome = only(nodeOf({ save, rules: BY_MARK, routes: ROUTES }), send);
    expect(outcome).toMatchObject({ verdict: 'sent', egress: { iface: 'eth1' } });
    const other = mark + table('filter', '-A OUTPUT -o eth0 -j DROP');
    expect(only(nodeOf({ save: other, rules: BY_MARK, routes: ROUTES }), send).verdict).toBe('dropped');
  });

  it('leaves the new device to POSTROUTING', () => {
    const save =
      table('mangle', '-A OUTPUT -j MARK --set-xmark 0x7/0xffffffff\n-A POSTROUTING -o eth1 -j DROP') +
      table('filter', '');
    expect(only(nodeOf({ save, rules: BY_MARK, routes: ROUTES }), send).verdict).toBe('dropped');
  });
});

describe('matches in raw behind a CT rule', () => {
  it.each([
    ['-j CT', '-m connmark ! --mark 0x80', '0x1'],
    ['-j CT', '-m state --state NEW', '0x1'],
    ['-j CT --zone 5', '-m conntrack --ctstatus CONFIRMED', '0x1'],
    ['-j CT', '-m conntrack --ctorigsrc 10.1.0.7', '0x0'],
    ['-j CT', '-m pkttype --pkt-type unicast', '0x1'],
    ['-j CT --notrack', '-m state --state UNTRACKED', '0x1'],
    ['-j CT --notrack', '-m connmark ! --mark 0x80', '0x0'],
    ['', '-m connmark ! --mark 0x80', '0x0'],
    ['', '-m state --state INVALID', '0x1'],
  ])('%s, then %s', (first, match, mark) => {
    const rules = [first, `${match} -j MARK --set-xmark 0x1/0x1`].filter((rule) => rule !== '');
    const save =
      table('raw', rules.map((rule) => `-A PREROUTING ${rule}`).join('\n')) +
      table('nat', '-A POSTROUTING -o none -j MASQUERADE');
    expect(only(nodeOf({ save }), FORWARD).final.mark).toBe(mark);
  });
});

describe('UDP-Lite', () => {
  const save = table(
    'filter',
    '-A FORWARD -m state --state INVALID -j DROP\n-A OUTPUT -m state --state INVALID -j DROP',
  );
  const packet = { ...FORWARD, proto: 'udplite' };

  it('is invalid when it comes in, and tracked when the node sends it', () => {
    expect(only(nodeOf({ save }), packet).verdict).toBe('dropped');
    expect(only(nodeOf({ save }), { ...packet, in: null, src: '10.0.0.1' }).verdict).toBe('sent');
  });

  it('is tracked when checksums are not looked at', () => {
    const sysctls =
      'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth1.rp_filter = 0\n';
    const node = nodeOf({ save, sysctls: `${sysctls}net.netfilter.nf_conntrack_checksum = 0\n` });
    expect(new FlowTracer(node).next(packet).outcomes.map(({ verdict }) => verdict)).not.toContain('dropped');
  });
});

describe('a frame to all', () => {
  const broadcast = { in: 'eth1', proto: 'udp', src: '10.1.0.7', dst: '10.1.0.255', dport: 9 } as const;

  it('is not forwarded wherever DNAT sends its packet', () => {
    const save = table('nat', '-A PREROUTING -d 10.1.0.255 -j DNAT --to-destination 10.0.0.9');
    expect(only(nodeOf({ save }), broadcast)).toMatchObject({
      verdict: 'dropped',
      drop: { reason: 'not-to-host' },
    });
  });

  it('is one only on its own link', () => {
    const save = table('nat', '-A PREROUTING -d 10.1.0.255 -j DNAT --to-destination 10.1.0.9');
    const routed = { ...broadcast, in: 'eth0', src: '192.0.2.9' };
    expect(only(nodeOf({ save }), routed)).toMatchObject({ verdict: 'forwarded', egress: { iface: 'eth1' } });
  });
});

it('a frame to the last address of a subnet is one to all, whichever device table local has it for', () => {
  const routes = `10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1
local 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1
broadcast 10.1.0.255 dev eth0 table local proto kernel scope link src 10.0.0.1
`;
  const addresses = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.0.0.1/24 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.1.0.1/24 scope global eth1
`;
  const rules = '32766:\tfrom all lookup main\n';
  const packet = { in: 'eth1', proto: 'udp', src: '10.1.0.7', dst: '10.1.0.255', dport: 9 } as const;
  const node = nodeOf({ routes, addresses, rules });
  expect(only(node, packet)).toMatchObject({ verdict: 'dropped', drop: { reason: 'not-to-host' } });
  expect(only(node, { ...packet, dst: '10.1.0.254' })).toMatchObject({ verdict: 'forwarded' });
});

describe('REJECT keeps silent', () => {
  const reject = (rule: string): string => table('filter', `-A INPUT ${rule}\n-A FORWARD ${rule}`);
  const unanswered = { verdict: 'dropped', reject: null, drop: { reason: 'unanswered' } };

  it.each([
    ['an ICMP error', '-j REJECT', { ...FORWARD, proto: 'icmp', icmpType: 3, inner: LOCAL_IN }],
    ['a router advertisement', '-j REJECT', { ...FORWARD, proto: 'icmp', icmpType: 9 }],
    ['a broadcast', '-j REJECT', { in: 'eth1', proto: 'udp', src: '10.1.0.7', dst: '10.1.0.255' }],
    ['a reset', '-p tcp -j REJECT --reject-with tcp-reset', { ...FORWARD, tcpFlags: ['RST'] }],
  ])('about %s', (_what, rule, packet) => {
    expect(only(nodeOf({ save: reject(rule) }), packet)).toMatchObject(unanswered);
  });

  it.each([
    ['icmp-port-unreachable', '10.9.9.9', unanswered],
    ['tcp-reset', '10.9.9.9', unanswered],
    ['tcp-reset', '10.1.0.1', { verdict: 'rejected' }],
  ])('by %s from 127.0.0.1 to %s, where there is no way', (answer, source, wanted) => {
    const nat = table(
      'nat',
      `-A OUTPUT -p tcp -j REDIRECT --to-ports 3128\n-A POSTROUTING -o lo -j SNAT --to-source ${source}`,
    );
    const save = `${nat}${reject(`-p tcp -j REJECT --reject-with ${answer}`)}`;
    const packet = { in: null, proto: 'tcp', src: '10.0.0.1', dst: '8.8.8.8', dport: 443 } as const;
    expect(only(nodeOf({ save }), packet)).toMatchObject(wanted);
  });

  it.each([
    ['a ping', '-j REJECT', { ...FORWARD, proto: 'icmp', icmpType: 8 }],
    ['a reset, by ICMP', '-j REJECT', { ...FORWARD, tcpFlags: ['RST'] }],
  ])('but not about %s', (_what, rule, packet) => {
    expect(only(nodeOf({ save: reject(rule) }), packet).verdict).toBe('rejected');
  });
});

it('a packet that comes again does not tell what became of the first', () => {
  const save =
    table('nat', '-A PREROUTING -m string --string "abc" --algo bm -j REDIRECT') +
    table('filter', ':FORWARD DROP [0:0]');
  const tracer = new FlowTracer(nodeOf({ save }));
  const verdicts = (): string[] => tracer.next(FORWARD).outcomes.map(({ verdict }) => verdict);
  expect(new Set(verdicts())).toEqual(new Set(['delivered', 'dropped']));
  expect(new Set(verdicts())).toEqual(new Set(['delivered', 'dropped']));
});

it('a second packet from an address to itself is an answer, in a protocol without ports', () => {
  const save = table('filter', '-A OUTPUT -m state --state ESTABLISHED -j MARK --set-xmark 0x1/0x1');
  const tracer = new FlowTracer(nodeOf({ save }));
  const marks = [1, 2].map(() => {
    const packet = { in: null, proto: 'esp', src: '10.0.0.1', dst: '10.0.0.1' } as const;
    return tracer.next(packet).outcomes.map(({ final }) => final.mark);
  });
  expect(marks).toEqual([['0x0'], ['0x1']]);
});

it('a second packet from an address to itself is new again, when answers alone have a zone', () => {
  const save = `${table('raw', '-A OUTPUT -j CT --zone-reply 1')}${table('filter', '-A OUTPUT -m state --state ESTABLISHED -j MARK --set-xmark 0x1/0x1')}`;
  const tracer = new FlowTracer(nodeOf({ save }));
  const marks = [1, 2].map(() => {
    const packet = { in: null, proto: 'esp', src: '10.0.0.1', dst: '10.0.0.1' } as const;
    return tracer.next(packet).outcomes.map(({ final }) => final.mark);
  });
  expect(marks).toEqual([['0x0'], ['0x0']]);
});

describe('in IPv6 conntrack', () => {
  const save = `# Generated by ip6tables-save v1.8.9 on Mon Jan  5 10:00:00 2026
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -m conntrack --ctstate UNTRACKED -j REJECT
COMMIT
`;
  const node = loadNode('six', [
    { name: 'ip6tables-save.txt', text: save },
    {
      name: 'ip-addr.txt',
      text: '2: e0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n    inet6 fd00::1/64 scope global\n',
    },
  ]);
  const verdicts = (packet: object): unknown =>
    new FlowTracer(node)
      .next({ in: 'e0', proto: 59, src: 'fd00::2', dst: 'fd00::1', ...packet })
      .outcomes.map(({ verdict }) => verdict);

  it('finds no protocol behind "no next header"', () => {
    expect(verdicts({})).toEqual(['dropped']);
    expect(verdicts({ proto: 58, icmpType: 128 })).toEqual(['delivered']);
  });

  it.each([0, 43, 44, 51, 60])('says nothing certain of header %i', (proto) => {
    const { outcomes } = new FlowTracer(node).next({ in: 'e0', proto, src: 'fd00::2', dst: 'fd00::1' });
    expect(outcomes.map(({ probability }) => probability)).toEqual(outcomes.map(() => null));
  });

  it.each([151, 152])('does not track type %i', (icmpType) => {
    expect(verdicts({ proto: 58, icmpType })).not.toContain('dropped');
    expect(verdicts({ proto: 58, icmpType })).not.toContain('delivered');
  });
});

it('of two entries with one tuple the later is found', () => {
  // The answer has another zone than what it answers, and so an entry of its own; the error about it has none.
  const raw = '-A OUTPUT -p sctp -j CT --zone-reply 1';
  const mangle = '-A OUTPUT -m conntrack --ctorigsrcport 443 -j MARK --set-xmark 0x1/0x1';
  const tracer = new FlowTracer(nodeOf({ save: `${table('raw', raw)}${table('mangle', mangle)}` }));
  const there = { proto: 'sctp', src: '10.1.0.7', sport: 5001, dst: '10.1.0.1', dport: 443 } as const;
  tracer.next({ ...there, in: 'eth1' });
  tracer.next({ proto: 'sctp', in: null, src: there.dst, sport: 443, dst: there.src, dport: 5001 });
  const error = {
    proto: 'icmp',
    in: null,
    src: there.dst,
    dst: there.src,
    icmpType: 3,
    icmpCode: 3,
    inner: there,
  } as const;
  expect(tracer.next(error).outcomes.map(({ final }) => final.mark)).toEqual(['0x1']);
});

it('a packet from an address to itself that comes again says nothing of what became of the first', () => {
  const save = table('nat', '-A PREROUTING -p esp -m esp --espspi 0:100 -j DNAT --to-destination 10.0.0.9');
  const tracer = new FlowTracer(nodeOf({ save }));
  const packet = { in: 'eth1', proto: 'esp', src: '10.1.0.7', dst: '10.1.0.7' } as const;
  const ways = [1, 2].map(() => new Set(tracer.next(packet).outcomes.map(({ final }) => final.dst)));
  expect(ways).toEqual([new Set(['10.0.0.9', '10.1.0.7']), new Set(['10.0.0.9', '10.1.0.7'])]);
});

it('a zone that is the mark is what the mark has become when conntrack looks', () => {
  const from = (raw: string): unknown => {
    const nat = table('nat', '-A POSTROUTING -j SNAT --to-source 10.9.0.0-10.9.255.255');
    const [outcome] = new FlowTracer(nodeOf({ save: `${table('raw', raw)}${nat}` })).next(FORWARD).outcomes;
    return outcome?.final.src;
  };
  const late = from('-A PREROUTING -j CT --zone mark\n-A PREROUTING -j MARK --set-xmark 0x7/0xffffffff');
  expect(late).toBe(from('-A PREROUTING -j CT --zone 7'));
  expect(late).not.toBe(from('-A PREROUTING -j CT --zone 3'));
});

describe('a zone that is a mark of which bits are not known', () => {
  const hashed =
    '-A PREROUTING -p esp -j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-mod 16 --hmark-rnd 0x1';
  const raw = `${hashed}\n-A PREROUTING -j CT --zone mark\n-A PREROUTING -j CT --notrack`;
  const esp = { in: 'eth1', proto: 'esp', src: FORWARD.src, dst: FORWARD.dst } as const;
  const seen = ({ outcomes }: TraceResult): unknown =>
    outcomes.map(({ verdict, conntrack, final }) => [verdict, conntrack !== null, final.src]);

  it('is a zone all the same: no later rule of CT is heard', () => {
    const tracer = new FlowTracer(nodeOf({ save: table('raw', raw) }));
    expect(seen(tracer.next(esp))).toEqual([['forwarded', true, esp.src]]);
  });

  it('may be that of the connection before or not', () => {
    const save = `${table('raw', raw)}${table('filter', '-A FORWARD -m conntrack --ctstate ESTABLISHED -j DROP')}`;
    const tracer = new FlowTracer(nodeOf({ save }));
    tracer.next(esp);
    const back = { ...esp, in: 'eth0', src: esp.dst, dst: esp.src };
    expect(new Set(tracer.next(back).outcomes.map(({ verdict }) => verdict))).toEqual(
      new Set(['forwarded', 'dropped']),
    );
  });

  it('leaves open which address of several is given', () => {
    const nat = table('nat', '-A POSTROUTING -j SNAT --to-source 10.9.0.0-10.9.255.255');
    const [outcome] = new FlowTracer(nodeOf({ save: `${table('raw', raw)}${nat}` })).next(esp).outcomes;
    expect(outcome?.final.srcRange).toEqual(['10.9.0.0', '10.9.255.255']);
  });
});

describe('what was invalid in OUTPUT', () => {
  const save =
    table('raw', '-A OUTPUT -p icmp -j CT --zone-reply 1') +
    table('nat', '-A INPUT -p icmp -j SNAT --to-source 10.1.0.1');
  const last = (sysctls?: string): Outcome | undefined => {
    const tracer = new FlowTracer(nodeOf({ save, ...(sysctls === undefined ? {} : { sysctls }) }));
    const ping = { proto: 'icmp', dst: '10.1.0.1', icmpId: 7 } as const;
    tracer.next({ ...ping, in: 'eth1', src: '10.1.0.7', icmpType: 8 });
    return tracer.next({ ...ping, in: null, src: '10.1.0.1', icmpType: 0 }).outcomes[0];
  };

  it('finds its entry behind lo, and is then a foreign packet with an own source', () => {
    expect(last()).toMatchObject({ verdict: 'dropped', drop: { reason: 'martian_source' } });
  });

  it('goes where its new destination is, when own sources are accepted', () => {
    const accepting = `${SYSCTLS}net.ipv4.conf.lo.accept_local = 1\n`;
    expect(last(accepting)).toMatchObject({
      verdict: 'sent',
      egress: { iface: 'eth1' },
      final: { dst: '10.1.0.7' },
    });
  });
});
