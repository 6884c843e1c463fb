import { describe, expect, it } from 'vitest';
import { coloured, plain, wantsColour } from './colour.js';

describe('wantsColour', () => {
  const cases: readonly (readonly ['auto' | 'always' | 'never', Record<string, string>, boolean, boolean])[] =
    [
      ['auto', {}, true, true],
      ['auto', {}, false, false],
      ['auto', { TERM: 'dumb' }, true, false],
      ['auto', { NO_COLOR: '1' }, true, false],
      ['auto', { NO_COLOR: '' }, true, true],
      ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
      ['auto', { FORCE_COLOR: '1' }, false, true],
      ['auto', { FORCE_COLOR: '' }, false, true],
      ['auto', { FORCE_COLOR: '0' }, true, false],
      ['auto', { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
      ['auto', { CLICOLOR_FORCE: '1' }, false, true],
      ['auto', { CLICOLOR_FORCE: '0' }, false, false],
      ['always', { NO_COLOR: '1' }, false, true],
      ['never', { FORCE_COLOR: '1' }, true, false],
    ];
  it.each(cases)('--color %s, %o, terminal %s: %s', (choice, env, terminal, wanted) => {
    expect(wantsColour(choice, env, terminal)).toBe(wanted);
  });
});

describe('coloured', () => {
  it('puts escapes around the words, not around the padding', () => {
    expect(coloured('good', '  LEAVES  ')).toBe('  \u001b[1;32mLEAVES\u001b[22;39m  ');
    expect(coloured('dim', '   ')).toBe('   ');
  });

  it('is plain text when the escapes are taken away', () => {
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    expect(coloured('bad', 'a b').replace(escapes, '')).toBe(plain('bad', 'a b'));
  });
});
