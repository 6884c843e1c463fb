import { describe, expect, it } from 'vitest';
import { History, shortened, textOf, withEntry } from './terminal.js';

const entry = (line: string) => ({ prompt: '# ', line, text: `out of ${line}`, problem: '', cut: 0 });

describe('the lines that were typed', () => {
  it('come back one by one, and what was begun after them', () => {
    const history = new History();
    for (const line of ['ip rule', 'ip route', 'ip route', '  ']) history.add(line);
    expect(history.back('ip add')).toBe('ip route');
    expect(history.back('ip route')).toBe('ip rule');
    expect(history.back('ip rule')).toBeNull();
    expect(history.on()).toBe('ip route');
    expect(history.on()).toBe('ip add');
    expect(history.on()).toBeNull();
  });
});

it('keeps what somebody may scroll back to, each with a name of its own', () => {
  let entries: ReturnType<typeof withEntry> = [];
  for (let count = 0; count < 250; count += 1) entries = withEntry(entries, entry(String(count)));
  expect(entries).toHaveLength(200);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(200);
  expect(entries.at(-1)?.line).toBe('249');
});

it('says how much of a long output is left out', () => {
  expect(shortened('a\nb\n')).toEqual({ text: 'a\nb', cut: 0 });
  expect(shortened('x\n'.repeat(3005)).cut).toBe(5);
});

it('is copied as it stands', () => {
  expect(textOf(withEntry([], entry('ip rule')))).toBe('# ip rule\nout of ip rule\n');
});
