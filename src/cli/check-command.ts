/** `natwalk check`: regression tests of a rule set. */
import { writeFile } from 'node:fs/promises';
import { coverageOf } from '../check/coverage.js';
import { type NodeCoverage, coverageJson, coverageLcov, coverageText } from '../check/report/coverage.js';
import { renderGithub } from '../check/report/github.js';
import { suiteJson } from '../check/report/json.js';
import { renderJunit } from '../check/report/junit.js';
import { type Suite, failedOf } from '../check/report/suite.js';
import { renderTap } from '../check/report/tap.js';
import { ANSWER_INDENT, renderTextReport } from '../check/report/text.js';
import { type Shard, readShard, sliceOf } from '../check/shard.js';
import { coloured } from '../explain/colour.js';
import { jsonLine } from '../explain/json-text.js';
import { type Language, message } from '../explain/messages/index.js';
import { sanitize } from '../explain/sanitize.js';
import { writeGolden } from './check-golden.js';
import { type LoadedNode, type LoadedSuite, fromHere, loadSuite } from './check-load.js';
import { type CheckSettings, type Part, runChecks } from './check-run.js';
import { watchPaths } from './check-watch.js';
import { commandFile } from './command-file.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, paintFor } from './output.js';
import { type State, withProgress } from './progress.js';
import { tellFindings } from './read-node.js';
import { STATUS } from './status.js';
import { UsageError, misuse } from './usage.js';

export const REPORTERS = ['text', 'tap', 'junit', 'json', 'github'] as const;

type Reporter = (typeof REPORTERS)[number];

const COVERAGES = ['text', 'lcov', 'json'] as const;

type CoverageFormat = (typeof COVERAGES)[number];

/** Options of `check` as Commander hands them over. */
export interface CheckCommandOptions extends CommonOptions {
  readonly output?: string;
  readonly reporter?: string;
  readonly json?: true;
  readonly shard?: string;
  readonly jobs?: string;
  readonly update?: true;
  readonly watch?: true;
  readonly coverage?: string | true;
  readonly coverageOutput?: string;
}

/** The options, read. */
interface Plan {
  readonly specs: readonly string[];
  readonly reporter: Reporter;
  readonly coverage: CoverageFormat | null;
  readonly coverageOutput: string | null;
  readonly shard: Shard | null;
  readonly jobs: number;
  readonly language: Language;
  readonly settings: CheckSettings;
}

function choose<const T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === text);
  if (found !== undefined) return found;
  throw misuse('USAGE_CHOICE', option, { option, text, choices: choices.join(', ') });
}

function reporterOf({ output, reporter, json }: CheckCommandOptions): Reporter {
  if (output !== undefined && reporter !== undefined)
    throw misuse('USAGE_CONFLICT', '--reporter', { option: '--reporter', other: '-o' });
  const named = reporter ?? output;
  if (named === undefined) return json === true ? 'json' : 'text';
  const found = choose(reporter === undefined ? '-o' : '--reporter', named, REPORTERS);
  if (json === true && found !== 'json')
    throw misuse('USAGE_CONFLICT', '--json', { option: '--json', other: `-o ${found}` });
  return found;
}

function shardOf({ shard }: CheckCommandOptions): Shard | null {
  if (shard === undefined) return null;
  const found = readShard(shard);
  if (found === null) throw misuse('CHECK_SHARD', '--shard', { text: shard });
  return found;
}

function jobsOf({ jobs = '1' }: CheckCommandOptions): number {
  if (/^[1-9]\d{0,2}$/.test(jobs)) return Number(jobs);
  throw misuse('USAGE_NUMBER', '--jobs', { option: '--jobs', text: jobs, low: 1, high: 999 });
}

/** `--coverage SPEC`: the word behind is a spec, and no form. */
function coverageFormat(word: string | true): CoverageFormat | null {
  if (word === true) return 'text';
  return COVERAGES.find((one) => one === word) ?? null;
}

function planOf(typed: readonly string[], options: CheckCommandOptions, io: Io): Plan {
  const { coverage, coverageOutput = null } = options;
  const format = coverage === undefined ? null : coverageFormat(coverage);
  const swallowed = typeof coverage === 'string' && format === null ? [coverage] : [];
  const specs = [...swallowed, ...typed];
  if (specs.length === 0) throw misuse('CHECK_NO_SPEC', null);
  const reporter = reporterOf(options);
  const isText = reporter === 'text';
  const language = languageOf(io, options);
  const isCovered = coverage !== undefined || coverageOutput !== null;
  return {
    specs,
    reporter,
    coverage: isCovered ? (format ?? 'text') : null,
    coverageOutput,
    shard: shardOf(options),
    jobs: jobsOf(options),
    language,
    settings: {
      language: isText ? language : 'en',
      isColoured: isText && paintFor(io.stdout, io, options) === coloured,
      isUpdate: options.update === true,
      isCovered,
      width: isText ? Math.max(1, widthFor(io.stdout) - ANSWER_INDENT) : 100,
    },
  };
}

