/** The options of `natwalk path`. */
import type { Command } from 'commander';
import { notesFor } from './help-width.js';
import { type Io, widthFor } from './io.js';
import type { PathCommandOptions } from './path-command.js';

const NOTES = `
CLUSTER is a YAML file that names the nodes' snapshots and the network between them.
--from is pod:NAME, node:NAME, outside or IP[:PORT]; --to may be svc:NAME, nlb:NAME or a DNS name of the file, too.

Exit status: 0 done; 2 bad usage, a faulty cluster or an unreadable snapshot; 3 --strict.`;

/** Adds the command; `common` adds what every command has, `packet` the options that describe a packet. */
export function addPath(
  program: Command,
  io: Io,
  finish: (status: number) => void,
  common: (command: Command) => Command,
  packet: (command: Command) => Command,
): void {
  const command = packet(
    program
      .command('path')
      .summary('the way across nodes and the network between them, and back')
      .description(
        'Walks a packet from node to node, through tunnels, gateways and load balancers, and its answer back.',
      )
      .argument('<cluster>', 'cluster file')
      .addHelpText('before', 'Example:\n  natwalk path cluster.yaml --from pod:web-1 --to svc:web\n')
      .addHelpText('after', notesFor(NOTES, widthFor(io.stdout))),
  )
    .option(
      '--assume <node:rule=yes|no>',
      'an open rule of a node matches or not: worker-1:nat/X:3=no (repeatable)',
      (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value],
    )
    .option('--pick <endpoint>', 'the endpoint that chance draws: a pod, IP or IP:PORT')
    .option('-o, --output <format>', 'text, json or mermaid')
    .option('--json', 'the same as -o json')
    .option('--strict', 'exit with status 3 when an outcome rests on an assumption');
  common(command).action(async (cluster: string, options: PathCommandOptions) => {
    const { pathCommand } = await import('./path-command.js');
    finish(await pathCommand(cluster, options, io));
  });
}
