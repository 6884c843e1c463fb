// Bundles: modules of the tests, and the checks with every fault in them, switched by number.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { build } from 'esbuild';
import { ignorers } from './ignored.mjs';

export const root = join(fileURLToPath(import.meta.url), '../../..');

/** The rooms in which faults are made. */
const ROOMS = ['src/iptables', 'src/routing', 'src/packet'];

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
};

/** Modules of tests find files beside them: each is told its own place, and may be replaced by other text. */
const inPlace = (contents) => ({
  name: 'in-place',
  setup: (setup) =>
    void setup.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = contents.get(path) ?? readFileSync(path, 'utf8');
      const told = text
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents: told, loader: 'ts' };
    }),
});

/** Bundles a module of the tests as one that runs by itself. */
export async function bundleModule(entry, outfile) {
  await build({
    ...common,
    entryPoints: [entry],
    outfile,
    format: 'esm',
    plugins: [inPlace(new Map())],
  });
}

const silent = { isDebugEnabled: () => false, debug() {}, info() {}, warn() {} };

/** @returns every fault that can be made: file, place, mutator, replacement, and why it is left out */
async function instrument() {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .sort()
      .map((name) => `${room}/${name}`),
  );
  const given = files.map((name) => ({
    name,
    mutate: true,
    content: readFileSync(join(root, name), 'utf8'),
  }));
  return new Instrumenter(silent).instrument(given, {
    plugins: null,
    excludedMutations: ['StringLiteral'],
    ignorers,
    noHeader: true,
  });
}

/** The code that a fault replaces, in one line. */
function codeOf(file, { start, end }) {
  const lines = readFileSync(join(root, file), 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  const last = lines.length - 1;
  lines[last] = lines[last].slice(0, end.column);
  lines[0] = lines[0].slice(start.column);
  return lines.join(' ').replace(/\s+/g, ' ');
}

/** Bundles the checks as a script that is a function of `require`, `exports` and the switches. @returns the faults */
export async function bundleChecks() {
  const { files, mutants } = await instrument();
  const contents = new Map(files.map(({ name, content }) => [join(root, name), content]));
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['test/mutation/checks.ts'],
    write: false,
    format: 'cjs',
    plugins: [inPlace(contents)],
  });
  const text = outputFiles[0].text;
  return {
    script: `(function (require, module, exports, stryMutAct_9fa48, stryCov_9fa48) {${text}\n})`,
    mutants: mutants.map(({ id, fileName, location, mutatorName, replacement, statusReason }) => ({
      ...{ id, file: fileName, line: location.start.line + 1, column: location.start.column + 1 },
      ...{ mutator: mutatorName, replacement, ignored: statusReason ?? null },
      code: codeOf(fileName, location),
    })),
  };
}
