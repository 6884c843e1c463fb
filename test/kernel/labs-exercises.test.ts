/** The packets of the labs, as the kernel treats them: at the start, after the solution, and after each wrong fix. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packetOf } from '../../src/check/packet.js';
import { type Lab, labName } from '../../src/labs/lab.js';
import { readLab } from '../../src/labs/read.js';
import { Machine } from '../../src/labs/shell/machine.js';
import { Shell } from '../../src/labs/shell/shell.js';
import type { Node } from '../../src/packet/node.js';
import type { Outcome, PacketInput } from '../../src/packet/result.js';
import { FlowTracer, trace } from '../../src/packet/trace.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';
import { disagreement } from './adapter/agree.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge } from './adapter/judge.js';
import { SharedJudges } from './adapter/shared-judges.js';

const root = join(import.meta.dirname, '../../labs');

function labIn(folder: string): Lab {
  const path = join(root, folder, 'lab.yaml');
  const lab = readLab(path, new SourceText(path, readFileSync(path, 'utf8')), new Diagnostics());
  if (lab === null) throw new Error(`${folder} cannot be read`);
  return lab;
}

const labs = readdirSync(root)
  .filter((name) => existsSync(join(root, name, 'lab.yaml')))
  .map(labIn)
  .filter(({ nodes }) => nodes.length > 0);

const folderOf = (lab: Lab, node: string): string =>
  join(lab.path, '..', lab.nodes.find(({ name }) => name === node)?.path ?? '');

function shellOf(lab: Lab): Shell {
  const machines = lab.nodes.map(({ name }) => {
    const folder = folderOf(lab, name);
    const files = readdirSync(folder).map((file) => ({
      name: file,
      text: readFileSync(join(folder, file), 'utf8'),
    }));
    return new Machine(name, files);
  });
  return new Shell({ world: lab.world, machines, seed: 1, language: 'en' });
}

/** The same when something was typed. */
function typedShell(lab: Lab, commands: readonly string[]): Shell {
  const shell = shellOf(lab);
  for (const command of commands) expect(shell.type(command)).toMatchObject({ err: '', status: 0 });
  return shell;
}

/** What is typed on one node: a command for another one begins with `ssh NAME`. */
function typedOn(lab: Lab, node: string, commands: readonly string[]): readonly string[] {
  const [first] = lab.nodes;
  return commands.flatMap((command) => {
    const [, name = first?.name, rest = command] = /^ssh (\S+) (.*)$/s.exec(command) ?? [];
    return name === node ? [rest] : [];
  });
}

/** The real command: of the backend with which the node was saved; of the newer one where it has both. */
function realOf(command: string, folder: string): string {
  const save = join(folder, 'iptables-save.txt');
  const isNft = !existsSync(save) || readFileSync(save, 'utf8').includes('(nf_tables)');
  const backend = isNft ? 'nft' : 'legacy';
  return command.replace(/^(?:sudo )?(ip6?tables) /, `$1-${backend} `);
}

/** The packet that the one who got this one answers with; null where nobody did. */
function answerTo(sent: PacketInput, { verdict, final, egress }: Outcome): PacketInput | null {
  const { src, dst } = final;
  if (!['forwarded', 'sent', 'delivered'].includes(verdict) || src === undefined || dst === undefined)
    return null;
  // Nobody listens here: the kernel itself has reset the connection.
  if (verdict === 'delivered' && sent.proto === 'tcp') return null;
  const ports = { sport: final.dport ?? 0, dport: final.sport ?? 50_000 };
  const ends = { in: verdict === 'delivered' ? null : (egress?.iface ?? null), src: dst, dst: src };
  switch (sent.proto) {
    case 'tcp':
      return { ...ends, ...ports, proto: 'tcp', tcpFlags: ['SYN', 'ACK'] };
    case 'udp':
      return { ...ends, ...ports, proto: 'udp' };
    case 'icmp':
      return { ...ends, proto: 'icmp', icmpType: 0, icmpCode: 0, icmpId: final.icmpId ?? 7 };
    default:
      return null;
  }
}

function nowhere(name: string): never {
  throw new Error(`no node ${name}`);
}

const started = new Map<Lab, ReadonlyMap<string, Node>>();

