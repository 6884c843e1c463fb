/** The options of `natwalk capacity`. */
import type { Command } from 'commander';
import type { CapacityCommandOptions } from './capacity-command.js';
import type { Io } from './io.js';

/** Adds the command; `common` adds what every command has. */
export function addCapacity(
  program: Command,
  io: Io,
  finish: (status: number) => void,
  common: (command: Command) => Command,
): void {
  const command = program
    .command('capacity')
    .summary('how many pods an instance type can hold')
    .description('Says how many pods fit on a node of the AWS VPC CNI, and which ENI and table each has.')
    .argument('<type>', 'EC2 instance type')
    .addHelpText('before', 'Example:\n  natwalk capacity t3.medium --pod 12\n')
    .addHelpText('after', '\nExit status: 0 done; 2 an unknown type or bad usage.')
    .option('--prefix-delegation', 'each slot holds a /28 (ENABLE_PREFIX_DELEGATION)')
    .option('--custom-networking', 'the primary ENI has no pods')
    .option('--pod <number>', 'where the pod of that number is')
    .option('--json', 'as one JSON object');
  common(command).action(async (type: string, options: CapacityCommandOptions) => {
    const { capacityCommand } = await import('./capacity-command.js');
    finish(await capacityCommand(type, options, io));
  });
}
