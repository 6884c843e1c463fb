/** Lines typed at the emulated node of a lab. */
import { join } from 'node:path';
import { openLab } from '../../src/cli/lab-files.js';
import { newRun } from '../../src/labs/progress.js';
import { LabSession } from '../../src/labs/session.js';

/** What each line prints, in a run of the lab that has just begun. */
export async function typed(lab: string, ...lines: readonly string[]): Promise<readonly string[]> {
  const opened = await openLab(join(import.meta.dirname, '../../labs', lab, 'lab.yaml'));
  if (opened.lab === null) throw new Error(`${lab} cannot be read`);
  const session = new LabSession(opened.lab, opened.material, newRun(1), 'en');
  return lines.map((line) => {
    const { out, err } = session.type(line);
    return `${out}${err}`;
  });
}
