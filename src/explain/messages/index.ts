/** Words for ids. Code emits an id with parameters; the catalogue of a language makes the sentence. */
import type { Params } from '../../source/diagnostic.js';
import type { FindingMessage, Message, ValueWords } from './catalogue.js';
import { en } from './en/index.js';
import { fill } from './fill.js';
import { ko } from './ko/index.js';
import { koreanValue } from './ko/values.js';

export { fill };

/** Every id that has words. */
export type MessageId = keyof typeof en;

/** All of them, in the order of the catalogue. */
export const messageIds = (): readonly MessageId[] => Object.keys(en).filter(isMessageId);

/** Languages that have a whole catalogue. */
export type Language = 'en' | 'ko';

export const LANGUAGES: readonly Language[] = ['en', 'ko'];

const CATALOGUES: Readonly<Record<Language, Readonly<Record<MessageId, Message>>>> = { en, ko };

/** Of each language other than that of the code. */
const VALUES: Readonly<Record<Exclude<Language, 'en'>, ValueWords>> = { ko: koreanValue };

/** Whether an id that the engine emitted has words. */
export function isMessageId(id: string): id is MessageId {
  return Object.hasOwn(en, id);
}

/** Parameters in the words of a language. */
function worded(params: Params, language: Language): Params {
  if (language === 'en') return params;
  const say = VALUES[language];
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? say(name, value) : value,
    ]),
  );
}

/** The sentence of an id; of a finding its first line. */
export function message(id: MessageId, params: Params = {}, language: Language = 'en'): string {
  const entry = CATALOGUES[language][id];
  return fill(typeof entry === 'string' ? entry : entry.text, worded(params, language));
}

/** The sentence of an id that the engine emitted; one that has no words is shown as it is, with its parameters. */
export function describe(code: string, params: Params = {}, language: Language = 'en'): string {
  if (isMessageId(code)) return message(code, params, language);
  const words = Object.entries(params).map(([name, value]) => `${name}=${String(value)}`);
  return words.length === 0 ? code : `${code} (${words.join(', ')})`;
}

/** The words of an id with their placeholders. */
export function template(id: MessageId, language: Language = 'en'): Message {
  return CATALOGUES[language][id];
}

/** Whether the words of an id say a parameter. */
export function mentions(code: string, parameter: string, language: Language = 'en'): boolean {
  if (!isMessageId(code)) return true;
  const entry = CATALOGUES[language][code];
  return (typeof entry === 'string' ? entry : entry.text).includes(`{${parameter}}`);
}

/** The three parts of a finding, filled in; null when the id has none. */
export function finding(code: string, params: Params = {}, language: Language = 'en'): FindingMessage | null {
  if (!isMessageId(code)) return null;
  const entry = CATALOGUES[language][code];
  if (typeof entry === 'string') return null;
  const given = worded(params, language);
  return { text: fill(entry.text, given), why: fill(entry.why, given), do: fill(entry.do, given) };
}
