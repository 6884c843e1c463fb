import { describe, expect, it } from 'vitest';
import { sanitize } from './sanitize.js';

describe('sanitize', () => {
  it('makes control characters and escapes visible', () => {
    expect(sanitize('a\u001b[31mb')).toBe('a\\u{1b}[31mb');
    expect(sanitize('a\r\nb\u0000c\u009bd')).toBe('a\\u{d}\\u{a}b\\u{0}c\\u{9b}d');
  });

  it('makes bidirectional overrides, zero-width characters and tags visible', () => {
    expect(sanitize('\u202eevil\u2066x')).toBe('\\u{202e}evil\\u{2066}x');
    expect(sanitize('a\u200bb\ufeff')).toBe('a\\u{200b}b\\u{feff}');
    expect(sanitize('\u{e0041}')).toBe('\\u{e0041}');
    expect(sanitize('\u2028\ud800')).toBe('\\u{2028}\\u{d800}');
  });

  it('leaves text of every script as it is', () => {
    const text = 'default/web → 한글 漢字 é 🙂 "quoted" \\ back';
    expect(sanitize(text)).toBe(text);
  });

  it('turns a tab into a blank', () => {
    expect(sanitize('a\tb')).toBe('a b');
  });
});
