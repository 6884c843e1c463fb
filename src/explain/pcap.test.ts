import { describe, expect, it } from 'vitest';
import { parsePacket } from '../../test/kernel/adapter/wire.js';
import { nodeOf } from '../../test/support/node.js';
import { readPcapng } from '../../test/support/pcapng.js';
import { aResult, anOutcome } from '../../test/support/result.js';
import type { PacketInput } from '../packet/result.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import { crc32c, internetChecksum } from './checksums.js';
import { renderPcap } from './pcap.js';

const node = nodeOf('examples/eks-node');
const pod = '192.168.61.33';
const far = '203.0.113.9';

function captured(packet: PacketInput, options: TraceOptions = {}): ReturnType<typeof readPcapng> {
  return readPcapng(renderPcap(trace(node, packet, options)));
}

/** The IP packet of a frame, read by the tests' own parser. */
const header = (frame: Uint8Array): ReturnType<typeof parsePacket> =>
  parsePacket(Buffer.from(frame.subarray(14)));

describe('a walk as a capture', () => {
  it('has the packet at each interface with the addresses that it has there', () => {
    const [section] = captured({ proto: 'tcp', src: pod, dst: far, dport: 443 }, { reply: true });
    expect(section?.devices).toEqual(['enia7cc107bbb9', 'ens5']);
    const seen = section?.packets.map(({ device, direction, bytes }) => {
      const { src, sport, dst, dport, tcpFlags, ttl } = header(bytes) ?? {};
      return [device, direction, src, sport, dst, dport, tcpFlags?.join(), ttl];
    });
    expect(seen).toEqual([
      ['enia7cc107bbb9', 'In', pod, 40000, far, 443, 'SYN', 64],
      ['ens5', 'Out', '192.168.45.10', 1024, far, 443, 'SYN', 63],
      ['ens5', 'In', far, 443, '192.168.45.10', 1024, 'SYN,ACK', 64],
      ['enia7cc107bbb9', 'Out', far, 443, pod, 40000, 'SYN,ACK', 63],
    ]);
    expect(section?.packets.map(({ comment }) => comment)).toEqual([
      ...[null, 'sport: the kernel draws one of 1024-65535'],
      ...['dport: the kernel draws one of 1024-65535', null],
    ]);
  });

  it.each([
    ['tcp', { proto: 'tcp', dport: 443, length: 61 }, 16],
    ['udp', { proto: 'udp', dport: 53, length: 99 }, 6],
    ['icmp', { proto: 'icmp', icmpType: 8, icmpId: 7, length: 84 }, 2],
  ] as const)('has real checksums and the length that was asked for: %s', (_name, part, at) => {
    const [section] = captured({ src: pod, dst: far, ...part });
    expect(section?.packets).toHaveLength(2);
    for (const { bytes } of section?.packets ?? []) {
      const ip = bytes.subarray(14);
      expect(ip).toHaveLength(part.length);
      // Over data that has its own checksum in it, the sum is 0.
      expect(internetChecksum(ip.subarray(0, 20))).toBe(0);
      const body = ip.subarray(20);
      const pseudo = new Uint8Array([...ip.subarray(12, 20), 0, ip[9] ?? 0, 0, body.length]);
      expect(internetChecksum(...(part.proto === 'icmp' ? [] : [pseudo]), body)).toBe(0);
      expect([body[at], body[at + 1]]).not.toEqual([0, 0]);
    }
  });

  it('seals IPv6 with its pseudo header, and marks its frames so', () => {
    const packet = { proto: 'icmpv6', src: '2001:db8::1', dst: '2001:db8::2', icmpType: 128, icmpId: 7 };
    const steps = [{ kind: 'enter', device: 'eth1' } as const];
    const [section] = readPcapng(renderPcap(aResult([anOutcome({ steps })], packet)));
    const frame = section?.packets[0]?.bytes ?? new Uint8Array(0);
    expect([...frame.subarray(12, 14)]).toEqual([0x86, 0xdd]);
    const pseudo = new Uint8Array([...frame.subarray(22, 54), 0, 0, 0, 8, 0, 0, 0, 58]);
    expect(internetChecksum(pseudo, frame.subarray(54))).toBe(0);
    expect(header(frame)).toMatchObject({ src: '2001:db8::1', icmpType: 128, icmpId: 7 });
  });

  it('seals SCTP with CRC-32C', () => {
    // RFC 3720, B.4: 32 bytes of zeros.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    const [section] = captured({ proto: 'sctp', src: pod, dst: far, dport: 80 });
    const body = Uint8Array.from(section?.packets[0]?.bytes.subarray(34) ?? []);
    const sum = new DataView(body.buffer).getUint32(8, true);
    body.fill(0, 8, 12);
    expect(sum).toBe(crc32c(body));
  });

  it('has a section for each outcome, and nothing of a name that acts on a terminal', () => {
    const steps = [{ kind: 'enter', device: 'e\u001b[2J' } as const];
    const two = [anOutcome({ probability: 0.5, steps }), anOutcome({ probability: 0.5, steps: [] })];
    const sections = readPcapng(renderPcap({ ...aResult(two), id: 'p1' }));
    expect(sections.map(({ comment, devices }) => [comment, devices])).toEqual([
      ['packet p1, outcome 1 of 2, probability 0.5', ['e\\u{1b}[2J']],
      ['packet p1, outcome 2 of 2, probability 0.5', []],
    ]);
  });
});
