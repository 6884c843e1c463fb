// What the bundles have in common: dependencies are within, their threads run the command's own file.
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const builtin = (name) => `process.getBuiltinModule('node:${name}')`;

/** A module that is loaded when something of it is used. */
const seldom = (name) => `new Proxy({}, { get: (_, key) => ${builtin(name)}[key] })`;

/** What commander has at hand for commands that are programs of their own, and takes as long to load as a small node's rules. */
const SELDOM = new Set(['child_process']);

/** CommonJS packages ask for Node's modules as they run; a module of the library can only import them. */
const builtins = {
  name: 'builtins',
  setup({ initialOptions, onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_/:\d]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      if (!builtinModules.includes(name)) return undefined;
      if (kind !== 'require-call' || initialOptions.format !== 'esm')
        return { path: `node:${name}`, external: true };
      return { path: name, namespace: 'builtin' };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = ${SELDOM.has(path) ? seldom(path) : builtin(path)};`,
    }));
  },
};

/** What the command's file does in a thread of its own, besides giving the functions that threads run. */
const COMMAND = `
  import { isMainThread } from 'node:worker_threads';
  export * from './src/cli/main.ts';
  if (!isMainThread) require('./node_modules/piscina/dist/worker.js');
`;

/** The entry of the command, whose file is that of its threads too: piscina looks for a file of its own. */
export const COMMAND_ENTRY = 'natwalk:command';
const WORKER = "(0, node_path_1.resolve)(__dirname, 'worker.js')";

const threads = {
  name: 'threads',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^natwalk:command$/ }, () => ({ path: COMMAND_ENTRY, namespace: 'entry' }));
    onLoad({ filter: /.*/, namespace: 'entry' }, () => ({ contents: COMMAND, resolveDir: root }));
    onLoad({ filter: /piscina[\\/]dist[\\/]index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes(WORKER)) throw new Error(`${path}: where is its worker?`);
      return { contents: text.replace(WORKER, 'NATWALK_COMMAND') };
    });
  },
};

export const PAGE_WORDS = 'page-words';

/** What only the page says: it is built from the same catalogue, but not from these bundles. */
const withoutPageWords = {
  name: 'without-page-words',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/page(?:-add|-labs)?\.js$/ }, ({ path, importer }) => {
      const [, language] = /[\\/]messages[\\/](en|ko)[\\/]index\.ts$/.exec(importer) ?? [];
      // Each language has its own, or one chunk would hold the words of both.
      return language === undefined ? undefined : { path: `${language}/${path}`, namespace: PAGE_WORDS };
    });
    onLoad({ filter: /.*/, namespace: PAGE_WORDS }, () => ({
      contents: 'export const page = {}; export const pageAdd = {}; export const pageLabs = {};',
    }));
  },
};

/** What every bundle is told. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  // Code that is kept between runs is that of an ASCII text.
  charset: 'ascii',
  legalComments: 'none',
  // It sets the priority of a thread, which is not asked for.
  external: ['@napi-rs/nice'],
  plugins: [builtins, threads, withoutPageWords],
  define: { NATWALK_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};
