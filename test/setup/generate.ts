/** Makes src/generated before the first test, once per run. */
import { execFileSync } from 'node:child_process';

const DONE = 'NATWALK_GENERATED';

export default function setup(): void {
  if (process.env[DONE] === '1') return;
  execFileSync(process.execPath, ['scripts/generate.mjs'], { stdio: 'inherit' });
  process.env[DONE] = '1';
}
