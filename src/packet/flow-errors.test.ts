/** ICMP errors about connections, connections that clash, and entries that go while a flow is under way. */
import { describe, expect, it } from 'vitest';
import { FORWARD, nodeOf, table } from '../../test/support/router.js';
import type { Outcome, PacketInput } from './result.js';
import { FlowTracer } from './trace.js';

const SNAT = table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2');
const DNAT = table('nat', '-A PREROUTING -i eth1 -d 8.8.8.8/32 -j DNAT --to-destination 9.9.9.9');

/** The first outcome of each packet of one flow. */
function flow(save: string, packets: readonly PacketInput[]): (Outcome | undefined)[] {
  const tracer = new FlowTracer(nodeOf({ save }));
  return packets.map((packet) => tracer.next(packet).outcomes[0]);
}

const UDP: PacketInput = { ...FORWARD, proto: 'udp' };
const LEFT: PacketInput = { proto: 'udp', src: '10.0.0.2', sport: 40000, dst: '8.8.8.8', dport: 443 };

function error(dst: string, inner: PacketInput, icmpType = 3): PacketInput {
  return { in: 'eth0', proto: 'icmp', src: '10.0.0.254', dst, icmpType, icmpCode: 1, inner };
}

describe('an ICMP error', () => {
  it('goes to the client of the translated packet that it quotes as it left, and quotes it as it was sent', () => {
    const [, told] = flow(SNAT, [UDP, error('10.0.0.2', LEFT)]);
    expect(told).toMatchObject({
      verdict: 'forwarded',
      egress: { iface: 'eth1' },
      final: { src: '10.0.0.254', dst: '10.1.0.7', inner: { src: '10.1.0.7', dst: '8.8.8.8' } },
    });
  });

  it('about a packet to a service comes from the service', () => {
    const inner: PacketInput = { ...LEFT, src: '10.1.0.7', dst: '9.9.9.9' };
    const [, told] = flow(DNAT, [UDP, { ...error('10.1.0.7', inner), src: '9.9.9.9' }]);
    expect(told?.final).toMatchObject({ src: '8.8.8.8', dst: '10.1.0.7', inner: { dst: '8.8.8.8' } });
  });

  it('is invalid when it is sent to anyone but the sender of what it quotes', () => {
    const [, told] = flow(SNAT, [UDP, error('10.1.0.9', LEFT)]);
    expect(told).toMatchObject({ conntrack: null, final: { dst: '10.1.0.9' } });
  });

  it('is invalid when it quotes what no connection sent', () => {
    const [, told] = flow(SNAT, [UDP, error('10.0.0.2', { ...LEFT, dport: 1 })]);
    expect(told).toMatchObject({ conntrack: null, verdict: 'delivered' });
  });

  it('goes on by whatever device, where a packet of the masqueraded connection itself would be dropped', () => {
    const save = `${table('mangle', '-A PREROUTING -s 9.9.9.9/32 -j MARK --set-xmark 0x1/0x1')}${table('nat', '-A POSTROUTING -o eth0 -j MASQUERADE')}`;
    const rules = `0:\tfrom all lookup local
100:\tfrom all fwmark 0x1 lookup 100
32766:\tfrom all lookup main
`;
    const routes = `default via 10.1.0.254 dev eth1 table 100
default via 10.0.0.254 dev eth0
10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1
local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1
`;
    const tracer = new FlowTracer(nodeOf({ save, rules, routes }));
    const answer: PacketInput = { ...LEFT, src: '8.8.8.8', sport: 443, dst: '10.1.0.7', dport: 40000 };
    const told = [UDP, { ...error('8.8.8.8', answer), in: 'eth1', src: '9.9.9.9' }].map(
      (packet) => tracer.next(packet).outcomes[0],
    )[1];
    expect(told).toMatchObject({
      verdict: 'forwarded',
      egress: { iface: 'eth1' },
      final: { src: '10.0.0.1' },
    });
  });

  it('is dropped when it redirects a translated connection', () => {
    const [, told] = flow(SNAT, [UDP, error('10.0.0.2', LEFT, 5)]);
    expect(told).toMatchObject({ verdict: 'dropped', drop: { reason: 'redirect' } });
  });
});

