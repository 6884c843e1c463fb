/** `natwalk lab`: the exercises, one command at a time, or in a session. */
import { message } from '../explain/messages/index.js';
import { sanitize } from '../explain/sanitize.js';
import { type View, viewOf } from '../explain/view.js';
import { type Lab, labName } from '../labs/lab.js';
import { type LabProgress, type Progress, type Run, newRun } from '../labs/progress.js';
import { labJson, renderLabJunit } from '../labs/report/grade-data.js';
import { renderGrade } from '../labs/report/grade-text.js';
import { labsJson, renderLabs } from '../labs/report/overview.js';
import { formLine, judgedLines, revealLines } from '../labs/report/reveal.js';
import { isTaskDue, nextLines, sceneLines, taskLines } from '../labs/report/scene.js';
import { paragraphs, wordsOf } from '../labs/report/words.js';
import { type Asked, LabSession, type Material } from '../labs/session.js';
import { verifyLab } from '../labs/verify.js';
import type { Grade } from '../labs/grade.js';
import { type Io, widthFor } from './io.js';
import { isNamed, labPaths, openLab, readLabFile } from './lab-files.js';
import {
  type LabCommandOptions,
  type LabVerb,
  labFormat,
  labsFolder,
  seedOf,
  verbOf,
} from './lab-options.js';
import { Store, progressPath } from './lab-store.js';
import { coloursOf, toolText } from './tool-text.js';
import { languageOf } from './language.js';
import { paintFor } from './output.js';
import { tellFindings } from './read-node.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

/** What every verb is given. */
export interface LabContext {
  readonly io: Io;
  readonly options: LabCommandOptions;
  readonly view: View;
  /** Folder of the labs. */
  readonly folder: string;
}

