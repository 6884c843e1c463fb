/** `natwalk lint`: faults that stand in a node's dumps, each with the packet that shows it. */
import { stat } from 'node:fs/promises';
import { factsOf } from '../explain/facts.js';
import { jsonLine } from '../explain/json-text.js';
import { renderLint } from '../explain/lint.js';
import { lintAnnotations } from '../explain/lint-github.js';
import { lintJson } from '../explain/lint-json.js';
import { isFaulty } from '../lint/finding.js';
import { lint } from '../lint/lint.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { readNodePath } from './node-path.js';
import { type CommonOptions, formatOf, paintFor } from './output.js';
import { type State, withProgress } from './progress.js';
import { readNode } from './read-node.js';
import { STATUS } from './status.js';

/** Options of `lint` as Commander hands them over. */
export interface LintCommandOptions extends CommonOptions {
  readonly output?: string;
  readonly json?: true;
}

const FORMATS = ['text', 'json', 'github'] as const;

/** What stands before the names of a snapshot's files: of a folder its path, of anything else nothing. */
async function folderOf(typed: string): Promise<string> {
  const { path } = await readNodePath(typed);
  try {
    return (await stat(path)).isDirectory() ? `${path.replace(/\/+$/, '')}/` : '';
  } catch {
    return '';
  }
}

/** Runs the command. @returns the exit status: 1 with findings that are more than notes */
export async function lintCommand(path: string, options: LintCommandOptions, io: Io): Promise<number> {
  const format = formatOf(options, FORMATS, 'text');
  const language = languageOf(io, options);
  const paint = paintFor(io.stdout, io, options);
  const node = await readNode(path, io, options, null);
  let count = 0;
  const state = (): State => ({ id: 'PROGRESS_LINT', params: { count } });
  const report = await withProgress(io, options, state, (progress) => {
    const onWalk = (): void => {
      count += 1;
      progress.tick();
    };
    return lint(node, { onWalk });
  });
  const view = { language, facts: factsOf(node) };
  if (format === 'json') await io.stdout.write(jsonLine(lintJson(report, path, view)));
  else if (format === 'github')
    await io.stdout.write(lintAnnotations(report, path, await folderOf(path), view));
  else await io.stdout.write(renderLint(report, path, { ...view, paint, width: widthFor(io.stdout) }));
  return isFaulty(report) ? STATUS.failed : STATUS.done;
}
