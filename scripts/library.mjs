// Builds the library: one ES module per door of the package, and chunks that they share. Which chunk a file goes into
// depends on who reaches it, so that a bundler that is asked for `loadNode` alone takes nothing of what only `diff` needs.
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The package's doors, as package.json has them. */
const DOORS = { index: 'src/index.ts', node: 'src/node.ts', vitest: 'src/vitest.ts' };

/** What somebody may want without the rest: entries that shape the chunks, and are not kept. */
const PARTS = {
  load: 'src/snapshot/load-any.ts',
  trace: 'src/packet/trace.ts',
  batch: 'src/packet/batch.ts',
  check: 'src/check/check.ts',
  diff: 'src/diff/diff.ts',
  lint: 'src/lint/lint.ts',
  facts: 'src/explain/facts.ts',
  json: 'src/explain/json.ts',
  text: 'src/explain/text.ts',
};

/** @param {string} folder where the modules go, from the project's root or absolute */
export async function buildLibrary(folder) {
  const part = (/** @type {string} */ name) => `part-${name}`;
  await build({
    absWorkingDir: root,
    entryPoints: {
      ...DOORS,
      ...Object.fromEntries(Object.entries(PARTS).map(([name, file]) => [part(name), file])),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    packages: 'external',
    external: ['node:*'],
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    chunkNames: 'library/[hash]',
    logLevel: 'warning',
  });
  for (const name of Object.keys(PARTS)) rmSync(resolve(root, folder, `${part(name)}.js`));
}

/** The declarations that the doors' own come to; all others are taken away. @param {string} folder */
export function pruneTypes(folder) {
  const wanted = new Set();
  const open = Object.keys(DOORS).map((name) => resolve(root, folder, `${name}.d.ts`));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (wanted.has(file)) continue;
    wanted.add(file);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:from|import)\s*\(?["'](\.[^"']+)["']/g,
    ))
      open.push(join(dirname(file), path.replace(/\.js$/, '.d.ts')));
  }
  for (const name of readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })) {
    const file = resolve(root, folder, name);
    if (statSync(file).isFile() && !wanted.has(file)) rmSync(file);
  }
}
