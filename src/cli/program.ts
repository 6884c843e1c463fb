/** The command tree. Each action loads its code when it runs, so that help and mistakes are quick. */
import { type Command, Option } from 'commander';
import { addCapacity } from './add-capacity.js';
import { addCompletion } from './add-completion.js';
import { addDiff } from './add-diff.js';
import { addLab } from './add-lab.js';
import { addPath } from './add-path.js';
import { addUi } from './add-ui.js';
import type { CheckCommandOptions } from './check-command.js';
import type { CollectCommandOptions } from './collect-command.js';
import { helpOf, notesFor } from './help-width.js';
import type { HelpTable } from './help-words.js';
import { HELP_WIDTH } from './kept-help.js';
import { type Io, widthFor } from './io.js';
import type { LintCommandOptions } from './lint-command.js';
import type { CommonOptions } from './output.js';
import type { TraceCommandOptions } from './trace-command.js';
import { rootCommand, translateHelp } from './translated-command.js';
import { version } from './version.js';
import type { WhyCommandOptions } from './why-command.js';

/** Receives the status of the command that ran. */
export type Finish = (status: number) => void;

function common(command: Command): Command {
  return command
    .addOption(
      new Option('--lang <language>', 'language of the words: en or ko (that of the locale)').argParser(
        (text: string) => text.toLowerCase(),
      ),
    )
    .option('--color [when]', 'colour: auto, always or never');
}

/** Values of an option that may stand several times. */
function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

const TRACE_HELP = `Example:
  natwalk trace examples/eks-node --from 192.168.61.33 --to 203.0.113.9:443
`;

const TRACE_NOTES = `
NODE is a folder of dumps, an archive (tar, tar.gz, zip), one file, or - for standard input.
Of several nodes in it, NODE#name is one; natwalk nodes NODE lists them.
Without --in and --local, a source address of the node's own is a local process; any other comes in
by the interface that the node routes that source to, and the header line says so.
--seed draws among rules; the port or address of a range that NAT takes is the kernel's choice, and
stays a range. --with takes a rule of another snapshot, NODE:RULE, to the same place; @N or
@CHAIN:N names another.

Exit status: 0 done; 1 a batch line failed; 2 bad usage or unreadable snapshot; 3 --strict.`;

function addPacketOptions(command: Command): Command {
  return command
    .option('--from <ip[:port]>', 'source; left out, the node selects it for a local process')
    .option('--to <ip[:port]>', 'destination; both may be pod:NAME[:PORT], svc:NAME[:PORT] or node:NAME')
    .option('--proto <name|number>', 'protocol: tcp (default), udp, icmp, icmpv6, sctp, ... or a number')
    .option('--in <iface>', 'interface that the packet comes in by')
    .option('--local', 'a process of this node sends it')
    .option('--mark <number>', 'mark that it has already (0x80)')
    .option('--tos <number>', 'the whole TOS or traffic class byte')
    .option('--ttl <number>', 'TTL or hop limit (64)')
    .option('--length <bytes>', 'IP total length')
    .option('--tcp-flags <flags>', 'SYN (default), SYN,ACK, ... or NONE')
    .option('--icmp <type[/code]>', 'ICMP type and code (echo request)')
    .option('--icmp-id <number>', 'ICMP echo id')
    .option('--uid <number>', 'user of the sending process')
    .option('--gid <number>', 'group of the sending process')
    .option('--oif <iface>', 'interface that the sending socket is bound to')
    .option('--connected <yes|no>', 'whether the sending UDP socket is connected')
    .option('--ct <state>', 'conntrack state: new, established, related, untracked, invalid');
}

function addTrace(program: Command, io: Io, finish: Finish): void {
  const command = addPacketOptions(
    program
      .command('trace')
      .summary('what becomes of a packet, and why')
      .description('Walks a packet through a node as its kernel would, and says why.')
      .argument('<node>', 'snapshot of the node')
      .addHelpText('before', TRACE_HELP)
      .addHelpText('after', notesFor(TRACE_NOTES, widthFor(io.stdout))),
  )
    .option('--reply', 'walk the answer too')
    .option('--flow', 'walk the packets of the whole connection, and say which never saw the nat table')
    .option('--assume <rule=yes|no>', 'an open rule matches or not: nat/CUSTOM:3=no (repeatable)', several)
    .option('--pick <endpoint>', 'the endpoint that chance draws: a pod, IP or IP:PORT')
    .option('--seed <number>', 'draw which way chance takes, by SplitMix64: the same seed, the same way')
    .option('--without <rule>', 'as if the rule were not there: nat/X:2, rule/1024 (repeatable)', several)
    .option(
      '--with <node:rule>',
      'as if it had the rule of another node: ../good:nat/X:2 (repeatable)',
      several,
    )
    .option('--set <setting>', 'as if it were so: sysctl.net.ipv4.ip_forward=0 (repeatable)', several)
    .option('--batch <file>', 'walk the packets of a JSON lines file (- for standard input)')
    .option('--jobs <number>', 'walk a batch by so many threads; results keep their order (1)')
    .option(
      '-o, --output <format>',
      'text, wide, summary, minimal, json, trace, conntrack, tcpdump, pcap, counters, mermaid, dot',
    )
    .option('-v, --level <level>', 'answer (-o summary), walk (-o text) or full (walk and --all-rules)')
    .option('--json', 'the same as -o json')
    .option('--all-rules', 'show the rules that did not match, each with its reason')
    .option('--steps', 'the steps of each walk in the JSON of a batch too')
    .option('--strict', 'exit with status 3 when an outcome rests on an assumption');
  common(command).action(async (node: string, options: TraceCommandOptions) => {
    const { traceCommand } = await import('./trace-command.js');
    finish(await traceCommand(node, options, io));
  });
}

