import { describe, expect, it } from 'vitest';
import { trace } from '../packet/trace.js';
import type { Outcome } from '../packet/result.js';
import { nodeOf } from '../../test/support/node.js';
import { aResult, anOutcome } from '../../test/support/result.js';
import { conntrackLine, renderConntrack } from './conntrack-list.js';

const node = nodeOf('examples/eks-node');
const pod = '192.168.61.33';

/** An outcome that has an entry of the protocol, unreplied unless told. */
function tracked(
  proto: string,
  rest: Partial<NonNullable<Outcome['conntrack']>> = {},
  state?: string,
): Outcome {
  const ends = { proto, src: '10.0.0.1', dst: '10.0.0.2' };
  const back = { proto, src: '10.0.0.2', dst: '10.0.0.1' };
  return anOutcome({
    conntrack: { original: ends, reply: back, mark: '0x0', status: ['CONFIRMED'], ...rest },
    tracking: { state: state ?? null, zone: null, helper: null },
  });
}

describe('the listing of conntrack', () => {
  it('has both tuples, with what the kernel draws as its range', () => {
    const result = trace(node, { proto: 'tcp', src: pod, dst: '203.0.113.9', dport: 443 });
    expect(renderConntrack(result)).toBe(
      `tcp      6 120 SYN_SENT src=${pod} dst=203.0.113.9 sport=40000 dport=443 [UNREPLIED] ` +
        'src=203.0.113.9 dst=192.168.45.10 sport=443 dport=1024-65535 mark=128 use=1\n' +
        '# LOW-HIGH: the kernel draws one of these\n',
    );
  });

  it('says type, code and id of ICMP, of both families', () => {
    const echo = { icmpType: 128, icmpCode: 0, icmpId: 7 };
    const line = conntrackLine(
      tracked('icmpv6', {
        original: { proto: 'icmpv6', src: '2001:db8::1', dst: '2001:db8::2', ...echo },
        reply: { proto: 'icmpv6', src: '2001:db8::2', dst: '2001:db8::1', ...echo, icmpType: 129 },
      }),
    );
    expect(line).toBe(
      'icmpv6   58 30 src=2001:db8::1 dst=2001:db8::2 type=128 code=0 id=7 [UNREPLIED] ' +
        'src=2001:db8::2 dst=2001:db8::1 type=129 code=0 id=7 mark=0 use=1',
    );
  });

  it('shows the entry before and after the answer', () => {
    const result = trace(
      node,
      { in: 'ens5', proto: 'icmp', src: '192.168.70.8', dst: pod, icmpType: 8, icmpId: 9 },
      { reply: true },
    );
    const ends = `src=192.168.70.8 dst=${pod} type=8 code=0 id=9`;
    const back = `src=${pod} dst=192.168.70.8 type=0 code=0 id=9`;
    expect(renderConntrack(result)).toBe(
      `# after the packet\nicmp     1 30 ${ends} [UNREPLIED] ${back} mark=0 use=1\n` +
        `# after the answer\nicmp     1 30 ${ends} ${back} mark=0 use=1\n`,
    );
  });

  it.each([
    ['tcp', ['CONFIRMED'], 'SYN_SENT', 'tcp      6 120 SYN_SENT '],
    ['tcp', ['CONFIRMED'], 'ESTABLISHED', 'tcp      6 300 ESTABLISHED '],
    ['tcp', ['SEEN_REPLY', 'ASSURED', 'CONFIRMED'], 'ESTABLISHED', 'tcp      6 432000 ESTABLISHED '],
    ['tcp', ['SEEN_REPLY', 'ASSURED', 'CONFIRMED'], 'TIME_WAIT', 'tcp      6 120 TIME_WAIT '],
    ['udp', ['CONFIRMED'], undefined, 'udp      17 30 src='],
    ['udp', ['SEEN_REPLY', 'ASSURED', 'CONFIRMED'], undefined, 'udp      17 120 src='],
    ['sctp', ['CONFIRMED'], undefined, 'sctp     132 10 CLOSED src='],
    ['esp', ['CONFIRMED'], undefined, 'unknown  50 600 src='],
    ['253', ['CONFIRMED'], undefined, 'unknown  253 600 src='],
    ['gre', ['CONFIRMED'], undefined, 'gre      47 30 src=10.0.0.1 dst=10.0.0.2 srckey=0x0 dstkey=0x0 '],
  ] as const)('of %s %j %s begins as the tool does', (proto, status, state, beginning) => {
    const line = conntrackLine(tracked(proto, { status }, state)) ?? '';
    expect(line.slice(0, beginning.length)).toBe(beginning);
    expect(line.includes('[UNREPLIED]')).toBe(status.length === 1);
    expect(line.includes('[ASSURED]')).toBe(status.length === 3);
  });

  it.each([
    ['ORIGINAL', ' src=10.0.0.1 dst=10.0.0.2 zone-orig=5 [UNREPLIED] '],
    ['REPLY', ' src=10.0.0.2 dst=10.0.0.1 zone-reply=5 mark=0 '],
    [null, ' mark=0 zone=5 helper=ftp use=1'],
  ] as const)('names a zone of direction %s', (direction, words) => {
    const outcome = {
      ...tracked('esp'),
      tracking: { state: null, zone: { id: 5, direction }, helper: 'ftp' },
    };
    expect(conntrackLine(outcome)).toContain(words);
  });

  it('says so where no entry is kept, and parts several outcomes', () => {
    const dropped = tracked('udp', { status: [] });
    expect(renderConntrack({ ...aResult([dropped]), id: 'p\u001b1' })).toBe(
      '# packet p\\u{1b}1\n# no entry is kept\n',
    );
    const two = renderConntrack(aResult([anOutcome({ probability: 0.5 }), anOutcome({ probability: 0.5 })]));
    expect(two).toBe(
      '# outcome 1 of 2, probability 0.5\n# no entry is kept\n# outcome 2 of 2, probability 0.5\n# no entry is kept\n',
    );
  });

  it('says which bits of the mark are not known', () => {
    const line = renderConntrack(aResult([tracked('udp', { mark: '0x80', markUnknown: '0x7' })]));
    expect(line).toContain(' mark=128 use=1\n# mark: its bits 0x7 are not known, and 0 here\n');
  });
});
