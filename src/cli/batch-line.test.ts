import { describe, expect, it } from 'vitest';
import { BadLine, readBatchLine } from './batch-line.js';

describe('a batch line', () => {
  it('is a packet', () => {
    const line =
      '{"id":"p1","in":null,"proto":"udp","src":"10.0.0.1","dst":"10.0.0.2","dport":53,"mark":"0x80","tcpFlags":["SYN"],"note":"mine"}';
    expect(readBatchLine(line)).toEqual({
      id: 'p1',
      in: null,
      proto: 'udp',
      src: '10.0.0.1',
      dst: '10.0.0.2',
      dport: 53,
      mark: '0x80',
      tcpFlags: ['SYN'],
    });
  });

  it('may say null for what it leaves out, but null is a device', () => {
    expect(readBatchLine('{"proto":6,"dst":"::1","src":null,"in":null}')).toEqual({
      proto: 6,
      dst: '::1',
      in: null,
    });
  });

  it('may have numbers for names', () => {
    expect(readBatchLine('{"id":7,"flow":3,"proto":6,"dst":"::1"}')).toEqual({
      id: '7',
      flow: '3',
      proto: 6,
      dst: '::1',
    });
  });

  it('may carry the packet that an ICMP error is about', () => {
    expect(
      readBatchLine('{"proto":"icmp","dst":"1.1.1.1","inner":{"proto":"udp","dst":"2.2.2.2"}}'),
    ).toMatchObject({ inner: { proto: 'udp', dst: '2.2.2.2' } });
  });

  it.each([
    ['{', 'it is not JSON'],
    ['[]', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['{"id":"a","dst":"1.1.1.1"}', '"proto" is missing'],
    ['{"proto":6}', '"dst" is missing'],
    ['{"proto":6,"dst":1}', '"dst" must be text'],
    ['{"proto":6,"dst":"1.1.1.1","dport":"x"}', '"dport" must be a whole number'],
    ['{"proto":6,"dst":"1.1.1.1","dport":1.5}', '"dport" must be a whole number'],
    ['{"proto":6,"dst":"1.1.1.1","in":4}', '"in" must be text or null'],
    ['{"proto":6,"dst":"1.1.1.1","tcpFlags":"SYN"}', '"tcpFlags" must be a list of names'],
    ['{"proto":6,"dst":"1.1.1.1","inner":[]}', '"inner" must be an object'],
    ['{"proto":6,"dst":"1.1.1.1","inner":{}}', 'inner: "proto" is missing'],
    ['{"__proto__":{"proto":6},"dst":"1.1.1.1"}', '"proto" is missing'],
  ])('%s is refused', (line, reason) => {
    const read = readBatchLine(line);
    expect(read).toBeInstanceOf(BadLine);
    expect(read).toMatchObject({ reason });
  });

  it('keeps its id when it is refused', () => {
    expect(readBatchLine('{"id":"a","dst":"1.1.1.1"}')).toMatchObject({ id: 'a' });
  });
});
