/** `natwalk explain CODE`: what a code means. */
import { isMessageId, template } from '../explain/messages/index.js';
import { widthOf, wrap } from '../explain/width.js';
import type { Io } from './io.js';
import { type CommonOptions, languageOf, paintFor } from './output.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

const WIDTH = 100;

function block(label: string, text: string): string[] {
  const width = 4;
  return wrap(text, WIDTH - width - 2).map((line, index) =>
    index === 0
      ? `${label}${' '.repeat(width - widthOf(label))}  ${line}`
      : `${' '.repeat(width + 2)}${line}`,
  );
}

/** Prints the words of a code. @throws UsageError when there is no such code */
export async function explainCommand(code: string, options: CommonOptions, io: Io): Promise<number> {
  const language = await languageOf(io, options);
  const id = code.trim();
  const found = [id, id.toUpperCase()].find(isMessageId);
  if (found === undefined) throw misuse('EXPLAIN_UNKNOWN', null, { code });
  const paint = paintFor(io.stdout, io, options);
  const words = template(found, language);
  const lines = [paint('strong', found)];
  if (typeof words === 'string') lines.push(...block('what', words));
  else lines.push(...block('what', words.text), ...block('why', words.why), ...block('do', words.do));
  await io.stdout.write(`${lines.join('\n')}\n`);
  return STATUS.done;
}
