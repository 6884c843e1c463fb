/** The labs in a table, with what was reached in each. */
import { sanitize } from '../../explain/sanitize.js';
import type { View } from '../../explain/view.js';
import { cutEnd, padEnd, padStart, widthOf } from '../../explain/width.js';
import { type Lab, labName } from '../lab.js';
import type { LabProgress, Progress } from '../progress.js';
import { wordsOf } from './words.js';

function stateOf(known: LabProgress | undefined, isCurrent: boolean, view: View): string {
  if (known === undefined || (known.run === null && known.best === null)) return '';
  const best = known.best === null ? view.say('LAB_BEGUN') : view.say('LAB_BEST', { score: known.best });
  return isCurrent ? `${best}, ${view.say('LAB_CURRENT')}` : best;
}

/** One line for each lab. Ends with a line feed. */
export function renderLabs(labs: readonly Lab[], progress: Progress, view: View): string {
  const rows = labs.map((lab) => {
    const name = labName(lab);
    return {
      number: String(lab.number),
      slug: lab.slug,
      title: sanitize(wordsOf(lab.title, view)),
      minutes: view.say('LAB_MINUTES', { minutes: lab.minutes }),
      state: stateOf(progress.labs.get(name), progress.current === name, view),
    };
  });
  const widest = (pick: (row: (typeof rows)[number]) => string): number =>
    rows.reduce((width, row) => Math.max(width, widthOf(pick(row))), 0);
  const [slug, minutes] = [widest((row) => row.slug), widest((row) => row.minutes)];
  const title = Math.min(
    widest((row) => row.title),
    Math.max(20, view.width - slug - minutes - 30),
  );
  return rows
    .map((row) =>
      `${padStart(row.number, 2)}  ${view.paint('name', padEnd(row.slug, slug))}  ${padEnd(cutEnd(row.title, title), title)}  ${padStart(row.minutes, minutes)}  ${row.state}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** The same as data, schema natwalk/labs/1. */
export function labsJson(labs: readonly Lab[], progress: Progress): object {
  return {
    schema: 'natwalk/labs/1',
    current: progress.current,
    labs: labs.map((lab) => {
      const known = progress.labs.get(labName(lab));
      return {
        ...{ number: lab.number, name: labName(lab), title: lab.title.en, minutes: lab.minutes },
        ...{ best: known?.best ?? null, begun: (known?.run ?? null) !== null, hints: known?.run?.hints ?? 0 },
      };
    }),
  };
}
