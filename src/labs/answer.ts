/** A student's answer to a question, and whether it is right. */
import { type RuleName, readRuleName } from '../check/rule-name.js';
import { type Ground, failuresOf, meets } from './evaluate.js';
import type { Choice, Lab, Question, Sealed } from './lab.js';
import { sha256 } from './sha256.js';

export type Judged =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly choice: Choice | null }
  /** It has not the form of an answer: it counts as none. */
  | { readonly kind: 'form'; readonly code: 'LAB_ANSWER_CHOICE' | 'LAB_ANSWER_RULE' | 'LAB_ANSWER_WORD' };

const RIGHT: Judged = { kind: 'right' };
const WRONG: Judged = { kind: 'wrong', choice: null };

/** Spaces and case do not count. */
export function normal(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ');
}

/** The digest of an answer that is sealed. */
export function sealOf(salt: string, id: string, text: string): string {
  return sha256(`${salt}\n${id}\n${normal(text)}`);
}

const isSealedIn = ({ salt, hashes }: Sealed, id: string, text: string): boolean =>
  hashes.includes(sealOf(salt, id, text));

/** A table of two words begins with its backend or its family; anything else is the id of another question, or a slip. */
function isStrange(name: RuleName): boolean {
  return name.kind === 'chain' && /\s/.test(name.table) && !/^(?:legacy|nft|ip6?|inet) \S+$/.test(name.table);
}

/** Does the choice hold for the question's packet, or is it said to be right? */
export function isRight(lab: Lab, question: Question, choice: Choice, start: Ground): boolean {
  if (choice.expect === null && choice.expectPath === null) {
    const { form } = question;
    const sealed = form.kind === 'choices' ? form.sealed : null;
    return sealed === null ? choice.right : isSealedIn(sealed, question.id, choice.id);
  }
  const packet = lab.packets.get(question.packet ?? '');
  return packet !== undefined && failuresOf(packet, choice, start).length === 0;
}

/**
 * Judges an answer.
 * @param start the nodes as the lab begins: what questions are about, whatever was changed since
 */
export function judge(lab: Lab, question: Question, answer: string, start: Ground): Judged {
  const { form } = question;
  switch (form.kind) {
    case 'choices': {
      const place = /^[1-9]$/.test(answer.trim()) ? form.choices[Number(answer) - 1] : undefined;
      const choice = form.choices.find(({ id }) => normal(id) === normal(answer)) ?? place;
      if (choice === undefined) return { kind: 'form', code: 'LAB_ANSWER_CHOICE' };
      return isRight(lab, question, choice, start) ? RIGHT : { kind: 'wrong', choice };
    }
    case 'rule': {
      const text = answer.trim();
      const name = readRuleName(text);
      if (name === null || isStrange(name)) return { kind: 'form', code: 'LAB_ANSWER_RULE' };
      if (form.sealed !== null) return isSealedIn(form.sealed, question.id, text) ? RIGHT : WRONG;
      const packet = lab.packets.get(question.packet ?? '');
      const isNamed = form.rules.some((rule) => rule.text === text);
      return isNamed && packet !== undefined && meets(packet, name, start) ? RIGHT : WRONG;
    }
    case 'word': {
      if (answer.trim() === '') return { kind: 'form', code: 'LAB_ANSWER_WORD' };
      if (form.sealed !== null) return isSealedIn(form.sealed, question.id, answer) ? RIGHT : WRONG;
      return form.accept.some((text) => normal(text) === normal(answer)) ? RIGHT : WRONG;
    }
  }
}

/** What a student would have to answer; null where the copy does not tell. */
export function solutionOf(lab: Lab, question: Question, start: Ground): string | null {
  const { form } = question;
  if (form.kind === 'choices')
    return form.choices.find((choice) => isRight(lab, question, choice, start))?.id ?? null;
  return (form.kind === 'rule' ? form.rules[0]?.text : form.accept[0]) ?? null;
}
