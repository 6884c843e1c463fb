// Builds build/natwalk.mjs: the command in one file that runs alone, for a machine without npm.
import { statSync } from 'node:fs';
import { buildSingle } from './command.mjs';

await import('./generate.mjs');
const file = await buildSingle('build');
process.stdout.write(`${file}  ${String(Math.round(statSync(file).size / 1024))} KiB\n`);
