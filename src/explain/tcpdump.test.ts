import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../test/support/node.js';
import { aResult, anOutcome, change } from '../../test/support/result.js';
import type { PacketInput } from '../packet/result.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import { renderTcpdump } from './tcpdump.js';

const node = nodeOf('examples/eks-node');
const pod = '192.168.61.33';
const shown = (packet: PacketInput, options: TraceOptions = {}): string =>
  renderTcpdump(trace(node, packet, options));

describe('what tcpdump sees', () => {
  it('is the packet before NAT on its way in, and after POSTROUTING on its way out', () => {
    expect(shown({ proto: 'tcp', src: pod, dst: '203.0.113.9', dport: 443 }, { reply: true })).toBe(
      [
        'enia7cc107bbb9 In  IP 192.168.61.33.40000 > 203.0.113.9.443: Flags [S], seq 0, win 64240, length 0',
        'ens5  Out IP 192.168.45.10.1024-65535 > 203.0.113.9.443: Flags [S], seq 0, win 64240, length 0',
        'ens5  In  IP 203.0.113.9.443 > 192.168.45.10.1024-65535: Flags [S.], seq 0, ack 1, win 64240, length 0',
        'enia7cc107bbb9 Out IP 203.0.113.9.443 > 192.168.61.33.40000: Flags [S.], seq 0, ack 1, win 64240, length 0',
        '',
      ].join('\n'),
    );
  });

  it('has an echo request with its id, and the datagram with its length', () => {
    expect(
      shown({ proto: 'icmp', src: pod, dst: '192.168.70.8', icmpType: 8, icmpId: 9, length: 84 }),
    ).toContain('In  IP 192.168.61.33 > 192.168.70.8: ICMP echo request, id 9, seq 1, length 64\n');
    expect(shown({ proto: 'udp', src: pod, dst: '192.168.70.8', dport: 5000, length: 48 })).toContain(
      'In  IP 192.168.61.33.40000 > 192.168.70.8.5000: UDP, length 20\n',
    );
  });

  it('begins where a process of the node sends, with the source that the kernel chose', () => {
    expect(shown({ in: null, proto: 'udp', dst: '203.0.113.9', dport: 123 })).toMatch(
      /^ens5 {2}Out IP 192\.168\.45\.10\.\S+ > 203\.0\.113\.9\.123: UDP, length 0\n$/,
    );
  });

  it('shows lo once', () => {
    expect(shown({ in: null, proto: 'tcp', dst: '127.0.0.1', dport: 22 })).toMatch(
      /^lo {4}In {2}IP 127\.0\.0\.1\.\S+ > 127\.0\.0\.1\.22: [^\n]+\n$/,
    );
  });

  it('shows no interface by which nothing leaves, and what the node answers itself', () => {
    const text = shown({ in: 'ens5', proto: 'tcp', src: '192.168.61.33', dst: '192.168.45.10', dport: 22 });
    expect(text).toMatch(/^ens5 {2}In {2}IP [^\n]*\n$/);
    const refused = anOutcome({
      verdict: 'rejected',
      reject: { with: 'icmp-port-unreachable', to: '10.0.1.57' },
      steps: [{ kind: 'enter', device: 'eth1' }],
    });
    expect(renderTcpdump(aResult([refused]))).toBe(
      'eth1  In  IP 10.0.1.57.40000 > 203.0.113.9.443: Flags [S], seq 0, win 64240, length 0\n' +
        '# the node answers 10.0.1.57 with icmp-port-unreachable\n',
    );
    expect(renderTcpdump(aResult([anOutcome()]))).toBe('# no interface sees it\n');
  });

  it('words IPv6, with addresses that NAT has changed', () => {
    const steps = [
      { kind: 'enter', device: 'eth1' },
      {
        kind: 'nat',
        hook: 'PREROUTING',
        manip: 'dst',
        why: 'reply',
        by: null,
        changes: [change('dst', '[2001:db8::2]:80', '[2001:db8::3]:8080')],
      },
      { kind: 'send', device: 'e\u001bx', via: null },
    ] as const;
    const packet = {
      proto: 'tcp',
      src: '2001:db8::1',
      dst: '2001:db8::2',
      sport: 5,
      dport: 80,
      tcpFlags: ['ACK', 'PSH'],
    };
    expect(renderTcpdump(aResult([anOutcome({ steps })], { ...packet, length: 70 }))).toBe(
      'eth1  In  IP6 2001:db8::1.5 > 2001:db8::2.80: Flags [P.], seq 1:11, ack 1, win 64240, length 10\n' +
        'e\\u{1b}x   Out IP6 2001:db8::1.5 > 2001:db8::3.8080: Flags [P.], seq 1:11, ack 1, win 64240, length 10\n',
    );
  });
});
