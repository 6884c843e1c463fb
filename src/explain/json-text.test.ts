import { describe, expect, it } from 'vitest';
import { jsonLine, jsonSafe } from './json-text.js';

const ACTS =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\u{e0001}/u;

describe('a line of JSON', () => {
  it.each([
    ['an escape', '\u001b[31mred\u001b[0m'],
    ['a C1 control sequence', '\u009b31m'],
    ['bidirectional overrides', '\u202egnp.exe\u2066x\u2069'],
    ['zero-width characters', 'a\u200bb\ufeff'],
    ['a tag of plane 14', 'x\u{e0001}\u{e0041}'],
    ['line separators', 'a\u2028b\u2029c\n'],
    ['a delete', '\u007f'],
  ])('has %s as an escape, and means the same', (_name, text) => {
    const line = jsonLine({ [text]: [text] });
    expect(line.slice(0, -1)).not.toMatch(ACTS);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({ [text]: [text] });
  });

  it('leaves letters of every language as they are', () => {
    expect(jsonLine({ 이름: '한글 é 😀' })).toBe('{"이름":"한글 é 😀"}\n');
    expect(jsonSafe('{"a":1}\n{"b":2}\n')).toBe('{"a":1}\n{"b":2}\n');
  });
});
