// Bundles the builder of lab nodes and runs it: `npm run labs:build -- [--into FOLDER] [NAME …]`.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../..');
const outfile = join(root, 'node_modules/.cache/natwalk', `labs-${String(process.pid)}.mjs`);

await build({
  absWorkingDir: root,
  entryPoints: ['labs/build/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const ended = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
rmSync(outfile);
process.exit(ended.status ?? 1);
