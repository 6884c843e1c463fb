/** Every finding in every language: it fits its width, and its parts stand in columns. */
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../src/explain/diagnostic.js';
import { en } from '../../src/explain/messages/en/index.js';
import { LANGUAGES, type MessageId, message, template } from '../../src/explain/messages/index.js';
import { widthOf } from '../../src/explain/width.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';

const ids = (Object.keys(en) as MessageId[]).filter((id) => typeof en[id] !== 'string');
const source = new SourceText('덤프/iptables-save.txt', '-A INPUT -m comment --comment "한글 주석" --bad\n');
const start = '-A INPUT -m comment --comment "한글 주석" '.length;

/** A finding whose parameters all have the text. */
function findingOf(code: MessageId, text: string): Diagnostic {
  const words = JSON.stringify(template(code));
  const names = [...words.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const params = Object.fromEntries(names.map((name) => [name, text]));
  return { code, severity: 'warning', span: { source, start, end: start + 5 }, params };
}

describe.each(LANGUAGES)('in %s', (language) => {
  it.each([20, 40, 80, 100])('at %i columns no line is wider', (width) => {
    for (const id of ids) {
      for (const text of ['x', '한글로 된 긴 이름 '.repeat(8), 'KUBE-SVC-'.repeat(30)]) {
        const lines = renderDiagnostics([findingOf(id, text)], { language, width }).split('\n');
        for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
      }
    }
  });

  it('the caret stands below the word, why and do in columns of their own', () => {
    const labels = [message('DIAG_WHY', {}, language), message('DIAG_DO', {}, language)];
    const column = 4 + Math.max(...labels.map(widthOf));
    for (const id of ids) {
      const lines = renderDiagnostics([findingOf(id, 'x')], { language, width: 1000 }).split('\n');
      const at = lines.findIndex((line) => line.includes('--> '));
      const [shown = '', caret = '', why = '', act = ''] = lines.slice(at + 1);
      expect(widthOf(caret.slice(0, caret.indexOf('^')))).toBe(
        widthOf(shown.slice(0, shown.indexOf('--bad'))),
      );
      for (const [line, label = ''] of [
        [why, labels[0]],
        [act, labels[1]],
      ] as const) {
        expect(line.startsWith(`  ${label}`), line).toBe(true);
        const rest = line.slice(2 + label.length);
        expect(2 + widthOf(label) + rest.length - rest.trimStart().length, line).toBe(column);
      }
    }
  });
});
