// Runs what README shows: `node check-readme.mjs README.md COMMAND…` runs COMMAND with the words of each
// `<!-- walk: … -->` and compares what it prints with the block below.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [path = 'README.md', program = 'natwalk', ...before] = process.argv.slice(2);
const readme = readFileSync(path, 'utf8');

/** @param {string} title @param {string} expected @param {string} found */
function compare(title, expected, found) {
  if (expected === found) {
    process.stdout.write(`as README shows: ${title}\n`);
    return;
  }
  process.stderr.write(`README shows something else for: ${title}\n--- README\n${expected}--- now\n${found}`);
  process.exitCode = 1;
}

const walks = [...readme.matchAll(/<!-- walk: (.*?) -->\s*```\w*\n([\s\S]*?)```/g)];
if (walks.length === 0) throw new Error('README shows no walk');
for (const [, words = '', shown = ''] of walks) {
  const env = { ...process.env, LC_ALL: 'C', NO_COLOR: '1' };
  const ended = spawnSync(program, [...before, ...words.split(' ')], { encoding: 'utf8', env });
  if (ended.status !== 0) throw new Error(`${words}: exit ${String(ended.status)}\n${ended.stderr}`);
  compare(words, shown, ended.stdout);
}
