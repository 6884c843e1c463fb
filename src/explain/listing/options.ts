/** The options of a match or target, taken apart from the text that `iptables -S` prints. */

export interface Option {
  /** Without its dashes. */
  readonly flag: string;
  readonly inverted: boolean;
  /** What follows it, as it stands; '' for a bare flag. */
  readonly value: string;
}

/** Words; what is in quotes is one, and keeps them. */
const WORD = /"(?:\\.|[^"\\])*"|\S+/g;

/** Takes the text apart; words before the first flag belong to none and are left out. */
export function optionsOf(text: string): readonly Option[] {
  const options: { flag: string; inverted: boolean; value: string }[] = [];
  let inverted = false;
  for (const [word] of text.matchAll(WORD)) {
    const last = options.at(-1);
    if (word === '!') inverted = true;
    else if (word.startsWith('--')) {
      options.push({ flag: word.slice(2), inverted, value: '' });
      inverted = false;
    } else if (last !== undefined) last.value = last.value === '' ? word : `${last.value} ${word}`;
  }
  return options;
}

/** A word without the quotes and backslashes that -S puts around it. */
export function unquoted(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;
}

/** The value of a flag; undefined when it is not there. */
export function valueOf(options: readonly Option[], flag: string): string | undefined {
  return options.find((option) => option.flag === flag)?.value;
}

/** `! ` before what is inverted. */
export const not = (inverted: boolean): string => (inverted ? '! ' : '');

/** Every option without its dashes, in order: the form that the newer extensions print. */
export function dashless(options: readonly Option[]): string {
  return options
    .map(({ flag, inverted, value }) => `${not(inverted)}${flag}${value === '' ? '' : ` ${value}`}`)
    .join(' ');
}
