// The command as it is shipped: what starts it, and its help as text. What it does is in the modules that library.mjs builds.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { COMMAND_ENTRY, common, root } from './bundle.mjs';
import { writeJoined } from './joined.mjs';
import { buildLibrary } from './library.mjs';

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [, node = '20'] = /(\d+(?:\.\d+)*)/.exec(engines.node) ?? [];

const command = { ...common, platform: 'node', format: 'cjs', target: `node${node}` };

/** Commands as they are declared; what they do is loaded when they run, which is never in this bundle. */
const withoutActions = {
  name: 'without-actions',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'dynamic-import' && path !== './program.js' && path !== './korean-help.js'
        ? { path: './command.js', external: true }
        : undefined,
    );
  },
};

/** Help has its own words in Korean, and needs those of the catalogue only for a fault of its own. */
const fewWords = {
  name: 'few-words',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(?:en\/index|ko\/index|ko\/values)\.js$/ }, () => ({
      path: 'few',
      namespace: 'words',
    }));
    onLoad({ filter: /.*/, namespace: 'words' }, () => ({
      contents: `
        export { cli as en, cli as ko } from './src/explain/messages/en/cli.ts';
        export const koreanValue = (_, value) => value;
      `,
      resolveDir: root,
    }));
  },
};

/** Writes natwalk.mjs: the command in one file, with all that it needs. */
export async function buildSingle(folder) {
  const file = join(folder, 'natwalk.mjs');
  await build({
    ...command,
    format: 'esm',
    entryPoints: [COMMAND_ENTRY],
    outfile: file,
    charset: 'utf8',
    define: { ...common.define, NATWALK_COMMAND: 'import.meta.filename' },
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(join(root, file), 0o755);
  return join(root, file);
}

/** Asks for the help of every command, for the launcher to print it. */
function writeHelp(folder) {
  const ask = (language, ...words) =>
    execFileSync(process.execPath, [join(folder, 'help.cjs'), ...words, '--help'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: language },
    });
  const whole = ask('en');
  const list = whole.slice(whole.indexOf('\nCommands:'));
  const commands = [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name);
  for (const [language, file] of [
    ['en', 'help.json'],
    ['ko', 'help.ko.json'],
  ]) {
    const texts = Object.fromEntries(
      ['', ...commands].map((name) => [name, ask(language, ...[name].filter(Boolean))]),
    );
    writeFileSync(join(folder, file), JSON.stringify(texts));
  }
}

/** Writes cli.cjs, help.json and help.ko.json, command.json and the modules, which are the library's too. @param {string} folder */
export async function buildCommand(folder) {
  const late = await buildLibrary(folder);
  writeJoined(resolve(root, folder), 'command.js', 'command.json', late);
  await build({
    ...command,
    entryPoints: ['src/cli/main.ts'],
    outfile: join(folder, 'help.cjs'),
    plugins: [...common.plugins, fewWords, withoutActions],
  });
  writeHelp(resolve(root, folder));
  // The help that it has made is all that is asked of it.
  rmSync(resolve(root, folder, 'help.cjs'));
  const cli = join(folder, 'cli.cjs');
  await build({
    ...command,
    entryPoints: ['src/cli/launch.ts'],
    outfile: cli,
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(cli, 0o755);
}
