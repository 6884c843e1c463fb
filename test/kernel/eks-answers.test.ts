/** The walks of an EKS node that are one packet long, with their answers: each side speaks from where it was heard. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlowTracer } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from '../walks/all.js';
import { Judge } from './adapter/judge.js';
import { play } from './soak/flows/play.js';
import type { Script, Step } from './soak/flows/script.js';

const step = (act: Step['act'], tcpFlags: readonly string[]): Step => ({
  ...{ conversation: 0, act, tcpFlags, data: 0 },
  ...{ error: [3, 1], router: null },
});

/** SYN, SYN/ACK, ACK; of a socket's own connection the stack says the last by itself. */
const HANDSHAKE = [step('client', ['SYN']), step('server', ['SYN', 'ACK']), step('client', ['ACK'])];

describe.each([...byFixture.keys()])('%s', (fixture) => {
  const single = (byFixture.get(fixture) ?? []).filter(({ steps }) => steps.length === 1);
  const node = nodeOf(fixture);
  let judge: Judge;

  beforeAll(async () => {
    judge = await Judge.load(fixture, { watch: true });
  });
  afterAll(async () => {
    await judge.stop();
  });

  it.each(single.map((walk) => [walk.id, walk.title, walk] as const))('%s: %s', async (_id, _title, walk) => {
    const script: Script = { conversations: walk.steps.map(({ packet }) => packet), steps: HANDSHAKE };
    const played = await play(judge, new FlowTracer(node), script);
    expect(played.filter(({ kind }) => kind === 'wrong')).toEqual([]);
    const arrives = walk.steps.every(({ expected }) => expected.verdict !== 'dropped');
    // Who is not heard is not answered.
    expect(played.length).toBe(arrives ? 3 : 2);
  });
});
