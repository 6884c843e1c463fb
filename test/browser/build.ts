/** Builds the page once for all its tests. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly page: string;
  }
}

/** Tells the tests in which folder the page is. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'natwalk-page-'));
  // As it is shipped: a test runner's own environment makes Svelte build for its developers.
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, ['scripts/page.mjs', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  project.provide('page', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
