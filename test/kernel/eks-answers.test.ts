/** The walks of an EKS node that are one packet long, with their answers: each side speaks from where it was heard. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Node } from '../../src/packet/node.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { byFixture } from '../walks/all.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge } from './adapter/judge.js';
import { play } from './soak/flows/play.js';
import type { Script, Step } from './soak/flows/script.js';

const step = (act: Step['act'], tcpFlags: readonly string[]): Step => ({
  ...{ conversation: 0, act, tcpFlags, data: 0 },
  ...{ error: [3, 1], router: null },
});

/** SYN, SYN/ACK, ACK; of a socket's own connection the stack says the last by itself. */
const HANDSHAKE = [step('client', ['SYN']), step('server', ['SYN', 'ACK']), step('client', ['ACK'])];

/** The node with the listing that the judge's kernel prints: there the rules have other handles. */
function nodeAsLoaded(fixture: string, judge: Judge): Node {
  const files = readdirSync(fixture).map((name) => {
    const text =
      name === 'nft-ruleset.txt' ? judge.nftListing(true) : readFileSync(join(fixture, name), 'utf8');
    return { name, text };
  });
  return loadNode(fixture, files);
}

describe.each([...byFixture.keys()])('%s', (fixture) => {
  // What is delivered is answered by the node's own stack.
  const single = (byFixture.get(fixture) ?? []).filter(
    ({ steps }) => steps.length === 1 && steps[0]?.expected.verdict !== 'delivered',
  );
  let node: Node;
  let judge: Judge;

  beforeAll(async () => {
    judge = await loadFixture(fixture, { watch: true });
    node = nodeAsLoaded(fixture, judge);
  });
  afterAll(async () => {
    await judge.stop();
  });

  it.each(single.map((walk) => [walk.id, walk.title, walk] as const))('%s: %s', async (_id, _title, walk) => {
    const script: Script = { conversations: walk.steps.map(({ packet }) => packet), steps: HANDSHAKE };
    const played = await play(judge, new FlowTracer(node), script);
    expect(played.filter(({ kind }) => kind === 'wrong')).toEqual([]);
    const [only] = walk.steps;
    const refused = ['dropped', 'rejected'].includes(only?.expected.verdict ?? '');
    // Who is not heard is not answered, and a socket that is not answered says nothing more.
    expect(played.length).toBe(refused ? (only?.packet.in === null ? 1 : 2) : 3);
  });
});