const WHY_HELP = `Example:
  natwalk why examples/eks-node --from 192.168.61.33 --to 203.0.113.9:443 nat/AWS-SNAT-CHAIN-0:1
`;

const WHY_NOTES = `
A rule is TABLE/CHAIN:N, CHAIN:N where that is one rule, FAMILY TABLE CHAIN:N of a native nftables table
(ip aws-cni snat-mark:1), or rule/PRIORITY of ip rule (rule/1024; rule/512:2 is the second of several).`;

function addWhy(program: Command, io: Io, finish: Finish): void {
  const command = addPacketOptions(
    program
      .command('why')
      .summary('why a rule matched, did not match, or was not reached')
      .description('Walks a packet and says of one rule what became of it, condition by condition.')
      .argument('<node>', 'snapshot of the node')
      .argument('<rule...>', 'the rule: nat/POSTROUTING:1, rule/1024')
      .addHelpText('before', WHY_HELP)
      .addHelpText('after', notesFor(WHY_NOTES, widthFor(io.stdout))),
  )
    .option('--reply', 'look at the walk of the answer too')
    .option('--json', 'as one JSON object');
  common(command).action(async (node: string, rule: string[], options: WhyCommandOptions) => {
    const { whyCommand } = await import('./why-command.js');
    finish(await whyCommand(node, rule, options, io));
  });
}

const CHECK_NOTES = `
A spec names its node and what is expected of packets; schema/check.schema.json is for editors.
With --coverage lcov or json the coverage is on standard output, and the report on standard error.

Exit status: 0 every check passed; 1 one failed, or there is none; 2 a faulty spec or bad usage.`;

function addCheck(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('check')
    .summary('regression tests of a rule set')
    .description('Walks the packets of spec files and holds the outcomes against what they expect.')
    .argument('[spec...]', 'spec files (YAML)')
    .addHelpText('before', 'Example:\n  natwalk check examples/checks/eks.yaml\n')
    .addHelpText('after', notesFor(CHECK_NOTES, widthFor(io.stdout)))
    .option('-o, --output <reporter>', 'text, tap, junit, json or github')
    .option('--reporter <reporter>', 'the same as -o')
    .option('--json', 'the same as -o json')
    .option('--shard <i/n>', 'run one of n slices of the suite')
    .option('--jobs <number>', 'run by so many threads; results keep their order (1)')
    .option('--update', 'write golden files instead of comparing with them')
    .option('--watch', 'run again whenever a spec or a node changes')
    .option('--coverage [format]', 'rules that no packet matched: text, lcov or json')
    .option('--coverage-output <file>', 'write the coverage to a file');
  common(command).action(async (specs: string[], options: CheckCommandOptions) => {
    const { checkCommand } = await import('./check-command.js');
    finish(await checkCommand(specs, options, io));
  });
}

function addShow(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('show')
    .summary('what was read from a snapshot')
    .description("Prints what was read back in the tools' own canonical form.")
    .argument('<node>', 'snapshot of the node')
    .addHelpText('before', 'Example:\n  natwalk show examples/eks-node\n')
    .option('--summary', 'counts only');
  common(command).action(async (node: string, options: CommonOptions & { readonly summary?: true }) => {
    const { showCommand } = await import('./show-command.js');
    finish(await showCommand(node, options, io));
  });
}

function addDoctor(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('doctor')
    .summary('what a snapshot is good for, and what is missing')
    .description(
      'Says what was recognised, which questions it answers, and which command adds what is missing.',
    )
    .argument('<node>', 'snapshot of the node')
    .addHelpText('before', 'Example:\n  natwalk doctor examples/eks-node\n')
    .option('--json', 'as one JSON object');
  common(command).action(async (node: string, options: CommonOptions & { readonly json?: true }) => {
    const { doctorCommand } = await import('./doctor-command.js');
    finish(await doctorCommand(node, options, io));
  });
}

