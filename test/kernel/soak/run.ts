/**
 * `npm run soak:kernel -- --packets N --seed S [--profile P] [--family 4|6] [--backend legacy|nft]`, or `--replay FILE`;
 * `--write` keeps what a run of all profiles counted as test/conformance/record.json and docs/CONFORMANCE.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { whyNoKernel } from '../available.js';
import { PROFILES } from './profiles.js';
import { unproved } from './unproved.js';
import { documentOf } from './conformance.js';
import { recordOf } from './record.js';
import { replay } from './replay.js';
import { report, reproduction } from './report.js';
import { type Count, soak } from './soak.js';

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    profile: { type: 'string' },
    family: { type: 'string' },
    backend: { type: 'string' },
    wrong: { type: 'string', default: '5' },
    replay: { type: 'string' },
    tries: { type: 'string', default: '300' },
    write: { type: 'boolean', default: false },
    /** How many profiles are run at the same time, each on a kernel namespace of its own. */
    jobs: { type: 'string', default: '1' },
  },
});

const missing = whyNoKernel();
if (missing !== null) {
  process.stderr.write(`The kernel cannot be asked: ${missing}\n`);
  process.exit(2);
}

if (values.replay !== undefined) process.exit((await replay(values.replay)) ? 0 : 1);

const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const runs = PROFILES.filter(({ name }) => values.profile === undefined || values.profile === name).flatMap(
  (profile) =>
    profile.families
      .filter((family) => values.family === undefined || Number(values.family) === family)
      .flatMap((family) =>
        (['legacy', 'nft'] as const)
          .filter((backend) => values.backend === undefined || values.backend === backend)
          .map((backend) => ({ profile, setting: { family, backend } })),
      ),
);
if (runs.length === 0 || Number.isNaN(seed)) {
  process.stderr.write('Nothing to run: no such profile, family, backend or seed\n');
  process.exit(2);
}
if (values.write && (values.profile ?? values.family ?? values.backend) !== undefined) {
  process.stderr.write('--write is for a run of all profiles, families and backends\n');
  process.exit(2);
}

const packets = Math.ceil(Number(values.packets) / runs.length);
const found = new Map<(typeof runs)[number], Count>();
process.stdout.write(`seed ${seed}\n`);

/** Takes runs from the list until none is left. */
async function work(left: Iterator<(typeof runs)[number]>): Promise<void> {
  for (let next = left.next(); next.done !== true; next = left.next()) {
    const { profile, setting } = next.value;
    const count = await soak(profile, setting, seed, {
      packets,
      wrong: Number(values.wrong),
      tries: Number(values.tries),
      evidence: values.write,
    });
    for (const wrong of count.wrong) process.stdout.write(`\n${reproduction(wrong)}\n`);
    found.set(next.value, count);
  }
}

const queue = runs.values();
await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(queue)));
const counts = runs.flatMap((run) => found.get(run) ?? []);
process.stdout.write(`\n${report(counts)}\n`);
if (values.write) {
  const record = recordOf(seed, counts);
  writeFileSync('test/conformance/record.json', `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync('docs/CONFORMANCE.md', documentOf(record, unproved(record)));
}
process.exitCode = counts.some(({ wrongPackets }) => wrongPackets > 0) ? 1 : 0;
