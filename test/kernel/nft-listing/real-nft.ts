/** The real nft in a network namespace of its own: what it takes of some lines, and how it lists them. */
import { execFileSync, spawnSync } from 'node:child_process';
import type { NftFamily } from '../../../src/nft/model.js';

/** More than nft can print of our lists. */
const MOST = 1 << 28;

let made = 0;

export class RealNft {
  readonly #name: string;

  constructor() {
    made += 1;
    this.#name = `nft-listing-${String(process.pid)}-${String(made)}`;
    execFileSync('ip', ['netns', 'add', this.#name]);
    execFileSync('ip', ['-n', this.#name, 'link', 'set', 'lo', 'up']);
    spawnSync('ip', ['-n', this.#name, 'link', 'add', 'dummy0', 'type', 'dummy']);
  }

  close(): void {
    spawnSync('ip', ['netns', 'del', this.#name]);
  }

  /** Runs commands of `nft -f`, all or none. @returns null, or what nft says against them */
  load(commands: string): string | null {
    const { status, stderr } = spawnSync('ip', ['netns', 'exec', this.#name, 'nft', '-f', '-'], {
      input: commands,
      encoding: 'utf8',
    });
    return status === 0 ? null : stderr;
  }

  /** `nft OPTIONS list ruleset`, or another list command. */
  list(...words: readonly string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.#name, 'nft', ...words], {
      encoding: 'utf8',
      maxBuffer: MOST,
      // That tables are iptables-nft's own is said there.
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  /** Loads a save by iptables-nft, line by line. @returns the rules that it refused */
  restore(save: string): readonly string[] {
    const words = ['netns', 'exec', this.#name, 'iptables-nft-restore', '--noflush'];
    const refused: string[] = [];
    let table = '';
    for (const line of save.split('\n')) {
      if (line.startsWith('*')) table = line;
      if (!/^(?::|-A )/.test(line)) continue;
      const { status } = spawnSync('ip', words, { input: `${table}\n${line}\nCOMMIT\n` });
      if (status !== 0) refused.push(line);
    }
    return refused;
  }

  /**
   * Loads what nft and the kernel take of the lines, a batch at a time; a batch that is refused is halved.
   * @returns the refused lines
   */
  loadLines(lines: readonly string[], wrap: (lines: readonly string[]) => string): readonly string[] {
    if (lines.length === 0 || this.load(wrap(lines)) === null) return [];
    if (lines.length === 1) return lines;
    const half = lines.length >> 1;
    return [...this.loadLines(lines.slice(0, half), wrap), ...this.loadLines(lines.slice(half), wrap)];
  }
}

/** A table with declarations and rules, each rule in a chain of its own. */
export function tableCommands(family: NftFamily, declared: readonly string[]): string {
  return [`table ${family} t {`, ...declared.map((line) => `\t${line}`), '}', ''].join('\n');
}
