/** A change of a what-if in words. */
import type { Edit } from './walk.js';

type Say = (
  id: 'PAGE_EDIT_WITHOUT' | 'PAGE_EDIT_INSTEAD' | 'PAGE_EDIT_WITH',
  params: Readonly<Record<string, string>>,
) => string;

const LONGEST = 70;
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text);

function wordsOf({ target, text, was }: Edit, say: Say): string {
  if (target.kind === 'added') return say('PAGE_EDIT_WITH', { what: short(text ?? '') });
  const what = target.kind === 'sysctl' ? `${target.name}=${was}` : short(was);
  if (text === null) return say('PAGE_EDIT_WITHOUT', { what });
  const { kind } = target;
  const instead =
    kind === 'policy' ? `${target.place.table} ${target.place.chain} policy ${text}` : short(text);
  return say('PAGE_EDIT_INSTEAD', { text: instead, what });
}

/** `without -A …`, or what stands instead of what; of a cluster, with the node. */
export function editWords(edit: Edit, say: Say): string {
  const { node } = edit.target;
  const words = wordsOf(edit, say);
  return node === undefined ? words : `${node}: ${words}`;
}
