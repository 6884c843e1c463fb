// Runs README's use of the library where the package is installed, by Node.js, Deno and Bun, and has its types checked:
// `node check-library.mjs README.md TSC`. Deno and Bun are left out, by name, where the registry has them not.
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Other runtimes, as packages that the registry has. */
const DENO = 'deno@2.9.6';
const BUN = 'bun@1.4.5';

const [readme = 'README.md', tsc = 'tsc'] = process.argv.slice(2);
const [, example = '', printed = ''] =
  /<!-- library -->\n+```ts\n([^]*?)```\n+```\n([^]*?)```/.exec(readFileSync(readme, 'utf8')) ?? [];
if (example === '') throw new Error('README shows no use of the library');
writeFileSync('example.mjs', example);
writeFileSync('example.mts', example);

/** @param {string} program @param {readonly string[]} words */
const run = (program, words) => spawnSync(program, words, { encoding: 'utf8' });
const tell = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);

/** @param {string} name @param {string} program @param {readonly string[]} words @param {string} expected */
function demand(name, program, words, expected) {
  const { status, stdout, stderr } = run(program, words);
  if (status === 0 && stdout === expected) return tell(`the library's example: ${name}`);
  if (program === 'npx' && stderr.startsWith('npm error'))
    return tell(`not tried, not to be had here: ${name}`);
  process.stderr.write(`${name}: exit ${String(status)}\n${stdout}${stderr}`);
  process.exitCode = 1;
}

demand(`Node.js ${process.versions.node}`, process.execPath, ['example.mjs'], printed);
for (const [source, name, ...words] of [
  [DENO, 'deno', 'run', '--quiet', '--allow-read', '--allow-env', '--node-modules-dir=manual'],
  [BUN, 'bun', 'run'],
])
  demand(source, 'npx', ['--yes', '--package', source, name, ...words, 'example.mjs'], printed);

const types = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom'];
for (const [module, resolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])
  demand(
    `types by ${resolution}`,
    process.execPath,
    [tsc, ...types, '--module', module, '--moduleResolution', resolution, 'example.mts'],
    '',
  );

// The example of natwalk/vitest, by the vitest that is installed for this project.
const [, assertions = ''] = /<!-- vitest -->\n+```ts\n([^]*?)```/.exec(readFileSync(readme, 'utf8')) ?? [];
const vitest = join(dirname(tsc), '../../vitest');
symlinkSync(vitest, 'node_modules/vitest');
writeFileSync('example.test.ts', assertions);
const ran = run(process.execPath, [join(vitest, 'vitest.mjs'), 'run', '--root', '.', '--reporter', 'json']);
if (ran.status === 0 && ran.stdout.includes('"numPassedTests":1,')) tell('the example of natwalk/vitest');
else {
  process.stderr.write(`vitest: exit ${String(ran.status)}\n${ran.stdout}${ran.stderr}`);
  process.exitCode = 1;
}
const forTests = [...types, '--skipLibCheck', '--module', 'nodenext', '--moduleResolution', 'nodenext'];
demand('types of natwalk/vitest', process.execPath, [tsc, ...forTests, 'example.test.ts'], '');
