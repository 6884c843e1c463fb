/** The walks of an EKS node, as the kernel does them. */
import { describe, expect, it } from 'vitest';
import { byFixture } from '../walks/all.js';
import { type Expected, packetsOf } from '../walks/case.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { disagreement } from './adapter/agree.js';
import { type Observation, Judge, type Seen } from './adapter/judge.js';

/** The part of an expectation that can be seen from outside. */
type Visible = Pick<Expected, 'verdict' | 'out' | 'via' | 'src' | 'dst'>;

function observed(expected: Expected, observation: Observation): Visible {
  const [seen] = [...observation.out, ...observation.delivered];
  if (seen === undefined) return { verdict: 'dropped' };
  const forwarded = observation.sent.in === null ? 'sent' : 'forwarded';
  return {
    verdict: seen.nexthop === null ? 'delivered' : forwarded,
    out: seen.iface,
    via: seen.nexthop === seen.dst ? null : seen.nexthop,
    src: endpoint(expected.src, seen.src, seen.sport),
    dst: endpoint(expected.dst, seen.dst, seen.dport),
  };
}

function endpoint(expected: string | undefined, address: string, port: Seen['sport']): string {
  return `${address}:${expected?.endsWith(':*') === true ? '*' : String(port)}`;
}

function visible(expected: Expected): Visible {
  const { verdict, out, via, src, dst } = expected;
  return {
    verdict,
    ...(out === undefined ? {} : { out }),
    ...(via === undefined ? {} : { via }),
    ...(src === undefined ? {} : { src }),
    ...(dst === undefined ? {} : { dst }),
  };
}

describe.each([...byFixture.keys()])('%s', (fixture) => {
  const cases = byFixture.get(fixture) ?? [];
  const packets = cases.map(packetsOf);
  const watched = Judge.load(fixture).then(async (judge) => {
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
    for (const [step, { expected }] of (cases[at]?.steps ?? []).entries()) {
      const observation = observations[start + step];
      if (observation === undefined) throw new Error('no observation');
      expect(observed(expected, observation)).toMatchObject(visible(expected));
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
});
