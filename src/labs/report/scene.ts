/** What a student reads when a lab begins, and what was asked and what is to be done. */
import type { View } from '../../explain/view.js';
import { sanitize } from '../../explain/sanitize.js';
import type { Lab } from '../lab.js';
import type { LabSession } from '../session.js';
import { headingOf, packetWords, paragraphs, questionLines, wordsOf } from './words.js';

/** The scene, and commands that are worth typing. */
export function sceneLines(lab: Lab, view: View): readonly string[] {
  const look = lab.look.map(({ command }) => `  ${sanitize(command)}`);
  return [
    ...[headingOf(lab, view), '', ...paragraphs(wordsOf(lab.scene, view), view)],
    ...(look.length === 0 ? [] : ['', view.say('LAB_LOOK'), ...look]),
  ];
}

/** The task with the packets that decide about it. */
export function taskLines({ task, packets }: Lab, view: View): readonly string[] {
  if (task === null) return [view.say('LAB_NO_TASK')];
  const named = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => {
      const packet = packets.get(name);
      return packet === undefined ? [] : paragraphs(packetWords(packet, view), view, '  ');
    });
  return [
    view.paint('strong', view.say(task.kind === 'fix' ? 'LAB_TASK_FIX' : 'LAB_TASK_BUILD')),
    ...paragraphs(wordsOf(task.text, view), view),
    ...[view.say('LAB_GOALS'), ...named(task.goals)],
    ...[view.say('LAB_COLLATERAL'), ...named(task.collateral)],
    view.say('LAB_BUDGET_IS', { budget: task.budget }),
  ];
}

/** Is there a task that is not done? */
export function isTaskDue(session: LabSession): boolean {
  const task = session.grade().parts.find(({ kind }) => kind === 'task');
  return task !== undefined && task.state !== 'right';
}

/** The question that is left when there is no task, or it is done; nothing where none is. */
export function leftLines(session: LabSession, view: View): readonly string[] {
  return session.open === null || isTaskDue(session) ? [] : questionLines(session.open.question, view);
}

/** What comes next: a question, the task, or the grade. The question of transfer comes behind the task. */
export function nextLines(session: LabSession, view: View): readonly string[] {
  const { open, lab } = session;
  const isDue = isTaskDue(session);
  if (open !== null && !(open.kind === 'transfer' && isDue)) return questionLines(open.question, view);
  return isDue ? taskLines(lab, view) : [view.say('LAB_DONE')];
}
