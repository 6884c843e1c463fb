/** A lab as it stands: what is asked, what was answered, and what it comes to. */
import { sanitize } from '../../src/explain/sanitize.js';
import type { View } from '../../src/explain/view.js';
import { type Grade, HINT_COST, PASS_MARK, type PacketGrade, transferOf } from '../../src/labs/grade.js';
import { type LabPacket, labName } from '../../src/labs/lab.js';
import type { Progress } from '../../src/labs/progress.js';
import { verdictLines } from '../../src/labs/report/grade-text.js';
import { failureWords, wordsOf } from '../../src/labs/report/words.js';
import type { LabSession } from '../../src/labs/session.js';
import type { LabHead, LabLine, LabView, PacketLine, TaskView, Watch } from '../shared/labs.js';
import type { Language } from '../shared/walk.js';
import { proseOf } from './labs-prose.js';
import { type QuestionAsk, pointsText, questionView } from './labs-question.js';
import { type WalkTexts, watchOf } from './labs-walk.js';

/** Reasons that are told of a packet that does not do what it should. */
const MOST_REASONS = 5;

/** What a lab's view is made of. */
export interface LabAsk {
  readonly session: LabSession;
  readonly walks: WalkTexts;
  readonly best: number | null;
  /** The last grade, as long as it is true. */
  readonly graded: Grade | null;
  readonly solutionIsShown: boolean;
}

/** `06-pod-to-internet` */
export function nameOfHead({ number, slug }: LabHead): string {
  return `${String(number).padStart(2, '0')}-${slug}`;
}

/** The labs with what was reached in each. */
export function labLines(
  heads: readonly LabHead[],
  { labs, current }: Progress,
  language: Language,
): readonly LabLine[] {
  return heads.map((head) => {
    const { number, slug, title, minutes, kind, isExam } = head;
    const name = nameOfHead(head);
    const own = labs.get(name);
    return {
      ...{ number, name, slug, title: sanitize(title[language]), minutes, kind, isExam },
      best: own?.best ?? null,
      begun: (own?.run ?? null) !== null,
      passed: (own?.best ?? 0) >= PASS_MARK,
      isCurrent: current === name,
    };
  });
}

function packetLine(
  packet: LabPacket,
  graded: PacketGrade | undefined,
  watch: Watch | null,
  view: View,
): PacketLine {
  const holds = graded === undefined ? null : graded.failures.length === 0;
  const open = graded?.role === 'collateral' ? 'LAB_HARMED' : 'LAB_GOAL_OPEN';
  const why = [...new Set((graded?.failures ?? []).map((failure) => failureWords(failure, view)))];
  return {
    name: sanitize(packet.name),
    about: sanitize(wordsOf(packet.about, view)),
    holds,
    word: holds === null ? '' : view.say(holds ? 'LAB_HOLDS' : open),
    why: why.slice(0, MOST_REASONS).map(sanitize),
    watch,
  };
}

function taskView(ask: LabAsk, grade: Grade, lines: Lines, view: View): TaskView | null {
  const { session, solutionIsShown } = ask;
  const { task } = session.lab;
  const part = grade.parts.find(({ kind }) => kind === 'task');
  if (task === null || part === undefined) return null;
  return {
    kind: task.kind,
    text: proseOf(task.text, view),
    goals: task.goals.flatMap(lines),
    collateral: task.collateral.flatMap(lines),
    budget: task.budget,
    made: session.shell.changes,
    // A fix that nobody has asked about is not said to be right.
    state: ask.graded === null && part.state !== 'right' ? 'open' : part.state,
    points: pointsText(part.points),
    of: pointsText(part.of),
    journal: session.run.journal.map(sanitize),
    solution: solutionIsShown ? task.solution.map(sanitize) : null,
  };
}

type Lines = (name: string) => readonly PacketLine[];

function linesOf({ session, graded }: LabAsk, view: View): Lines {
  const { lab, start } = session;
  return (name) => {
    const packet = lab.packets.get(name);
    const own = graded?.packets.find((one) => one.packet === packet);
    return packet === undefined ? [] : [packetLine(packet, own, watchOf(packet, start), view)];
  };
}

function verdictOf(graded: Grade | null, view: View): LabView['verdict'] {
  if (graded === null) return null;
  const { passed, score, isUntold } = graded;
  return {
    passed,
    texts: [
      view.say(passed ? 'LAB_PASSED' : 'LAB_NOT_PASSED', { score, mark: PASS_MARK }),
      ...verdictLines(graded, { ...view, width: Number.MAX_SAFE_INTEGER }),
      ...(isUntold ? [view.say('LAB_UNTOLD')] : []),
    ],
  };
}

/** All of it, in the view's language. */
export function labView(ask: LabAsk, view: View): LabView {
  const { session, walks, best, graded } = ask;
  const { lab, run, start, shell } = session;
  const grade = session.grade();
  const asked: QuestionAsk = { lab, run, start, parts: grade.parts, walks };
  const transfer = transferOf(lab, run.seed);
  const lines = linesOf(ask, view);
  const isRight = (kind: 'predict' | 'cause'): boolean =>
    grade.parts.every((part) => part.kind !== kind || part.state === 'right');
  const [revealed] = lines(lab.reveal.packet);
  return {
    ...{ language: view.language, number: lab.number, name: labName(lab), minutes: lab.minutes },
    title: sanitize(wordsOf(lab.title, view)),
    scene: proseOf(lab.scene, view),
    look: lab.look.map(({ command }) => sanitize(command)),
    hostnames: shell.nodeNames.map((name) => sanitize(shell.hostOf(name))),
    predict: lab.predict.map((question) => questionView(question, asked, view)),
    reveal: isRight('predict')
      ? {
          walk: walks.of(lab.reveal.packet, 'all', view),
          text: proseOf(lab.reveal.text, view),
          watch: revealed?.watch ?? null,
        }
      : null,
    cause: questionView(lab.cause, asked, view),
    explain: isRight('cause')
      ? { text: proseOf(lab.explain, view), sources: lab.sources.map(sanitize) }
      : null,
    task: taskView(ask, grade, lines, view),
    transfer: transfer === null ? null : questionView(transfer, asked, view),
    hints: {
      shown: lab.hints.slice(0, run.hints).map((hint) => proseOf(hint, view)),
      count: lab.hints.length,
      cost: HINT_COST,
    },
    packets: [...lab.packets.keys()].flatMap(lines),
    ...{ score: grade.score, mark: PASS_MARK, best },
    verdict: verdictOf(graded, view),
    prompt: sanitize(shell.prompt),
  };
}
