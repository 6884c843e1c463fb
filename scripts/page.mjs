// Builds the page: static files that work from any host, and from a file. `index.html` has the page's own program and style
// within itself; the engine, the sample node and the labs are scripts beside it, loaded when they are needed. A browser
// that opens a file loads scripts, but no modules, no workers and nothing by request.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { build as bundle } from 'esbuild';
import { build } from 'vite';
import { labsPart } from './labs-part.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The page's own program and style sheet. */
async function buildApp() {
  const { output } = [
    await build({
      root: join(root, 'page'),
      configFile: false,
      logLevel: 'warn',
      plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
      build: {
        write: false,
        target: 'es2022',
        cssCodeSplit: false,
        modulePreload: false,
        rollupOptions: {
          input: join(root, 'page/app/main.ts'),
          output: { format: 'iife', entryFileNames: 'app.js', assetFileNames: 'app[extname]' },
        },
      },
    }),
  ].flat()[0];
  const script = output.find((one) => one.type === 'chunk').code;
  const style = String(output.find((one) => one.fileName.endsWith('.css')).source);
  return { script: script.trim(), style: style.trim() };
}

/** The worker's program, as the text of a function: what hands it over does not run it. */
async function buildEngine() {
  const { outputFiles } = await bundle({
    absWorkingDir: root,
    entryPoints: ['page/engine/worker.ts'],
    write: false,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return `natwalkPart('engine', function () {${outputFiles[0].text}});\n`;
}

function buildSample() {
  const folder = join(root, 'examples/eks-node');
  const files = readdirSync(folder)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  return `natwalkPart('sample', ${JSON.stringify(files)});\n`;
}

/** Two nodes and the network between them, each file by its path. */
function buildCluster() {
  const folder = join(root, 'examples/cluster');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:txt|yaml)$/.test(name))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  return `natwalkPart('cluster', ${JSON.stringify(files)});\n`;
}

const buildLabs = () => `natwalkPart('labs', ${JSON.stringify(labsPart(root))});\n`;

const hash = (/** @type {string} */ text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What the page may do: run its own scripts, and nothing by any request. */
function policy({ script, style }) {
  return [
    "default-src 'none'",
    // 'self' is the folder's scripts; opened as a file, they are of the scheme `file:`.
    `script-src ${hash(script)} 'self' file:`,
    `style-src ${hash(style)}`,
    'worker-src blob:',
    'img-src data: blob:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** @param {string} folder where the page goes, from the project's root or absolute */
export async function buildPage(folder) {
  const out = resolve(root, folder);
  mkdirSync(out, { recursive: true });
  const app = await buildApp();
  // Within an element, its own end is all that must not stand.
  const script = app.script.replaceAll('</script', '<\\/script');
  const style = app.style;
  const parts = {
    csp: `<meta http-equiv="Content-Security-Policy" content="${policy({ script, style })}" />`,
    style: `<style>${style}</style>`,
    script: `<script>${script}</script>`,
  };
  const template = readFileSync(join(root, 'page/index.html'), 'utf8');
  const html = template.replace(/<!--(csp|style|script)-->/g, (_whole, name) => parts[name]);
  writeFileSync(join(out, 'index.html'), html);
  writeFileSync(join(out, 'engine.js'), await buildEngine());
  writeFileSync(join(out, 'sample.js'), buildSample());
  writeFileSync(join(out, 'cluster.js'), buildCluster());
  writeFileSync(join(out, 'labs.js'), buildLabs());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage(process.argv[2] ?? 'dist/page');
