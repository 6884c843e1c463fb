/** `-o conntrack` beside `conntrack -L` of the judged namespace, after every packet of the walks of an EKS node. */
import { describe, expect, it } from 'vitest';
import { conntrackLine } from '../../src/explain/conntrack-list.js';
import type { PacketInput } from '../../src/packet/result.js';
import { FlowTracer, trace } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from '../walks/all.js';
import { INTERNET, POD, packetsOf } from '../walks/case.js';
import { loadFixture } from './adapter/fixture.js';

/** A listing is made a moment after the packet, and shows whole seconds. */
const SLACK = 3;

/**
 * Is the kernel's line the one that was said? Words are equal, but that the timer runs down and that the kernel drew a
 * value where a range stands.
 */
function fits(said: string, listed: string): boolean {
  const ours = said.split(/ +/);
  const theirs = listed.trim().split(/ +/);
  if (ours.length !== theirs.length) return false;
  return ours.every((word, at) => {
    const other = theirs[at] ?? '';
    if (word === other) return true;
    if (at === 2) return Number(word) >= Number(other) && Number(word) - Number(other) <= SLACK;
    const [, key = '', low = '', high = ''] = /^(sport|dport|id)=(\d+)-(\d+)$/.exec(word) ?? [];
    const [, same = '', drawn = ''] = /^(\w+)=(\d+)$/.exec(other) ?? [];
    return key !== '' && key === same && Number(low) <= Number(drawn) && Number(drawn) <= Number(high);
  });
}

/** Timer, state and flags tell whether there was an answer: what comes to the node itself its stack answers at once. */
const unanswered = (line: string): string =>
  line.replace(/^(\S+ +\d+) \d+(?: [A-Z_]+)?/, '$1 0').replace(/ \[\w+\]/g, '');

describe('the comparison', () => {
  const line =
    'udp      17 30 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=1024-65535 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 mark=0 use=1';
  const real = line.replace('17 30', '17 29').replace('1024-65535', '5000');

  it('lets the timer run down and the kernel draw', () => {
    expect(fits(line, real)).toBe(true);
  });

  it.each([
    ['another mark', real.replace('mark=0', 'mark=128')],
    ['another state', real.replace(' [UNREPLIED]', '')],
    ['a port beyond the range', real.replace('5000', '1000')],
    ['a timer of another state', real.replace('17 29', '17 119')],
  ])('sees %s', (_what, other) => {
    expect(fits(line, other)).toBe(false);
  });
});

describe.each([...byFixture.keys()])('%s', (fixture) => {
  const cases = byFixture.get(fixture) ?? [];
  const packets = cases.map(packetsOf);
  const node = nodeOf(fixture);
  const watched = loadFixture(fixture, { conntrack: true }).then(async (judge) => {
    const observations = await judge.observe(packets.flat());
    await judge.stop();
    return observations;
  });

  it.each(cases.map((walk, at) => [walk.id, walk.title, at] as const))('%s: %s', async (_id, _title, at) => {
    const observations = await watched;
    const start = packets.slice(0, at).flat().length;
    const tracer = new FlowTracer(node);
    for (const { sent, conntrack } of observations.slice(start, start + (packets[at]?.length ?? 0))) {
      const { outcomes } = tracer.next(sent);
      const said = outcomes.map(conntrackLine);
      const own = outcomes.every(({ verdict }) => verdict === 'delivered');
      const plain = (line: string): string => (own ? unanswered(line) : line);
      // A reset that answers the first segment takes the entry with it.
      if (conntrack.length === 0 && (said.includes(null) || (own && sent.proto === 'tcp'))) continue;
      const found = said.some(
        (line) => line !== null && conntrack.some((listed) => fits(plain(line), plain(listed))),
      );
      expect(found ? [] : [said, conntrack]).toEqual([]);
    }
  });
});

/** A pod's packets of the protocols that the walks do not have. */
const OTHERS: readonly PacketInput[] = [
  { proto: 'udp', sport: 5000, dport: 53 },
  { proto: 'icmp', icmpType: 8, icmpCode: 0, icmpId: 77 },
  { proto: 'sctp', sport: 5000, dport: 80 },
  { proto: 'tcp', sport: 5001, dport: 80, tcpFlags: ['ACK'] },
  ...['udplite', 'gre', 'esp', 253].map((proto) => ({ proto })),
].map((part) => ({ in: POD.C.device, src: POD.C.ip, dst: INTERNET, ...part }));

it('is the line of every protocol', async () => {
  const judge = await loadFixture('examples/eks-node', { conntrack: true });
  const observations = await judge.observe(OTHERS);
  await judge.stop();
  const node = nodeOf('examples/eks-node');
  const met = new Set<string>();
  for (const { sent, conntrack } of observations) {
    const [said = null] = trace(node, sent).outcomes.map(conntrackLine);
    if (said === null) expect([sent, conntrack]).toEqual([sent, []]);
    else expect(conntrack.some((listed) => fits(said, listed)) ? [] : [said, conntrack]).toEqual([]);
    if (said !== null) met.add(said.split(' ')[0] ?? '');
  }
  expect([...met]).toEqual(expect.arrayContaining(['udp', 'icmp', 'sctp', 'gre', 'unknown']));
});
