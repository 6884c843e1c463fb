import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Session } from '../../engine/session.js';
import { unpack } from '../../engine/unpack.js';
import type { LegView } from '../../shared/walk.js';
import { knownIn, stepsInChain, stretchesOf, tokensIn, tokensOfStep } from './tokens.js';

let leg: LegView;
beforeAll(async () => {
  const folder = 'examples/eks-node';
  const files = readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(`${folder}/${name}`, 'utf8'),
  }));
  const session = new Session('node', await unpack(files, () => undefined), null, '');
  const rest = { in: '', mark: '', tcpFlags: '', icmp: '', ttl: '', uid: '', ct: '' };
  const packet = { from: '192.168.61.33', to: '8.8.8.8:443', proto: 'tcp', ...rest };
  const answer = session.trace({ packet, settled: [], pick: null, edits: [], flow: false }, 'en');
  const found = answer.kind === 'walk' ? answer.walk.outcomes[0]?.legs[0] : undefined;
  if (found === undefined) throw new Error(JSON.stringify(answer));
  leg = found;
});

const NONE: ReadonlySet<string> = new Set();
const words = (text: string, known = NONE): readonly string[] =>
  tokensIn(text, known).map((token) => text.slice(token.start, token.end));

describe('tokens of a text', () => {
  it.each([
    ['-d 10.0.0.0/16 -j SNAT --to-source 10.0.1.10:1024-65535', ['10.0.0.0/16', '10.0.1.10']],
    ['[2001:db8::5]:443 > fd00::1', ['2001:db8::5', 'fd00::1']],
    ['fwmark 0x80/0x80 -> main', ['0x80', '0x80']],
    ['jump KUBE-SVC-ERIFXISQEP7F7OF4 in nat PREROUTING', ['KUBE-SVC-ERIFXISQEP7F7OF4', 'PREROUTING']],
    ['iptables-save.txt:81 at 12:34, 1.2.3', []],
    ['x10.0.0.1 10.0.0.1.5', []],
  ])('%s', (text, wanted) => {
    expect(words(text)).toEqual(wanted);
  });

  it('are names of the walk only where the walk has them', () => {
    expect(words('out ens5 via nothing')).toEqual([]);
    expect(words('out ens5, lo', new Set(['ens5']))).toEqual(['ens5']);
    expect(words('ens50 and my-ens5', new Set(['ens5']))).toEqual([]);
  });

  it('do not take long over hostile texts', () => {
    const began = performance.now();
    for (const part of ['1.', 'a:', '0:0:', 'A-', '0x', '::'])
      tokensIn(part.repeat(20_000), new Set(['ens5']));
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('a token of a walk', () => {
  it('is in the fields of the packet from one step to another', () => {
    const known = knownIn(leg);
    expect(stretchesOf('192.168.61.33', leg, known)).toEqual([{ field: 'src', from: 0, to: 21 }]);
    expect(stretchesOf('0x80', leg, known)).toEqual([
      { field: 'mark', from: 8, to: 23 },
      { field: 'ctmark', from: 7, to: 23 },
    ]);
    expect(stretchesOf('ens5', leg, known)).toEqual([{ field: 'out', from: 10, to: 23 }]);
    expect(stretchesOf('9.9.9.9', leg, known)).toEqual([]);
  });

  it('is a chain in some steps', () => {
    expect(stepsInChain('AWS-SNAT-CHAIN-0', leg)).toEqual([22]);
  });

  it('is what its step is about', () => {
    const step = leg.steps[9];
    expect(step === undefined ? [] : tokensOfStep(step, knownIn(leg))).toEqual([
      '0x80',
      'ens5',
      '192.168.32.1',
    ]);
  });
});
