/** Packets of connections that a dump shows. */
import { describe, expect, it } from 'vitest';
import { FORWARD, nodeOf, only, table } from '../../test/support/router.js';
import { renderText } from '../explain/text.js';
import { traceJson } from '../explain/json.js';
import { loadNode } from '../snapshot/load.js';
import { ConnectionTable } from './connection-table.js';
import { NO_ZONE, openConnection } from './connection.js';
import { DumpedConnections } from './dumped-connections.js';
import type { Node } from './node.js';
import type { Outcome, PacketInput } from './result.js';
import { FlowTracer, trace } from './trace.js';

const SNAT = table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2');
const STATES = table(
  'mangle',
  ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'SNAT', 'DNAT']
    .map(
      (state, at) => `-A FORWARD -m conntrack --ctstate ${state} -j MARK --set-xmark ${1 << at}/${1 << at}`,
    )
    .join('\n'),
);
const RULES = STATES + SNAT;
const STATE = { NEW: 1, ESTABLISHED: 2, RELATED: 4, INVALID: 8, SNAT: 16, DNAT: 32 } as const;

/** A line about FORWARD's flow: its answers go to `to`. */
function entry(head: string, tail: string, to = '10.0.0.2 sport=443 dport=40000'): string {
  return `${head} src=10.1.0.7 dst=8.8.8.8 sport=40000 dport=443 ${tail.startsWith('[UNREPLIED]') ? '[UNREPLIED] ' : ''}src=8.8.8.8 dst=${to} ${tail.replace('[UNREPLIED] ', '')}\n`;
}
const ESTABLISHED = entry('tcp      6 431999 ESTABLISHED', '[ASSURED] mark=128 use=1');
const UDP = entry('udp      17 29', '[UNREPLIED] mark=0 use=1');

const BACK: PacketInput = {
  ...{ in: 'eth0', proto: 'tcp', src: '8.8.8.8', sport: 443, dst: '10.0.0.2', dport: 40000 },
};

function said(texts: { readonly save?: string; readonly connections: string }, packet: PacketInput): Outcome {
  return only(nodeOf({ save: RULES, ...texts }), packet);
}

const marks = (...states: readonly (keyof typeof STATE)[]): string =>
  `0x${states.reduce((sum, state) => sum | STATE[state], 0).toString(16)}`;

