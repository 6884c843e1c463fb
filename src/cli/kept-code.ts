/**
 * The program as one text with its compiled code, kept between runs: the package has its modules, which the library shares,
 * and to load and compile each of them is a third of what a small answer takes. It lies in the user's own cache folder (XDG
 * Base Directory Specification); NODE_DISABLE_COMPILE_CACHE=1 turns it off, as it does Node's. Whatever is wrong with it, the
 * text is put together and compiled anew.
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
  /** Length of the program's text, which comes next; its code is the rest. */
  readonly length: number;
}

/** A function with the text for its body. */
type Program = (require: NodeJS.Require, meta: { readonly filename: string }) => void;

/** A piece of the text: characters as they are, or those of a file from one place to another. */
type Piece = string | readonly [file: string, from: number, to: number];

const isProgram = (value: unknown): value is Program => typeof value === 'function';

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

interface Kept {
  readonly commands: readonly string[];
  readonly text: string;
  readonly code: Buffer;
}

function isLabel(value: unknown): value is Label {
  if (typeof value !== 'object' || value === null) return false;
  if (!('program' in value && 'commands' in value && 'length' in value)) return false;
  return Array.isArray(value.commands) && typeof value.length === 'number';
}

/**
 * Longer strings than about a megabyte Node.js puts beside V8's heap. How far the heap may grow before V8 looks through all of
 * it hangs on how much is in it early: with the text in it, one answer ends before that, which is a twentieth of its time.
 */
const IN_HEAP = 500_000;

/** The ASCII characters of bytes, as a string in V8's heap. */
function characters(bytes: Buffer, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += IN_HEAP)
    text += bytes.toString('latin1', at, Math.min(end, at + IN_HEAP));
  return text;
}

function read(path: string, program: string): Kept | null {
  try {
    const descriptor = openSync(path, 'r');
    if (!isOwn(fstatSync(descriptor))) return null;
    const bytes = readFileSync(descriptor);
    const start = bytes.indexOf('\n') + 1;
    const label: unknown = JSON.parse(bytes.toString('latin1', 0, start));
    if (!isLabel(label) || label.program !== program) return null;
    const end = start + label.length;
    if (end > bytes.length) return null;
    return {
      commands: label.commands.map(String),
      text: characters(bytes, start, end),
      code: bytes.subarray(end),
    };
  } catch {
    return null;
  }
}

/** A run that is broken off leaves no half of a file. */
function keep(path: string, label: Label, text: string, code: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const beside = `${path}.${String(process.pid)}`;
    const parts = [Buffer.from(`${JSON.stringify(label)}\n`), Buffer.from(text, 'latin1'), code];
    writeFileSync(beside, Buffer.concat(parts), { mode: 0o600 });
    renameSync(beside, path);
  } catch {
    // There is no room or no right to keep anything; nothing is lost by that but time.
  }
}

/** The text that the pieces of command.json are, all of it ASCII. */
function joined(folder: string): string {
  const pieces = JSON.parse(readFileSync(join(folder, 'command.json'), 'latin1')) as readonly Piece[];
  const files = new Map<string, string>();
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    const [file, from, to] = piece;
    const whole = files.get(file) ?? readFileSync(join(folder, file), 'latin1');
    files.set(file, whole);
    text += whole.slice(from, to);
  }
  return text;
}

/**
 * Runs the program from what was kept of it, and keeps it when it ends.
 * @param folder where command.json and the modules are
 * @param command what is run: code of others is compiled when they first are
 * @param isLong V8 is set for a long run; code that was compiled under other settings is of no use
 * @returns false, with nothing done, where nothing can be kept
 */
export function runKept(folder: string, command: string, isLong: boolean): boolean {
  const cache = folderOf(process.env);
  if (cache === null) return false;
  const { size, mtimeMs } = statSync(join(folder, 'command.json'));
  const program = `${folder} ${String(size)} ${String(mtimeMs)} ${process.version} ${process.arch}`;
  const name = `program-${process.version}-${process.arch}${isLong ? '-long' : ''}.code`;
  const path = join(cache, name);
  const kept = read(path, program);
  const text = kept?.text ?? joined(folder);
  const file = join(folder, 'command.js');
  const source = `(function (require, meta) {${text}\n})`;
  const script = new Script(source, { filename: file, ...(kept === null ? {} : { cachedData: kept.code }) });
  const known = kept === null || script.cachedDataRejected === true ? [] : kept.commands;
  if (!known.includes(command))
    process.on('exit', () => {
      const label = { program, commands: [...known, command], length: text.length };
      keep(path, label, text, script.createCachedData());
    });
  const run: unknown = script.runInThisContext();
  if (!isProgram(run)) return false;
  run(createRequire(file), { filename: file });
  return true;
}
