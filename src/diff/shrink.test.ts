import { describe, expect, it } from 'vitest';
import { shrink, sizeOf } from './shrink.js';

describe('shrinking', () => {
  it('leaves out all that makes no difference', () => {
    const packet = {
      proto: 'udp',
      in: null,
      src: '10.0.0.1',
      dst: '10.0.0.2',
      dport: 53,
      mark: 5,
      ct: 'invalid',
    } as const;
    const smallest = shrink(packet, ({ mark }) => mark === 5);
    expect(smallest).toEqual({ proto: 'tcp', dst: '10.0.0.2', mark: 5, src: '10.0.0.1' });
    expect(sizeOf(smallest)).toBeLessThan(sizeOf(packet));
  });

  it('keeps a packet whole when every part of it matters', () => {
    const packet = { proto: 'tcp', in: 'eth0', src: '10.0.0.1', dst: '10.0.0.2', dport: 53 };
    expect(shrink(packet, () => false)).toEqual(packet);
  });
});
