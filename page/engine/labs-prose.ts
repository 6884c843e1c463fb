/** The texts of labs as paragraphs: what their authors wrote for a terminal, without its lines. */
import type { Text } from '../../src/labs/lab.js';
import { paragraphs, wordsOf } from '../../src/labs/report/words.js';
import type { View } from '../../src/explain/view.js';
import type { Block, Prose } from '../shared/labs.js';
import { piecesOf } from '../shared/pieces.js';

/** No line of a paragraph is broken below that. */
const WIDE = 1_000_000;
const ITEM = /^(\d{1,2}[.):]|[-*])\s+(.*)$/s;
/** Columns, or a comment or command that was set apart. */
const ROW = /^ {2,}(?:.*\S {2,}\S|#)/;

function blockOf(line: string): Block {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  const [, mark, rest = ''] = ITEM.exec(line.trim()) ?? [];
  return mark === undefined
    ? { kind: 'text', indent, pieces: piecesOf(line.trim()) }
    : { kind: 'item', mark, pieces: piecesOf(rest) };
}

/** Lines -> blocks; rows that follow one another stay together. */
function blocksOf(lines: readonly string[]): Prose {
  const blocks: Block[] = [];
  let rows: string[] = [];
  const end = (): void => {
    if (rows.length > 0) blocks.push({ kind: 'rows', text: rows.join('\n') });
    rows = [];
  };
  for (const line of lines) {
    if (ROW.test(line)) rows.push(line);
    else {
      end();
      if (line.trim() !== '') blocks.push(blockOf(line));
    }
  }
  end();
  return blocks;
}

/** A text of a lab in the view's language. */
export function proseOf(text: Text, view: View): Prose {
  return blocksOf(paragraphs(wordsOf(text, view), { ...view, width: WIDE }));
}
