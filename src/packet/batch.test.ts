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
