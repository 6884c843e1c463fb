/** `natwalk explain CODE`: what a code means. */
import { isMessageId, message, template } from '../explain/messages/index.js';
import { widthOf, wrap } from '../explain/width.js';
import type { Io } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, paintFor } from './output.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

const WIDTH = 100;

function block(label: string, width: number, text: string): string[] {
  return wrap(text, WIDTH - width - 2).map((line, index) =>
    index === 0
      ? `${label}${' '.repeat(width - widthOf(label))}  ${line}`
      : `${' '.repeat(width + 2)}${line}`,
  );
}

/** Prints the words of a code. @throws UsageError when there is no such code */
export async function explainCommand(code: string, options: CommonOptions, io: Io): Promise<number> {
  const language = languageOf(io, options);
  const id = code.trim();
  const found = [id, id.toUpperCase()].find(isMessageId);
  if (found === undefined) throw misuse('EXPLAIN_UNKNOWN', null, { code });
  const paint = paintFor(io.stdout, io, options);
  const words = template(found, language);
  const lines = [paint('strong', found)];
  const [what = '', why = '', act = ''] = (['EXPLAIN_WHAT', 'DIAG_WHY', 'DIAG_DO'] as const).map((label) =>
    message(label, {}, language),
  );
  const width = Math.max(widthOf(what), widthOf(why), widthOf(act));
  if (typeof words === 'string') lines.push(...block(what, width, words));
  else
    lines.push(
      ...block(what, width, words.text),
      ...block(why, width, words.why),
      ...block(act, width, words.do),
    );
  await io.stdout.write(`${lines.join('\n')}\n`);
  return STATUS.done;
}