/** The nodes as the lab begins. */
function nodesAtStart(lab: Lab): ReadonlyMap<string, Node> {
  const known = started.get(lab) ?? new Map(shellOf(lab).machines.map(({ name, node }) => [name, node]));
  started.set(lab, known);
  return known;
}

/** Each packet of the lab on that node, with the answer where one outcome says where it would come from. */
function flowsOf(lab: Lab, name: string, node: Node): readonly (readonly PacketInput[])[] {
  return [...lab.packets.values()].flatMap((packet) => {
    const { packet: spec } = packet;
    const input = spec === null || packet.node !== name ? null : packetOf(spec, node);
    if (input === null || !('dst' in input) || input.ct !== undefined) return [];
    const { packet: completed, outcomes } = trace(node, input);
    const first: PacketInput = { ...input, in: completed.in, id: packet.name, flow: packet.name, step: 1 };
    const [only] = outcomes;
    const answer = outcomes.length === 1 && only !== undefined ? answerTo(first, only) : null;
    const isFirst = (input.tcpFlags ?? ['SYN']).join() === 'SYN';
    return answer === null || !isFirst
      ? [[first]]
      : [[first, { ...answer, id: `${packet.name}, answered`, flow: packet.name, step: 2 }]];
  });
}

/** Connections of processes of the node: the kernel keeps their ports for a while, and they cannot be begun once more. */
function hasOwnConnections(lab: Lab, name: string): boolean {
  const nodes = nodesAtStart(lab);
  const flows = flowsOf(lab, name, nodes.get(name) ?? nowhere(name));
  return flows.some(([first]) => first?.in === null && first.proto === 'tcp');
}

/** Where natwalk and the kernel differ. */
async function differences(lab: Lab, name: string, node: Node, judge: Judge): Promise<readonly string[]> {
  const flows = flowsOf(lab, name, node);
  const observations = await judge.observe(flows.flat());
  const found: string[] = [];
  let at = 0;
  for (const flow of flows) {
    const tracer = new FlowTracer(node);
    for (const { id } of flow) {
      const observation = observations[at];
      at += 1;
      if (observation === undefined) throw new Error('no observation');
      const reason = disagreement(tracer.next(observation.sent).outcomes, observation);
      if (reason !== null) found.push(`${id ?? ''}: ${reason}`);
    }
  }
  return found;
}

const variants = labs.flatMap((lab) => [
  [`${labName(lab)} at the start`, lab, []] as const,
  ...(lab.task === null
    ? []
    : [
        [`${labName(lab)} when it is solved`, lab, lab.task.solution] as const,
        ...lab.task.wrong.map(
          ({ commands }, at) => [`${labName(lab)} after wrong fix ${String(at + 1)}`, lab, commands] as const,
        ),
      ]),
]);

const shared = new SharedJudges();

afterAll(async () => {
  await shared.stop();
});

describe.each(variants)('%s', (_title, lab, commands) => {
  const nodes = lab.nodes
    .map(({ name }) => name)
    .filter((name) => commands.length === 0 || typedOn(lab, name, commands).length > 0);

  let shell: Shell | null = null;

  it.each(nodes)('the kernel does the same with its packets on %s', async (name) => {
    shell ??= typedShell(lab, commands);
    const machine = shell.machines.find((one) => one.name === name);
    if (machine === undefined) return nowhere(name);
    const folder = folderOf(lab, name);
    const typed = typedOn(lab, name, commands);
    // Rules can be put back: one loaded node serves all that changes nothing else of it.
    const isShared =
      typed.every((command) => /^(?:sudo )?ip6?tables /.test(command)) && !hasOwnConnections(lab, name);
    const judge = isShared ? await shared.of(folder) : await loadFixture(folder);
    try {
      const script = typed.map((command) => `${realOf(command, folder)} 2>&1`);
      if (script.length > 0) expect(await judge.shell(script.join('\n'))).not.toMatch(/error|failed|bad /i);
      expect(await differences(lab, name, machine.node, judge)).toEqual([]);
    } finally {
      if (!isShared) await judge.stop();
      else if (typed.length > 0) expect(await shared.putBack(folder)).toEqual([]);
    }
  });
});
