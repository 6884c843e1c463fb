import { describe, expect, it } from 'vitest';
import { FORWARD, nodeOf, table } from '../../test/support/router.js';
import { type BatchLine, traceBatch } from './batch.js';

const NODE = nodeOf({ save: table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2') });
const BACK = {
  in: 'eth0',
  proto: 'tcp',
  src: '8.8.8.8',
  sport: 443,
  dst: '10.0.0.2',
  dport: 40000,
  tcpFlags: ['SYN', 'ACK'],
};

function told(line: BatchLine): string {
  if ('problems' in line) return `${line.id ?? '-'} ${line.problems.map((one) => one.code).join(' ')}`;
  const { id, outcomes } = line.result;
  return `${id ?? '-'} ${outcomes.map(({ verdict, final }) => `${verdict} ${final.dst ?? ''}`).join(' ')}`;
}

describe('a batch', () => {
  it('takes a flow by its steps, and answers in the order of the lines', () => {
    const lines = [
      { id: 'answer', flow: 'f', step: 2, ...BACK },
      { id: 'alone', ...BACK },
      { ...FORWARD, id: 'syn', flow: 'f', step: 1 },
    ];
    expect([...traceBatch(NODE, lines)].map(told)).toEqual([
      'answer forwarded 10.1.0.7',
      'alone delivered 10.0.0.2',
      'syn forwarded 8.8.8.8',
    ]);
  });

  it('keeps flows apart from each other', () => {
    const lines = [
      { ...FORWARD, id: 'a', flow: 'a' },
      { id: 'b', flow: 'b', ...BACK },
    ];
    expect([...traceBatch(NODE, lines)].map(told)).toEqual(['a forwarded 8.8.8.8', 'b delivered 10.0.0.2']);
  });

  describe('with a seed', () => {
    const half = nodeOf({
      save: table(
        'nat',
        [
          '-A POSTROUTING -m statistic --mode random --probability 0.5 -j SNAT --to-source 10.0.0.2',
          '-A POSTROUTING -j SNAT --to-source 10.0.0.3',
        ].join('\n'),
      ),
    });
    const sources = (seed: bigint | null, count: number): readonly string[] =>
      [
        ...traceBatch(
          half,
          Array.from({ length: count }, () => FORWARD),
          { seed },
        ),
      ].map((line) =>
        'problems' in line ? 'problem' : line.result.outcomes.map(({ final }) => final.src ?? '').join(' '),
      );

    it('draws one way for each packet, about as often as the rules say', () => {
      expect(new Set(sources(null, 3))).toEqual(new Set(['10.0.0.2 10.0.0.3']));
      const drawn = sources(7n, 400);
      const first = drawn.filter((one) => one === '10.0.0.2').length;
      expect(drawn.filter((one) => one === '10.0.0.3')).toHaveLength(400 - first);
      expect(first).toBeGreaterThan(150);
      expect(first).toBeLessThan(250);
    });

    it('draws the same for the same packet of the batch, whatever comes behind it', () => {
      expect(sources(7n, 100)).toEqual(sources(7n, 400).slice(0, 100));
      expect(sources(7n, 100)).not.toEqual(sources(8n, 100));
    });

    it('draws for each packet of a flow', () => {
      const flow = Array.from({ length: 60 }, (_, at) => ({ ...FORWARD, sport: 2000 + at, flow: 'f' }));
      const ways = [...traceBatch(half, flow, { seed: 1n })].map(told);
      expect(ways).toHaveLength(60);
      const ends = [...traceBatch(half, flow, { seed: 1n })].flatMap((line) =>
        'problems' in line ? [] : line.result.outcomes.map(({ final }) => final.src),
      );
      expect(ends).toHaveLength(60);
      expect(new Set(ends)).toEqual(new Set(['10.0.0.2', '10.0.0.3']));
    });
  });

  it('says everything that is wrong with a packet, and goes on', () => {
    const lines = [
      { id: 'bad', proto: 'tcpp', src: '1.2.3.4', dst: '10.0.0.256', sport: 70000 },
      { ...FORWARD, id: 'good' },
    ];
    expect([...traceBatch(NODE, lines)].map(told)).toEqual([
      'bad PKT_ADDRESS PKT_PROTOCOL PKT_NUMBER',
      'good forwarded 8.8.8.8',
    ]);
  });
});
