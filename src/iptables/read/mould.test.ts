/** Rules that are made of a sample of their shape are those that are read by their words. */
import { expect, it } from 'vitest';
import { SourceText } from '../../source/source.js';
import { printRuleBody } from '../print.js';
import { canonicalWords } from './canonical.js';
import { ChainNumbers } from './chain-numbers.js';
import { Mould } from './mould.js';
import type { RuleParts } from './rule-draft.js';
import { RuleReader } from './rule-reader.js';
import { Shapes } from './shapes.js';
import { Words } from './words.js';

const DECLARED = ':A - [0:0]\n:KUBE-SEP-B - [0:0]\n';

interface Cast {
  readonly mould: Mould | null;
  /** What the mould makes of the second rule, and what its words say. */
  readonly made: RuleParts | null;
  readonly read: RuleParts;
}

function cast(sample: string, other: string, family: 4 | 6): Cast {
  const text = `${DECLARED}${sample}\n${other}\n`;
  const reader = new RuleReader(family);
  const words = new Words(new SourceText('s', text).text);
  const shapes = new Shapes(text, family, new ChainNumbers(text, [0, DECLARED.indexOf(':', 1)]));
  const [start, next] = [DECLARED.length, DECLARED.length + sample.length + 1];
  expect(canonicalWords(words, start, next - 1)).toBe(true);
  const parts = reader.read(words, 1, () => false);
  const target = parts.action.kind === 'chain' ? 1 : -1;
  const shape = shapes.learn(words, 0, next - 1, { kind: 0, target });
  const mould = Mould.of(words, shape, parts, family);
  // Nothing but what is of the shape is ever cast.
  expect(shapes.find(next + '-A A'.length, text.length - 1)).toBe(shape);
  const made = mould?.cast(next + '-A A'.length, text.length - 1) ?? null;
  expect(canonicalWords(words, next, text.length - 1)).toBe(true);
  return { mould, made, read: reader.read(words, 1, () => false) };
}

const bodyOf = ({ headers, matches, action }: RuleParts): string => {
  const [header] = headers;
  if (header === undefined) throw new Error('no header');
  return printRuleBody({ header, matches, action });
};

it.each([
  [4, '-s 10.0.0.1/32 -j KUBE-SEP-B', '-s 10.0.0.2/32 -j A'],
  [4, '! -s 10.0.0.1/32 -d 10.0.0.1/32 -i e0 -g KUBE-SEP-B', '! -s 192.0.2.200/32 -d 255.255.255.255/32 -i e0 -g A'],
  [6, '-d fd00::1/128 -p tcp -m tcp --dport 80 -j KUBE-SEP-B', '-d fd00::2/128 -p tcp -m tcp --dport 443 -j A'],
  [4, '-p tcp -m comment --comment "a b" -m tcp -j DNAT --to-destination 10.0.0.1:80', '-p tcp -m comment --comment c -m tcp -j DNAT --to-destination 10.0.0.2:8080'],
  [6, '-p tcp -m tcp -j DNAT --to-destination [fd00::1]:80', '-p tcp -m tcp -j DNAT --to-destination [fd00::2]:8080'],
  [4, '-m comment --comment "a -> b" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-B', '-m comment --comment "c -> d" -m statistic --mode random --probability 0.33333333349 -j A'],
  [4, '-p tcp -m tcp ! --sport 80', '-p tcp -m tcp ! --sport 443'],
  [4, '-m recent --rcheck --seconds 10800 --reap --name B --mask 255.255.255.255 --rsource -j KUBE-SEP-B', '-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-C --mask 255.255.255.255 --rsource -j A'],
] as const)('IPv%i: %s makes %s', (family, sample, other) => {
  const { mould, made, read } = cast(`-A A ${sample}`, `-A A ${other}`, family);
  expect(mould).not.toBeNull();
  if (made === null) throw new Error('not made');
  expect(bodyOf(made)).toBe(bodyOf(read));
  expect(bodyOf(made)).toBe(other);
  expect({ ...made, matches: [], action: null }).toEqual({ ...read, matches: [], action: null });
}); // prettier-ignore

it('does not make rules of which one match has two values', () => {
  const form = (from: number, to: number): string =>
    `-A A -p tcp -m tcp --sport ${String(from)} --dport ${String(to)}`;
  expect(cast(form(1, 2), form(3, 4), 4).mould).toBeNull();
});

it('gives rules of one comment one match', () => {
  const line = (address: string): string => `-A A -s ${address}/32 -m comment --comment "a b"`;
  const text = `${DECLARED}${line('10.0.0.1')}\n`;
  const words = new Words(text);
  canonicalWords(words, DECLARED.length, text.length - 1);
  const parts = new RuleReader(4).read(words, 1, () => false);
  const shapes = new Shapes(text, 4, new ChainNumbers(text, [0]));
  const mould = Mould.of(words, shapes.learn(words, 0, text.length - 1, { kind: 0, target: -1 }), parts, 4);
  const from = DECLARED.length + '-A A'.length;
  const [one, two] = [mould?.cast(from, text.length - 1), mould?.cast(from, text.length - 1)];
  expect(one?.matches).toHaveLength(1);
  expect(one?.matches[0]).toBe(two?.matches[0]);
});
