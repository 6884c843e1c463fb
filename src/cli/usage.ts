/** Mistakes in the command line, shown under the word that is wrong. */
import { type Mistake, UsageError, misuse } from '../ask/mistake.js';
import { frameLines, headLines } from '../explain/diagnostic.js';
import { type Language, finding } from '../explain/messages/index.js';
import { sanitize } from '../explain/sanitize.js';
import { type View, viewOf } from '../explain/view.js';
import type { Paint } from '../explain/colour.js';
import { hang, padEnd, widthOf } from '../explain/width.js';
import { SourceText } from '../source/source.js';

export { UsageError, misuse };

const quoted = (word: string): string =>
  /^[\w@%+=:,./[\]#-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

interface Placed {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** How an option begins; what comes after a flag may be the next one. */
const OPTION = /^--?[a-z]/i;

/** The other spelling of an option that has a short one. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['--output', '-o'],
  ['--level', '-v'],
]);

/**
 * The value of an option within the command line, or the option itself when it has none. What is no option's
 * name is the wrong word itself: an argument, or one of the values of an option that may be repeated.
 */
function find(argv: readonly string[], { option, part }: Mistake, title: string): Placed | null {
  if (option === null) return null;
  let line = 'natwalk';
  let found: { start: number; end: number } | null = null;
  let before: string | null = null;
  const named = OPTION.test(option);
  const short = SHORT.get(option);
  const valueIn = (raw: string): number => {
    if (!named) return raw.startsWith('--') && raw.endsWith(`=${option}`) ? raw.length - option.length : -1;
    const follows = before === option || (short !== undefined && before === short);
    if (follows && !OPTION.test(raw)) return 0;
    if (short !== undefined && raw.startsWith(short) && raw !== short) return short.length;
    return raw.startsWith(`${option}=`) ? option.length + 1 : -1;
  };
  for (const raw of argv) {
    const word = quoted(sanitize(raw));
    const at = line.length + 1;
    line += ` ${word}`;
    const value = valueIn(raw);
    before = raw;
    if (value >= 0) {
      const whole = word.length === sanitize(raw).length;
      const start = at + value + (whole ? (part?.start ?? 0) : 0);
      found = { start, end: whole && part !== undefined ? at + value + part.end : at + word.length };
    } else if (raw === option) {
      const isWhole = part === undefined || named || word.length !== sanitize(raw).length;
      found = isWhole ? { start: at, end: at + word.length } : { start: at + part.start, end: at + part.end };
    }
  }
  return found === null ? null : { source: new SourceText(title, line), ...found };
}

function part(label: string, text: string, view: View): string[] {
  const width = Math.max(widthOf(view.say('DIAG_WHY')), widthOf(view.say('DIAG_DO')));
  return hang(`  ${padEnd(label, width)}  `, width + 4, text, view.width, '  ');
}

/** The mistakes as text, each with the command line and a caret. Ends with a line feed. */
export function renderUsage(
  error: UsageError,
  argv: readonly string[],
  paint: Paint,
  language: Language = 'en',
  width = 100,
): string {
  const view = viewOf({ paint, language, width });
  const { say } = view;
  return error.mistakes
    .map((mistake) => {
      const words = finding(mistake.code, mistake.params, language);
      const text = words?.text ?? view.tell(mistake.code, mistake.params);
      const head = headLines({ word: say('ERROR'), code: mistake.code, text }, 'bad', view);
      const place = find(argv, mistake, say('COMMAND_LINE'));
      const lines = [...head, ...(place === null ? [] : frameLines(place, view))];
      if (words !== null)
        lines.push(
          ...part(say('DIAG_WHY'), sanitize(words.why), view),
          ...part(say('DIAG_DO'), sanitize(words.do), view),
        );
      return lines.map((line) => `${line}\n`).join('');
    })
    .join('\n');
}
