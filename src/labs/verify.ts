/** A robot that works on a lab: what is right must be right, what is wrong must be refuted, and the solution must solve it. */
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import { isRight, solutionOf } from './answer.js';
import { type Ground, failuresOf, isUntold, meets, walked } from './evaluate.js';
import { gradePackets } from './grade.js';
import { type Lab, type Question, type Task, questionsOf } from './lab.js';
import { newRun } from './progress.js';
import { LabSession, type Material } from './session.js';

/** What is wrong with a lab, at its place. */
export interface Fault {
  readonly code: string;
  readonly params: Params;
  readonly span: Span;
}

class Robot {
  readonly #lab: Lab;
  readonly #material: Material;
  readonly faults: Fault[] = [];

  constructor(lab: Lab, material: Material) {
    this.#lab = lab;
    this.#material = material;
  }

  #tell(code: string, span: Span, params: Params = {}): void {
    this.faults.push({ code, span, params });
  }

  #begin(): LabSession {
    return new LabSession(this.#lab, this.#material, newRun(1), 'en');
  }

  run(): void {
    const session = this.#begin();
    const { start } = session;
    for (const question of questionsOf(this.#lab)) this.#question(question, start);
    this.#misconceptions(start);
    this.#packets(start);
    for (const { command, span } of this.#lab.look) {
      const { err, status } = session.type(command);
      if (status === 127) this.#tell('LAB_V_LOOK', span, { command, reason: err.trim() });
    }
    if (this.#lab.task !== null) this.#task(this.#lab.task, start);
    if (this.faults.length === 0 && !this.#lab.isSealed) this.#whole();
  }

  #question(question: Question, start: Ground): void {
    const { form } = question;
    const packet = this.#lab.packets.get(question.packet ?? '');
    if (form.kind === 'rule' && packet !== undefined)
      for (const { name, text, span } of form.rules)
        if (!meets(packet, name, start)) this.#tell('LAB_V_RULE', span, { rule: text, packet: packet.name });
    if (form.kind !== 'choices') return;
    const told = form.choices.some(({ expect, expectPath }) => expect !== null || expectPath !== null);
    if (!told) return;
    const right = form.choices.filter((choice) => isRight(this.#lab, question, choice, start));
    const ids = right.map(({ id }) => id).join(', ');
    if (right.length !== 1)
      this.#tell('LAB_V_RIGHT', question.span, { id: question.id, count: right.length, ids });
    for (const choice of form.choices) {
      const untold = packet === undefined ? [] : failuresOf(packet, choice, start).filter(isUntold);
      if (untold.length > 0)
        this.#tell('LAB_V_UNTOLD', choice.span, { code: String(untold[0]?.said?.params['code'] ?? '') });
    }
  }

  #misconceptions(start: Ground): void {
    for (const { id, packet: name, claims, shows, stop } of this.#lab.misconceptions.values()) {
      const packet = this.#lab.packets.get(name);
      if (packet === undefined) continue;
      const holds = (expect: typeof claims): boolean =>
        failuresOf(packet, { expect, expectPath: null }, start).length === 0;
      if (holds(claims)) this.#tell('LAB_V_CLAIMS', claims.span, { id });
      if (!holds(shows)) this.#tell('LAB_V_SHOWS', shows.span, { id });
      if (stop !== null && !meets(packet, stop.name, start))
        this.#tell('LAB_V_RULE', stop.span, { rule: stop.text, packet: name });
    }
  }

  /** Packets that only questions are about hold at the start. */
  #packets(start: Ground): void {
    const { task } = this.#lab;
    const later = new Set([...(task?.goals ?? []), ...(task?.collateral ?? [])]);
    for (const packet of this.#lab.packets.values()) {
      if (packet.packet !== null) {
        const result = walked(packet, start, false);
        if (!('outcomes' in result))
          for (const { said } of result)
            this.#tell('LAB_V_PACKET', packet.span, { name: packet.name, code: said?.code ?? '' });
      }
      if (later.has(packet.name)) continue;
      const failures = failuresOf(packet, packet, start);
      if (failures.length > 0)
        this.#tell('LAB_V_EXPECT', packet.span, {
          name: packet.name,
          key: failures[0]?.key ?? '',
          got: gotOf(failures[0]),
        });
    }
  }

  #task(task: Task, start: Ground): void {
    const before = gradePackets(this.#lab, task, start);
    const goals = before.filter(({ role }) => role === 'goal');
    if (goals.every(({ failures }) => failures.length === 0)) this.#tell('LAB_V_SOLVED', task.span);
    for (const { role, packet, failures } of before)
      if (role === 'collateral' && failures.length > 0)
        this.#tell('LAB_V_EXPECT', packet.span, {
          name: packet.name,
          key: failures[0]?.key ?? '',
          got: gotOf(failures[0]),
        });
    if (this.#lab.isSealed) return;
    const solved = this.#typed(task.solution, task.span);
    for (const { packet, failures } of gradePackets(this.#lab, task, solved.now))
      if (failures.length > 0)
        this.#tell('LAB_V_UNSOLVED', packet.span, {
          name: packet.name,
          key: failures[0]?.key ?? '',
          got: gotOf(failures[0]),
        });
    const { changes } = solved.shell;
    if (changes === 0 || changes > task.budget)
      this.#tell('LAB_V_BUDGET', task.span, { changes, budget: task.budget });
    for (const { commands, fails, span } of task.wrong) {
      const wrong = this.#typed(commands, span);
      const failed = gradePackets(this.#lab, task, wrong.now).filter(({ failures }) => failures.length > 0);
      for (const name of fails)
        if (!failed.some(({ packet }) => packet.name === name)) this.#tell('LAB_V_WRONG', span, { name });
    }
  }

  #typed(commands: readonly string[], span: Span): LabSession {
    const session = this.#begin();
    for (const command of commands) {
      const { status, err } = session.type(command);
      if (status !== 0)
        this.#tell('LAB_V_COMMAND', span, { command, reason: err.trim().split('\n')[0] ?? '' });
    }
    return session;
  }

  /** A student who knows everything gets all points, one who does nothing none. */
  #whole(): void {
    const idle = this.#begin().grade();
    const session = this.#begin();
    for (const { question } of session.questions) {
      const answer = solutionOf(this.#lab, question, session.start);
      if (answer !== null) session.answer(question, answer);
    }
    for (const command of this.#lab.task?.solution ?? []) session.type(command);
    const { score } = session.grade();
    if (idle.score !== 0 || score !== 100)
      this.#tell('LAB_V_SCORE', this.#lab.cause.span, { idle: idle.score, score });
  }
}

function gotOf(
  failure:
    | { readonly values: { readonly got: string } | null; readonly said: { readonly code: string } | null }
    | undefined,
): string {
  return failure?.values?.got ?? failure?.said?.code ?? '';
}

/** Works on a lab in every way that matters. @returns what is wrong with it; nothing when it may be given to students */
export function verifyLab(lab: Lab, material: Material): readonly Fault[] {
  const robot = new Robot(lab, material);
  robot.run();
  return robot.faults;
}
