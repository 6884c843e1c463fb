/** What a run of a lab is worth: each question by its tries, the task by its packets. */
import type { Failure } from '../check/result.js';
import { judge } from './answer.js';
import { type Ground, failuresOf, isUntold } from './evaluate.js';
import { type Lab, type LabPacket, type Question, type Task, labName } from './lab.js';
import type { Run } from './progress.js';

/** Of 100. */
export const PASS_MARK = 70;
export const HINT_COST = 5;

export type PartKind = 'predict' | 'cause' | 'task' | 'transfer';

/** A question or the task, as far as it got. */
export interface Part {
  readonly kind: PartKind;
  readonly id: string;
  readonly of: number;
  readonly points: number;
  readonly tries: number;
  readonly state: 'open' | 'wrong' | 'right';
}

/** A packet of the task, on the nodes as they are. */
export interface PacketGrade {
  readonly packet: LabPacket;
  readonly role: 'goal' | 'collateral';
  readonly failures: readonly Failure[];
}

export interface Grade {
  readonly lab: Lab;
  readonly name: string;
  readonly parts: readonly Part[];
  readonly packets: readonly PacketGrade[];
  /** Commands that changed something, and the most that may; null without a task. */
  readonly changes: { readonly made: number; readonly budget: number } | null;
  readonly hints: number;
  readonly score: number;
  readonly passed: boolean;
  /** Something that no packet can settle: the lab is at fault. */
  readonly isUntold: boolean;
}

/** The transfer question of a run: its seed draws it. */
export function transferOf(lab: Lab, seed: number): Question | null {
  return lab.transfer[seed % Math.max(1, lab.transfer.length)] ?? null;
}

/** Points of each part; without a task its points go to the predictions. */
function pointsOf({ task }: Lab): Readonly<Record<PartKind, number>> {
  return { predict: task === null ? 70 : 40, cause: 20, task: task === null ? 0 : 30, transfer: 10 };
}

/** The share of a question's points by the number of the try that was right. */
function shareOf(tries: number): number {
  return tries === 1 ? 1 : tries === 2 ? 0.5 : 0;
}

function questionPart(
  lab: Lab,
  kind: PartKind,
  question: Question,
  of: number,
  run: Run,
  start: Ground,
): Part {
  const answers = run.answers.get(question.id) ?? [];
  const right = answers.findIndex((answer) => judge(lab, question, answer, start).kind === 'right');
  const state = right >= 0 ? 'right' : answers.length > 0 ? 'wrong' : 'open';
  const tries = right >= 0 ? right + 1 : answers.length;
  return { kind, id: question.id, of, points: right < 0 ? 0 : of * shareOf(tries), tries, state };
}

/** The packets of a task on the nodes as they are. */
export function gradePackets(lab: Lab, task: Task, now: Ground): readonly PacketGrade[] {
  const grade =
    (role: PacketGrade['role']) =>
    (name: string): PacketGrade[] => {
      const packet = lab.packets.get(name);
      return packet === undefined ? [] : [{ packet, role, failures: failuresOf(packet, packet, now) }];
    };
  return [...task.goals.flatMap(grade('goal')), ...task.collateral.flatMap(grade('collateral'))];
}

function taskPart(packets: readonly PacketGrade[], budget: number, changes: number, of: number): Part {
  const holds = packets.every(({ failures }) => failures.length === 0);
  const isRight = holds && changes > 0 && changes <= budget;
  const state = isRight ? 'right' : changes === 0 ? 'open' : 'wrong';
  return { kind: 'task', id: 'task', of, points: isRight ? of : 0, tries: changes, state };
}

/**
 * Grades a run.
 * @param start the nodes as the lab begins
 * @param now the nodes as the student has left them
 * @param changes commands that changed something
 */
export function gradeRun(lab: Lab, run: Run, start: Ground, now: Ground, changes: number): Grade {
  const points = pointsOf(lab);
  const { task, predict, cause } = lab;
  const transfer = transferOf(lab, run.seed);
  const packets = task === null ? [] : gradePackets(lab, task, now);
  const share = points.predict / predict.length;
  const parts = [
    ...predict.map((one) => questionPart(lab, 'predict', one, share, run, start)),
    questionPart(lab, 'cause', cause, points.cause, run, start),
    ...(task === null ? [] : [taskPart(packets, task.budget, changes, points.task)]),
    ...(transfer === null ? [] : [questionPart(lab, 'transfer', transfer, points.transfer, run, start)]),
  ];
  const earned = parts.reduce((sum, part) => sum + part.points, 0);
  const hints = Math.min(run.hints, lab.hints.length);
  const score = Math.max(0, Math.round(earned) - hints * HINT_COST);
  const failures = packets.flatMap((one) => one.failures);
  return {
    ...{ lab, name: labName(lab), parts, packets, hints, score, passed: score >= PASS_MARK },
    changes: task === null ? null : { made: changes, budget: task.budget },
    isUntold: failures.some(isUntold),
  };
}
