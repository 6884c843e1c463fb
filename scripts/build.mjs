// Builds dist/: the command in one file, the library with its dependencies left outside, and the types.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [, node = '20'] = /(\d+(?:\.\d+)*)/.exec(engines.node) ?? [];

await import('./generate.mjs');
rmSync(join(root, 'dist'), { recursive: true, force: true });

const common = {
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

await build({
  ...command,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/program.cjs',
  // Its threads load files of its own; it is asked for by --jobs alone.
  external: ['piscina'],
});

await build({
  ...command,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/help.cjs',
  plugins: [
    {
      // The commands as they are declared; what they do is loaded when they run, which is never here.
      name: 'without-actions',
      setup({ onResolve }) {
        onResolve({ filter: /^\./ }, ({ kind, path }) =>
          kind === 'dynamic-import' && path !== './program.js'
            ? { path: './program.cjs', external: true }
            : undefined,
        );
      },
    },
  ],
});

await build({
  ...command,
  entryPoints: ['src/cli/launch.ts'],
  outfile: 'dist/cli.cjs',
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync(join(root, 'dist/cli.cjs'), 0o755);

await build({
  ...common,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.js',
  format: 'esm',
  packages: 'external',
});

execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