/** The path of a dump: a file below the node's folder, or the file or archive that the node is. */
function fileIn(node: LoadedNode | undefined, file: string): string {
  if (node === undefined) return file;
  return node.isFolder ? fromHere(`${node.path}/x`, file) : node.path.replace(/#[^/]*$/, '');
}

async function runPart(
  suite: LoadedSuite,
  places: readonly number[],
  { specs, jobs, settings, language }: Plan,
  io: Io,
): Promise<Part> {
  let count = 0;
  const all = places.length;
  const state = (): State => ({ id: 'PROGRESS_CHECK', params: { count, all } });
  return withProgress(io, { lang: language }, state, async (progress) => {
    const onDone = (more: number): void => {
      count += more;
      progress.tick();
    };
    if (jobs > 1 && commandFile !== null && places.length > 1) {
      const { checkJobs } = await import('./check-jobs.js');
      return checkJobs(specs, places, settings, jobs, commandFile, onDone);
    }
    const checks = places.flatMap((place) => suite.checks[place] ?? []);
    return runChecks(checks, settings, onDone);
  });
}

function reportOf(suite: Suite, { reporter }: Plan, io: Io, options: CheckCommandOptions): string {
  switch (reporter) {
    case 'tap':
      return renderTap(suite);
    case 'junit':
      return renderJunit(suite);
    case 'json':
      return jsonLine(suiteJson(suite));
    case 'github':
      return renderGithub(suite);
    case 'text':
      return renderTextReport(suite, {
        language: languageOf(io, options),
        paint: paintFor(io.stdout, io, options),
        width: widthFor(io.stdout),
      });
  }
}

function coverageReport(nodes: readonly NodeCoverage[], plan: Plan, { stdout }: Io): string {
  switch (plan.coverage) {
    case 'lcov':
      return coverageLcov(nodes);
    case 'json':
      return coverageJson(nodes);
    default: {
      // Programs that read the list get a line for each rule.
      const isRead = stdout.isTerminal && plan.coverageOutput === null;
      const width = isRead ? widthFor(stdout) : Infinity;
      return coverageText(nodes, { language: plan.language, width });
    }
  }
}

/** The report on standard output, and the coverage: below it, in its place (the report is then a message), or in a file. */
async function write(report: string, covered: string | null, plan: Plan, io: Io): Promise<void> {
  if (covered === null) await io.stdout.write(report);
  else if (plan.coverageOutput !== null) {
    await io.stdout.write(report);
    try {
      await writeFile(plan.coverageOutput, covered);
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw misuse('CHECK_COVERAGE_UNWRITTEN', '--coverage-output', { path: plan.coverageOutput, reason });
    }
  } else if (plan.coverage !== 'text') {
    await io.stderr.write(report);
    await io.stdout.write(covered);
  } else {
    await io.stdout.write(report);
    await (plan.reporter === 'text' ? io.stdout : io.stderr).write(covered);
  }
}

/** What a run came to, and which files it was about. */
interface Once {
  readonly status: number;
  readonly paths: readonly string[];
}

async function once(plan: Plan, options: CheckCommandOptions, io: Io): Promise<Once> {
  const loaded = await loadSuite(plan.specs, io, plan.language);
  const paths = [
    ...plan.specs,
    ...loaded.specs.flatMap(({ path, nodes }) => nodes.map((node) => fromHere(path, node.path))),
  ];
  if (loaded.faults.length > 0) {
    await tellFindings(loaded.faults, io, options);
    const isEmpty = loaded.faults.every(({ code }) => code === 'CHECK_EMPTY');
    return { status: isEmpty ? STATUS.failed : STATUS.usage, paths };
  }
  for (const { node } of loaded.nodes) await tellFindings(node.diagnostics, io, options);
  const places = loaded.checks.map((_check, place) => place);
  const nameOf = (place: number): string => {
    const one = loaded.checks[place];
    return `${one?.spec.path ?? ''} ${one?.check.name ?? ''}`;
  };
  const slice = sliceOf(places, nameOf, plan.shard);
  const part = await runPart(loaded, slice, plan, io);
  for (const writing of part.writings) await writeGolden(writing);
  const nodes = new Map(loaded.nodes.map((node) => [node.path, node]));
  const suite: Suite = {
    results: part.results,
    sources: new Map(loaded.specs.map(({ path, source }) => [path, source])),
    all: loaded.checks.length,
    shard: plan.shard,
    fileOf: (node, file) => fileIn(nodes.get(node), file),
  };
  const covered = loaded.nodes.map((node): NodeCoverage => ({
    node: node.path,
    rules: plan.coverage === null ? [] : coverageOf(node.node, part.hits.get(node.path) ?? new Map()),
    fileOf: (file) => fileIn(node, file),
  }));
  const coverage = plan.coverage === null ? null : coverageReport(covered, plan, io);
  await write(reportOf(suite, plan, io, options), coverage, plan, io);
  return { status: failedOf(suite) > 0 ? STATUS.failed : STATUS.done, paths };
}

/** The same, for a watch: a spec that is being written may be wrong or gone for a while. */
async function onceMore(plan: Plan, options: CheckCommandOptions, io: Io): Promise<Once> {
  try {
    return await once(plan, options, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [mistake] = error.mistakes;
    const words = message(
      'CHECK_SPEC_UNREADABLE',
      { path: '', reason: '', ...mistake?.params },
      plan.language,
    );
    await io.stderr.write(`${sanitize(words)}\n`);
    return { status: STATUS.usage, paths: plan.specs };
  }
}

/** Runs the command. @returns the exit status; with --watch that of the last run */
export async function checkCommand(
  typed: readonly string[],
  options: CheckCommandOptions,
  io: Io,
): Promise<number> {
  const plan = planOf(typed, options, io);
  if (options.watch !== true) return (await once(plan, options, io)).status;
  for (;;) {
    const { status, paths } = await onceMore(plan, options, io);
    const watch = await watchPaths(paths, io.signal);
    await io.stderr.write(`${message('CHECK_WATCHING', {}, plan.language)}\n`);
    const path = await watch.changed;
    if (path === null) return status;
    await io.stderr.write(`\n${sanitize(message('CHECK_AGAIN', { path }, plan.language))}\n`);
  }
}
