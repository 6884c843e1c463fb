/** The options of `natwalk ui`. */
import type { Command } from 'commander';
import type { Io } from './io.js';
import type { UiCommandOptions } from './ui-command.js';

const NOTES = `
NODE is as for trace; left out, the page shows its sample node, and takes what is pasted or dropped.
The page has the labs of natwalk lab, too: --lab 6 begins there.
Nothing leaves this machine: the page makes no request once it is loaded.

Exit status: 0 ended; 2 bad usage, an unreadable snapshot or a port that is taken.`;

/** Adds the command; `common` adds what every command has. */
export function addUi(
  program: Command,
  io: Io,
  finish: (status: number) => void,
  common: (command: Command) => Command,
): void {
  const command = program
    .command('ui')
    .summary('the page: watch the packet walk, in the browser')
    .description('Serves the page on 127.0.0.1, to this machine alone, until Ctrl-C.')
    .argument('[node]', 'folder, archive or file of dumps')
    .addHelpText('before', 'Example:\n  natwalk ui ./node\n')
    .addHelpText('after', NOTES)
    .option('--port <number>', 'port to listen on (any that is free)')
    .option('--lab <lab>', 'begin with a lab, by its number or its name')
    .option('--no-open', 'print the address, and open no browser');
  common(command).action(async (node: string | undefined, options: UiCommandOptions) => {
    const { uiCommand } = await import('./ui-command.js');
    finish(await uiCommand(node, options, io));
  });
}
