/** Runs `natwalk lab` with a progress file of the test's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ran, natwalk } from '../support/cli.js';

export const root = join(import.meta.dirname, '../..');

/** A folder that is gone when the test is. */
export class Desk implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'natwalk-labs-'));
  readonly progress: string = join(this.folder, 'labs.json');

  async lab(words: readonly string[], stdin = ''): Promise<Ran> {
    const given = ['--labs', join(root, 'labs'), '--progress', this.progress];
    return natwalk(['lab', ...given, ...words], { stdin });
  }

  /** A session in which lines are typed. */
  async session(name: string, lines: readonly string[], more: readonly string[] = []): Promise<Ran> {
    return this.lab(['start', name, '--session', ...more], `${lines.join('\n')}\n`);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
