import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPacket, parsePacket } from '../../test/kernel/adapter/wire.js';
import { scene } from '../../test/support/view.js';
import { PacketBytes } from './packet-bytes.js';

const sample = fc.record({
  family: fc.constantFrom<4 | 6>(4, 6),
  proto: fc.constantFrom(1, 6, 17, 58, 132, 136, 50),
  sport: fc.integer({ min: 1, max: 65535 }),
  dport: fc.integer({ min: 1, max: 65535 }),
  ttl: fc.integer({ min: 0, max: 255 }),
  tos: fc.integer({ min: 0, max: 255 }),
  length: fc.integer({ min: 84, max: 200 }),
  icmpId: fc.integer({ min: 0, max: 65535 }),
});

describe('the bytes of a packet', () => {
  it('are those of a packet that is built from the same description', () => {
    fc.assert(
      fc.property(sample, ({ family, proto, sport, dport, ttl, tos, length, icmpId }) => {
        const [src, dst] = family === 4 ? ['10.1.2.3', '192.0.2.7'] : ['2001:db8::1', 'fd00::7:8'];
        const type = family === 4 ? 8 : 128;
        const echo = proto === (family === 4 ? 1 : 58);
        const ports = [6, 17, 132, 136].includes(proto);
        const built = buildPacket(
          {
            in: 'eth0',
            proto,
            src,
            dst,
            ttl,
            tos,
            length,
            ...(ports ? { sport, dport } : {}),
            ...(echo ? { icmpType: type, icmpId } : {}),
          },
          { seq: 1, ack: 2 },
        );
        const words = [
          `src=${src} dst=${dst} proto=${String(proto)} ttl=${String(ttl)} tos=${String(tos)} length=${String(length)}`,
          ports ? `sport=${String(sport)} dport=${String(dport)}` : '',
          echo ? `icmp=${String(type)}/0 icmp-id=${String(icmpId)}` : '',
        ].join(' ');
        const bytes = new PacketBytes(scene(words).packet);
        expect([bytes.shortest, bytes.longest]).toEqual([built.length, built.length]);
        let known = 0;
        for (const [at, byte] of built.entries()) {
          const { within, bits } = bytes.read(at, 1);
          expect([within, bits.value]).toEqual([true, byte & ~bits.unknown]);
          if (bits.unknown === 0) known += 1;
        }
        expect(known).toBeGreaterThan(family === 4 ? 14 : 36);
        expect(bytes.read(built.length - 1, 2).within).toBe(false);
        expect(parsePacket(built)?.ttl).toBe(bytes.read(family === 4 ? 8 : 7, 1).bits.value);
      }),
    );
  });

  it('of addresses that are drawn are known as far as all of them agree', () => {
    const bytes = new PacketBytes(scene('src=2001:db8::1:0-2001:db8::1:ff').packet);
    expect(bytes.read(20, 4).bits).toEqual({ value: 0x10000, unknown: 0xff });
    expect(bytes.read(16, 4).bits).toEqual({ value: 0, unknown: 0 });
    const wide = new PacketBytes(scene('src=2001:db8::-2001:db8:ffff::').packet);
    expect(wide.read(12, 4).bits).toEqual({ value: 0, unknown: 0xffffffff });
    expect(wide.read(16, 4).bits.unknown).toBe(0xffffffff);
  });
});
