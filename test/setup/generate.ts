/** Makes src/generated before the first test, once per run, and says whether the kernel judges. */
import { execFileSync } from 'node:child_process';
import { whyNoKernel } from '../kernel/available.js';

const DONE = 'NATWALK_GENERATED';

export default function setup(): void {
  if (process.env[DONE] === '1') return;
  process.env[DONE] = '1';
  execFileSync(process.execPath, ['scripts/generate.mjs'], { stdio: 'inherit' });
  if (process.argv.some((word) => word.startsWith('--project'))) return;
  const missing = whyNoKernel();
  const says = missing === null ? 'with the kernel suite' : `without the kernel suite: ${missing}`;
  process.stderr.write(`natwalk: running ${says}\n`);
}
