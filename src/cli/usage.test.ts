/** Which words of a command line a mistake is shown under. */
import { describe, expect, it } from 'vitest';
import { plain } from '../explain/colour.js';
import { UsageError, renderUsage } from './usage.js';

/** The words above the carets. */
function underlined(option: string, argv: readonly string[]): string | null {
  const error = new UsageError([{ code: 'USAGE_RULE_FORM', params: { text: 'x' }, option }]);
  const lines = renderUsage(error, argv, plain, 'en', 200).split('\n');
  const at = lines.findIndex((line) => /^ +\| +\^+$/.test(line));
  if (at < 0) return null;
  const carets = lines[at] ?? '';
  return (lines[at - 1] ?? '').slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1);
}

describe('a mistake in the command line', () => {
  it.each([
    ['nat/X:1', ['trace', 'n', '--without', 'nat/X:1', '-o', 'summary'], 'nat/X:1'],
    ['nat/X:1', ['trace', 'n', '--without=nat/X:1', '-o', 'summary'], 'nat/X:1'],
    ['nat/X:1', ['why', 'n', 'nat/X:1', '--to', '1.2.3.4'], 'nat/X:1'],
    ['', ['trace', 'n', '--without', '', '-o', 'summary'], "''"],
    ['--lang', ['trace', 'n', '--lang', 'fr', '-o', 'summary'], 'fr'],
    ['--lang', ['trace', 'n', '--lang=fr', '-o', 'summary'], 'fr'],
    ['--output', ['trace', 'n', '-o', 'foo', '--reply'], 'foo'],
    ['--output', ['trace', 'n', '-ofoo', '--reply'], 'foo'],
    ['--output', ['trace', 'n', '--output', 'foo', '--reply'], 'foo'],
    ['--level', ['trace', 'n', '-v', 'foo', '--reply'], 'foo'],
    ['--reply', ['trace', 'n', '--reply', '--batch', 'b'], '--reply'],
    ['--seed', ['trace', 'n', '--reply'], null],
  ])('about %j of %j is shown under %j', (option, argv, word) => {
    expect(underlined(option, argv)).toBe(word);
  });
});