describe('a connection of a flow', () => {
  const back = (tcpFlags: readonly string[]): PacketInput => ({
    ...{ in: 'eth0', proto: 'tcp', src: '8.8.8.8', sport: 443, dst: '10.0.0.2', dport: 40000, tcpFlags },
  });

  it('is gone after a reset as its only answer: the next SYN asks the nat table again', () => {
    const [, reset, again] = flow(SNAT, [FORWARD, back(['RST', 'ACK']), FORWARD]);
    expect(reset).toMatchObject({ final: { dst: '10.1.0.7' } });
    expect(reset?.conntrack?.status).toContain('DYING');
    expect(again?.path).toContain('nat:POSTROUTING:rule:1');
  });

  it('does not take a segment that its state does not allow', () => {
    const [, early] = flow(SNAT, [FORWARD, { ...FORWARD, tcpFlags: ['ACK'] }]);
    expect(early).toMatchObject({ conntrack: null, final: { src: '10.1.0.7' } });
  });

  it('takes an acknowledgement out of the window when the node is liberal', () => {
    const packets = [FORWARD, back(['ACK']), { ...FORWARD, tcpFlags: ['RST', 'ACK'] }];
    const again = [...packets, { ...FORWARD, tcpFlags: ['ACK'] }];
    const last = (sysctls: string | undefined): Outcome | undefined => {
      const tracer = new FlowTracer(nodeOf({ save: SNAT, ...(sysctls === undefined ? {} : { sysctls }) }));
      return again.map((packet) => tracer.next(packet).outcomes[0]).at(-1);
    };
    expect(last(undefined)?.conntrack).toBeNull();
    expect(
      last('net.ipv4.ip_forward = 1\nnet.netfilter.nf_conntrack_tcp_be_liberal = 1\n')?.conntrack,
    ).not.toBeNull();
  });

  it('reuses the mapping of another connection of the client when that lies in the range', () => {
    const save = table(
      'nat',
      `-A POSTROUTING -o eth0 -p udp -m udp --dport 443 -j SNAT --to-source 10.0.0.2:7000
-A POSTROUTING -o eth0 -p udp -j SNAT --to-source 10.0.0.2`,
    );
    const [, second] = flow(save, [UDP, { ...UDP, dport: 444 }]);
    expect(second?.final).toMatchObject({ src: '10.0.0.2', sport: 7000 });
  });

  it('does not clash with the packet that it answers, when its own answers have a zone to themselves', () => {
    const save = table('raw', '-A OUTPUT -j CT --zone-reply 1');
    const asked: PacketInput = { ...UDP, dst: '10.0.0.1', sport: 700, dport: 5000 };
    const answer: PacketInput = { proto: 'udp', src: '10.0.0.1', sport: 5000, dst: '10.1.0.7', dport: 700 };
    const [first, second] = flow(save, [asked, { ...answer, in: null }]);
    expect(first?.verdict).toBe('delivered');
    expect(second).toMatchObject({ verdict: 'sent', conntrack: { status: ['CONFIRMED'] } });
  });

  it('is dropped where it is confirmed when no port of the range is free', () => {
    const save = table('nat', '-A POSTROUTING -o eth0 -p udp -j SNAT --to-source 10.0.0.2:7000-7001');
    const from = (src: string): PacketInput => ({ ...UDP, src });
    const answer: PacketInput = { in: 'eth0', proto: 'udp', src: '8.8.8.8', sport: 443, dst: '10.0.0.2' };
    const [, , second, , third] = flow(save, [
      from('10.1.0.7'),
      { ...answer, dport: 7000 },
      from('10.1.0.8'),
      { ...answer, dport: 7001 },
      from('10.1.0.9'),
    ]);
    expect(second?.final.sport).toBe(7001);
    expect(third).toMatchObject({ verdict: 'dropped', drop: { reason: 'clash' } });
  });
});
