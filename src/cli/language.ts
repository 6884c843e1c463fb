/** In which language a command speaks: --lang, else the locale, else English. */
import { LANGUAGES, type Language } from '../explain/messages/index.js';
import type { Io } from './io.js';
import { isKoreanLocale } from './locale.js';
import { misuse } from './usage.js';

type Env = Io['env'];

/** The language of the locale for messages. */
export const localeLanguage = (env: Env): Language => (isKoreanLocale(env) ? 'ko' : 'en');

const known = (text: string): Language | undefined =>
  LANGUAGES.find((language) => language === text.toLowerCase());

/** The language of a command's words. @throws UsageError for one that natwalk does not speak */
export function languageOf(io: Io, { lang }: { readonly lang?: string }): Language {
  if (lang === undefined) return localeLanguage(io.env);
  const found = known(lang);
  if (found === undefined)
    throw misuse('USAGE_CHOICE', '--lang', { option: '--lang', text: lang, choices: LANGUAGES.join(', ') });
  return found;
}

/** The same for a command line that could not be understood: whatever it says wrong, this never fails. */
export function languageOfLine(argv: readonly string[], env: Env): Language {
  const given = argv.flatMap((word, at) => {
    if (word === '--lang') return known(argv[at + 1] ?? '') ?? [];
    return word.startsWith('--lang=') ? (known(word.slice('--lang='.length)) ?? []) : [];
  });
  return given.at(-1) ?? localeLanguage(env);
}
