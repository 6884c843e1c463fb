/** What the figures were taken on. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly kernel: string;
  readonly node: string;
  readonly iptables: string;
  /** Processes that wanted to run, of the last minute, before anything was measured. */
  readonly load: string;
}

function firstLine(command: string, ...words: readonly string[]): string {
  try {
    const text = execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.split('\n')[0] ?? '';
  } catch {
    return 'not installed';
  }
}

/** Asks the machine. */
export function machine(): Machine {
  const all = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return {
    cpu: `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, ${memory} GiB`,
    kernel: release(),
    node: process.version,
    iptables: firstLine('iptables-legacy-restore', '--version').replace(/^iptables-legacy-restore /, ''),
    load: (loadavg()[0] ?? 0).toFixed(1),
  };
}
