/** The index of long chains leaves out only rules that cannot match: every golden walk is the same when each rule is tried. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../src/packet/result.js';
import { trace } from '../src/packet/trace.js';
import { loadNode } from '../src/snapshot/load.js';
import { byFixture } from './walks/all.js';
import { packetsOf } from './walks/case.js';

const root = join(import.meta.dirname, '..');

/** Which rules were tried in vain is what may differ. */
const bare = ({ steps: _steps, ...outcome }: Outcome): Omit<Outcome, 'steps'> => outcome;

describe.each([...byFixture])('%s', (fixture, cases) => {
  const folder = join(root, fixture);
  const node = loadNode(
    fixture,
    readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') })),
  );

  it.each(cases.map((walk) => [walk.id, walk] as const))('%s', (_, walk) => {
    for (const packet of packetsOf(walk)) {
      const found = trace(node, packet, { limit: 64 });
      const tried = trace(node, packet, { limit: 64, allRules: true });
      expect(found.outcomes.map(bare)).toEqual(tried.outcomes.map(bare));
    }
  });
});
