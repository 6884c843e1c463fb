/** `natwalk explain CODE`: what a code means, why it comes, and what to do. */
import { codes, explanationOf } from '../explain/advice.js';
import { message } from '../explain/messages/index.js';
import { cutMiddle, hang, padEnd, widthOf } from '../explain/width.js';
import { nearest } from '../names/nearest.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, paintFor } from './output.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

/** Codes are longer than this never; what is, is no slip of the finger. */
const LONGEST = 64;

/** The code that is meant: as it was printed, in any case, or the reason of a drop (`rp_filter`). */
function codeOf(typed: string): string | undefined {
  const id = typed.trim().toLowerCase();
  return codes().find((code) => [id, `drop_${id}`].includes(code.toLowerCase()));
}

/** Prints what is to be said of a code. @throws UsageError when there is no such code */
export async function explainCommand(code: string, options: CommonOptions, io: Io): Promise<number> {
  const language = languageOf(io, options);
  const paint = paintFor(io.stdout, io, options);
  const found = explanationOf(codeOf(code) ?? '', language);
  if (found === null) {
    const near = nearest(code.slice(0, LONGEST).toUpperCase(), codes(), 3);
    const typed = cutMiddle(code, LONGEST);
    throw misuse('EXPLAIN_UNKNOWN', null, { code: typed, near: near.join(', ') || 'READ_EMPTY, UNK_MATCH' });
  }
  const cells = widthFor(io.stdout);
  const say = (id: 'EXPLAIN_WHAT' | 'DIAG_WHY' | 'DIAG_DO'): string => message(id, {}, language);
  const parts = [
    [say('EXPLAIN_WHAT'), found.text],
    [say('DIAG_WHY'), found.why],
    [say('DIAG_DO'), found.do],
  ] as const;
  const width = Math.max(...parts.map(([label]) => widthOf(label)));
  const head = paint('strong', found.code);
  const lines = [
    ...(found.kind === null ? [head] : hang(`${head}  `, widthOf(found.code) + 2, found.kind, cells)),
    ...parts.flatMap(([label, text]) => hang(`${padEnd(label, width)}  `, width + 2, text, cells)),
  ];
  await io.stdout.write(`${lines.join('\n')}\n`);
  return STATUS.done;
}
