/** `-o counters` beside what the real iptables lists after one packet through zeroed counters. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountersView } from '../../src/explain/listing/counters.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from '../walks/all.js';
import { packetsOf } from '../walks/case.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge, Observation } from './adapter/judge.js';

/** The listings by their command. */
function tablesOf(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^# (ip6?tables(?:-\w+)? -t \w+ -L -n -v)\n/m).slice(1);
  return new Map(parts.flatMap((part, at) => (at % 2 === 0 ? [[part, parts[at + 1] ?? ''] as const] : [])));
}

/** Lines without the blanks at their ends; without bytes where a socket makes its own options. */
function plain(text: string, withBytes: boolean): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
    .map((line) =>
      withBytes ? line : line.replace(/^( *\d+) +\d+ /, '$1 - ').replace(/(\d+ packets), \d+ bytes/, '$1'),
    );
}

const POLICY = /^Chain (\S+) \(policy \w+ (\d+) packets, (\d+) bytes\)/;

/** Counters of policies, which iptables-nft -Z leaves as they are. */
function policiesOf(text: string): ReadonlyMap<string, readonly [number, number]> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, chain = '', packets, bytes] = POLICY.exec(line) ?? [];
      return chain === '' ? [] : [[chain, [Number(packets), Number(bytes)]] as const];
    }),
  );
}

/** The listing with what policies counted since the one before. */
function since(before: string, text: string): string {
  const known = policiesOf(before);
  return text.replace(
    /^(Chain (\S+) \(policy \w+) (\d+) packets, (\d+) bytes/gm,
    (_, head: string, chain: string, packets: string, bytes: string) => {
      const [oldPackets, oldBytes] = known.get(chain) ?? [0, 0];
      return `${head} ${String(Number(packets) - oldPackets)} packets, ${String(Number(bytes) - oldBytes)} bytes`;
    },
  );
}

const TABLES = ['raw', 'mangle', 'nat', 'filter'] as const;
/** Stands behind each listing. */
const END = '# end';

/** A socket sends its SYN again a second after the first (TCP_TIMEOUT_INIT): what is counted later may be two packets. */
const RESENT = 900;

interface Counted {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
  readonly observations: readonly Observation[];
  /** A SYN may have been sent again before the counters were listed. */
  readonly isLate: boolean;
}

describe.each([
  ['examples/eks-node', 'nft'],
  ['test/walks/fixtures/default-legacy', 'legacy'],
])('%s', (fixture, backend) => {
  const node = nodeOf(fixture);
  // What the node answers by itself counts as well.
  const walks = (byFixture.get(fixture) ?? []).filter(({ steps }) =>
    steps.every(({ expected }) => !['delivered', 'rejected'].includes(expected.verdict)),
  );
  let judge: Judge;

  beforeAll(async () => {
    judge = await loadFixture(fixture);
  });
  afterAll(async () => {
    await judge.stop();
  });

  it.each(walks.map((walk) => [walk.id, walk.title, walk] as const))('%s: %s', async (_id, _title, walk) => {
    const listAll = async (zero: boolean): Promise<ReadonlyMap<string, string>> => {
      const commands = TABLES.map((table) => {
        const command = `iptables-${backend} -t ${table}`;
        return `${zero ? `${command} -Z; ` : ''}${command} -L -n -v; echo '${END}'`;
      });
      const texts = (await judge.shell(commands.join('; '))).split(`${END}\n`);
      return new Map(TABLES.map((table, at) => [table, texts[at] ?? '']));
    };
    const countOnce = async (): Promise<Counted> => {
      const before = await listAll(true);
      const start = performance.now();
      const observations = await judge.observe(packetsOf(walk));
      const after = await listAll(false);
      return { before, after, observations, isLate: performance.now() - start > RESENT };
    };
    const isResent = packetsOf(walk).some(({ in: device, proto }) => device === null && proto === 'tcp');
    let counted = await countOnce();
    for (let left = 5; left > 0 && isResent && counted.isLate; left -= 1) counted = await countOnce();
    const { before, after, observations } = counted;
    const tracer = new FlowTracer(node);
    const view = new CountersView(node, true);
    for (const { sent } of observations) {
      const result = tracer.next(sent);
      expect(result.outcomes).toHaveLength(1);
      view.add(result);
    }
    const said = tablesOf(view.finish());
    expect(said.size).toBeGreaterThan(0);
    const withBytes = observations.every(({ sent }) => sent.in !== null);
    for (const [command, text] of said) {
      const [, table = ''] = / -t (\w+) /.exec(command) ?? [];
      const listed = since(before.get(table) ?? '', after.get(table) ?? '');
      expect([command, ...plain(text, withBytes)]).toEqual([command, ...plain(listed, withBytes)]);
    }
  });

  it('has walks to compare', () => {
    expect(walks.length).toBeGreaterThan(15);
  });
});
