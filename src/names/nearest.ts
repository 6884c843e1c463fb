/** Names that somebody may have meant. */

/** Names longer than that are compared by their beginnings: the work grows with the square. */
const ENOUGH = 80;

/** The number of letters to change, add, leave out or swap with the next (optimal string alignment). */
export function distance(first: string, second: string): number {
  const a = first.slice(0, ENOUGH);
  const b = second.slice(0, ENOUGH);
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** More names than that are not compared letter by letter. */
const MOST_COMPARED = 20_000;

/**
 * The names nearest to what was written, best first: a namespace counts only where one was written, and what holds the
 * whole text comes before what is merely spelled alike.
 */
export function nearest(text: string, names: readonly string[], most: number): readonly string[] {
  const whole = text.includes('/');
  const ranked = [...new Set(names)].slice(0, MOST_COMPARED).map((name) => {
    const compared = whole ? name : name.slice(name.indexOf('/') + 1);
    // Generated names go on behind what people remember of them.
    const far = Math.min(distance(text, compared), distance(text, compared.slice(0, text.length)) + 1);
    return { name, far: compared.includes(text) ? Math.min(far, 1) : far };
  });
  return ranked
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}
