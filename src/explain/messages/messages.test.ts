import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from './en/index.js';
import { describe as words, fill, finding, isMessageId, mentions, message } from './index.js';

const folder = join(import.meta.dirname, 'en');
const catalogues = readdirSync(folder).filter((name) => name !== 'index.ts');

describe('the English catalogue', () => {
  it('joins every file of its folder', () => {
    const index = readFileSync(join(folder, 'index.ts'), 'utf8');
    for (const name of catalogues) expect(index).toContain(`from './${name.replace(/\.ts$/, '.js')}'`);
  });

  it('has no id twice', () => {
    const ids = catalogues.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, id]) => id),
    );
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect([...ids].sort()).toEqual(Object.keys(en).sort());
  });

  it('has the three parts in every finding, none of them empty', () => {
    for (const entry of Object.values(en)) {
      const parts = typeof entry === 'string' ? [entry] : [entry.text, entry.why, entry.do];
      for (const part of parts) expect(part.trim()).not.toBe('');
    }
  });
});

/** Everything that code emits under a catalogue's prefix, by file. */
function emitted(): Map<string, string> {
  const source = join(import.meta.dirname, '../..');
  const codes = new Map<string, string>();
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      !name.endsWith('.test.ts') &&
      !name.includes('messages') &&
      !name.endsWith('colour.ts'),
  );
  for (const name of files) {
    const text = readFileSync(join(source, name), 'utf8');
    for (const [, code = ''] of text.matchAll(
      /'((?:ASM|BATCH|NAMES?|NO|NODE|PKT|PR|READ|RULE|UNK|USAGE|VAL)_[A-Z0-9_]+)'/g,
    ))
      codes.set(code, name);
  }
  return codes;
}

describe('ids', () => {
  it('that code emits have words', () => {
    expect([...emitted()].filter(([code]) => !isMessageId(code))).toEqual([]);
  });
});

describe('message', () => {
  it('fills its placeholders in', () => {
    expect(message('RULE_NAME', { table: 'nat', chain: 'X', number: 2 })).toBe('nat X rule 2');
  });

  it('leaves a placeholder without parameter, and takes no parameter from the prototype', () => {
    expect(fill('{a} {constructor} {__proto__}', { a: 1 })).toBe('1 {constructor} {__proto__}');
  });

  it('does not fill in what a parameter holds', () => {
    expect(fill('{a}{b}', { a: '{b}', b: '$&' })).toBe('{b}$&');
  });

  it('shows what has no words by its id', () => {
    expect(words('NOPE', { x: 1, y: 'z' })).toBe('NOPE (x=1, y=z)');
    expect(isMessageId('toString')).toBe(false);
    expect(finding('NOPE')).toBeNull();
  });

  it('knows which parameters its words say', () => {
    expect(mentions('RULE_NAME', 'chain')).toBe(true);
    expect(mentions('RULE_NAME', 'answer')).toBe(false);
  });
});
