import { describe, expect, it } from 'vitest';
import { cutEnd, cutMiddle, padEnd, padStart, widthOf, wrap } from './width.js';

describe('display width', () => {
  it('counts Hangul, kana, CJK and fullwidth forms as two cells', () => {
    expect(widthOf('불일치')).toBe(6);
    expect(widthOf('カナ')).toBe(4);
    expect(widthOf('漢字')).toBe(4);
    expect(widthOf('Ａ')).toBe(2);
    expect(widthOf('🙂')).toBe(2);
  });

  it('counts combining marks and joiners as none, conjoining jamo as one syllable', () => {
    expect(widthOf('e\u0301')).toBe(1);
    expect(widthOf('a\u200db')).toBe(2);
    expect(widthOf('\u1112\u1161\u11ab')).toBe(2);
  });

  it('counts ambiguous characters as one', () => {
    expect(widthOf('→─│…')).toBe(4);
  });

  it('measures a Korean sentence as a terminal does', () => {
    expect(widthOf('불일치 이유: 목적지가 로컬 주소가 아님')).toBe(38);
  });
});

describe('padding and cutting', () => {
  it('pads to cells, not to characters', () => {
    expect(padEnd('한글', 6)).toBe('한글  ');
    expect(padStart('한', 4)).toBe('  한');
    expect(padEnd('longer', 3)).toBe('longer');
  });

  it('cuts the end with three ASCII dots', () => {
    expect(cutEnd('abcdefghij', 8)).toBe('abcde...');
    expect(cutEnd('abc', 3)).toBe('abc');
    expect(cutEnd('가나다라마', 8)).toBe('가나...');
    expect(widthOf(cutEnd('가나다라마', 8))).toBeLessThanOrEqual(8);
  });

  it('cuts the middle of a chain name and keeps both its ends', () => {
    expect(cutMiddle('KUBE-SVC-ERIFXISQEP7F7OF4', 20)).toBe('KUBE-SVC-ERI...F7OF4');
    expect(cutMiddle('KUBE-SVC', 20)).toBe('KUBE-SVC');
  });

  it('wraps at words and cuts a word that is wider than the line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    for (const line of wrap(`a ${'x'.repeat(300)} b`, 20)) expect(widthOf(line)).toBeLessThanOrEqual(20);
    expect(wrap('', 10)).toEqual([]);
  });
});
