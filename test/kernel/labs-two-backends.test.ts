/** A lab's node with two rule sets beside the real one: what each variant of the tools lists, and what it says of the other. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NO_WORLD } from '../../src/labs/read-world.js';
import { Machine } from '../../src/labs/shell/machine.js';
import { Shell } from '../../src/labs/shell/shell.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge } from './adapter/judge.js';

const FOLDER = 'labs/nodes/eks-incident';
const files = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
const machines = [new Machine('node', files)];
const shell = new Shell({ world: NO_WORLD, machines, seed: 1, language: 'en', cluster: null });
let judge: Judge;

beforeAll(async () => {
  judge = await loadFixture(FOLDER);
});
afterAll(async () => {
  await judge.stop();
});

it.each([
  'iptables-nft -t nat -S POSTROUTING',
  'iptables-legacy -t nat -S POSTROUTING',
  'iptables-nft -t nat -L KUBE-MARK-MASQ -n',
  'iptables-nft -S KUBE-SERVICES',
  'iptables-legacy -t nat -S KUBE-SERVICES',
  'ip6tables-nft -S',
  'iptables-nft -t nat -D POSTROUTING 1',
  'iptables-legacy -t nat -F',
  'iptables-nft -t nat -S POSTROUTING',
  'iptables-legacy -t nat -S POSTROUTING',
])('%s', async (command) => {
  const { out, err } = shell.type(command);
  // One run: what changes something may be typed once.
  const real = await judge.shell(`{ { ${command}; } 2>&3 | sed 's/^/out /'; } 3>&1 || true`);
  const lines = real.split('\n').filter((line) => line !== '');
  const ofKind = (isOut: boolean): string =>
    lines
      .flatMap((line) => (line.startsWith('out ') === isOut ? `${line.replace(/^out /, '')}\n` : []))
      .join('');
  expect({ out, err }).toEqual({ out: ofKind(true), err: ofKind(false) });
});
