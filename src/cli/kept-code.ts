/**
 * Compiled code that is kept between runs, for releases of Node.js that have no compile cache of their own (before 22.8).
 * It lies in the user's own cache folder (XDG Base Directory Specification); NODE_DISABLE_COMPILE_CACHE=1 turns it off, as
 * it does Node's. Whatever is wrong with it, the program is compiled anew.
 */
import {
  type Stats,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** What a kept file begins with, as JSON in a line of its own. */
interface Label {
  /** What the program was when it was compiled. */
  readonly program: string;
  /** Commands whose code is in it. */
  readonly commands: readonly string[];
}

/** What Node hands to a CommonJS module. */
type Wrapped = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  file: string,
  folder: string,
) => void;

const isWrapped = (value: unknown): value is Wrapped => typeof value === 'function';

const isMissing = (text: string | undefined): text is undefined | '' => text === undefined || text === '';

function folderOf(env: NodeJS.ProcessEnv): string | null {
  const { XDG_CACHE_HOME: cache, NODE_DISABLE_COMPILE_CACHE: off } = env;
  if (!isMissing(off)) return null;
  return join(isMissing(cache) ? join(homedir(), '.cache') : cache, 'natwalk');
}

/** Only what the user alone can have written is run. */
function isOwn({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

interface Kept extends Label {
  readonly code: Buffer;
}

function read(path: string, program: string): Kept | null {
  try {
    const descriptor = openSync(path, 'r');
    if (!isOwn(fstatSync(descriptor))) return null;
    const bytes = readFileSync(descriptor);
    const end = bytes.indexOf('\n');
    const label: unknown = JSON.parse(bytes.toString('utf8', 0, end));
    if (typeof label !== 'object' || label === null || !('program' in label) || !('commands' in label))
      return null;
    const { program: was, commands } = label;
    if (was !== program || !Array.isArray(commands)) return null;
    return { program, commands: commands.map(String), code: bytes.subarray(end + 1) };
  } catch {
    return null;
  }
}

/** A run that is broken off leaves no half of a file. */
function keep(path: string, label: Label, code: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.${String(process.pid)}`;
    writeFileSync(beside, Buffer.concat([Buffer.from(`${JSON.stringify(label)}\n`), code]), { mode: 0o600 });
    renameSync(beside, path);
  } catch {
    // There is no room or no right to keep anything; nothing is lost by that but time.
  }
}

/**
 * Runs a CommonJS program from the code that was kept of it, and keeps its code when it ends.
 * @param file the bundled program, which is ASCII
 * @param command what is run: code of others is compiled when they first are
 * @returns false, with nothing done, where nothing can be kept
 */
export function runKept(file: string, command: string): boolean {
  const folder = folderOf(process.env);
  if (folder === null) return false;
  const { size, mtimeMs } = statSync(file);
  const program = `${file} ${String(size)} ${String(mtimeMs)} ${process.version} ${process.arch}`;
  const path = join(folder, `program-${process.version}-${process.arch}.code`);
  const kept = read(path, program);
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`;
  const script = new Script(source, { filename: file, ...(kept === null ? {} : { cachedData: kept.code }) });
  const known = kept === null || script.cachedDataRejected === true ? [] : kept.commands;
  if (!known.includes(command))
    process.on('exit', () => {
      keep(path, { program, commands: [...known, command] }, script.createCachedData());
    });
  const own = { exports: {} };
  const run: unknown = script.runInThisContext();
  if (!isWrapped(run)) return false;
  run(own.exports, createRequire(file), own, file, dirname(file));
  return true;
}
