/** Walks that are written down with their ends, put to the kernel on the node that they are of. */
import { expect, it } from 'vitest';
import { FlowTracer } from '../../../src/packet/trace.js';
import { nodeOf } from '../../support/node.js';
import { type WalkCase, packetsOf } from '../../walks/case.js';
import { disagreement } from './agree.js';
import { loadFixture } from './fixture.js';
import { observed, visible, wasSeen } from './visible.js';

/** The kernel's judgement of a node's walks, and natwalk's own. */
export function askOfWalks(fixture: string, cases: readonly WalkCase[]): void {
  const packets = cases.map(packetsOf);
  const watched = loadFixture(fixture).then(async (judge) => {
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
    for (const [step, { expected, or = [] }] of (cases[at]?.steps ?? []).entries()) {
      const observation = observations[start + step];
      if (observation === undefined) throw new Error('no observation');
      const ways = [expected, ...or];
      const way = ways.find((one) => wasSeen(one, observation)) ?? expected;
      expect(observed(way, observation)).toMatchObject(visible(way));
    }
  });

  it.each(cases.map((walk, at) => [walk.id, walk.title, at] as const))(
    'natwalk says so of %s: %s',
    async (_id, _title, at) => {
      const { observations } = await watched;
      const start = packets.slice(0, at).flat().length;
      const tracer = new FlowTracer(nodeOf(fixture));
      for (const observation of observations.slice(start, start + (cases[at]?.steps.length ?? 0))) {
        expect(disagreement(tracer.next(observation.sent).outcomes, observation)).toBeNull();
      }
    },
  );
}
