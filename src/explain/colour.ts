/** Colours: 16 named ones on the terminal's own background, and never the only sign of anything. */

/** What a piece of text means; the views name meanings, not colours. */
export type Meaning = 'good' | 'bad' | 'change' | 'name' | 'dim' | 'unknown' | 'strong';

/** Gives a text the look of its meaning. Padding is done before, so that escapes never count as width. */
export type Paint = (meaning: Meaning, text: string) => string;

const CODES: Readonly<Record<Meaning, readonly [string, string]>> = {
  good: ['1;32', '22;39'],
  bad: ['1;31', '22;39'],
  change: ['33', '39'],
  name: ['36', '39'],
  dim: ['2', '22'],
  unknown: ['35', '39'],
  strong: ['1', '22'],
};

/** Adds nothing. */
export const plain: Paint = (_meaning, text) => text;

/** Adds SGR escapes around what is not blank, so that a cut line never leaves colour behind. */
export const coloured: Paint = (meaning, text) => {
  const inner = text.trim();
  if (inner === '') return text;
  const at = text.indexOf(inner);
  const [on, off] = CODES[meaning];
  return `${text.slice(0, at)}\u001b[${on}m${inner}\u001b[${off}m${text.slice(at + inner.length)}`;
};

export type ColourChoice = 'auto' | 'always' | 'never';

/**
 * Whether to colour: `--color` first, then NO_COLOR and FORCE_COLOR=0, then FORCE_COLOR and CLICOLOR_FORCE, then a
 * terminal that is not dumb (no-color.org, force-color.org, bixense.com/clicolors).
 */
export function wantsColour(
  choice: ColourChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  const force = env['FORCE_COLOR'];
  if ((env['NO_COLOR'] ?? '') !== '' || force === '0' || force === 'false') return false;
  if (force !== undefined) return true;
  const clicolor = env['CLICOLOR_FORCE'];
  if (clicolor !== undefined && clicolor !== '' && clicolor !== '0') return true;
  return isTerminal && env['TERM'] !== 'dumb';
}
