/** The changes of a what-if, in their order. */
import type { Edit, EditTarget } from '../../shared/walk.js';

const sameTarget = (one: EditTarget, two: EditTarget): boolean => JSON.stringify(one) === JSON.stringify(two);

/** With one line changed, or changed back: what stood there at first is what it is compared with. */
export function withEdit(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const known = edits.find((one) => sameTarget(one.target, edit.target));
  const was = known?.was ?? edit.was;
  const others = edits.filter((one) => one !== known);
  const isGone = edit.target.kind === 'added' ? edit.text === null : edit.text === was;
  return isGone ? others : [...others, { ...edit, was }];
}

/** With rules that commands add, beside what is changed already. @param node of a cluster which */
export function withCommands(
  edits: readonly Edit[],
  commands: readonly string[],
  node: string | undefined,
): readonly Edit[] {
  const last = Math.max(0, ...edits.map(({ target }) => (target.kind === 'added' ? target.number : 0)));
  const added = commands.map((text, index): Edit => {
    const target = { kind: 'added', number: last + index + 1 } as const;
    return { target: node === undefined ? target : { ...target, node }, text, was: '' };
  });
  return [...edits, ...added];
}

/** The commands of a text, one a line; a backslash at its end takes the next one in. */
export function commandsIn(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n\s*/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
