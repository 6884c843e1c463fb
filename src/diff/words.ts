/** Options in canonical text, taken apart: `! --dport 80 --syn` as flags, each with its words. */

export interface Option {
  readonly flag: string;
  readonly inverted: boolean;
  readonly words: readonly string[];
}

/** Reads canonical options. Texts in quotation marks do not come apart as they should: nothing is asked of those. */
export function optionsOf(text: string): readonly Option[] {
  const options: { flag: string; inverted: boolean; words: string[] }[] = [];
  let inverted = false;
  for (const word of text.split(' ')) {
    if (word === '!') inverted = true;
    else if (word.startsWith('--')) {
      options.push({ flag: word, inverted, words: [] });
      inverted = false;
    } else options.at(-1)?.words.push(word);
  }
  return options;
}

/** A number as iptables prints it, or null. */
export function numberOf(word: string | undefined): number | null {
  if (word === undefined || !/^(?:0x[0-9a-f]+|\d+)$/i.test(word)) return null;
  const value = Number(word);
  return Number.isSafeInteger(value) ? value : null;
}

/** `A`, `A:B` or `A-B` as a range. */
export function rangeOf(word: string, between: ':' | '-'): { from: number; to: number } | null {
  const [left, right, ...rest] = word.split(between);
  const from = numberOf(left);
  const to = right === undefined ? from : numberOf(right);
  return from === null || to === null || rest.length > 0 ? null : { from, to };
}
