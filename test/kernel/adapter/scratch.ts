/** Temporary folders and named namespaces of tests: their names tell whose they are, so that what a killed run left can go. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of this process, `natwalk-NAME-PID-…`. Who asks for it removes it. */
export function scratchFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `natwalk-${name}-${String(process.pid)}-`));
}

const OURS = /^(?:natwalk|nft-listing)-[a-z0-9-]*?-(\d+)(?:-|$)/;

/** Is it named after a process of ours that is no more? */
export function isStale(name: string, isAlive: (pid: number) => boolean): boolean {
  const pid = Number((/^nft-listing-(\d+)-/.exec(name) ?? OURS.exec(name))?.[1] ?? 0);
  return pid > 0 && !isAlive(pid);
}

const isRunning = (pid: number): boolean => existsSync(`/proc/${String(pid)}`);

function stale(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => isStale(name, isRunning));
}

/** Removes what runs that were killed have left. */
export function sweep(): void {
  for (const name of stale('/run/netns')) spawnSync('ip', ['netns', 'del', name]);
  for (const name of stale(tmpdir())) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}