describe('a packet of an entry', () => {
  it('goes on as the entry says, and no nat chain is asked', () => {
    const outcome = said(
      { connections: ESTABLISHED.replace('sport=443 dport=40000 [', 'sport=443 dport=5555 [') },
      FORWARD,
    );
    expect(outcome).toMatchObject({
      verdict: 'forwarded',
      final: { src: '10.0.0.2', sport: 5555, mark: marks('ESTABLISHED', 'SNAT') },
      snat: { from: '10.1.0.7:40000', to: '10.0.0.2:5555', rule: null },
      conntrack: { mark: '0x80', status: ['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SRC_NAT'] },
    });
    expect(outcome.path.filter((name) => name.startsWith('nat:'))).toEqual([]);
    expect(outcome.entry?.span.source.name).toBe('conntrack.txt');
  });

  it('is translated back when it answers', () => {
    expect(said({ connections: ESTABLISHED }, BACK)).toMatchObject({
      verdict: 'forwarded',
      egress: { iface: 'eth1' },
      final: { dst: '10.1.0.7', dport: 40000, mark: marks('ESTABLISHED', 'SNAT') },
    });
  });

  it('is NEW when it repeats what nobody answered, and ESTABLISHED when it is the answer', () => {
    const udp = { ...FORWARD, proto: 'udp' };
    expect(said({ connections: UDP }, udp).final.mark).toBe(marks('NEW', 'SNAT'));
    expect(said({ connections: UDP }, { ...BACK, proto: 'udp' }).final.mark).toBe(
      marks('ESTABLISHED', 'SNAT'),
    );
    expect(said({ connections: UDP.replace('[UNREPLIED] ', '') }, udp).final.mark).toBe(
      marks('ESTABLISHED', 'SNAT'),
    );
  });

  it('may not be tracked any more when no rule that is shown needs conntrack', () => {
    const save = table('mangle', '-A FORWARD -j MARK --set-xmark 0x1/0x1') + table('nat', '');
    const ways = (more: object): readonly unknown[] =>
      trace(nodeOf({ save, connections: ESTABLISHED, ...more }), FORWARD).outcomes.map(
        ({ final, assumptions }) => [final.src, assumptions.some(({ code }) => code === 'UNK_TRACKING')],
      );
    expect(ways({})).toEqual(
      expect.arrayContaining([
        ['10.0.0.2', true],
        ['10.1.0.7', true],
      ]),
    );
    expect(ways({ nft: 'table ip filter {\n}\n' })).toEqual([['10.1.0.7', false]]);
  });

  it('gets its mark back', () => {
    const save = table('mangle', '-A PREROUTING -j CONNMARK --restore-mark');
    expect(said({ save, connections: ESTABLISHED }, FORWARD).final.mark).toBe('0x80');
    const unseen = trace(nodeOf({ save, connections: ESTABLISHED.replace('mark=128 ', '') }), FORWARD);
    expect(unseen.outcomes[0]?.final.markUnknown).toBe('0xffffffff');
  });

  it('is that of a service', () => {
    const connections = entry(
      'tcp      6 9 SYN_SENT',
      '[UNREPLIED] mark=0 use=1',
      '10.1.0.7 sport=8080 dport=40000',
    ).replace('src=8.8.8.8 dst=10', 'src=10.1.0.9 dst=10');
    expect(said({ connections }, FORWARD)).toMatchObject({
      final: { dst: '10.1.0.9', dport: 8080, mark: marks('NEW', 'DNAT') },
      dnat: { rule: null },
      egress: { iface: 'eth1' },
    });
  });

  it('carries the id of its echo request', () => {
    const connections =
      'icmp     1 28 src=10.1.0.7 dst=8.8.8.8 type=8 code=0 id=7 src=8.8.8.8 dst=10.0.0.2 type=0 code=0 id=50705 mark=0 use=1\n';
    const { final } = said({ connections }, { ...FORWARD, proto: 'icmp', icmpId: 7 });
    expect(final).toMatchObject({ src: '10.0.0.2', icmpId: 50705, mark: marks('ESTABLISHED', 'SNAT') });
    expect(said({ connections }, { ...FORWARD, proto: 'icmp', icmpId: 8 }).final).toMatchObject({
      mark: marks('NEW'),
    });
  });

  it('is in its zone alone', () => {
    const zone = table('raw', '-A PREROUTING -i eth1 -j CT --zone 5');
    const connections = ESTABLISHED.replace(' use=1', ' zone=5 use=1');
    expect(said({ connections }, FORWARD).final.mark).toBe(marks('NEW'));
    expect(said({ save: zone + RULES, connections }, FORWARD).final.mark).toBe(marks('ESTABLISHED', 'SNAT'));
    const oneWay = ESTABLISHED.replace(' src=8', ' zone-orig=5 src=8');
    expect(said({ save: zone + RULES, connections: oneWay }, FORWARD).final.mark).toBe(
      marks('ESTABLISHED', 'SNAT'),
    );
    expect(said({ save: zone + RULES, connections: oneWay }, BACK).final.mark).toBe(
      marks('ESTABLISHED', 'SNAT'),
    );
  });

  it('has its labels where the listing shows them', () => {
    const save = table('mangle', '-A FORWARD -m connlabel --label web -j MARK --set-xmark 0x1/0x1');
    expect(
      said({ save, connections: ESTABLISHED.replace('use=1', 'use=1 labels=web,db') }, FORWARD).final.mark,
    ).toBe('0x1');
    expect(trace(nodeOf({ save, connections: ESTABLISHED }), FORWARD).outcomes).toHaveLength(2);
  });

  it('has IPv6 addresses', () => {
    const node = loadNode('six', [
      {
        name: 'ip6tables-save.txt',
        text: `# Generated by ip6tables-save v1.8.9 on Sat Nov 21 08:00:00 2026\n${STATES}${SNAT.replace('10.0.0.2', 'fd00:b::9')}`,
      },
      {
        name: 'ip-addr.txt',
        text: '2: lan: <BROADCAST,UP,LOWER_UP> mtu 1500\n    inet6 fd00:a::1/64 scope global\n3: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500\n    inet6 fd00:b::1/64 scope global\n',
      },
      {
        name: 'ip6-route.txt',
        text: 'fd00:a::/64 dev lan proto kernel metric 256 pref medium\ndefault via fd00:b::fe dev eth0 metric 1024 pref medium\n',
      },
      { name: 'ip6-rule.txt', text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n' },
      { name: 'sysctl.txt', text: 'net.ipv6.conf.all.forwarding = 1\n' },
      {
        name: 'nf_conntrack',
        text: 'ipv6     10 icmpv6   58 29 src=fd00:000a:0000:0000:0000:0000:0000:0002 dst=2001:0db8:0000:0000:0000:0000:0000:0005 type=128 code=0 id=7 src=2001:0db8:0000:0000:0000:0000:0000:0005 dst=fd00:000b:0000:0000:0000:0000:0000:0007 type=129 code=0 id=9 mark=0 zone=0 use=2\n',
      },
    ]);
    const packet = { in: 'lan', proto: 'icmpv6', src: 'fd00:a::2', dst: '2001:db8::5', icmpId: 7 };
    const { outcomes } = trace(node, packet);
    expect(outcomes[0]).toMatchObject({
      verdict: 'forwarded',
      final: { src: 'fd00:b::7', icmpId: 9, mark: marks('ESTABLISHED', 'SNAT') },
      snat: { rule: null },
    });
    expect(JSON.stringify(traceJson(trace(node, packet), []))).toContain('"line":1');
  });
});

describe('a TCP segment', () => {
  const at = (state: string, tail = '[ASSURED] mark=0 use=1'): string =>
    entry(`tcp      6 60 ${state}`, tail);
  const flags = (...tcpFlags: readonly string[]): PacketInput => ({ ...FORWARD, tcpFlags });

  it.each([
    ['a reset of a connection in full flow', 'ESTABLISHED', flags('RST'), ['ESTABLISHED', 'SNAT']],
    ['an acknowledgement that ends a handshake', 'SYN_RECV', flags('ACK'), ['ESTABLISHED', 'SNAT']],
    ['an end of an end', 'LAST_ACK', flags('ACK'), ['ESTABLISHED', 'SNAT']],
    ['a SYN after the end', 'TIME_WAIT', flags('SYN'), ['NEW']],
    ['an answer to nothing', 'SYN_SENT', flags('ACK'), ['INVALID']],
    ['a FIN of what has not begun', 'SYN_SENT', flags('FIN', 'ACK'), ['INVALID']],
  ] as const)('%s', (_name, state, packet, marked) => {
    const tail = state === 'SYN_SENT' ? '[UNREPLIED] mark=0 use=1' : '[ASSURED] mark=0 use=1';
    expect(said({ connections: at(state, tail) }, packet).final.mark).toBe(marks(...marked));
  });

  it('that is a SYN after a reset opens a new connection, or not: the dump does not tell who reset it', () => {
    const { outcomes } = trace(nodeOf({ save: RULES, connections: at('CLOSE') }), flags('SYN'));
    expect(outcomes.map(({ final, probability }) => [final.mark, probability]).sort()).toEqual(
      [
        [marks('NEW'), null],
        [marks('ESTABLISHED', 'SNAT'), null],
      ].sort(),
    );
    expect(outcomes.every(({ assumptions }) => assumptions[0]?.code === 'UNK_CT_CLOSED')).toBe(true);
    expect(said({ connections: at('CLOSE') }, flags('ACK')).final.mark).toBe(marks('ESTABLISHED', 'SNAT'));
  });

  it('without flags goes on with the connection that is there', () => {
    const shown = (state: string, packet: PacketInput): readonly string[] | undefined =>
      trace(nodeOf({ connections: at(state) }), packet).packet.tcpFlags;
    expect(shown('ESTABLISHED', FORWARD)).toEqual(['ACK']);
    expect(shown('SYN_SENT', FORWARD)).toEqual(['SYN']);
    expect(shown('SYN_SENT', BACK)).toEqual(['SYN', 'ACK']);
    expect(shown('TIME_WAIT', FORWARD)).toEqual(['SYN']);
    expect(shown('ESTABLISHED', { ...FORWARD, sport: 1 })).toEqual(['SYN']);
  });
});

describe('an ICMP error', () => {
  it('about an entry is related to it, and told to whom it is for', () => {
    const inner: PacketInput = { proto: 'tcp', src: '10.0.0.2', sport: 40000, dst: '8.8.8.8', dport: 443 };
    const error: PacketInput = {
      ...{ in: 'eth0', proto: 'icmp', src: '10.0.0.254', dst: '10.0.0.2', icmpType: 3, icmpCode: 1, inner },
    };
    const outcome = said({ connections: ESTABLISHED }, error);
    expect(outcome).toMatchObject({ final: { dst: '10.1.0.7', mark: marks('RELATED', 'SNAT') } });
    const text = renderText({
      id: null,
      packet: trace(nodeOf(), FORWARD).packet,
      outcomes: [outcome],
      truncated: false,
    });
    expect(text).toContain('is about an entry of the dump (conntrack.txt:1)');
  });
});

describe('a new connection', () => {
  it('whose answers another entry would get leaves by another port', () => {
    const taken =
      'udp      17 29 src=10.1.0.9 dst=8.8.8.8 sport=40000 dport=443 src=8.8.8.8 dst=10.0.0.2 sport=443 dport=40000 mark=0 use=1\n';
    const udp = { ...FORWARD, proto: 'udp' };
    expect(said({ connections: taken }, udp).final).toMatchObject({ sportRange: [1024, 65535] });
    expect(said({ connections: taken.replace('dport=40000', 'dport=40001') }, udp).final).toMatchObject({
      sport: 40000,
    });
  });

  it('takes over what its source was mapped to before', () => {
    const before =
      'udp      17 29 src=10.1.0.7 dst=9.9.9.9 sport=40000 dport=443 src=9.9.9.9 dst=10.0.0.2 sport=443 dport=5555 mark=0 use=1\n';
    const udp = { ...FORWARD, proto: 'udp' };
    expect(said({ connections: before }, udp).final).toMatchObject({ src: '10.0.0.2', sport: 5555 });
  });

  it('in the other direction is none: what comes to the address of an entry answers it', () => {
    expect(said({ connections: ESTABLISHED }, { ...BACK, sport: 80 })).toMatchObject({
      verdict: 'delivered',
    });
  });
});

describe('what the user says', () => {
  it('--ct new counts more than the dump', () => {
    const node = nodeOf({ save: RULES, connections: ESTABLISHED });
    const { outcomes } = trace(node, { ...FORWARD, ct: 'new' });
    expect(outcomes[0]).toMatchObject({ verdict: 'forwarded', snat: { rule: { number: 1 } } });
    expect(outcomes[0]?.final.mark).toBe(marks('NEW'));
    expect(outcomes[0]?.entry).toBeUndefined();
  });

  it('--ct invalid and untracked too', () => {
    for (const ct of ['invalid', 'untracked'] as const)
      expect(said({ connections: ESTABLISHED }, { ...FORWARD, ct })).toMatchObject({
        snat: null,
        conntrack: null,
      });
  });

  it('--ct established takes the entry that the dump has', () => {
    const outcome = said({ connections: UDP }, { ...FORWARD, proto: 'udp', ct: 'established' });
    expect(outcome).toMatchObject({ assumptions: [], final: { src: '10.0.0.2' }, snat: { rule: null } });
    expect(outcome.final.mark).toBe(marks('ESTABLISHED', 'SNAT'));
  });
});

describe('what the dump does not tell', () => {
  it('is said of a connection that a flowtable took', () => {
    const connections = ESTABLISHED.replace('[ASSURED]', '[OFFLOAD]');
    expect(trace(nodeOf({ save: RULES, connections }), FORWARD).outcomes).toMatchObject([
      { probability: null, assumptions: [{ code: 'ASM_OFFLOAD' }] },
    ]);
  });

  it('is asked where a masqueraded connection would leave by another device', () => {
    const save = table('nat', '-A POSTROUTING -o eth1 -j MASQUERADE');
    const connections = entry('udp      17 29', 'mark=0 use=1', '10.1.0.1 sport=443 dport=40000');
    const { outcomes } = trace(nodeOf({ save, connections }), { ...FORWARD, proto: 'udp' });
    expect(outcomes.map(({ verdict, drop }) => [verdict, drop?.reason ?? null])).toEqual(
      expect.arrayContaining([
        ['dropped', 'masquerade-device'],
        ['forwarded', null],
      ]),
    );
    expect(said({ save: SNAT, connections }, { ...FORWARD, proto: 'udp' }).final.src).toBe('10.1.0.1');
  });

  it('is no reason to forget the entries: without any rule set they still translate', () => {
    const { connections } = nodeOf({ connections: ESTABLISHED });
    const node: Node = { ...nodeOf(), connections };
    const unknown = { ...node.ruleSets[4], tables: new Map(), unknown: new Set(['nat', 'filter'] as const) };
    const { outcomes } = trace({ ...node, ruleSets: { ...node.ruleSets, 4: unknown } }, FORWARD);
    expect(outcomes[0]).toMatchObject({ final: { src: '10.0.0.2' }, snat: { rule: null } });
  });
});

describe('answers', () => {
  const node = nodeOf({ save: RULES, connections: `\n${ESTABLISHED}` });

  it('name the entry by its place', () => {
    const text = renderText(trace(node, FORWARD));
    expect(text).toMatch(/^ {2}why 10\.0\.0\.2 +an entry of the dump says so \(conntrack\.txt:2\)$/m);
    expect(text).toMatch(/^ {2}conntrack +belongs to an entry of the dump \(conntrack\.txt:2\)$/m);
    expect(text).toMatch(/conntrack +- {2}known \(conntrack\.txt:2\) +ct ESTABLISHED/);
    expect(renderText(trace(node, { ...FORWARD, sport: 1 }))).not.toContain('of the dump');
  });

  it('have it in JSON', () => {
    const ref = { file: 'conntrack.txt', line: 2, text: ESTABLISHED.trim() };
    const { outcomes } = traceJson(trace(node, FORWARD), []);
    expect(outcomes[0]?.entry).toEqual(ref);
    expect(outcomes[0]?.steps).toContainEqual(
      expect.objectContaining({ kind: 'conntrack', entry: 'found', of: ref }),
    );
    expect(JSON.stringify(outcomes)).not.toContain('span');
  });

  it('of independent packets do not hang on each other; those of a flow do', () => {
    const fin = { ...FORWARD, proto: 'udp' };
    const udp = nodeOf({ save: RULES, connections: UDP });
    const back = { ...BACK, proto: 'udp' };
    trace(udp, back);
    expect(only(udp, fin).final.mark).toBe(marks('NEW', 'SNAT'));
    const flow = new FlowTracer(udp);
    flow.next(back);
    expect(flow.next(fin).outcomes[0]?.final.mark).toBe(marks('ESTABLISHED', 'SNAT'));
  });
});

describe('a large table', () => {
  it('is neither searched nor copied for a packet', () => {
    const lines = Array.from({ length: 3000 }, (_, at) =>
      ESTABLISHED.replaceAll('10.1.0.7', `10.1.${at >> 8}.${at & 255}`),
    );
    const { connections } = nodeOf({ connections: lines.join('') });
    let looks = 0;
    // A list that tells when it is read.
    const counted = new Proxy(connections ?? [], {
      get: (list, name, receiver) => {
        if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1;
        return Reflect.get(list, name, receiver) as unknown;
      },
    });
    const base = new ConnectionTable(new DumpedConnections(counted));
    const indexed = looks;
    const tuple = {
      protocol: 6,
      source: 0x0a010007,
      sourceTo: 0x0a010007,
      destination: 0x08080808,
      destinationTo: 0x08080808,
      sourcePort: 40000,
      sourcePortTo: 40000,
      destinationPort: 443,
      destinationPortTo: 443,
    };
    for (let at = 0; at < 100; at += 1) {
      const copy = base.clone();
      expect(copy.find(tuple, NO_ZONE)?.direction).toBe('ORIGINAL');
      expect(copy.taken(tuple, openConnection(tuple, 4, NO_ZONE, null))).toBe(true);
    }
    expect(looks).toBe(indexed);
    expect(base.clone().find({ ...tuple, sourcePort: 1, sourcePortTo: 1 }, NO_ZONE)).toBeNull();
  });
});
