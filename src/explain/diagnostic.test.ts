import { describe, expect, it } from 'vitest';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import { SourceText, type Span } from '../source/source.js';
import { SHOWN, renderDiagnostics, sortDiagnostics } from './diagnostic.js';
import { widthOf } from './width.js';

function spanOf(source: SourceText, part: string): Span {
  const start = source.text.indexOf(part);
  return { source, start, end: start + part.length };
}

function one(text: string, part: string): string {
  const found = new Diagnostics();
  found.warn('BATCH_LINE', spanOf(new SourceText('save.txt', text), part), {
    line: 3,
    reason: 'it is not JSON',
  });
  return renderDiagnostics(found.list);
}

describe('a finding', () => {
  it('says code, place, line with caret, why and what to do', () => {
    expect(one('first\n-A INPUT -m conntrack --ctstat NEW -j ACCEPT\n', '--ctstat')).toMatchInlineSnapshot(`
      "warning BATCH_LINE  line 3 is not a packet: it is not JSON
        --> save.txt:2:23
         2 | -A INPUT -m conntrack --ctstat NEW -j ACCEPT
           |                       ^^^^^^^^
        why  a packet line is a JSON object with at least proto and dst
        do   write {"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9","dport":443}
      "
    `);
  });

  it('puts the caret under the word by display width', () => {
    const [, , line = '', caret = ''] = one('-A X -m comment --comment "한글 주석" --bad\n', '--bad').split(
      '\n',
    );
    expect(widthOf(caret.slice(0, caret.indexOf('^')))).toBe(widthOf(line.slice(0, line.indexOf('--bad'))));
  });

  it('keeps the marked part of a very long line in sight', () => {
    const text = one(`${'a '.repeat(500_000)}HERE ${'b '.repeat(500_000)}`, 'HERE');
    const lines = text.split('\n');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(100);
    const [, , line = '', caret = ''] = lines;
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('marks one cell at the end of a line, and never leaves the frame', () => {
    const source = new SourceText('x', 'abc\n');
    const text = renderDiagnostics([
      { code: 'BATCH_LINE', severity: 'error', span: { source, start: 3, end: 4 }, params: {} },
    ]);
    expect(text.split('\n')[3]).toBe('     |    ^');
  });

  it('shows no control character of a dump', () => {
    expect(one('abc \u001b[2Jdef BAD', 'BAD')).not.toContain('\u001b');
  });

  it('shows an id without words with its parameters', () => {
    const list: Diagnostic[] = [{ code: 'XX_NEW', severity: 'warning', span: null, params: { a: 1 } }];
    expect(renderDiagnostics(list)).toBe('warning XX_NEW  XX_NEW (a=1)\n');
  });

  it('shows the related place as a second frame', () => {
    const source = new SourceText('a.txt', 'one\ntwo\n');
    const found = new Diagnostics();
    found.error('BATCH_LINE', spanOf(source, 'two'), {}, spanOf(source, 'one'));
    expect(renderDiagnostics(found.list)).toContain('see also\n  --> a.txt:1:1');
  });
});

describe('many findings', () => {
  const a = new SourceText('a.txt', 'one\ntwo\n');
  const b = new SourceText('b.txt', 'one\n');

  it('come by file and place, those of the whole snapshot last', () => {
    const found = new Diagnostics();
    found.warn('C1', null);
    found.warn('C2', spanOf(b, 'one'));
    found.warn('C3', spanOf(a, 'two'));
    found.warn('C4', spanOf(a, 'one'));
    expect(sortDiagnostics(found.list).map((one) => one.code)).toEqual(['C4', 'C3', 'C2', 'C1']);
  });

  it('are counted after the first twenty', () => {
    const found = new Diagnostics();
    for (let i = 0; i < SHOWN + 3; i += 1) found.warn(`C${String(i)}`, null);
    const text = renderDiagnostics(found.list);
    expect(text.match(/^warning/gm)).toHaveLength(SHOWN);
    expect(text.trimEnd().endsWith('and 3 more findings')).toBe(true);
  });

  it('are nothing when there are none', () => {
    expect(renderDiagnostics([])).toBe('');
  });
});
