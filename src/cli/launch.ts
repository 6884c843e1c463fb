/**
 * The file that is run. It answers --version by itself, and starts the program from compiled code that an earlier run has
 * kept: to compile the program is a third of what a small answer takes.
 */
import module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runKept } from './kept-code.js';
import { tune } from './tuning.js';
import { version } from './version.js';

/** Node's module API as far as it is used here; releases before 22.8 lack it. */
interface CompileCache {
  readonly enableCompileCache?: () => unknown;
  readonly builtinModules: readonly string[];
}

/** `--help` and `COMMAND --help` need the commands, but nothing of what they do. */
function isHelp([first = '', second, ...rest]: readonly string[]): boolean {
  const asks = (word: string): boolean => word === '--help' || word === '-h';
  if (second === undefined) return asks(first);
  return rest.length === 0 && !first.startsWith('-') && asks(second);
}

function start(words: readonly string[]): void {
  if (words.length === 1 && words[0] === '--version') {
    process.stdout.write(`${version}\n`);
    return;
  }
  const api: CompileCache = module;
  if (isHelp(words)) {
    api.enableCompileCache?.();
    createRequire(__filename)('./help.cjs');
    return;
  }
  tune(process.versions.v8);
  if (runKept(__dirname, words[0] ?? '')) return;
  api.enableCompileCache?.();
  void import(pathToFileURL(join(__dirname, 'command.js')).href);
}

start(process.argv.slice(2));
