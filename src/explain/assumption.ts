/** Assumptions in words. */
import type { Assumption } from '../packet/result.js';
import type { Language } from './messages/index.js';
import { describe, mentions, message } from './messages/index.js';

/** What an outcome takes for true, with the answer that it takes. */
export function assumptionText({ code, params }: Assumption, language: Language = 'en'): string {
  const text = describe(code, params, language);
  const answer = params['answer'];
  if (answer === undefined || mentions(code, 'answer', language)) return text;
  return message('ASSUMED', { text, answer }, language);
}
