/** The command tree with its help in another language. */
import { type AddHelpTextContext, type AddHelpTextPosition, Command } from 'commander';
import { type HelpTable, helpWord } from './help-words.js';
import { notesFor } from './help-width.js';

/** What stands before and after help: an example to copy, or paragraphs. */
function around(table: HelpTable, text: string, width: number): string {
  const [title = '', ...lines] = text.split('\n');
  if (title.endsWith(':')) return [helpWord(table, title), ...lines].join('\n');
  const words = helpWord(table, text);
  return words === text ? text : notesFor(words, width);
}

/** A command whose help is told by a table. */
class TranslatedCommand extends Command {
  readonly #table: HelpTable;
  readonly #width: number;

  constructor(name: string | undefined, table: HelpTable, width: number) {
    super(name);
    this.#table = table;
    this.#width = width;
  }

  override createCommand(name?: string): Command {
    return new TranslatedCommand(name, this.#table, this.#width);
  }

  override addHelpText(
    position: AddHelpTextPosition,
    text: string | ((context: AddHelpTextContext) => string),
  ): this {
    return typeof text === 'string'
      ? super.addHelpText(position, around(this.#table, text, this.#width))
      : super.addHelpText(position, text);
  }
}

/** The program's root. @param table null for English */
export function rootCommand(name: string, table: HelpTable | null, width: number): Command {
  return table === null ? new Command(name) : new TranslatedCommand(name, table, width);
}

/** Puts the table's words into a tree that is complete. */
export function translateHelp(program: Command, table: HelpTable): void {
  for (const command of [program, ...program.commands]) {
    command.description(helpWord(table, command.description()));
    if (command.summary() !== '') command.summary(helpWord(table, command.summary()));
    for (const argument of command.registeredArguments)
      argument.description = helpWord(table, argument.description);
    for (const option of command.createHelp().visibleOptions(command))
      option.description = helpWord(table, option.description);
  }
}
