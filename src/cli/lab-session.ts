/** A lab in a terminal: a prompt as on the node, where the student types real commands, and words about the lab between. */
import { COMMANDS } from '../labs/shell/shell.js';
import { leftLines, nextLines, sceneLines, taskLines } from '../labs/report/scene.js';
import { questionLines } from '../labs/report/words.js';
import { coloursOf, toolText } from './tool-text.js';
import { renderGrade } from '../labs/report/grade-text.js';
import type { Material } from '../labs/session.js';
import { newRun } from '../labs/progress.js';
import { typistOf } from './lab-typist.js';
import {
  type LabContext,
  type Work,
  answered,
  begunAnew,
  hintLines,
  keep,
  opening,
  sessionOf,
  whenSolved,
} from './lab-command.js';
import { STATUS } from './status.js';

const LAB_WORDS = ['scene', 'question', 'answer', 'hint', 'task', 'grade', 'reset', 'help', 'exit'] as const;

/** One session: what was typed, and what it comes to. */
class Session {
  readonly #context: LabContext;
  readonly #material: Material;
  #work: Work;

  constructor(work: Work, material: Material, context: LabContext) {
    this.#work = work;
    this.#material = material;
    this.#context = context;
  }

  get prompt(): string {
    return this.#work.session.shell.prompt;
  }

  async say(lines: readonly string[]): Promise<void> {
    await this.#context.io.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }

  async #kept(lines: readonly string[]): Promise<void> {
    await keep(this.#work);
    await this.say(lines);
  }

  /** @returns false when the session ends */
  async take(line: string): Promise<boolean> {
    const { view } = this.#context;
    const { session } = this.#work;
    const [word = '', ...rest] = line.trim().split(/\s+/);
    const alone = rest.length === 0;
    if (word === '') return true;
    const isExit = word === 'exit' || word === 'logout';
    if (alone && (word === 'quit' || (isExit && !session.shell.isAway))) return false;
    if (alone && word === 'scene') await this.say(sceneLines(session.lab, view));
    else if (alone && (word === 'question' || word === 'q')) await this.say(this.#question());
    else if (alone && (word === 'task' || word === 'fix')) await this.say(taskLines(session.lab, view));
    else if (alone && word === 'hint') await this.#kept(hintLines(session, view));
    else if (alone && word === 'help') await this.say(this.#help());
    else if (alone && word === 'grade') await this.#grade();
    else if (alone && word === 'reset') await this.#reset();
    else if (word === 'answer') await this.#kept(this.#answer(rest));
    else if (alone && this.#isAnswer(word)) await this.#kept(this.#answer([word]));
    else await this.#type(line);
    return true;
  }

  #question(): readonly string[] {
    const { view } = this.#context;
    const { open } = this.#work.session;
    return open === null ? nextLines(this.#work.session, view) : questionLines(open.question, view);
  }

  #help(): readonly string[] {
    const { view } = this.#context;
    const node = view.say('LAB_HELP_NODE', { commands: COMMANDS.join(' ') });
    return [view.say('LAB_HELP_LAB'), node, view.say('LAB_HELP_MADE_UP')];
  }

  /** A number, the name of a choice, or of a rule where one is asked for: no command looks like that. */
  #isAnswer(word: string): boolean {
    const form = this.#work.session.open?.question.form;
    if (form?.kind === 'choices' && form.choices.some(({ id }) => id === word && !COMMANDS.includes(id)))
      return true;
    if (form?.kind === 'rule' && /^(?:rule|raw|mangle|nat|filter)\/\S+$/.test(word)) return true;
    if (form?.kind !== 'word') return /^[1-9]$/.test(word);
    const mayBeNumber = form.sealed !== null || form.accept.some((text) => /^\d+$/.test(text));
    return mayBeNumber && /^\d{1,6}$/.test(word);
  }

  /** `answer QUESTION ANSWER`, or only the answer to the question that comes next. */
  #answer(words: readonly string[]): readonly string[] {
    const { session } = this.#work;
    const { view } = this.#context;
    const [first = '', ...rest] = words;
    const named =
      rest.length > 0 ? session.questions.find(({ question }) => question.id === first) : undefined;
    const asked = named ?? session.open;
    if (asked === null || first === '') return this.#question();
    // Choices are single words: the first of two is meant as a question.
    if (named === undefined && rest.length > 0 && asked.question.form.kind === 'choices') {
      const names = session.questions.map(({ question }) => question.id).join(', ');
      return [view.say('LAB_ANSWER_QUESTION', { text: toolText(first), names })];
    }
    return answered(session, asked, (named === undefined ? words : rest).join(' '), view);
  }

  async #grade(): Promise<void> {
    const { view } = this.#context;
    const grade = this.#work.session.grade();
    await keep(this.#work, grade.score);
    await this.#context.io.stdout.write(renderGrade(grade, view));
    const left = leftLines(this.#work.session, view);
    if (left.length > 0) await this.say(['', ...left]);
  }

  async #reset(): Promise<void> {
    const { view } = this.#context;
    const { store, session } = this.#work;
    const best = await begunAnew(this.#work, null);
    const run = store.progress.labs.get(store.progress.current ?? '')?.run ?? newRun(1);
    this.#work = { store, session: sessionOf(session.lab, this.#material, run, view) };
    const { number } = session.lab;
    await this.say([view.say('LAB_RESET', { number, best }), '', ...opening(this.#work.session, view)]);
  }

  async #type(line: string): Promise<void> {
    const { io } = this.#context;
    const { session } = this.#work;
    const solved = whenSolved(session, this.#context.view);
    const output = session.type(line);
    if (!output.isQuiet) await keep(this.#work);
    // At a terminal both come to the same place.
    const text = `${coloursOf(output.out)}${toolText(output.err)}`;
    if (text !== '') await io.stdout.write(text);
    const lines = solved();
    if (lines.length > 0) await this.say(lines);
  }
}

/** Runs a session until it is left. @returns the exit status */
export async function runSession(work: Work, material: Material, context: LabContext): Promise<number> {
  const { io, view } = context;
  const session = new Session(work, material, context);
  const typist = typistOf(io, context.options.session === true, [...COMMANDS, ...LAB_WORDS]);
  const { isTerminal } = typist;
  await session.say([...opening(work.session, view), '', view.paint('dim', view.say('LAB_WELCOME'))]);
  typist.prompt(session.prompt);
  let isLeft = false;
  for await (const line of typist.lines) {
    // What was typed is seen, where no terminal shows it.
    if (!isTerminal) await io.stdout.write(`${session.prompt}${toolText(line)}\n`);
    if (!(await session.take(line))) {
      isLeft = true;
      break;
    }
    typist.prompt(session.prompt);
  }
  typist.close();
  // Ctrl-D leaves the cursor behind the prompt.
  if (isTerminal && !isLeft) await io.stdout.write('\n');
  await session.say([view.say('LAB_BYE', { path: work.store.path })]);
  return STATUS.done;
}
