// Bundles the soak runner and runs it: the real kernel is asked about generated snapshots and packets.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../..');
const outfile = join(root, 'node_modules/.cache/natwalk/soak.mjs');

execFileSync(process.execPath, [join(root, 'scripts/generate.mjs')], { stdio: 'inherit' });
await build({
  absWorkingDir: root,
  entryPoints: ['test/kernel/soak/run.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  // The helper's source lies beside the module that compiles it.
  define: {
    'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'test/kernel/adapter/helper.ts')).href),
  },
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
