// The command as it is shipped: three files that esbuild makes of src/cli.
import { chmodSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [, node = '20'] = /(\d+(?:\.\d+)*)/.exec(engines.node) ?? [];

/** What all bundles have in common, the library's too. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: `node${node}`,
  define: { NATWALK_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};

const command = {
  ...common,
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  // Code that is kept between runs is that of an ASCII text.
  charset: 'ascii',
  define: { ...common.define, NATWALK_COMMAND: '__filename' },
};

/** Commands as they are declared; what they do is loaded when they run, which is never in this bundle. */
const withoutActions = {
  name: 'without-actions',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === 'dynamic-import' && path !== './program.js'
        ? { path: './program.cjs', external: true }
        : undefined,
    );
  },
};

/** What stands in for the Korean words in a bundle of the command: few need them, and they are read when they are first asked for. */
const KOREAN_LATER = `
  let words;
  const korean = () => (words ??= require('./korean.cjs'));
  export const ko = new Proxy({}, { get: (_, id) => korean().ko[id] });
  export const koreanValue = (name, value) => korean().koreanValue(name, value);
`;

const koreanApart = {
  name: 'korean-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/ko\/(?:index|values)\.js$/ }, () => ({ path: 'korean', namespace: 'later' }));
    onLoad({ filter: /.*/, namespace: 'later' }, () => ({ contents: KOREAN_LATER, loader: 'js' }));
    onResolve({ filter: /^\.\/korean\.cjs$/ }, ({ path }) => ({ path, external: true }));
  },
};

const KOREAN = `
  export { ko } from './src/explain/messages/ko/index.ts';
  export { koreanValue } from './src/explain/messages/ko/values.ts';
`;

/** Writes natwalk.cjs: the command in one file, with all that it needs. Its threads would need files; it has none. */
export async function buildSingle(folder) {
  const file = join(folder, 'natwalk.cjs');
  await build({
    ...command,
    entryPoints: ['src/cli/main.ts'],
    outfile: file,
    define: common.define,
    charset: 'utf8',
    external: ['piscina'],
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(join(root, file), 0o755);
  return join(root, file);
}

/** Writes cli.cjs, program.cjs, help.cjs and korean.cjs. @param {string} folder within the project, where piscina is found */
export async function buildCommand(folder) {
  const program = { ...command, entryPoints: ['src/cli/main.ts'] };
  // Its threads load files of its own; it is asked for by --jobs alone.
  await build({
    ...program,
    outfile: join(folder, 'program.cjs'),
    external: ['piscina'],
    plugins: [koreanApart],
  });
  await build({ ...program, outfile: join(folder, 'help.cjs'), plugins: [koreanApart, withoutActions] });
  await build({
    ...command,
    stdin: { contents: KOREAN, resolveDir: root },
    outfile: join(folder, 'korean.cjs'),
    charset: 'utf8',
  });
  const cli = join(folder, 'cli.cjs');
  await build({
    ...command,
    entryPoints: ['src/cli/launch.ts'],
    outfile: cli,
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(cli, 0o755);
}
