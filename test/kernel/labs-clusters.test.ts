/**
 * Labs whose nodes are those of a cluster file: their packets on one node, asked of the kernel at the start, and when the solution
 * has been typed into a real shell. The way back is that of whichever endpoint the kernel has drawn.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PacketFault, packetOf } from '../../src/check/packet.js';
import { labPaths, openLab } from '../../src/cli/lab-files.js';
import type { Lab, LabPacket } from '../../src/labs/lab.js';
import { newRun } from '../../src/labs/progress.js';
import { LabSession, type Material } from '../../src/labs/session.js';
import type { Node } from '../../src/packet/node.js';
import type { PacketInput } from '../../src/packet/result.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { disagreement } from './adapter/agree.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge, Observation } from './adapter/judge.js';

const root = join(import.meta.dirname, '../../labs');

/** What the kernel at hand cannot be asked: it has no IPIP, and conntrack alone says what a packet of a connection is. */
const isAskable = ({ proto, ct, in: device }: PacketInput): boolean =>
  proto !== 4 && proto !== '4' && proto !== 'ipencap' && ct === undefined && device !== undefined;

/** The packet as it is sent, with what natwalk fills in; null where it cannot be asked about. */
function sentOf(packet: LabPacket, node: Node): PacketInput | null {
  if (packet.packet === null) return null;
  const given = packetOf(packet.packet, node);
  if (given instanceof PacketFault) throw new Error(`${packet.name}: ${given.code}`);
  const { packet: whole } = new FlowTracer(node).next(given);
  const { src, ...rest } = given;
  const source = src ?? (whole.in === null ? null : whole.src);
  const ports =
    whole.sport === undefined || whole.dport === undefined ? {} : { sport: whole.sport, dport: whole.dport };
  const sent = { ...rest, ...ports, in: whole.in, proto: whole.proto, id: packet.name };
  const found: PacketInput = source === null ? sent : { ...sent, src: source };
  return isAskable(found) ? found : null;
}

/** What the receiver would send back, by what left the node; null where the node itself is the sender. */
function answerTo(sent: PacketInput, { out: [left] }: Observation): PacketInput | null {
  if (left === undefined || sent.in === null) return null;
  const ends = { in: left.iface, proto: sent.proto, src: left.dst, dst: left.src };
  if (left.icmpType !== null)
    return left.icmpType === 8 ? { ...ends, icmpType: 0, icmpId: left.icmpId ?? 0 } : null;
  const ports = { sport: left.dport ?? 0, dport: left.sport ?? 0 };
  return { ...ends, ...ports, ...(left.tcpFlags.length > 0 ? { tcpFlags: ['SYN', 'ACK'] } : {}) };
}

/** Sends a packet of the lab and its answer; what natwalk and the kernel disagree about. */
async function disagreements(judge: Judge, node: Node, sent: PacketInput): Promise<readonly string[]> {
  const send = await judge.begin();
  const tracer = new FlowTracer(node);
  const there = await send(sent, { seq: 1000, ack: 0 });
  const found = [disagreement(tracer.next(there.sent).outcomes, there)];
  const answer = answerTo(sent, there);
  if (answer !== null) {
    const back = await send(answer, { seq: 5000, ack: 1001 });
    found.push(disagreement(tracer.next(back.sent).outcomes, back));
  }
  return found.flatMap((one) => (one === null ? [] : [`${sent.id ?? ''}: ${one}`]));
}

/** A node's folder of dumps. */
interface Place {
  readonly name: string;
  readonly folder: string;
}

function placesOf(lab: Lab, { cluster }: Material, folder: string): readonly Place[] {
  const at = dirname(join(folder, lab.cluster?.path ?? ''));
  return (cluster?.nodes ?? []).map(({ name, path }) => ({ name, folder: join(at, path) }));
}

/** The solution's lines for one node; what has no host in front is for the first. */
function linesFor(lab: Lab, name: string, isFirst: boolean): readonly string[] {
  return (lab.task?.solution ?? []).flatMap((line) => {
    const [, host, rest = ''] = /^ssh (\S+) (.*)$/.exec(line) ?? [];
    if (host === undefined) return isFirst ? [line] : [];
    return host === name ? [rest] : [];
  });
}

/** `iptables` is the kind that the node has. */
function script(folder: string, lines: readonly string[]): string {
  const names = readdirSync(folder).filter((file) => /^iptables.*-save\.txt$/.test(file));
  const isNft = names.some((file) => readFileSync(join(folder, file), 'utf8').includes('nf_tables'));
  const tool = `iptables() { command iptables-${isNft ? 'nft' : 'legacy'} "$@"; }`;
  return `{ set -e; ${tool}\n${lines.join('\n')}\n} 2>&1 >/dev/null`;
}

const opened = await Promise.all(
  (await labPaths(root)).map(async (path) => ({ path, ...(await openLab(path)) })),
);
const cases = opened.flatMap(({ path, lab, material }) =>
  lab?.cluster === undefined || lab.cluster === null
    ? []
    : [[basename(dirname(path)), { path, lab, material }] as const],
);

it('there are such labs', () => {
  expect(cases.map(([name]) => name)).toContain('05-pod-to-pod');
});

describe.each(cases)('%s', (_name, { path, lab, material }) => {
  it('tells of its packets what the kernel does, before and after', async () => {
    const session = new LabSession(lab, material, newRun(1), 'en');
    const before = session.now;
    for (const line of lab.task?.solution ?? []) session.type(line);
    const after = session.now;
    let asked = 0;
    const found: string[] = [];
    for (const [at, { name, folder }] of placesOf(lab, material, dirname(path)).entries()) {
      const packets = [...lab.packets.values()].filter((packet) => packet.node === name);
      const [start, end] = [before.nodes.get(name), after.nodes.get(name)];
      if (packets.length === 0 || start === undefined || end === undefined) continue;
      const judge = await loadFixture(folder);
      try {
        const ask = async (node: Node, when: string): Promise<void> => {
          for (const packet of packets) {
            const sent = sentOf(packet, node);
            if (sent === null) continue;
            asked += 1;
            found.push(...(await disagreements(judge, node, sent)).map((one) => `${name} ${when} ${one}`));
          }
        };
        await ask(start, 'before');
        const lines = linesFor(lab, name, at === 0);
        if (lines.length > 0) {
          expect(await judge.shell(script(folder, lines))).toBe('');
          await ask(end, 'after');
        }
      } finally {
        await judge.stop();
      }
    }
    expect(found).toEqual([]);
    expect(asked).toBeGreaterThan(0);
  });
});
