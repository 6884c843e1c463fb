/** What the reports of labs share: paragraphs in the student's language, and how a failure is worded. */
import type { Failure } from '../../check/result.js';
import { sanitize } from '../../explain/sanitize.js';
import type { View } from '../../explain/view.js';
import { widthOf, wrap } from '../../explain/width.js';
import type { Lab, LabPacket, Question, Text } from '../lab.js';

/** The words of a text in the view's language. */
export function wordsOf(text: Text, view: View): string {
  return text[view.language];
}

/** The same on one line, where its author has broken it. */
export function lineOf(text: Text, view: View): string {
  return wordsOf(text, view)
    .trim()
    .replace(/\s*\n\s*/g, ' ');
}

/** Lines that are at least so wide were broken for want of room alone. */
const FULL = 84;

/** What begins a line of its own: an item of a list, or a command behind an indent. */
const ITEM = /^(?:\d{1,2}[.):]|[-*#]\S*)\s/;

/** An indented line with columns is a row of a table. */
const COLUMNS = /\S {2,}\S/;

interface Block {
  readonly indent: number;
  readonly isRow: boolean;
  /** How far the lines below the first one are indented. */
  readonly hang: number;
  text: string;
  /** Cells of the author's last line. */
  last: number;
}

/** The author's lines, those that were broken for want of room joined again. */
function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const line of text.split('\n')) {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const body = line.trim();
    const before = blocks.at(-1);
    const isItem = ITEM.test(body);
    const isRow = indent > 0 && COLUMNS.test(body);
    const isBroken = before !== undefined && before.text !== '' && before.last >= FULL && !before.isRow;
    const goesOn = isBroken && !isItem && !isRow && body !== '';
    if (goesOn && (indent === before.indent || indent === before.indent + before.hang)) {
      before.text += ` ${body}`;
      before.last = widthOf(line);
    } else {
      const hang = isItem ? body.indexOf(' ') + 1 : isRow ? 2 : 0;
      blocks.push({ indent, isRow, hang, text: body, last: widthOf(line) });
    }
  }
  return blocks;
}

/** A text as lines: paragraphs and items stay apart; what is too long is wrapped, with its indent. */
export function paragraphs(text: string, view: View, indent = ''): readonly string[] {
  return blocksOf(text).flatMap(({ indent: own, isRow, hang, text: body }) => {
    if (body === '') return [''];
    const margin = `${indent}${' '.repeat(own)}`;
    const room = Math.max(20, view.width - margin.length - hang);
    const words = sanitize(body);
    const lines = isRow && widthOf(words) <= room + hang ? [words] : wrap(words, room);
    return lines.map((line, at) => `${margin}${at === 0 ? '' : ' '.repeat(hang)}${line}`);
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
  return `${packet.name}: ${sanitize(lineOf(packet.about, view))}`;
}

/** A question with its choices, numbered. */
export function questionLines({ id, ask, form }: Question, view: View): readonly string[] {
  const shown = [view.paint('name', `[${id}]`), ...paragraphs(wordsOf(ask, view), view)];
  if (form.kind === 'choices')
    return [
      ...shown,
      ...form.choices.flatMap(({ id: choice, text }, at) => {
        const words = wordsOf(text, view);
        const mark = `  ${String(at + 1)}  `;
        const named = words.startsWith(choice) ? words : `${choice}: ${words}`;
        const rest = paragraphs(named, view, ' '.repeat(mark.length));
        return [`${mark}${rest[0]?.trimStart() ?? ''}`, ...rest.slice(1)];
      }),
      view.paint('dim', view.say('LAB_HOW_CHOICE', { id })),
    ];
  return [
    ...shown,
    view.paint('dim', view.say(form.kind === 'rule' ? 'LAB_HOW_RULE' : 'LAB_HOW_WORD', { id })),
  ];
}
