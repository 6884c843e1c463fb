// Makes faults in the engine and sees whether the recorded answers of the kernel catch them.
//
//   npm run test:mutation -- [--record] [--packets N] [--files PART] [--sample PERCENT] [--workers N] [--survivors] [--write]
//
// --survivors takes those that the last run did not catch, on the same sources, and adds to what it did.
// --record asks the kernel again (as root), N packets of each profile, family and backend (default: as many as the
// suite does); --files takes the files whose path holds PART; --sample takes faults by a hash of where they are; --write keeps
// the score as test/mutation/score.json and docs/MUTATION.md, and the survivors with their classes as
// test/mutation/survivors.json and docs/mutation-survivors.md.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { deserialize } from 'node:v8';
import { format, resolveConfig } from 'prettier';
import { bundleChecks, bundleModule, root } from './bundle.mjs';
import { cover } from './coverage.mjs';
import { runAll } from './pool.mjs';
import { scoreOf, summary } from './score.mjs';
import { survivorsOf } from './survivors.mjs';

const { values } = parseArgs({
  options: {
    record: { type: 'boolean', default: false },
    packets: { type: 'string', default: '' },
    files: { type: 'string', default: '' },
    sample: { type: 'string', default: '100' },
    survivors: { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
    write: { type: 'boolean', default: false },
  },
});
const cache = join(root, 'node_modules/.cache/natwalk');
const recording = join(cache, `recording${values.packets}.v8`);
mkdirSync(cache, { recursive: true });
execFileSync(process.execPath, [join(root, 'scripts/generate.mjs')], { stdio: 'inherit' });

if (values.record || !existsSync(recording)) {
  const recorder = join(cache, 'record.mjs');
  await bundleModule('test/mutation/record.ts', recorder);
  execFileSync(process.execPath, [recorder, recording, ...(values.packets === '' ? [] : [values.packets])], {
    stdio: 'inherit',
  });
}

/** Writes a text as prettier lays it out. */
async function writeFormatted(name, text) {
  const file = join(root, name);
  const options = { ...(await resolveConfig(file)), filepath: file };
  writeFileSync(file, await format(text, options));
}

/** Writes a document that a module of the tests makes of what was counted. */
async function writeDocument(name, source, make) {
  const module = join(cache, `${source}.mjs`);
  await bundleModule(`test/mutation/${source}.ts`, module);
  await writeFormatted(name, make(await import(pathToFileURL(module).href)));
}

/** Writes the survivors of a run with the classes that they had; somebody has to look at new ones. */
async function writeSurvivors(results) {
  const known = join(root, 'test/mutation/survivors.json');
  const before = existsSync(known) ? JSON.parse(readFileSync(known, 'utf8')) : [];
  const survivors = survivorsOf(results, before);
  await writeFormatted('test/mutation/survivors.json', JSON.stringify(survivors));
  await writeDocument('docs/mutation-survivors.md', 'survivors', (module) =>
    module.survivorsDocument(survivors),
  );
}

/** Packets of the soak's cases in a recording. */
const observed = ({ cases }) =>
  cases
    .flatMap(({ groups, scripts }) => [...groups, ...scripts.map(({ sent }) => sent)])
    .reduce((sum, { length }) => sum + length, 0);

/** What a fault is, as long as its code stays. */
const identity = ({ file, line, column, mutator, replacement }) =>
  [file, line, column, mutator, replacement].join('\0');

/** A number below 100 that belongs to a fault. */
const hundredth = (mutant) => createHash('sha256').update(identity(mutant)).digest().readUInt32BE() % 100;

const { script, mutants } = await bundleChecks();
const bundle = join(cache, 'checks.cjs');
writeFileSync(bundle, script);
const active = mutants.filter(({ ignored }) => ignored === null);
const coverage = await cover(bundle, recording, active);
for (const one of coverage.disagreeing)
  process.stderr.write(`left out, as it fails without a fault: ${one}\n`);
process.stderr.write(`${String(coverage.baselines.length)} checks agree without a fault\n`);
const last = join(cache, 'mutation.json');
const previous = values.survivors ? JSON.parse(readFileSync(last, 'utf8')) : [];
const survivors = new Set(previous.filter(({ status }) => status !== 'killed').map(identity));
const chosen = active.filter(
  (mutant) =>
    mutant.file.includes(values.files) &&
    hundredth(mutant) < Number(values.sample) &&
    (!values.survivors || survivors.has(identity(mutant))),
);
const judged = await runAll({
  bundle,
  recording,
  coverage,
  mutants: chosen,
  workers: Number(values.workers),
});
const results = [...previous.filter(({ status }) => status === 'killed'), ...judged].sort(
  (a, b) => Number(a.id) - Number(b.id),
);
writeFileSync(last, JSON.stringify(results, null, 1));
const score = scoreOf(results, mutants, {
  sample: Number(values.sample),
  packets: observed(deserialize(readFileSync(recording))),
  checks: coverage.baselines.length - coverage.disagreeing.length,
});
process.stdout.write(`${summary(score, results)}\n`);
if (values.write) {
  if (values.files !== '') throw new Error('--write is for faults of all files');
  writeFileSync(join(root, 'test/mutation/score.json'), `${JSON.stringify(score, null, 2)}\n`);
  await writeDocument('docs/MUTATION.md', 'document', (module) => module.documentOf(score));
  await writeSurvivors(results);
}
