// Builds the modules of the package: one per door, the command's, and chunks that they share. Which chunk a file goes into
// depends on who reaches it, so that a bundler that is asked for `loadNode` alone takes nothing of what only `diff` needs.
// Dependencies are within: a package that needs no other is all that has to be installed.
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { COMMAND_ENTRY, PAGE_WORDS, common, root } from './bundle.mjs';
import { bundledIn, licencesText } from './bundled.mjs';

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
  korean: 'src/explain/messages/ko/index.ts',
  'korean-values': 'src/explain/messages/ko/values.ts',
};

/** What the command runs only when it is used, as few need it. */
const LATE = ['src/explain/messages/ko/', `${PAGE_WORDS}:ko/`];

/** esbuild escapes what is not ASCII in strings, and not in regular expressions, where it may be escaped in the same way. */
function escape(/** @type {string} */ file) {
  const text = readFileSync(file, 'utf8');
  const ascii = text.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (ascii !== text) writeFileSync(file, ascii);
}

const partName = (/** @type {string} */ name) => `part-${name}`;

/** @param {string} folder @param {boolean} write */
async function modules(folder, write) {
  const { metafile } = await build({
    ...common,
    entryPoints: {
      ...DOORS,
      command: COMMAND_ENTRY,
      ...Object.fromEntries(Object.entries(PARTS).map(([name, file]) => [partName(name), file])),
    },
    outdir: folder,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    external: [...common.external, 'vitest'],
    define: { ...common.define, NATWALK_COMMAND: 'import.meta.filename' },
    chunkNames: 'library/[hash]',
    metafile: true,
    write,
  });
  return metafile;
}

/** The packages that the modules have within. */
export async function bundledPackages() {
  return bundledIn(Object.keys((await modules('dist', false)).inputs));
}

/**
 * @param {string} folder where the modules go, from the project's root or absolute
 * @returns {Promise<ReadonlySet<string>>} those that the command runs only when they are used
 */
export async function buildLibrary(folder) {
  const metafile = await modules(folder, true);
  const place = resolve(root, folder);
  for (const name of Object.keys(PARTS)) rmSync(join(place, `${partName(name)}.js`));
  const late = new Set();
  for (const [output, { inputs, entryPoint }] of Object.entries(metafile.outputs)) {
    const file = relative(place, resolve(root, output));
    if (file.startsWith('part-')) continue;
    escape(join(place, file));
    const names = Object.keys(inputs);
    if (
      entryPoint === undefined &&
      names.length > 0 &&
      names.every((name) => LATE.some((lead) => name.startsWith(lead)))
    )
      late.add(file);
  }
  writeFileSync(join(place, 'LICENSES.txt'), licencesText(bundledIn(Object.keys(metafile.inputs))));
  return late;
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

/**
 * Declarations need the ids that have words, not the words. @param {string} folder
 */
export function pruneWords(folder) {
  const place = resolve(root, folder, 'explain/messages/en');
  const ids = readdirSync(place)
    .filter((name) => name !== 'index.d.ts')
    .flatMap((name) => [...readFileSync(join(place, name), 'utf8').matchAll(/^ {4}readonly (\w+):/gm)])
    .map(([, id]) => `'${id}'`);
  if (ids.length === 0) throw new Error('no id has words');
  writeFileSync(
    join(place, 'index.d.ts'),
    `export declare const en: Readonly<Record<${ids.join('|')}, unknown>>;\n`,
  );
}
