/** Text in chunks, taken apart into lines as it comes. */

/** A line with its number, counted from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of UTF-8 chunks without their ends (LF or CRLF) and without a byte order mark; blank lines are left out. Those
 * of one chunk come together: a promise for each would cost more than a packet's walk.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly NumberedLine[], void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    const lines: NumberedLine[] = [];
    for (const part of parts) {
      number += 1;
      const text = part.trimEnd();
      if (text !== '') lines.push({ number, text });
    }
    if (lines.length > 0) yield lines;
  }
  const text = (rest + decoder.decode()).trimEnd();
  if (text !== '') yield [{ number: number + 1, text }];
}
