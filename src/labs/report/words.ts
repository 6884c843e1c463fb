/** What the reports of labs share: paragraphs in the student's language, and how a failure is worded. */
import type { Failure } from '../../check/result.js';
import { sanitize } from '../../explain/sanitize.js';
import type { View } from '../../explain/view.js';
import { wrap } from '../../explain/width.js';
import type { Lab, LabPacket, Question, Text } from '../lab.js';

/** The words of a text in the view's language. */
export function wordsOf(text: Text, view: View): string {
  return text[view.language];
}

/** A text as lines: those of the author stay apart; long ones are wrapped, with their indent. */
export function paragraphs(text: string, view: View, indent = ''): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const own = /^ */.exec(line)?.[0] ?? '';
    const body = sanitize(line.trim());
    if (body === '') return [''];
    const margin = `${indent}${own}`;
    return wrap(body, Math.max(20, view.width - margin.length)).map((one) => `${margin}${one}`);
  });
}

/** `6  pod-to-internet` as heading of a lab. */
export function headingOf({ number, title }: Lab, view: View): string {
  return view.paint('strong', view.say('LAB_HEADING', { number, title: sanitize(wordsOf(title, view)) }));
}

/** What does not hold, in a sentence. */
export function failureWords({ key, values, said }: Failure, view: View): string {
  if (values !== null) return view.say('LAB_FAILURE', { key, expected: values.expected, got: values.got });
  return said === null ? key : view.say('LAB_FAILURE_SAID', { key, text: view.tell(said.code, said.params) });
}

/** `internet: a pod asks 8.8.8.8` */
export function packetWords(packet: LabPacket, view: View): string {
  return `${packet.name}: ${sanitize(wordsOf(packet.about, view))}`;
}

/** A question with its choices, numbered. */
export function questionLines({ id, ask, form }: Question, view: View): readonly string[] {
  const shown = [view.paint('name', `[${id}]`), ...paragraphs(wordsOf(ask, view), view)];
  if (form.kind === 'choices')
    return [
      ...shown,
      ...form.choices.flatMap(({ id: choice, text }, at) => {
        const mark = `  ${String(at + 1)}  ${choice}  `;
        const rest = paragraphs(wordsOf(text, view), view, ' '.repeat(mark.length));
        return [`${mark}${rest[0]?.trimStart() ?? ''}`, ...rest.slice(1)];
      }),
      view.paint('dim', view.say('LAB_HOW_CHOICE', { id })),
    ];
  return [
    ...shown,
    view.paint('dim', view.say(form.kind === 'rule' ? 'LAB_HOW_RULE' : 'LAB_HOW_WORD', { id })),
  ];
}
