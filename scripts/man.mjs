// Writes the man pages of the command tree into man/, those in Korean into man/ko/man1/ (`man -M man/ko natwalk`); `npm run man`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(root, 'node_modules/.natwalk-man-'));
try {
  const outfile = join(folder, 'man-page.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/man-page.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { NATWALK_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  });
  const { KOREAN_HELP, manPages } = await import(pathToFileURL(outfile).href);
  mkdirSync(join(root, 'man/ko/man1'), { recursive: true });
  for (const [name, text] of manPages(version)) writeFileSync(join(root, 'man', name), text);
  for (const [name, text] of manPages(version, KOREAN_HELP))
    writeFileSync(join(root, 'man/ko/man1', name), text);
} finally {
  rmSync(folder, { recursive: true });
}
