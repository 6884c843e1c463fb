/** Chains are found by their names, and names that were chosen to fall together are told from others. */
import { expect, it } from 'vitest';
import { ChainNumbers } from './chain-numbers.js';

function numbersOf(names: readonly string[]): ChainNumbers {
  let text = '';
  const declared = names.map((name) => {
    const at = text.length;
    text += `:${name} - [0:0]\n`;
    return at;
  });
  return new ChainNumbers(text, declared);
}

/** FNV-1a, as anybody can work it out who wants to slow a reader down. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const unit of Buffer.from(name)) hash = Math.imul(hash ^ unit, 0x01000193);
  return hash;
}

/** Names of which each falls on a slot of its own beside that of the one before, in a table of `slots`. */
function inARow(count: number, slots: number): readonly string[] {
  const wanted = new Map<number, string>();
  for (let at = 0; at < count; at += 1) wanted.set((slots - 100 + at) & (slots - 1), '');
  let left = count;
  for (let at = 0; left > 0; at += 1) {
    const name = `K${at.toString(36)}`;
    const slot = hashOf(name) & (slots - 1);
    if (wanted.get(slot) !== '') continue;
    wanted.set(slot, name);
    left -= 1;
  }
  return [...wanted.values()];
}

it.each([['KUBE-SEP-'], ['c'], ['cali-tw-00000']])('finds each of many chains named %s…', (lead) => {
  const names = Array.from({ length: 20_000 }, (_, at) => `${lead}${String(at)}`);
  const numbers = numbersOf(names);
  expect(numbers.isOdd).toBe(false);
  expect(names.every((name, at) => numbers.of(name) === at && numbers.nameOf(at) === name)).toBe(true);
  expect(numbers.of(`${lead}x`)).toBe(-1);
});

it('tells names without a free slot between them, past which each other name would be looked for', () => {
  expect(numbersOf(inARow(900, 4096)).isOdd).toBe(false);
  expect(numbersOf(inARow(1500, 4096)).isOdd).toBe(true);
});

it('tells a name that is declared twice', () => {
  expect(numbersOf(['a', 'b', 'a']).isOdd).toBe(true);
});
