import { describe, expect, it } from 'vitest';
import { FORWARD, LOCAL_IN, nodeOf, only, table } from '../../test/support/router.js';
import { FlowTracer, trace } from './trace.js';

/** Any rule of this keeps conntrack on without touching a packet. */
const TRACK = '-A INPUT -m conntrack --ctstate INVALID -s 203.0.113.255/32 -j DROP';

describe('conntrack and NAT', () => {
  it('without any rule that needs conntrack the nat table is not walked', () => {
    const save = table('nat', '-A PREROUTING -j MARK --set-xmark 0x7/0x7');
    const { final, path } = only(nodeOf({ save }), FORWARD);
    expect(final.mark).toBe('0x0');
    expect(path.filter((name) => name.startsWith('nat:'))).toEqual([]);
  });

  it('with one such rule anywhere it is', () => {
    const save = table('nat', '-A PREROUTING -j MARK --set-xmark 0x7/0x7') + table('filter', TRACK);
    expect(only(nodeOf({ save }), FORWARD).final.mark).toBe('0x7');
  });

  it('is open about conntrack when only a rule that could not be read may need it', () => {
    const save = table('nat', '-A POSTROUTING -o eth0 -j FROBNAT --x');
    const { outcomes } = trace(nodeOf({ save }), FORWARD);
    expect(outcomes.map((outcome) => outcome.path.some((name) => name.startsWith('nat:')))).toContain(true);
    expect(outcomes.map((outcome) => outcome.path.some((name) => name.startsWith('nat:')))).toContain(false);
    expect(outcomes.every((outcome) => outcome.probability === null)).toBe(true);
  });

  it('tells the entry as it is after the packet, not after its answer', () => {
    const save = table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2');
    const { conntrack, reply } = only(nodeOf({ save }), FORWARD, { reply: true });
    expect(conntrack?.status).toEqual(['CONFIRMED', 'SRC_NAT']);
    expect(conntrack?.reply).toMatchObject({ dst: '10.0.0.2', dport: 40000 });
    expect(reply?.conntrack?.status).toContain('SEEN_REPLY');
  });

  it('later packets and answers of a flow never see the nat table', () => {
    const save = table('nat', `-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2`);
    const flow = new FlowTracer(nodeOf({ save }));
    const [syn, answer, ack] = [
      flow.next(FORWARD),
      flow.next({
        in: 'eth0',
        proto: 'tcp',
        src: '8.8.8.8',
        sport: 443,
        dst: '10.0.0.2',
        dport: 40000,
        tcpFlags: ['SYN', 'ACK'],
      }),
      flow.next({ ...FORWARD, tcpFlags: ['ACK'] }),
    ].map(({ outcomes }) => outcomes[0]);
    expect(syn?.final).toMatchObject({ src: '10.0.0.2', sport: 40000 });
    expect(answer).toMatchObject({
      verdict: 'forwarded',
      egress: { iface: 'eth1' },
      final: { dst: '10.1.0.7', dport: 40000 },
      dnat: { rule: null },
    });
    expect(ack?.final).toMatchObject({ src: '10.0.0.2', sport: 40000 });
    expect([...(answer?.path ?? []), ...(ack?.path ?? [])].filter((name) => name.startsWith('nat:'))).toEqual(
      [],
    );
    expect(ack?.conntrack?.status).toEqual(['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SRC_NAT']);
  });

  it('an id that was drawn for the destination and is drawn again counts as both', () => {
    const echo = { in: null, proto: 'icmp', dst: '8.8.8.8', icmpId: 7 };
    const status = (flags: string): readonly string[] | undefined =>
      only(
        nodeOf({
          save: table(
            'nat',
            `-A OUTPUT -j DNAT --to-destination 9.9.9.9 --random\n-A POSTROUTING -o eth0 -j MASQUERADE${flags}`,
          ),
        }),
        echo,
      ).conntrack?.status;
    expect(status(' --random-fully')).toEqual(['CONFIRMED', 'SRC_NAT', 'DST_NAT']);
    expect(status('')).toEqual(['CONFIRMED', 'DST_NAT']);
  });

  it('an answer settles a port that was drawn at random', () => {
    const save = table('nat', `-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2 --random-fully`);
    const flow = new FlowTracer(nodeOf({ save }));
    expect(flow.next(FORWARD).outcomes[0]?.final).toMatchObject({
      src: '10.0.0.2',
      sportRange: [1024, 65535],
    });
    const back = {
      in: 'eth0',
      proto: 'tcp',
      src: '8.8.8.8',
      sport: 443,
      dst: '10.0.0.2',
      dport: 51234,
      tcpFlags: ['SYN', 'ACK'],
    };
    expect(flow.next(back).outcomes[0]?.final).toMatchObject({ dst: '10.1.0.7', dport: 40000 });
    expect(flow.next({ ...FORWARD, tcpFlags: ['ACK'] }).outcomes[0]?.final).toMatchObject({
      src: '10.0.0.2',
      sport: 51234,
    });
  });

  it('an answer from an endpoint rules the other endpoints out', () => {
    const save = table(
      'nat',
      `-A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.1.0.11\n-A PREROUTING -p tcp -j DNAT --to-destination 10.1.0.12`,
    );
    const flow = new FlowTracer(nodeOf({ save }));
    expect(flow.next(LOCAL_IN).outcomes).toHaveLength(2);
    const back = flow.next({
      in: 'eth1',
      proto: 'tcp',
      src: '10.1.0.12',
      sport: 22,
      dst: '192.0.2.9',
      dport: 40000,
      tcpFlags: ['SYN', 'ACK'],
    });
    expect(back.outcomes).toMatchObject([
      { probability: 1, final: { src: '10.0.0.1', sport: 22 }, egress: { iface: 'eth0' } },
    ]);
  });

  it('the second DNAT rule never applies', () => {
    const save = table(
      'nat',
      `-A PREROUTING -p tcp -j DNAT --to-destination 10.1.0.11\n-A PREROUTING -d 10.1.0.11/32 -p tcp -j DNAT --to-destination 10.1.0.12`,
    );
    expect(only(nodeOf({ save }), LOCAL_IN).final.dst).toBe('10.1.0.11');
  });

  it('a clash of tuples picks another source port even without a rule', () => {
    const save = table('nat', `-A PREROUTING -d 192.0.2.0/24 -p tcp -j DNAT --to-destination 10.1.0.11:80`);
    const flow = new FlowTracer(nodeOf({ save }));
    const first = { in: 'eth0', proto: 'tcp', src: '198.51.100.1', sport: 5555, dst: '192.0.2.1', dport: 80 };
    expect(flow.next(first).outcomes[0]?.final).toMatchObject({ sport: 5555 });
    expect(flow.next({ ...first, dst: '192.0.2.2' }).outcomes[0]?.final).toMatchObject({
      sportRange: [1024, 65535],
      dst: '10.1.0.11',
    });
  });

  it('MASQUERADE takes the address of the way out, REDIRECT the first of the way in, or loopback', () => {
    const save = table(
      'nat',
      `-A PREROUTING -p udp -j REDIRECT --to-ports 5353\n-A OUTPUT -p udp -j REDIRECT --to-ports 5353\n-A POSTROUTING -o eth0 -j MASQUERADE`,
    );
    const node = nodeOf({ save });
    expect(only(node, FORWARD).snat).toMatchObject({ from: '10.1.0.7:40000', to: '10.0.0.1:40000' });
    expect(only(node, { ...FORWARD, proto: 'udp', dport: 53 })).toMatchObject({
      verdict: 'delivered',
      final: { dst: '10.1.0.1', dport: 5353 },
    });
    expect(
      only(node, { in: null, proto: 'udp', src: '10.0.0.1', sport: 999, dst: '8.8.8.8', dport: 53 }),
    ).toMatchObject({
      verdict: 'delivered',
      final: { dst: '127.0.0.1', dport: 5353, src: '10.0.0.1' },
    });
  });

  it('untracked and invalid packets are never translated', () => {
    const save =
      table('raw', '-A PREROUTING -p udp -j CT --notrack') +
      table('nat', '-A POSTROUTING -j MASQUERADE') +
      table('filter', '-A FORWARD -m conntrack --ctstate INVALID -j LOG');
    const node = nodeOf({ save });
    expect(only(node, { ...FORWARD, proto: 'udp' })).toMatchObject({
      snat: null,
      conntrack: null,
      final: { src: '10.1.0.7' },
    });
    const invalid = only(node, { ...FORWARD, tcpFlags: ['SYN', 'ACK'] });
    expect(invalid).toMatchObject({ snat: null, conntrack: null });
    expect(invalid.path).toContain('filter:FORWARD:rule:1');
  });

  it('keeps marks in the entry and gives them back', () => {
    const save = table(
      'mangle',
      `-A PREROUTING -i eth1 -j CONNMARK --set-xmark 0x80/0x80\n-A PREROUTING -i eth0 -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80`,
    );
    expect(only(nodeOf({ save }), FORWARD, { reply: true }).reply?.final.mark).toBe('0x80');
  });

  it('says what an established packet without an entry rests on', () => {
    const save =
      table('mangle', '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80') +
      table('filter', '-A FORWARD -m mark --mark 0x80/0x80 -j DROP');
    const { outcomes } = trace(nodeOf({ save }), { ...FORWARD, ct: 'established' });
    expect(outcomes.map((outcome) => outcome.verdict).sort()).toEqual(['dropped', 'forwarded']);
    expect(outcomes.every((outcome) => outcome.probability === null)).toBe(true);
  });
});

describe('the answer to a packet of a conntrack zone', () => {
  const RULES = table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.77');
  it.each([
    // Nobody gives the answer the zone in which its connection is.
    ['--zone 3', '', '10.0.0.77'],
    ['--zone-orig 3', '', '10.1.0.7'],
    ['--zone-reply 3', '', '10.0.0.77'],
    ['--zone 3', '-A PREROUTING -i eth0 -j CT --zone 3\n', '10.1.0.7'],
    ['--zone-reply 3', '-A PREROUTING -i eth0 -j CT --zone-reply 3\n', '10.1.0.7'],
    ['--zone 3', '-A PREROUTING -i eth0 -j CT --zone 4\n', '10.0.0.77'],
  ])('set by CT %s with %j for the answer: it goes to %s', (zone, back, dst) => {
    const save =
      table('raw', `-A PREROUTING -i eth1 -j CT ${zone}${back === '' ? '' : `\n${back.trim()}`}`) + RULES;
    const { reply } = only(nodeOf({ save }), FORWARD, { reply: true });
    expect(reply?.final.dst).toBe(dst);
  });
});
