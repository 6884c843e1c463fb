/** The walks that the exercises rest on, as the kernel does them. */
import { describe, expect, it } from 'vitest';
import { FlowTracer } from '../../src/packet/trace.js';
import { byNode } from '../labs/all-walks.js';
import { nodeOf } from '../support/node.js';
import { packetsOf } from '../walks/case.js';
import { disagreement } from './adapter/agree.js';
import { loadFixture } from './adapter/fixture.js';
import { observed, visible, wasSeen } from './adapter/visible.js';

describe.each([...byNode])('%s', (folder, cases) => {
  const packets = cases.map(packetsOf);
  const watched = loadFixture(folder).then(async (judge) => {
    const observations = await judge.observe(packets.flat());
    const { complaints } = judge;
    await judge.stop();
    return { complaints, observations };
  });

  it('loads without a complaint of the tools', async () => {
    expect((await watched).complaints).toBe('');
  });

  it.each(cases.map((walk, at) => [walk.id, walk.title, at] as const))('%s: %s', async (_id, _title, at) => {
    const { observations } = await watched;
    const start = packets.slice(0, at).flat().length;
    const tracer = new FlowTracer(nodeOf(folder));
    for (const [place, { expected, or = [] }] of (cases[at]?.steps ?? []).entries()) {
      const observation = observations[start + place];
      if (observation === undefined) throw new Error('no observation');
      const ways = [expected, ...or];
      const way = ways.find((one) => wasSeen(one, observation)) ?? expected;
      expect(observed(way, observation)).toMatchObject(visible(way));
      expect(disagreement(tracer.next(observation.sent).outcomes, observation)).toBeNull();
    }
  });
});
