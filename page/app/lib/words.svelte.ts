/** The page's own words in the chosen language. What the engine says comes in its words already. */
import { fill } from '../../../src/explain/messages/fill.js';
import { page as pageEn } from '../../../src/explain/messages/en/page.js';
import { pageLabs as labsEn } from '../../../src/explain/messages/en/page-labs.js';
import { page as pageKo } from '../../../src/explain/messages/ko/page.js';
import { pageLabs as labsKo } from '../../../src/explain/messages/ko/page-labs.js';
import type { Params } from '../../../src/source/diagnostic.js';
import type { Language } from '../../shared/walk.js';
import { recall, remember } from './remember.js';

export type WordId = keyof typeof pageEn | keyof typeof labsEn;

const WORDS: Readonly<Record<Language, Readonly<Record<WordId, string>>>> = {
  en: { ...pageEn, ...labsEn },
  ko: { ...pageKo, ...labsKo },
};

function first(): Language {
  const kept = recall('language');
  if (kept === 'en' || kept === 'ko') return kept;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
}

/** The language, kept on this machine. */
class Words {
  language: Language = $state(first());

  set(language: Language): void {
    this.language = language;
    remember('language', language);
  }
}

export const words: Words = new Words();

/** The words of an id. */
export function t(id: WordId, params: Params = {}): string {
  return fill(WORDS[words.language][id], params);
}
