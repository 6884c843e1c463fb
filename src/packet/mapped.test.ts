import { describe, expect, it } from 'vitest';
import { filesOf } from '../../test/facts/node.js';
import { loadNode } from '../snapshot/load.js';
import type { PacketInput } from './result.js';
import { trace } from './trace.js';

const node = loadNode(
  'node',
  Object.entries(filesOf({}, 4, 'legacy')).map(([name, text]) => ({ name, text })),
);

/** Who the packet is from and to in the end, and what it hangs on. */
function ways(input: Partial<PacketInput>): readonly unknown[] {
  const { outcomes } = trace(node, { proto: 'udp', sport: 5, dst: '::ffff:10.1.0.9', dport: 7, ...input });
  return outcomes.map(({ verdict, egress, final, unroutable, assumptions }) => [
    ...[verdict, egress?.iface ?? unroutable?.errno, final.src],
    assumptions.some(({ code }) => code === 'UNK_V6ONLY'),
  ]);
}

describe('a packet of an IPv6 socket to an IPv4 address', () => {
  it('is IPv4, or the socket is for IPv6 alone', () => {
    const open = [
      ['unroutable', 'ENETUNREACH', '0.0.0.0', true],
      ['sent', 'eth1', '10.1.0.1', true],
    ];
    expect(ways({})).toEqual(open);
    expect(ways({ in: null })).toEqual(open);
    expect(ways({ proto: 'tcp' })).toEqual(open);
  });

  it('takes its source for an address of the node where it is one', () => {
    expect(ways({ src: '::ffff:10.2.0.1' })).toContainEqual(['sent', 'eth1', '10.2.0.1', true]);
    expect(ways({ in: null, src: '::ffff:10.9.9.9' })).toEqual([
      ['unroutable', 'EADDRNOTAVAIL', '10.9.9.9', false],
    ]);
  });

  it('is refused from an IPv6 address', () => {
    expect(ways({ src: 'fd00:a::1' })).toEqual([['unroutable', 'ENETUNREACH', 'fd00:a::1', false]]);
  });

  it('is IPv6 where it is of a raw socket, a segment of a connection, or comes in', () => {
    expect(ways({ proto: 99, src: 'fd00:a::1' })).toMatchObject([['sent', 'eth0', 'fd00:a::1', false]]);
    expect(ways({ proto: 'tcp', tcpFlags: ['ACK'], src: 'fd00:a::1' })).toMatchObject([
      ['sent', 'eth0', 'fd00:a::1', false],
    ]);
    expect(ways({ in: 'eth1', src: 'fd00:b::7' })).toMatchObject([['forwarded', 'eth0', 'fd00:b::7', false]]);
    expect(ways({ in: 'eth1', src: '::ffff:10.1.0.7' })).toMatchObject([
      ['forwarded', 'eth0', '::ffff:10.1.0.7', false],
    ]);
  });

  it('may have no uncompressed or other form of the address', () => {
    expect(ways({ dst: '0:0:0:0:0:ffff:a01:9' })).toEqual(ways({}));
    expect(ways({ dst: '::10.1.0.9' })).toMatchObject([['sent', 'eth0', 'fd00:a::1', false]]);
  });
});
