/** Man pages of the command tree, in the macros of man(7). */
import type { Command } from 'commander';
import type { HelpTable } from './help-words.js';
import type { Captured } from './program.js';
import { buildProgram } from './program.js';

export { KOREAN_HELP } from './korean-help.js';

/** Text as roff prints it: nothing in it is a request, and hyphens are those of options. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');

const name = (command: Command): string =>
  command.parent === null ? command.name() : `${command.parent.name()}-${command.name()}`;

/** What `addHelpText` has put around the help. */
function around(command: Command): { readonly before: string; readonly after: string } {
  const written: Captured = { out: '', err: '' };
  command.configureOutput({
    writeOut: (text) => {
      written.out += text;
    },
  });
  command.outputHelp();
  const body = command.helpInformation();
  const at = written.out.indexOf(body);
  return { before: written.out.slice(0, at).trim(), after: written.out.slice(at + body.length).trim() };
}

const tagged = (items: readonly (readonly [term: string, text: string])[]): string[] =>
  items.flatMap(([term, text]) => ['.TP', `.B ${roff(term)}`, roff(text)]);

const literal = (text: string): string[] => ['.nf', roff(text), '.fi'];

/** Titles of sections, as Korean pages have them. */
const KOREAN_TITLES: Readonly<Record<string, string>> = {
  NAME: '이름',
  SYNOPSIS: '사용법',
  EXAMPLE: '예',
  DESCRIPTION: '설명',
  ARGUMENTS: '인자',
  OPTIONS: '옵션',
  COMMANDS: '명령',
  NOTES: '참고',
  'SEE ALSO': '같이 보기',
};

function page(command: Command, version: string, isKorean: boolean): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`.SH ${isKorean ? (KOREAN_TITLES[title] ?? title) : title}`, ...lines];
  const help = command.createHelp();
  const { before, after } = around(command);
  const title = name(command);
  const called = command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
  const example = before.replace(/^[^\n]+:\n/, '').replace(/^ {2}/gm, '');
  const commands = help.visibleCommands(command);
  const others = command.parent === null ? commands : [command.parent];
  return [
    `.TH ${title.toUpperCase()} 1 "" "natwalk ${version}" "User Commands"`,
    ...section('NAME', [`${roff(title)} \\- ${roff(command.summary() || command.description())}`]),
    ...section('SYNOPSIS', ['.B ' + roff(called), roff(command.usage())]),
    ...section('EXAMPLE', literal(example)),
    ...section('DESCRIPTION', [roff(command.description())]),
    ...section(
      'ARGUMENTS',
      tagged(help.visibleArguments(command).map((one) => [one.name(), one.description])),
    ),
    ...section('OPTIONS', tagged(help.visibleOptions(command).map((one) => [one.flags, one.description]))),
    ...section('COMMANDS', tagged(commands.map((one) => [one.name(), one.summary()]))),
    ...section('NOTES', after === '' ? [] : literal(after)),
    ...section('SEE ALSO', [
      others
        .map((one) => `.BR ${roff(name(one))} (1)`)
        .join(',\n')
        .replaceAll('),', ') ,'),
    ]),
    '',
  ].join('\n');
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // No page reads anything.
}

/** The pages by file name: one of the program, one of each command. @param table the words of Korean pages */
export function manPages(version: string, table: HelpTable | null = null): ReadonlyMap<string, string> {
  const sink = { isTerminal: false, write: async (): Promise<void> => Promise.resolve() };
  const io = { stdout: sink, stderr: sink, env: {}, stdin: nothing };
  const program = buildProgram(io, { out: '', err: '' }, () => undefined, table);
  const commands = program.createHelp().visibleCommands(program);
  return new Map([program, ...commands].map((one) => [`${name(one)}.1`, page(one, version, table !== null)]));
}
