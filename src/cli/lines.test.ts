import { describe, expect, it } from 'vitest';
import { linesOf } from './lines.js';

async function read(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks)
      yield await Promise.resolve(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  }
  const found: string[] = [];
  for await (const lines of linesOf(bytes()))
    for (const { number, text } of lines) found.push(`${String(number)} ${text}`);
  return found;
}

describe('lines', () => {
  it('come whole, however the chunks are cut', async () => {
    expect(await read('o', 'ne\ntw', 'o\n')).toEqual(['1 one', '2 two']);
  });

  it('end in LF or CRLF, the last one in nothing', async () => {
    expect(await read('one\r\ntwo')).toEqual(['1 one', '2 two']);
  });

  it('keep their number when blank ones are left out', async () => {
    expect(await read('one\n\n  \ntwo\n')).toEqual(['1 one', '4 two']);
  });

  it('hold characters that were cut apart, and no byte order mark', async () => {
    const bytes = new TextEncoder().encode('\ufeff한\u2028글\n');
    expect(await read(bytes.slice(0, 4), bytes.slice(4))).toEqual(['1 한\u2028글']);
  });
});
