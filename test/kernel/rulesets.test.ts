/**
 * Rule sets of well-known programs, in the kernel: every packet, the answer that its receiver gives, the answer as `--reply`
 * foretells it, and the ICMP errors about both.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Node } from '../../src/packet/node.js';
import type { PacketInput, TraceResult } from '../../src/packet/result.js';
import { FlowTracer, trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { Judge } from './adapter/judge.js';
import { scratchFolder } from './adapter/scratch.js';
import { DOCKER } from './rulesets/docker.js';
import { FAIL2BAN } from './rulesets/fail2ban.js';
import { FIREWALLD } from './rulesets/firewalld.js';
import { HOST } from './rulesets/host.js';
import { REDIRECT } from './rulesets/redirect.js';
import { type Tracer, play } from './soak/flows/play.js';
import type { Step } from './soak/flows/script.js';

const step = (act: Step['act'], tcpFlags: readonly string[], error: Step['error'] = [3, 1]): Step => ({
  ...{ conversation: 0, act, tcpFlags, data: 0, error, router: null },
});

const isSix = ({ dst }: PacketInput): boolean => dst.includes(':');

const STEPS = (packet: PacketInput): readonly Step[] => [
  step('client', ['SYN']),
  step('server', ['SYN', 'ACK']),
  step('client', ['ACK']),
  step('far-error', [], isSix(packet) ? [1, 0] : [3, 1]),
  step('near-error', [], isSix(packet) ? [1, 4] : [3, 3]),
];

/**
 * Says of the answer what `--reply` says with the packet itself. What the stack answers because nobody listens is another
 * answer than the one that is foretold.
 */
class ReplyTracer implements Tracer {
  readonly #node: Node;
  readonly #flow: FlowTracer;
  #first: TraceResult | null = null;
  #seen = 0;

  constructor(node: Node) {
    this.#node = node;
    this.#flow = new FlowTracer(node);
  }

  next(packet: PacketInput): TraceResult {
    const result = this.#flow.next(packet);
    const first = this.#first;
    this.#first ??= trace(this.#node, packet, { reply: true });
    if (first === null) return this.#first;
    this.#seen += 1;
    const isForetold =
      this.#seen === 1 && packet.inner === undefined && packet.tcpFlags?.includes('RST') !== true;
    return isForetold ? { ...first, outcomes: first.outcomes.flatMap(({ reply }) => reply ?? []) } : result;
  }
}

type Ends = readonly [from: string | null, src: string, dst: string];

/** From a device, or from the node itself. */
const NEAR: readonly Ends[] = [
  ['docker0', '172.17.0.2', '203.0.113.9'],
  ['docker0', '172.17.0.2', '192.0.2.10'],
  ['docker0', '172.17.0.2', '10.8.0.7'],
  ['eth1', '10.8.0.7', '203.0.113.9'],
  ['eth1', '10.8.0.7', '192.0.2.10'],
  ['eth1', '10.8.0.66', '203.0.113.9'],
  ['eth1', '10.8.0.66', '10.8.0.1'],
  ['eth0', '198.51.100.7', '192.0.2.10'],
  ['eth0', '198.51.100.7', '172.17.0.2'],
  ['eth0', '198.51.100.7', '10.8.0.7'],
  ...['66', '67', '68', '69', '70'].map((last): Ends => ['eth0', `198.51.100.${last}`, '192.0.2.10']),
  [null, '192.0.2.10', '203.0.113.9'],
  [null, '192.0.2.10', '192.0.2.10'],
  [null, '172.17.0.1', '172.17.0.2'],
  ['docker0', 'fd00:17::2', '2001:db8:99::9'],
  ['docker0', 'fd00:17::2', '2001:db8:1::10'],
  ['eth1', 'fd00:8::7', '2001:db8:99::9'],
  ['eth1', 'fd00:8::7', 'fd00:8::1'],
  ['eth0', '2001:db8:66::1', '2001:db8:1::10'],
  ['eth0', '2001:db8:99::9', '2001:db8:1::10'],
  ['eth0', '2001:db8:99::9', 'fd00:8::7'],
  [null, '2001:db8:1::10', '2001:db8:99::9'],
  [null, '2001:db8:1::10', '2001:db8:1::10'],
];

function packets(ports: readonly string[]): readonly PacketInput[] {
  return NEAR.flatMap(([from, src, dst]) =>
    ports.map((port): PacketInput => {
      const [proto = '', number = '0'] = port.split('/');
      if (proto === 'icmp') {
        const six = dst.includes(':');
        return {
          ...{ proto: six ? 'icmpv6' : 'icmp', in: from, src, dst },
          ...{ icmpType: six ? 128 : 8, icmpCode: 0, icmpId: 7 },
        };
      }
      return {
        ...{ proto, in: from, src, dst, sport: 41_000, dport: Number(number) },
        ...(proto === 'tcp' ? { tcpFlags: ['SYN'] } : {}),
      };
    }),
  );
}

const textOf = ({ proto, in: from, src, dst, dport }: PacketInput): string =>
  `${String(proto)} ${src ?? ''} > ${dst} ${String(dport ?? '')} in ${from ?? 'none'}`;

describe.each([
  ['Docker', DOCKER, ['tcp/80', 'tcp/8080', 'tcp/8443', 'udp/5353', 'udp/53', 'icmp']],
  [
    'firewalld',
    FIREWALLD,
    ['tcp/22', 'tcp/2222', 'tcp/8081', 'tcp/8082', 'tcp/21', 'tcp/443', 'udp/53', 'icmp'],
  ],
  ['fail2ban', FAIL2BAN, ['tcp/22', 'tcp/80', 'tcp/25', 'tcp/993', 'udp/443', 'icmp']],
  ['a transparent proxy that refuses', REDIRECT, ['tcp/80', 'tcp/81', 'udp/53']],
])('%s', (_, rules, ports) => {
  let node: Node;
  let judge: Judge;

  beforeAll(async () => {
    const folder = scratchFolder('rulesets');
    const texts = { ...HOST, ...rules };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    judge = await Judge.load(folder, { watch: true });
    rmSync(folder, { recursive: true });
    const listed = {
      ...texts,
      ...(rules['nft-ruleset.txt'] === undefined ? {} : { 'nft-ruleset.txt': judge.nftListing(true) }),
    };
    node = loadNode(
      'n',
      Object.entries(listed).map(([name, text]) => ({ name, text })),
    );
  });
  afterAll(async () => {
    await judge.stop();
  });

  // A socket of the case before may send once more while this one is watched.
  const options = { retry: 2 };
  it.each(packets(ports).map((packet) => [textOf(packet), packet] as const))(
    '%s',
    options,
    async (_text, packet) => {
      const conversations = [packet];
      const played = await play(judge, new FlowTracer(node), { conversations, steps: STEPS(packet) });
      const foretold = await play(judge, new ReplyTracer(node), {
        conversations,
        steps: STEPS(packet).slice(0, 2),
      });
      expect(played.length).toBeGreaterThan(0);
      expect([...played, ...foretold].filter(({ kind }) => kind === 'wrong')).toEqual([]);
    },
  );
});
