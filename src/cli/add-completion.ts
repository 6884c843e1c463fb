/** The commands `completion`, and `complete` that its scripts call. */
import type { Command } from 'commander';
import type { Io } from './io.js';

/** Adds both. */
export function addCompletion(program: Command, io: Io, finish: (status: number) => void): void {
  program
    .command('completion')
    .summary('a script that completes words in a shell')
    .description(
      'Prints a script for bash, zsh or fish that completes commands, options and the names of a node.',
    )
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('before', 'Example:\n  source <(natwalk completion bash)\n')
    .action(async (shell: string) => {
      const { completionCommand } = await import('./completion-command.js');
      finish(await completionCommand(shell, io));
    });
  program
    .command('complete', { hidden: true })
    .summary('what the last word may become')
    .description('Prints what the last word of a command line may become; for scripts of completion.')
    .argument('[word...]', 'the words behind natwalk')
    .addHelpText('before', 'Example:\n  natwalk complete -- tra\n')
    .action(async (words: string[]) => {
      const { completeCommand } = await import('./complete-command.js');
      finish(await completeCommand(program, words, io));
    });
}
