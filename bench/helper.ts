/** Small programs in C, for what Node.js cannot ask of the kernel: compiled when they are first used. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, ROOT } from './places.js';

/** Why the programs cannot be had; null where they can. */
export function whyNoHelper(): string | null {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'there is no C compiler';
  }
}

/** The path of a program of bench/helper. */
export function helper(name: 'usage' | 'stack'): string {
  const source = join(ROOT, `bench/helper/${name}.c`);
  const version = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const path = join(CACHE, `${name}-${version}`);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${path}.${String(process.pid)}`;
  execFileSync('cc', ['-O1', '-Wall', '-o', fresh, source], { stdio: ['ignore', 'inherit', 'inherit'] });
  renameSync(fresh, path);
  return path;
}
