/** A grade for people: each part with its points, each packet of the task, and what is to be done. */
import type { View } from '../../explain/view.js';
import { padEnd, padStart, widthOf } from '../../explain/width.js';
import { type Grade, HINT_COST, PASS_MARK, type PacketGrade, type Part } from '../grade.js';
import { failureWords, headingOf, packetWords, paragraphs } from './words.js';

const STATES = { open: 'LAB_STATE_OPEN', wrong: 'LAB_STATE_WRONG', right: 'LAB_STATE_RIGHT' } as const;
const KINDS = {
  predict: 'LAB_PART_PREDICT',
  cause: 'LAB_PART_CAUSE',
  task: 'LAB_PART_TASK',
  transfer: 'LAB_PART_TRANSFER',
} as const;

const points = (value: number): string => String(Number(value.toFixed(1)));

function partLine({ kind, id, of, points: got, state }: Part, width: number, view: View): string {
  const name = `${view.say(KINDS[kind])} ${kind === 'task' ? '' : id}`.trim();
  const word = view.say(STATES[state]);
  const meaning = state === 'right' ? 'good' : state === 'wrong' ? 'bad' : 'dim';
  return `  ${padEnd(name, width)}  ${padStart(`${points(got)}/${points(of)}`, 9)}  ${view.paint(meaning, word)}`;
}

function packetLines({ packet, role, failures }: PacketGrade, view: View): readonly string[] {
  const holds = failures.length === 0;
  const word = view.say(holds ? 'LAB_HOLDS' : role === 'goal' ? 'LAB_GOAL_OPEN' : 'LAB_HARMED');
  const why = [...new Set(failures.map((failure) => failureWords(failure, view)))];
  return [
    `  ${view.paint(holds ? 'good' : 'bad', word)}  ${packetWords(packet, view)}`,
    ...why.slice(0, 5).flatMap((line) => paragraphs(line, view, '      ')),
  ];
}

/** Why a fix is refused that reaches its goal. */
export function verdictLines({ packets, changes }: Grade, view: View): readonly string[] {
  const holds = (role: PacketGrade['role']): boolean =>
    packets.filter((one) => one.role === role).every(({ failures }) => failures.length === 0);
  if (packets.length === 0 || changes === null || changes.made === 0) return [];
  const lines: string[] = [];
  if (holds('goal') && !holds('collateral')) lines.push(view.say('LAB_OPENS_TOO_MUCH'));
  if (changes.made > changes.budget)
    lines.push(view.say('LAB_OVER_BUDGET', { made: changes.made, budget: changes.budget }));
  return lines.flatMap((line) => paragraphs(line, view));
}

/** Renders a grade. Ends with a line feed. */
export function renderGrade(grade: Grade, view: View): string {
  const { lab, parts, packets, hints, score, passed, isUntold } = grade;
  const width = Math.max(
    ...parts.map(({ kind, id }) => widthOf(`${view.say(KINDS[kind])} ${kind === 'task' ? '' : id}`.trim())),
  );
  const lines = [
    ...[headingOf(lab, view), '', ...parts.map((part) => partLine(part, width, view))],
    ...(hints === 0
      ? []
      : [
          `  ${padEnd(view.say('LAB_PART_HINTS', { hints }), width)}  ${padStart(`-${String(hints * HINT_COST)}`, 9)}`,
        ]),
    ...(packets.length === 0 ? [] : ['', ...packets.flatMap((packet) => packetLines(packet, view))]),
    ...verdictLines(grade, view),
    ...(isUntold ? paragraphs(view.say('LAB_UNTOLD'), view) : []),
    '',
    view.paint(
      passed ? 'good' : 'strong',
      view.say(passed ? 'LAB_PASSED' : 'LAB_NOT_PASSED', { score, mark: PASS_MARK }),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
