/** The options of `natwalk lab`. */
import type { Command } from 'commander';
import type { Io } from './io.js';
import type { LabCommandOptions } from './lab-options.js';

const NOTES = `
Verbs:
  list                     the labs, and what was reached in each
  start LAB                begins or goes on; at a terminal with a prompt like the node's
  answer QUESTION ANSWER   answers a question: a choice, a rule (nat/CHAIN:2, rule/1024) or a word
  hint                     the next hint, which costs points
  fix 'COMMAND' | -        types a command on the node (- reads them from standard input)
  fix                      the task; fix --solution shows a solution
  grade                    what it is worth: text, json or junit
  reset                    begins the lab anew; the best score is kept
  progress                 the same as list
  check [LAB...]           has a robot work on labs, for their authors
  bundle DIR               a copy for --student (sealed answers, no solutions) or --teacher

LAB is a number or a name. Progress is kept in $XDG_STATE_HOME/natwalk/labs.json.

Exit status: 0 done, passed, right; 1 not passed, not right, a command failed; 2 bad usage.`;

/** Adds the command; `common` adds what every command has. */
export function addLab(
  program: Command,
  io: Io,
  finish: (status: number) => void,
  common: (command: Command) => Command,
): void {
  const command = program
    .command('lab')
    .summary('exercises on emulated nodes, graded by packets')
    .description(
      'Exercises of a Kubernetes networking week, on emulated nodes that answer the real commands.',
    )
    .argument('<verb>', 'list, start, answer, hint, fix, grade, reset, progress, check or bundle')
    .argument('[words...]', 'what the verb is about')
    .addHelpText('before', 'Example:\n  natwalk lab start 6\n')
    .addHelpText('after', NOTES)
    .option('--lab <lab>', 'the lab that is meant (the one that was begun last)')
    .option('--labs <folder>', 'where the labs are (those that come with natwalk)')
    .option('--progress <file>', 'where progress is kept')
    .option('--seed <number>', 'draws the question of transfer, and what the kernel draws')
    .option('--session', 'start: read lines from standard input as if they were typed')
    .option('--solution', 'fix: show a solution; all hints count as used')
    .option('-o, --output <format>', 'text, json or junit')
    .option('--json', 'the same as -o json')
    .option('--teacher', 'bundle: with solutions')
    .option('--student', 'bundle: without');
  common(command).action(async (verb: string, words: string[], options: LabCommandOptions) => {
    const { labCommand } = await import('./lab-command.js');
    finish(await labCommand(verb, words, options, io));
  });
}
