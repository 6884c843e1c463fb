/**
 * `npm run soak:kernel -- --packets N --seed S [--profile P] [--family 4|6] [--backend legacy|nft]`, or `--replay FILE`;
 * `--write` keeps what a run of all profiles counted as test/conformance/record.json and docs/CONFORMANCE.md.
 *
 * Ends with 0 when every packet agreed, 1 when one did not or too little was shown, 2 when it could not begin.
 */
import { writeFileSync } from 'node:fs';
import { sweep } from '../adapter/scratch.js';
import { whyNoKernel } from '../available.js';
import { documentOf } from './conformance.js';
import { OptionError, type Options, optionsOf } from './options.js';
import { PROFILES } from './profiles.js';
import { recordOf } from './record.js';
import { replay } from './replay.js';
import { report, reproduction } from './report.js';
import { type Count, soak } from './soak.js';
import { unproved } from './unproved.js';
import { faultsOf } from './verdict.js';

function given(): Options {
  try {
    return optionsOf(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}

const options = given();
const missing = whyNoKernel();
if (missing !== null) {
  process.stderr.write(`The kernel cannot be asked: ${missing}\n`);
  process.exit(2);
}
sweep();
if (options.replay !== null) process.exit(await replay(options.replay));

const { seed } = options;
const isMeant = <T>(wanted: T | null, one: T): boolean => wanted === null || wanted === one;
const runs = PROFILES.filter(({ name }) => isMeant(options.profile, name)).flatMap((profile) =>
  profile.families
    .filter((family) => isMeant(options.family, family))
    .flatMap((family) =>
      (['legacy', 'nft'] as const)
        .filter((backend) => isMeant(options.backend, backend))
        .map((backend) => ({ profile, setting: { family, backend } })),
    ),
);
const packets = Math.ceil(options.packets / runs.length);
const found = new Map<(typeof runs)[number], Count>();
process.stdout.write(`seed ${String(seed)}\n`);

/** Takes runs from the list until none is left. */
async function work(left: Iterator<(typeof runs)[number]>): Promise<void> {
  for (let next = left.next(); next.done !== true; next = left.next()) {
    const { profile, setting } = next.value;
    const { first, wrong, tries, write } = options;
    const count = await soak(profile, setting, seed, { packets, first, wrong, tries, evidence: write });
    for (const one of count.wrong) process.stdout.write(`\n${reproduction(one)}\n`);
    found.set(next.value, count);
  }
}

const queue = runs.values();
const began = performance.now();
await Promise.all(Array.from({ length: options.jobs }, () => work(queue)));
const counts = runs.flatMap((run) => found.get(run) ?? []);
process.stdout.write(`\n${report(counts)}\n`);
const faults = faultsOf(counts);
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (options.write && faults.length > 0) process.stderr.write('Nothing is written of such a run\n');
else if (options.write) {
  const record = recordOf(seed, (performance.now() - began) / 1000, counts);
  writeFileSync('test/conformance/record.json', `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync('docs/CONFORMANCE.md', documentOf(record, unproved(record)));
}
process.exitCode = faults.length > 0 ? 1 : 0;
