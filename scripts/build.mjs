// Builds dist/: the command, the library with its dependencies left outside, and the types.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommand } from './command.mjs';
import { pruneTypes, pruneWords } from './library.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

await import('./generate.mjs');
rmSync(join(root, 'dist'), { recursive: true, force: true });

await buildCommand('dist');

execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
pruneWords('dist/types');
pruneTypes('dist/types');
