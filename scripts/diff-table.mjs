// Makes docs/DIFF.md and test/diff/record.json: what diff finds of seeded changes, and what random packets find.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../..');
const outfile = join(root, 'node_modules/.cache/natwalk/diff-table.mjs');

execFileSync(process.execPath, [join(root, 'scripts/generate.mjs')], { stdio: 'inherit' });
process.chdir(root);
await build({
  absWorkingDir: root,
  entryPoints: ['test/diff/run.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  define: { 'import.meta.dirname': JSON.stringify(join(root, 'test/diff')) },
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
execFileSync(process.execPath, [
  join(root, 'node_modules/prettier/bin/prettier.cjs'),
  '--write',
  'docs/DIFF.md',
  'test/diff/record.json',
]);
