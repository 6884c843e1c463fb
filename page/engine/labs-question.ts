/** A question of a lab with what was answered, and the packet that refutes what was wrong. */
import { printPolicyRule } from '../../src/routing/print.js';
import { ruleRef } from '../../src/explain/rule-ref.js';
import { sanitize } from '../../src/explain/sanitize.js';
import type { View } from '../../src/explain/view.js';
import { judge } from '../../src/labs/answer.js';
import { type Ground, walked } from '../../src/labs/evaluate.js';
import type { Part } from '../../src/labs/grade.js';
import type { Lab, Question } from '../../src/labs/lab.js';
import { partOf } from '../../src/labs/report/reveal.js';
import { wordsOf } from '../../src/labs/report/words.js';
import type { Run } from '../../src/labs/progress.js';
import { type AnyRule, backendOf, tableNameOf } from '../../src/packet/any-rule.js';
import type { FormView, Given, Offer, QuestionView, Refutation } from '../shared/labs.js';
import { proseOf } from './labs-prose.js';
import type { WalkTexts } from './labs-walk.js';

/** What questions of a lab are shown with. */
export interface QuestionAsk {
  readonly lab: Lab;
  readonly run: Run;
  readonly start: Ground;
  readonly parts: readonly Part[];
  readonly walks: WalkTexts;
}

/** A rule as an answer names it. */
function nameOf(rule: AnyRule): string {
  const backend = backendOf(rule);
  const table = backend === undefined ? tableNameOf(rule) : `${backend} ${tableNameOf(rule)}`;
  return `${table}/${rule.chain}:${String(rule.number)}`;
}

/** Rules and policy rules that the packet meets, in the order of its way. */
function offersFor(lab: Lab, { packet: name }: Question, start: Ground): readonly Offer[] {
  const packet = lab.packets.get(name ?? '');
  const result = packet === undefined ? [] : walked(packet, start, false);
  if (!('outcomes' in result)) return [];
  const offers = new Map<string, Offer>();
  for (const { steps } of result.outcomes)
    for (const step of steps) {
      const offer =
        step.kind === 'rule'
          ? { name: nameOf(step.rule), text: ruleRef(step.rule).text }
          : step.kind === 'route' && step.rule !== null
            ? {
                name: `rule/${String(step.rule.priority)}`,
                text: `ip rule ${printPolicyRule(step.rule).replace('\t', ' ')}`,
              }
            : null;
      if (offer !== null && !offers.has(offer.name))
        offers.set(offer.name, { name: sanitize(offer.name), text: sanitize(offer.text) });
    }
  return [...offers.values()];
}

function formOf(question: Question, { lab, start }: QuestionAsk, view: View): FormView {
  const { form } = question;
  if (form.kind === 'rule') return { kind: 'rule', offers: offersFor(lab, question, start) };
  if (form.kind === 'word') return { kind: 'word' };
  const choices = form.choices.map(({ id, text }) => ({ id, text: sanitize(wordsOf(text, view)) }));
  return { kind: 'choices', choices };
}

function refutationOf(id: string, { lab, walks }: QuestionAsk, view: View): Refutation | null {
  const misconception = lab.misconceptions.get(id);
  if (misconception === undefined) return null;
  const { belief, packet, refuted } = misconception;
  return {
    misconception: id,
    belief: sanitize(wordsOf(belief, view)),
    walk: walks.of(packet, partOf(misconception), view),
    refuted: proseOf(refuted, view),
    packet,
  };
}

function givenOf(question: Question, ask: QuestionAsk, view: View): readonly Given[] {
  const { lab, run, start } = ask;
  const { form } = question;
  return (run.answers.get(question.id) ?? []).map((text): Given => {
    const judged = judge(lab, question, text, start);
    const believes = judged.kind === 'wrong' ? (judged.choice?.believes ?? null) : null;
    // A choice may have been given by its number.
    const choice =
      form.kind === 'choices'
        ? (form.choices.find(({ id }) => id === text) ?? form.choices[Number(text) - 1])
        : undefined;
    return {
      text: sanitize(choice?.id ?? text),
      isRight: judged.kind === 'right',
      refutation: believes === null ? null : refutationOf(believes, ask, view),
    };
  });
}

/** Points without more digits than they need. */
export function pointsText(value: number): string {
  return String(Number(value.toFixed(1)));
}

/** The question as it stands. */
export function questionView(question: Question, ask: QuestionAsk, view: View): QuestionView {
  const part = ask.parts.find(({ kind, id }) => kind !== 'task' && id === question.id);
  return {
    id: question.id,
    ask: proseOf(question.ask, view),
    form: formOf(question, ask, view),
    state: part?.state ?? 'open',
    points: pointsText(part?.points ?? 0),
    of: pointsText(part?.of ?? 0),
    given: givenOf(question, ask, view),
  };
}
