/** Every fact of `test/facts`, asked of the kernel: it does what is expected, and natwalk's whole answer is the kernel's. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FlowTracer } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { SECTIONS } from '../facts/all.js';
import type { Expected, Fact } from '../facts/fact.js';
import { foundInKernel } from '../facts/hold.js';
import { filesOf } from '../facts/node.js';
import { allOf } from './adapter/complaints.js';
import { type Observation, Judge } from './adapter/judge.js';
import { scratchFolder } from './adapter/scratch.js';
import { compare } from './soak/compare.js';
import { Course } from './soak/course.js';
import { type Backend, FILE_NAMES, type SoakCase } from './soak/profile.js';

/** Dumps that can be replaced without new namespaces. */
const RULES: ReadonlySet<string> = new Set(['ipset-save.txt', 'iptables-save.txt', 'ip6tables-save.txt']);

/** Milliseconds to listen for when something seems wrong: a late answer is no difference. */
const PATIENCE = 30;

const folder = scratchFolder('facts');
let loaded: { readonly judge: Judge; readonly key: string | null } | null = null;

function keyOf(files: SoakCase['files'], about: string): string {
  const network = FILE_NAMES.filter((name) => !RULES.has(name)).map((name) => files[name] ?? '');
  return [about, ...network].join('\0');
}

/** The kernel with the fact's node; namespaces stay while only rules and sets differ. */
async function load(files: SoakCase['files'], about: string): Promise<Judge> {
  for (const name of FILE_NAMES) {
    const text = files[name];
    if (text === undefined) rmSync(join(folder, name), { force: true });
    else writeFileSync(join(folder, name), text);
  }
  const key = keyOf(files, about);
  if (loaded?.key === key) {
    expect(allOf(await loaded.judge.reload(folder))).toBe('');
    return loaded.judge;
  }
  await loaded?.judge.stop();
  loaded = null;
  const judge = await Judge.load(folder, { watch: true });
  // A node that was refused in part is made anew for the next fact.
  loaded = { judge, key: judge.complaints === '' ? key : null };
  expect(judge.complaints).toBe('');
  return judge;
}

function differences(fact: Fact, files: SoakCase['files'], observations: readonly Observation[]): string[] {
  const texts = Object.entries(files).map(([name, text]) => ({ name, text }));
  const node = loadNode('fact', texts);
  const tracer = new FlowTracer(node);
  const course = new Course(node, files);
  return fact.steps.flatMap(({ expect: given, because }, at) => {
    const observation = observations[at];
    if (observation === undefined) return [`packet ${String(at + 1)} was not observed`];
    const wanted: readonly Expected[] = [given].flat();
    const sides = wanted.map((one) => foundInKernel(one, observation));
    const confirmed = sides.some(({ expected, found }) => JSON.stringify(expected) === JSON.stringify(found));
    const compared = compare(tracer.next(observation.sent), observation, course);
    const open = because.length > 0 || wanted.length > 1;
    return [
      ...(confirmed
        ? []
        : [`packet ${String(at + 1)}: the kernel does not confirm ${JSON.stringify(sides)}`]),
      ...(compared.kind === 'wrong' ? [`packet ${String(at + 1)}: ${compared.why}`] : []),
      ...(compared.kind === 'hedged' && !open
        ? [`packet ${String(at + 1)}: hedged by ${compared.causes.join()}`]
        : []),
    ];
  });
}

async function ask(fact: Fact, backend: Backend): Promise<string[]> {
  const files = filesOf(fact.node, fact.family, backend);
  const judge = await load(files, `${backend} ${String(fact.family)}`);
  const packets = fact.steps.map(({ packet }) => packet);
  const found = differences(fact, files, await judge.observe(packets));
  if (found.length === 0) return found;
  await judge.wait(PATIENCE);
  const again = differences(fact, files, await judge.observe(packets));
  await judge.wait(0);
  return again;
}

afterAll(async () => {
  await loaded?.judge.stop();
  rmSync(folder, { recursive: true, force: true });
});

const asked = SECTIONS.flatMap(({ title, facts }) =>
  (['legacy', 'nft'] as const).flatMap((backend) => {
    const own = facts
      .filter(({ backends }) => backends.includes(backend))
      .map((one) => [one.name, one, keyOf(filesOf(one.node, one.family, backend), '')] as const)
      .sort(([, , a], [, , b]) => (a < b ? -1 : a > b ? 1 : 0));
    return own.length === 0 ? [] : [[title, backend, own] as const];
  }),
);

describe.each(asked)('%s, %s', (_title, backend, facts) => {
  it.each(facts)('%s', async (_name, one) => {
    expect(await ask(one, backend)).toEqual([]);
  });
});
