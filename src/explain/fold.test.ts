/** Outcomes that differ in what they assume alone are told as one. */
import { describe, expect, it } from 'vitest';
import { GONE, aResult, anOutcome, routed, aPolicyRule } from '../../test/support/result.js';
import type { Assumption, Outcome } from '../packet/result.js';
import { alike, numbersOf } from './fold.js';
import { renderSummary } from './summary.js';
import { renderText } from './text.js';

const unseen = (table: string, answer: string): Assumption => ({
  code: 'UNK_TABLE',
  params: { table, to: '203.0.113.9', answer },
  rule: null,
});
const assumed = (assumptions: readonly Assumption[], rest: Partial<Outcome> = {}): Outcome =>
  anOutcome({ probability: null, assumptions, ...rest });

const flat = (text: string): string => text.replace(/\s+/g, ' ');
const outBy = (iface: string | null, table: string, policyRule: number): Partial<Outcome> => ({
  egress: { iface, via: null, table, policyRule, route: null },
});

const fromMain = assumed([unseen('main', 'yes')], outBy(null, 'main', 32766));
const fromDefault = assumed([unseen('main', 'no'), unseen('default', 'yes')], outBy(null, 'default', 32767));
const nowhere = assumed([unseen('main', 'no'), unseen('default', 'no')], {
  ...GONE,
  verdict: 'unroutable',
  unroutable: { errno: 'ENETUNREACH' },
});

describe('outcomes that differ in what they assume alone', () => {
  it.each([renderSummary, renderText])('are one answer with what each assumes', (render) => {
    const text = render(aResult([fromMain, nowhere, fromDefault]));
    expect(text).toContain('3 OUTCOMES OF 2 KINDS');
    expect(text.match(/LEAVES/g)).toHaveLength(1);
    expect(flat(text)).toMatch(
      /\[1, 3\] assumed LEAVES .* EITHER table main, .*: yes OR table main, .*: no; table default, .*: yes/,
    );
    expect(flat(text)).toMatch(/\[2\] assumed NO ROUTE .* ASSUMES table main, .*: no/);
  });

  it('are told in Korean', () => {
    const text = flat(renderSummary(aResult([fromMain, nowhere, fromDefault]), { language: 'ko' }));
    expect(text).toContain('가능한 결과 3가지, 종류로는 2가지');
    expect(text).toMatch(/\[1, 3\] 가정 .* 다음 중 하나 .*main 테이블.*: 예 또는 .*main 테이블.*: 아니요/);
  });

  it('are said to be all alike where they are', () => {
    expect(renderSummary(aResult([fromMain, fromDefault]))).toContain('2 OUTCOMES, ALL ALIKE');
  });

  it('keep what only one of them gives as a reason, beside what the other gives', () => {
    const by = (priority: number): Partial<Outcome> => ({
      ...outBy(null, 'main', priority),
      steps: [{ ...routed('', '', aPolicyRule(priority)), route: null, device: null, via: null }],
    });
    const result = aResult([assumed([unseen('main', 'yes')], by(7)), assumed([unseen('main', 'no')], by(8))]);
    const told = flat(renderSummary(result));
    expect(told).toMatch(/why \? policy rule 7, .* why \? policy rule 8, /);
  });

  it('say once what all of them assume', () => {
    const third = (answer: string): Assumption => unseen('third', answer);
    const each = (answer: string): Outcome => assumed([third('yes'), unseen('main', answer)]);
    const other = { ...nowhere, assumptions: [third('no')] };
    const told = flat(renderSummary(aResult([each('yes'), each('no'), other])));
    expect(told).toMatch(/\[1-2\] .* ASSUMES table third, .*: yes EITHER table main, .*: yes OR table main/);
  });
});

describe('outcomes are told one by one', () => {
  const twice = (one: Partial<Outcome>, other: Partial<Outcome>): readonly Outcome[] => [
    assumed([unseen('main', 'yes')], one),
    assumed([unseen('main', 'no')], other),
  ];
  it.each([
    ['met other rules', twice({ path: ['filter:FORWARD:rule:1'] }, { path: ['filter:FORWARD:rule:2'] })],
    ['leave by a known device by other tables', twice(outBy('eth0', 'main', 9), outBy('eth0', 'x', 9))],
    ['leave by other devices', twice(outBy('eth0', 'main', 9), outBy(null, 'main', 9))],
    ['have other headers', twice({}, { final: { ...anOutcome().final, mark: '0x1' } })],
    ['are drawn', [anOutcome({ probability: 0.5 }), anOutcome({ probability: 0.5 })]],
    ['end elsewhere on the way back', twice({ reply: anOutcome() }, { reply: anOutcome({ path: ['x'] }) })],
    [
      'assume something of their own on the way back',
      twice({ reply: assumed([unseen('a', 'yes')]) }, { reply: assumed([unseen('a', 'no')]) }),
    ],
  ])('where they %s', (_why, outcomes) => {
    expect(alike(outcomes)).toHaveLength(2);
    expect(renderSummary(aResult(outcomes))).toContain('2 OUTCOMES\n');
  });
});

it('names the numbers of outcomes as runs', () => {
  const outcome = anOutcome();
  const numbered = [0, 1, 2, 4, 7, 8].map((index) => ({ index, outcome }));
  expect(numbersOf(numbered)).toBe('1-3, 5, 8-9');
});
