/**
 * The file that is run. It answers --version and help by itself, and starts the program from compiled code that an earlier run has
 * kept: to compile the program is a third of what a small answer takes.
 */
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runKept } from './kept-code.js';
import { helpAsked, keptHelp } from './kept-help.js';
import { tune } from './tuning.js';
import { version } from './version.js';

/** Node's module API as far as it is used here; releases before 22.8 lack it. */
interface CompileCache {
  readonly enableCompileCache?: () => unknown;
  readonly builtinModules: readonly string[];
}

function start(words: readonly string[]): void {
  if (words.length === 1 && words[0] === '--version') {
    process.stdout.write(`${version}\n`);
    return;
  }
  const api: CompileCache = module;
  const help = helpAsked(words);
  if (help !== null) {
    const text = keptHelp(__dirname, help);
    if (text !== null) {
      process.stdout.write(text);
      return;
    }
  }
  // A batch runs for long: V8 is as it suits servers.
  const isLong = words.some((word) => word === '--batch' || word.startsWith('--batch='));
  if (!isLong) tune(process.versions.v8);
  if (runKept(__dirname, words[0] ?? '', isLong)) return;
  api.enableCompileCache?.();
  void import(pathToFileURL(join(__dirname, 'command.js')).href);
}

start(process.argv.slice(2));
