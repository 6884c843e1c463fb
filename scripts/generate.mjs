// Writes src/generated: the parsers of grammar/*.peggy and the list of extensions found in match/ and target/.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import peggy from 'peggy';
import scanLoops from './peggy/scan-loops.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'src/generated');
mkdirSync(out, { recursive: true });

/** Replaces a file in one step, and only when it changes: others may be reading it. */
function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  const fresh = `${path}.${String(process.pid)}`;
  writeFileSync(fresh, text);
  renameSync(fresh, path);
}

const tokens = 'tokens.peggy';
const grammars = readdirSync(join(root, 'grammar')).filter(
  (name) => name.endsWith('.peggy') && name !== tokens,
);
for (const name of grammars) {
  const sources = [name, tokens].map((file) => ({
    source: file,
    text: readFileSync(join(root, 'grammar', file), 'utf8'),
  }));
  const starts = [...sources[0].text.matchAll(/^\/\/ @start (\w+)/gm)].map((found) => found[1]);
  const parser = peggy.generate(sources, {
    output: 'source',
    format: 'es',
    grammarSource: name,
    plugins: [scanLoops],
    ...(starts.length > 0 ? { allowedStartRules: starts } : {}),
  });
  const stem = name.replace(/\.peggy$/, '');
  write(join(out, `${stem}.js`), parser);
  write(
    join(out, `${stem}.d.ts`),
    [
      `export type StartRule = ${starts.map((start) => `'${start}'`).join(' | ') || 'string'};`,
      `export class SyntaxError extends globalThis.SyntaxError {`,
      `  readonly location: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } };`,
      `}`,
      `export function parse(input: string, options?: { readonly startRule?: StartRule; readonly [option: string]: unknown }): unknown;`,
      ``,
    ].join('\n'),
  );
}

const extensions = (folder) =>
  readdirSync(join(root, 'src/iptables', folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort();
const lines = [`import type { MatchExtension, TargetExtension } from '../iptables/extension.js';`];
const lists = [];
for (const [folder, type, list] of [
  ['match', 'MatchExtension', 'matches'],
  ['target', 'TargetExtension', 'targets'],
]) {
  const names = extensions(folder).map((name, at) => {
    const local = `${folder}${String(at)}`;
    lines.push(`import ${local} from '../iptables/${folder}/${name.replace(/\.ts$/, '.js')}';`);
    return local;
  });
  lists.push(`export const ${list}: readonly ${type}[] = [${names.join(', ')}];`);
}
write(join(out, 'extensions.ts'), [...lines, '', ...lists, ''].join('\n'));
