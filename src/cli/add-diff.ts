/** The options of `natwalk diff`. */
import type { Command } from 'commander';
import type { DiffCommandOptions } from './diff-command.js';
import { notesFor } from './help-width.js';
import { type Io, widthFor } from './io.js';

const NOTES = `
A and B are nodes, or one node before and after a change. Packets are made of what both have in their listings: each
constant, its neighbours and fresh values, those around what differs first; each packet's answer is walked too.

Exit status: 0 no packet is treated differently; 1 some are; 2 bad usage, an unreadable snapshot or packet line;
3 --strict, and nothing but assumptions tells the nodes apart.`;

/** Adds the command; `common` adds what every command has. */
export function addDiff(
  program: Command,
  io: Io,
  finish: (status: number) => void,
  common: (command: Command) => Command,
): void {
  const command = program
    .command('diff')
    .summary('packets that two nodes treat differently')
    .description('Finds packets that two nodes treat differently, by cause, each with its smallest packet.')
    .argument('<a>', 'snapshot of a node')
    .argument('<b>', 'snapshot of another, or of the same later')
    .addHelpText('before', 'Example:\n  natwalk diff before/ after/\n')
    .addHelpText('after', notesFor(NOTES, widthFor(io.stdout)))
    .option('--packets <file>', 'walk the packets of a JSON lines file instead (- for standard input)')
    .option('--budget <number>', 'how many packets are walked at most (10000)')
    .option('--groups <number>', 'how many causes are shown at most (20)')
    .option('-o, --output <format>', 'text, minimal or json')
    .option('--json', 'the same as -o json')
    .option('--strict', 'exit with status 3 when an outcome rests on an assumption');
  common(command).action(async (a: string, b: string, options: DiffCommandOptions) => {
    const { diffCommand } = await import('./diff-command.js');
    finish(await diffCommand(a, b, options, io));
  });
}
