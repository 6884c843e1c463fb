/** What Commander says of a command line that it does not understand, in the words of the catalogue. */
import { type Language, type MessageId, message } from '../explain/messages/index.js';
import type { Params } from '../source/diagnostic.js';

/** Its sentences (commander's lib/command.js), what they are here, and the names of their parts in their order. */
const SENTENCES: readonly (readonly [RegExp, MessageId, readonly string[]])[] = [
  [/^error: unknown option '(.*)'$/, 'LINE_UNKNOWN_OPTION', ['option']],
  [/^error: unknown command '(.*)'$/, 'LINE_UNKNOWN_COMMAND', ['command']],
  [/^error: missing required argument '(.*)'$/, 'LINE_NO_ARGUMENT', ['argument']],
  [/^error: option '(.*)' argument missing$/, 'LINE_NO_VALUE', ['option']],
  [
    /^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\.$/,
    'LINE_TOO_MANY',
    ['command', 'most', 'count'],
  ],
  [/^\(Did you mean (?:one of )?(.*)\?\)$/, 'LINE_NEAR', ['near']],
  [/^\((natwalk.*) --help shows how\)$/, 'LINE_HELP', ['command']],
];

function sentence(line: string, language: Language): string {
  for (const [form, id, names] of SENTENCES) {
    const found = form.exec(line);
    if (found === null) continue;
    const params: Record<string, string> = {};
    for (const [at, name] of names.entries()) params[name] = found[at + 1] ?? '';
    return message(id, params satisfies Params, language);
  }
  return line;
}

/** The same text; in English as it is. */
export function commandLineWords(text: string, language: Language): string {
  if (language === 'en') return text;
  return text
    .split('\n')
    .map((line) => sentence(line, language))
    .join('\n');
}
