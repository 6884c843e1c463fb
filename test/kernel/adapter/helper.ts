/** The helper program: compiled once, one process for each judged snapshot, spoken to line by line. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Complaints, byPart } from './complaints.js';
import { scratchFolder } from './scratch.js';
import type { Setup } from './snapshot.js';

const SOURCE = fileURLToPath(new URL('../helper/judge.c', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/natwalk', import.meta.url));

/** The program, compiled when its source has changed; workers that do so at the same time do not disturb each other. */
function compile(): string {
  const version = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 12);
  const path = join(CACHE, `judge-${version}`);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${path}.${String(process.pid)}`;
  execFileSync('cc', ['-O1', '-o', fresh, SOURCE], { stdio: 'inherit' });
  renameSync(fresh, path);
  return path;
}

/** A running helper, in namespaces that end with it. */
export class Helper {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  #lines: string[] = [];
  #errors = '';
  #settle: { resolve: (lines: string[]) => void; reject: (error: Error) => void } | null = null;

  private constructor(setup: Setup) {
    const helper = compile();
    mkdirSync('/run/netns', { recursive: true });
    this.#folder = scratchFolder('setup');
    const script = join(this.#folder, 'setup.sh');
    const ends = setup.links.map((link) => `${link.far}=${link.name}`);
    writeFileSync(script, `${setup.script}\nexec "$@"\n`);
    const words = ['--mount', '--propagation', 'private', 'bash', script, helper, ...ends];
    this.#child = spawn('unshare', words, { env: { ...process.env, LC_ALL: 'C', TMPDIR: this.#folder } });
    this.#child.stderr.on('data', (data: Buffer) => (this.#errors += data.toString()));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#read(line);
    });
    this.#child.on('close', () => {
      this.#settle?.reject(new Error(`the judge ended\n${this.#errors}`));
    });
  }

  /** Makes the namespaces and waits until packets can be sent. */
  static async start(setup: Setup): Promise<Helper> {
    const helper = new Helper(setup);
    await helper.#answer();
    return helper;
  }

  /** What the tools complained about while the snapshot was loaded. */
  get complaints(): Complaints {
    return byPart(this.#errors);
  }

  #read(line: string): void {
    if (line !== 'end') {
      this.#lines.push(line);
      return;
    }
    const lines = this.#lines;
    this.#lines = [];
    this.#settle?.resolve(lines);
    this.#settle = null;
  }

  #answer(): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  /** One command; its answer without the closing line. */
  ask(command: string): Promise<string[]> {
    const answer = this.#answer();
    this.#child.stdin.write(`${command}\n`);
    return answer;
  }

  /** Runs a shell script in the judged namespace. @returns what it said on standard error, or how it ended */
  async run(script: string): Promise<string> {
    return (await this.output(script)).said;
  }

  /** Runs a shell script in the judged namespace. @returns what it printed, and what it said or how it ended */
  output(script: string): Promise<{ readonly printed: string; readonly said: string }> {
    return new Promise((resolve, reject) => {
      const words = ['-t', String(this.#child.pid), '-n', 'bash', '-s'];
      const child = spawn('nsenter', words, { env: { ...process.env, LC_ALL: 'C', TMPDIR: this.#folder } });
      let said = '';
      let printed = '';
      child.stderr.on('data', (data: Buffer) => (said += data.toString()));
      child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
      child.on('error', reject);
      child.on('close', (code) => {
        resolve({ printed, said: code === 0 || said !== '' ? said : `ended with ${String(code)}` });
      });
      child.stdin.end(script);
    });
  }

  /** Ends the process and with it the namespaces. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#settle = null;
      this.#child.once('close', () => {
        resolve();
      });
    });
    this.#child.stdin.end();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
