// Builds the command and the benchmark as they are now, apart from dist/, and runs the benchmark.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildCommand } from './command.mjs';

const root = join(fileURLToPath(import.meta.url), '../..');
const cache = join(root, 'node_modules/.cache/natwalk/bench');
const outfile = join(cache, 'bench.mjs');

process.chdir(root);
execFileSync(process.execPath, [join(root, 'scripts/generate.mjs')], { stdio: 'inherit' });
await buildCommand(join(cache, 'command'));
writeFileSync(join(cache, 'package.json'), '{"type":"module"}');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/run.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
