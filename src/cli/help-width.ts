/** Help within the width of a terminal: Commander leaves lines alone that are shorter than 40 cells. */
import { Help } from 'commander';
import { widthOf, wrap } from '../explain/width.js';
import { type HelpTable, helpWord } from './help-words.js';

/** Descriptions stand beside their terms with at least so much room, else below. */
const BESIDE = 40;

const standard = new Help();

/** The words of a usage line that are no command's or argument's own. */
const inWords = (text: string, table: HelpTable): string =>
  text.replace(/\[(?:options|command)\]/g, (word) => helpWord(table, word));

/** What Commander is told for help of a width. */
export function helpOf(width: number, table: HelpTable | null = null): Partial<Help> {
  return {
    displayWidth: widthOf,
    ...(table === null
      ? {}
      : {
          styleTitle: (title: string): string => helpWord(table, title),
          commandUsage: (command): string => inWords(standard.commandUsage(command), table),
          subcommandTerm: (command): string => inWords(standard.subcommandTerm(command), table),
        }),
    helpWidth: width,
    minWidthToWrap: 8,
    formatItem(term: string, termWidth: number, description: string, helper: Help): string {
      if (width - termWidth - 4 >= BESIDE || description === '')
        return standard.formatItem.call(helper, term, termWidth, description, helper);
      const below = wrap(description, width - 6).map((line) => `      ${line}`);
      return [...wrap(term, width - 2).map((line) => `  ${line}`), ...below].join('\n');
    },
  };
}

/** Text of whole paragraphs for a line that is shorter than the text was written for. What is indented is a command to copy. */
export function notesFor(text: string, width: number): string {
  if (text.split('\n').every((line) => widthOf(line) <= width)) return text;
  return text
    .split('\n\n')
    .map((paragraph) => {
      if (/^ /m.test(paragraph)) return paragraph;
      const empty = paragraph.startsWith('\n') ? '\n' : '';
      return `${empty}${wrap(paragraph.replaceAll('\n', ' '), width).join('\n')}`;
    })
    .join('\n\n');
}