const LINT_NOTES =
  '\nExit status: 0 notes at most; 1 errors or warnings; 2 bad usage or unreadable snapshot.';

function addLint(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('lint')
    .summary('faults in the rule sets, each with a packet that shows it')
    .description(
      'Looks for rules and routes that do not do what they say, and for the known faults of CNIs; each is shown by a packet.',
    )
    .argument('<node>', 'snapshot of the node')
    .addHelpText('before', 'Example:\n  natwalk lint examples/eks-node\n')
    .addHelpText('after', notesFor(LINT_NOTES, widthFor(io.stdout)))
    .option('-o, --output <format>', 'text, json or github (annotations)')
    .option('--json', 'the same as -o json');
  common(command).action(async (node: string, options: LintCommandOptions) => {
    const { lintCommand } = await import('./lint-command.js');
    finish(await lintCommand(node, options, io));
  });
}

function addCollect(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('collect')
    .summary('a script that gathers a snapshot on a node')
    .description('Prints a POSIX shell script that only reads, for a node without natwalk.')
    .addHelpText('before', 'Example:\n  natwalk collect | ssh root@NODE sh > node.txt\n')
    .option('--namespaces', 'gather every named network namespace too')
    .option('--no-conntrack', 'leave out the entries of connection tracking');
  common(command).action(async (options: CollectCommandOptions) => {
    const { collectCommand } = await import('./collect-command.js');
    finish(await collectCommand(options, io));
  });
}

function addNodes(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('nodes')
    .summary('the nodes that a transcript or bundle holds')
    .description('Lists the nodes that a snapshot holds; each can be asked about as FILE#name.')
    .argument('<file>', 'transcript, folder or archive')
    .addHelpText('before', 'Example:\n  natwalk nodes transcript.txt\n')
    .option('--json', 'a JSON object per node and line');
  common(command).action(async (file: string, options: CommonOptions & { readonly json?: true }) => {
    const { nodesCommand } = await import('./nodes-command.js');
    finish(await nodesCommand(file, options, io));
  });
}

function addExplain(program: Command, io: Io, finish: Finish): void {
  const command = program
    .command('explain')
    .summary('what a code means')
    .description('Says what a code of an error, a warning or an assumption means.')
    .argument('<code>', 'the code as it was printed')
    .addHelpText('before', 'Example:\n  natwalk explain UNK_MATCH\n');
  common(command).action(async (code: string, options: CommonOptions) => {
    const { explainCommand } = await import('./explain-command.js');
    finish(await explainCommand(code, options, io));
  });
}

/** What Commander wrote, kept until it can be written with backpressure. */
export interface Captured {
  out: string;
  err: string;
}

/**
 * Builds the command tree over the given streams. It throws CommanderError instead of exiting.
 * @param table the words of another language than English
 */
export function buildProgram(
  io: Io,
  captured: Captured,
  finish: Finish,
  table: HelpTable | null = null,
): Command {
  const width = Math.min(widthFor(io.stdout), HELP_WIDTH);
  const program = rootCommand('natwalk', table, width);
  program
    .description("Reads a Linux node's dumps and tells what its kernel will do with a packet, and why.")
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('before', 'Example:\n  natwalk trace ./node --from 192.168.61.33 --to 203.0.113.9:443\n')
    .helpCommand(false)
    .configureHelp({ ...helpOf(width, table), sortSubcommands: false });
  const output = {
    writeOut: (text: string): void => {
      captured.out += text;
    },
    writeErr: (text: string): void => {
      captured.err += text;
    },
    getOutHelpWidth: (): number => width,
    getErrHelpWidth: (): number => width,
    getOutHasColors: (): boolean => false,
    getErrHasColors: (): boolean => false,
  };
  program.configureOutput(output).exitOverride().showHelpAfterError('(natwalk --help shows how)');
  addTrace(program, io, finish);
  addWhy(program, io, finish);
  addCheck(program, io, finish);
  addDiff(program, io, finish, common);
  addPath(program, io, finish, common, addPacketOptions);
  addCapacity(program, io, finish, common);
  addLab(program, io, finish, common);
  addShow(program, io, finish);
  addDoctor(program, io, finish);
  addLint(program, io, finish);
  addCollect(program, io, finish);
  addNodes(program, io, finish);
  addExplain(program, io, finish);
  addUi(program, io, finish, common);
  addCompletion(program, io, finish);
  for (const command of program.commands) {
    command
      .helpOption('-h, --help', 'print help')
      .configureOutput(output)
      .exitOverride()
      .configureHelp(helpOf(width, table))
      .showHelpAfterError(`(natwalk ${command.name()} --help shows how)`);
  }
  if (table !== null) translateHelp(program, table);
  return program;
}
