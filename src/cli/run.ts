/** Runs a command line: arguments in, exit status out. Nothing here knows the process it runs in. */
import { plain } from '../explain/colour.js';
import { type Language, message } from '../explain/messages/index.js';
import { sanitize } from '../explain/sanitize.js';
import { commandLineWords } from './command-line-words.js';
import type { HelpTable } from './help-words.js';
import { type Io, ClosedPipe, widthFor } from './io.js';
import { languageOfLine } from './language.js';
import { colourOfLine, paintFor } from './output.js';
import { STATUS } from './status.js';
import { UsageError, renderUsage } from './usage.js';
import { version } from './version.js';

/** The words of help, when it is asked for in Korean. */
async function helpTable(argv: readonly string[], language: Language): Promise<HelpTable | null> {
  if (language !== 'ko' || !argv.some((word) => word === '--help' || word === '-h')) return null;
  const { KOREAN_HELP } = await import('./korean-help.js');
  return KOREAN_HELP;
}

async function runCommander(argv: readonly string[], io: Io): Promise<number> {
  const [{ buildProgram }, { CommanderError }] = await Promise.all([
    import('./program.js'),
    import('commander'),
  ]);
  const captured = { out: '', err: '' };
  let status: number = STATUS.done;
  const language = languageOfLine(argv, io.env);
  const finish = (given: number): void => {
    status = given;
  };
  const program = buildProgram(io, captured, finish, await helpTable(argv, language));
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    status = error.exitCode === 0 ? STATUS.done : STATUS.usage;
  }
  if (captured.out !== '') await io.stdout.write(captured.out);
  if (captured.err !== '') await io.stderr.write(commandLineWords(captured.err, language));
  return status;
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  // A language alone asks for nothing else than to be greeted in it.
  const isGreeted = argv.length === 0 || /^--lang(?: |=)(?:en|ko)$/i.test(argv.join(' '));
  if (isGreeted) {
    await io.stdout.write(`${message('GREETING', {}, languageOfLine(argv, io.env))}\n`);
    return STATUS.done;
  }
  if (argv.length === 1 && argv[0] === '--version') {
    await io.stdout.write(`${version}\n`);
    return STATUS.done;
  }
  return runCommander(argv, io);
}

async function report(error: unknown, argv: readonly string[], io: Io): Promise<number> {
  if (error instanceof ClosedPipe) return STATUS.done;
  const language = languageOfLine(argv, io.env);
  if (error instanceof UsageError) {
    let paint = plain;
    try {
      const color = colourOfLine(argv);
      paint = paintFor(io.stderr, io, color === undefined ? {} : { color });
    } catch {
      // A wrong --color is what is being reported.
    }
    await io.stderr.write(renderUsage(error, argv, paint, language, widthFor(io.stderr)));
    return STATUS.usage;
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const [line = ''] = sanitize(reason.replaceAll('\n', ' ').slice(0, 400)).split('\n');
  await io.stderr.write(`natwalk: ${message('INTERNAL', { reason: line }, language)}\n`);
  return STATUS.internal;
}

/**
 * Runs natwalk with the arguments after its name. Never throws, never exits.
 * @returns the exit status
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    try {
      return await report(error, argv, io);
    } catch (again) {
      if (again instanceof ClosedPipe) return STATUS.done;
      return STATUS.internal;
    }
  }
}
