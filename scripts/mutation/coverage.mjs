// Which checks meet which faults, learned by running everything once without any.
import { Replay } from './replay.mjs';

/** Modules that keep something for good when they are first asked: later checks do not meet their faults again. */
const ONCE = new Set(['src/iptables/read/options.ts']);

/** The share of checks that may fail without a fault, as sources have changed since the recording; they are not used. */
const ALLOWED = 0.01;

/** The part of a check's name that all checks of one dump, table or network share. */
const groupOf = (name) => name.replace(/(?:: | group| script| walk| question|:)\s?\d+$/, '');

/**
 * Runs every check once. @returns baselines by check; for each fault the checks that meet it, the cheapest first; and the
 * faults that are met when modules are evaluated
 */
export async function cover(script, recording, mutants) {
  const replay = new Replay(script, recording);
  const covered = new Set();
  replay.covered = covered;
  replay.switchOn('none', true);
  const once = new Set(covered);
  for (const { id, file } of mutants) if (ONCE.has(file)) once.add(id);
  const meets = new Map(mutants.map(({ id }) => [id, { own: [], groups: new Set() }]));
  const groups = new Map();
  const disagreeing = [];
  const baselines = [];
  const costs = [];
  for (const [at, { name }] of replay.checks.entries()) {
    covered.clear();
    replay.forget();
    let read = new Set();
    let start = performance.now();
    const kinds = await replay.run(at, () => {
      read = new Set(covered);
      covered.clear();
      start = performance.now();
    });
    baselines.push(kinds);
    costs.push(performance.now() - start);
    if (/wrong|threw|endless|unrecorded/.test(kinds)) {
      disagreeing.push(`${name}: ${kinds}`);
      continue;
    }
    for (const id of covered) meets.get(id)?.own.push(at);
    const group = groupOf(name);
    const known = groups.get(group) ?? { checks: [], read: new Set() };
    groups.set(group, known);
    known.checks.push(at);
    for (const id of read) known.read.add(id);
  }
  if (disagreeing.length > ALLOWED * baselines.length)
    throw new Error(`checks that fail without a fault; record anew: ${disagreeing.join('; ')}`);
  for (const [group, { read }] of groups) for (const id of read) meets.get(id)?.groups.add(group);
  const kernelFirst = (a, b) =>
    Number(replay.checks[a].oracle !== 'kernel') - Number(replay.checks[b].oracle !== 'kernel') ||
    costs[a] - costs[b];
  const all = [...groups.values()].flatMap(({ checks }) => checks).sort(kernelFirst);
  const checksOf = ({ id, file }) => {
    const { own, groups: reading } = meets.get(id);
    const first = [...own].sort(kernelFirst);
    const table = file.replace(/\.ts$/, '.spec.txt');
    const rest = once.has(id)
      ? [...(groups.get(table)?.checks ?? []), ...all]
      : [...reading].flatMap((group) => groups.get(group).checks).sort(kernelFirst);
    return [...new Set([...first, ...rest])].sort(
      (a, b) => Number(replay.checks[a].oracle !== 'kernel') - Number(replay.checks[b].oracle !== 'kernel'),
    );
  };
  return { baselines, once, checksOf, disagreeing };
}
