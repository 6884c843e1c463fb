/** Lab nodes are read without a finding, and do with packets what the exercises rest on. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FlowTracer } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { packetsOf } from '../walks/case.js';
import { expectWays } from '../walks/ways.js';
import { UNORDERED, byNode } from './all-walks.js';

const root = join(import.meta.dirname, '../../labs/nodes');
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.endsWith('-pair'))
  .map(({ name }) => `labs/nodes/${name}`);

it.each(folders)('%s is read without a finding', (folder) => {
  const expected = folder.endsWith('/eks-incident') ? ['RULE_TWO_BACKENDS'] : [];
  expect(nodeOf(folder).diagnostics.map(({ code }) => code)).toEqual(expected);
});

describe.each([...byNode])('%s', (folder, cases) => {
  it.each(cases.map((walk) => [walk.id, walk.title, walk] as const))('%s: %s', (_id, _title, walk) => {
    const tracer = new FlowTracer(nodeOf(folder));
    for (const [at, packet] of packetsOf(walk).entries()) {
      const { expected = { verdict: 'dropped' }, or = [] } = walk.steps[at] ?? {};
      const { outcomes } = tracer.next(packet);
      const assumed = new Set(outcomes.flatMap(({ assumptions }) => assumptions.map(({ code }) => code)));
      if (UNORDERED.has(folder)) assumed.delete('UNK_TABLE_ORDER');
      expect([...assumed]).toEqual([]);
      expectWays(outcomes, [expected, ...or]);
    }
  });
});
