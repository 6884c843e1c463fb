/** `natwalk explain CODE`: what a code means. */
import { isMessageId, message, template } from '../explain/messages/index.js';
import { hang, padEnd, widthOf } from '../explain/width.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, paintFor } from './output.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

function block(label: string, width: number, text: string, cells: number): string[] {
  return hang(`${padEnd(label, width)}  `, width + 2, text, cells);
}

/** Prints the words of a code. @throws UsageError when there is no such code */
export async function explainCommand(code: string, options: CommonOptions, io: Io): Promise<number> {
  const language = languageOf(io, options);
  const id = code.trim();
  const found = [id, id.toUpperCase()].find(isMessageId);
  if (found === undefined) throw misuse('EXPLAIN_UNKNOWN', null, { code });
  const paint = paintFor(io.stdout, io, options);
  const cells = widthFor(io.stdout);
  const words = template(found, language);
  const lines = [paint('strong', found)];
  const [what = '', why = '', act = ''] = (['EXPLAIN_WHAT', 'DIAG_WHY', 'DIAG_DO'] as const).map((label) =>
    message(label, {}, language),
  );
  const width = Math.max(widthOf(what), widthOf(why), widthOf(act));
  if (typeof words === 'string') lines.push(...block(what, width, words, cells));
  else
    lines.push(
      ...block(what, width, words.text, cells),
      ...block(why, width, words.why, cells),
      ...block(act, width, words.do, cells),
    );
  await io.stdout.write(`${lines.join('\n')}\n`);
  return STATUS.done;
}