function contextOf(options: LabCommandOptions, io: Io): LabContext {
  const view = viewOf({
    language: languageOf(io, options),
    paint: paintFor(io.stdout, io, options),
    width: widthFor(io.stdout),
  });
  return { io, options, view, folder: labsFolder(options, io.env) };
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A session whose `ip -c` has colours where the output has any. */
export function sessionOf(lab: Lab, material: Material, run: Run, view: View): LabSession {
  return new LabSession(lab, material, run, view.language, view.paint('name', 'x') !== 'x');
}

/** All labs of the folder. One that has faults is told of and left out. */
async function allLabs({ folder, io, options }: LabContext): Promise<readonly Lab[]> {
  const labs: Lab[] = [];
  for (const path of await labPaths(folder)) {
    const { lab, diagnostics } = await readLabFile(path);
    await tellFindings(diagnostics.list, io, options);
    if (lab !== null && diagnostics.list.length === 0) labs.push(lab);
  }
  return labs;
}

/** The lab that a word names, whole. @throws UsageError */
async function labNamed(
  text: string,
  context: LabContext,
): Promise<{ readonly lab: Lab; readonly material: Material }> {
  const { folder, io, options } = context;
  const paths = await labPaths(folder);
  const names = paths.map((path) => path.split('/').at(-2) ?? '');
  const at = names.findIndex((name) => {
    const [, number = '', slug = ''] = /^(\d{2})-(.+)$/.exec(name) ?? [];
    return text === name || text === slug || (/^\d{1,2}$/.test(text) && Number(text) === Number(number));
  });
  const path = paths[at];
  if (path === undefined) throw misuse('USAGE_LAB_NAME', null, { text, names: names.join(', ') });
  const { lab, material, diagnostics } = await openLab(path);
  if (lab === null || diagnostics.length > 0) {
    await tellFindings(diagnostics, io, options);
    throw misuse('LAB_FAULTY', null, { path });
  }
  return { lab, material };
}

/** A lab in work, and the file that keeps it. */
export interface Work {
  readonly store: Store;
  readonly session: LabSession;
}

/** Keeps what a session has come to. */
export async function keep({ store, session }: Work, best: number | null = null): Promise<void> {
  const name = labName(session.lab);
  const known = store.progress.labs.get(name);
  const top = best === null ? (known?.best ?? null) : Math.max(best, known?.best ?? 0);
  const labs = new Map([
    ...store.progress.labs,
    [name, { run: session.run, best: top } satisfies LabProgress],
  ]);
  await store.save({ current: name, labs });
}

async function tellNotes(store: Store, { io, view }: LabContext): Promise<void> {
  for (const { id, params } of store.notes)
    await io.stderr.write(`natwalk: ${sanitize(message(id, params, view.language))}\n`);
}

/** Works on a lab with its progress file locked; whatever happens, the lock is given back. */
async function working<T>(context: LabContext, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await Store.open(progressPath(context.options.progress, context.io.env));
  try {
    await tellNotes(store, context);
    return await work(store);
  } finally {
    await store.close();
  }
}

/** The session of the lab that was begun, or that --lab names. @throws UsageError */
async function resume(store: Store, context: LabContext): Promise<Work> {
  const wanted = context.options.lab ?? store.progress.current;
  if (wanted === null) throw misuse('USAGE_LAB_NONE', null);
  const { lab, material } = await labNamed(wanted, context);
  const run = store.progress.labs.get(labName(lab))?.run ?? null;
  if (run === null) throw misuse('USAGE_LAB_NONE', null);
  return { store, session: sessionOf(lab, material, run, context.view) };
}

/** What is shown at the beginning, and what comes next. */
export function opening(session: LabSession, view: View): readonly string[] {
  return [...sceneLines(session.lab, view), '', ...nextLines(session, view)];
}

/** Does somebody sit before it? */
function isAtTerminal({ io, options }: LabContext): boolean {
  if (options.session === true) return true;
  const source: object = io.stdin();
  return io.stdout.isTerminal && 'isTTY' in source && source.isTTY === true;
}

async function start(words: readonly string[], context: LabContext): Promise<number> {
  const [name, more] = words;
  if (name === undefined || more !== undefined)
    throw misuse('USAGE_LAB_WORDS', null, { verb: 'start', form: 'start LAB' });
  const { lab, material } = await labNamed(name, context);
  return working(context, async (store) => {
    const known = store.progress.labs.get(labName(lab))?.run ?? null;
    const seed = seedOf(context.options);
    const run = known !== null && (seed === null || seed === known.seed) ? known : newRun(seed ?? 1);
    const work: Work = { store, session: sessionOf(lab, material, run, context.view) };
    await keep(work);
    if (isAtTerminal(context)) {
      const { runSession } = await import('./lab-session.js');
      return runSession(work, material, context);
    }
    await context.io.stdout.write(textOf(opening(work.session, context.view)));
    return STATUS.done;
  });
}

/** What is said of an answer, with what it reveals and what comes next. */
export function answered(
  session: LabSession,
  { kind, question }: Asked,
  text: string,
  view: View,
): readonly string[] {
  const judged = session.answer(question, text);
  if (judged.kind === 'form') return [formLine(question, judged.code, view)];
  const lines = [...judgedLines(session.lab, judged, session.tries(question), session.start, view)];
  if (judged.kind === 'right') {
    const left = session.questions.some((one) => one.kind === kind && one.state !== 'right');
    if (!left) lines.push(...revealLines(session.lab, kind, session.start, view));
    lines.push('', ...nextLines(session, view));
  }
  return lines;
}

/** The question of a name. @throws UsageError */
function questionNamed(session: LabSession, text: string): Asked {
  const found = session.questions.find(({ question }) => question.id === text);
  const names = session.questions.map(({ question }) => question.id).join(', ');
  if (found === undefined) throw misuse('USAGE_LAB_QUESTION', null, { text, names, lab: session.lab.number });
  return found;
}

async function answer(words: readonly string[], context: LabContext): Promise<number> {
  const [id, ...rest] = words;
  if (id === undefined || rest.length === 0)
    throw misuse('USAGE_LAB_WORDS', null, { verb: 'answer', form: 'answer QUESTION ANSWER' });
  return working(context, async (store) => {
    const work = await resume(store, context);
    const { session } = work;
    const asked = questionNamed(session, id);
    const before = session.tries(asked.question);
    const lines = answered(session, asked, rest.join(' '), context.view);
    await keep(work);
    await context.io.stdout.write(textOf(lines));
    if (session.tries(asked.question) === before && asked.state !== 'right') return STATUS.usage;
    const now = session.questions.find(({ question }) => question.id === id);
    return now?.state === 'right' ? STATUS.done : STATUS.failed;
  });
}

async function hint(context: LabContext): Promise<number> {
  return working(context, async (store) => {
    const work = await resume(store, context);
    const lines = hintLines(work.session, context.view);
    await keep(work);
    await context.io.stdout.write(textOf(lines));
    return STATUS.done;
  });
}

/** The next hint. */
export function hintLines(session: LabSession, view: View): readonly string[] {
  const text = session.hint();
  if (text === null) return [view.say('LAB_NO_HINT')];
  const params = { number: session.run.hints, count: session.lab.hints.length, text: wordsOf(text, view) };
  return paragraphs(view.say('LAB_HINT', params), view);
}

/**
 * Notes whether the task is done before something is typed.
 * @returns what is to be said behind it: that the task is done now, and what comes next
 */
export function whenSolved(session: LabSession, view: View): () => readonly string[] {
  if (session.lab.task === null) return () => [];
  const { changes } = session.shell;
  const wasDue = changes === 0 || isTaskDue(session);
  return () => {
    if (!wasDue || session.shell.changes === changes || isTaskDue(session)) return [];
    return ['', view.paint('good', view.say('LAB_TASK_DONE')), '', ...nextLines(session, view)];
  };
}

/** Words as they would be typed: those with blanks in quotes. */
const typed = (words: readonly string[]): string =>
  words.length === 1
    ? (words[0] ?? '')
    : words
        .map((word) => (/^[\w@%+=:,./!-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
        .join(' ');

/** Types lines on the emulated node. @returns the status of the last */
async function typeLines(lines: readonly string[], { session }: Work, { io }: LabContext): Promise<number> {
  let status: number = STATUS.done;
  for (const line of lines) {
    const output = session.type(line);
    if (output.out !== '') await io.stdout.write(coloursOf(output.out));
    if (output.err !== '') await io.stderr.write(toolText(output.err));
    status = output.status === 0 ? STATUS.done : STATUS.failed;
  }
  return status;
}

async function stdinLines(io: Io): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of io.stdin()) text += decoder.decode(chunk, { stream: true });
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

async function fix(words: readonly string[], context: LabContext): Promise<number> {
  return working(context, async (store) => {
    const work = await resume(store, context);
    const { session } = work;
    if (context.options.solution === true) {
      const solution = session.lab.task?.solution ?? [];
      // What is not told costs nothing.
      while (solution.length > 0 && session.hint() !== null);
      await keep(work);
      const head = context.view.say(solution.length === 0 ? 'LAB_NO_SOLUTION' : 'LAB_SOLUTION');
      await context.io.stdout.write(textOf([head, ...solution.map((line) => `  ${sanitize(line)}`)]));
      return STATUS.done;
    }
    if (words.length === 0) {
      const made = session.run.journal.map((line) => `  ${sanitize(line)}`);
      await context.io.stdout.write(textOf([...taskLines(session.lab, context.view), ...made]));
      return STATUS.done;
    }
    const lines = words.length === 1 && words[0] === '-' ? await stdinLines(context.io) : [typed(words)];
    const solved = whenSolved(session, context.view);
    const status = await typeLines(lines, work, context);
    await keep(work);
    await context.io.stdout.write(textOf(solved()));
    return status;
  });
}

/** A grade in the format that was asked for. */
export function gradeText(grade: Grade, options: LabCommandOptions, view: View): string {
  const format = labFormat(options);
  if (format === 'json') return `${JSON.stringify(labJson(grade))}\n`;
  return format === 'junit' ? renderLabJunit([grade], view) : renderGrade(grade, view);
}

async function grade(context: LabContext): Promise<number> {
  labFormat(context.options);
  return working(context, async (store) => {
    const work = await resume(store, context);
    const found = work.session.grade();
    await keep(work, found.score);
    await context.io.stdout.write(gradeText(found, context.options, context.view));
    return found.passed ? STATUS.done : STATUS.failed;
  });
}

/** A new run: its seed draws another question of transfer. */
export async function begunAnew({ store, session }: Work, seed: number | null): Promise<number> {
  const name = labName(session.lab);
  const known = store.progress.labs.get(name);
  const graded = Math.max(session.grade().score, known?.best ?? 0);
  const run = newRun(seed ?? (session.run.seed + 1) % 1_000_000_000);
  await store.save({
    current: name,
    labs: new Map([...store.progress.labs, [name, { run, best: graded }]]),
  });
  return graded;
}

async function reset(context: LabContext): Promise<number> {
  const seed = seedOf(context.options);
  return working(context, async (store) => {
    const work = await resume(store, context);
    const best = await begunAnew(work, seed);
    const { number } = work.session.lab;
    await context.io.stdout.write(`${context.view.say('LAB_RESET', { number, best })}\n`);
    return STATUS.done;
  });
}

async function overview(context: LabContext): Promise<number> {
  const format = labFormat(context.options, ['text', 'json']);
  const labs = await allLabs(context);
  const progress: Progress = await Store.look(progressPath(context.options.progress, context.io.env));
  const text =
    format === 'json'
      ? `${JSON.stringify(labsJson(labs, progress))}\n`
      : renderLabs(labs, progress, context.view);
  await context.io.stdout.write(text);
  return STATUS.done;
}

/** `check`: the robot works on each lab. */
async function check(words: readonly string[], context: LabContext): Promise<number> {
  const { io, options, view } = context;
  let count = 0;
  let faults = 0;
  for (const path of await labPaths(context.folder)) {
    const { lab, material, diagnostics } = await openLab(path);
    if (words.length > 0 && (lab === null || !words.some((word) => isNamed(lab, word)))) continue;
    count += 1;
    const found = lab === null || diagnostics.length > 0 ? [] : verifyLab(lab, material);
    const told = [...diagnostics, ...found.map((fault) => ({ ...fault, severity: 'error' as const }))];
    faults += told.length;
    await tellFindings(told, io, options);
  }
  if (count === 0) throw misuse('USAGE_LAB_NAME', null, { text: words.join(' '), names: '1, 2, ...' });
  if (faults === 0) await io.stdout.write(`${view.say('LAB_CHECKED', { count })}\n`);
  return faults === 0 ? STATUS.done : STATUS.failed;
}

async function bundle(words: readonly string[], context: LabContext): Promise<number> {
  const { bundleLabs } = await import('./lab-bundle.js');
  return bundleLabs(words, context);
}

const VERBS: Readonly<Record<LabVerb, (words: readonly string[], context: LabContext) => Promise<number>>> = {
  list: (_words, context) => overview(context),
  progress: (_words, context) => overview(context),
  start,
  answer,
  hint: (_words, context) => hint(context),
  fix,
  grade: (_words, context) => grade(context),
  reset: (_words, context) => reset(context),
  check,
  bundle,
};

/** Runs the command. @returns the exit status. @throws UsageError */
export async function labCommand(
  verb: string,
  words: readonly string[],
  options: LabCommandOptions,
  io: Io,
): Promise<number> {
  return VERBS[verbOf(verb)](words, contextOf(options, io));
}
