/** Are rules missing between the numbers of a listing with `--line-numbers`? Somebody has taken lines out. */
export function hasNumberGap(text: string): boolean {
  let numbered = false;
  let next = 1;
  for (const line of text.split('\n')) {
    if (line.startsWith('Chain ')) [numbered, next] = [false, 1];
    else if (/^num\s/.test(line)) numbered = true;
    else if (numbered) {
      const number = /^(\d{1,9})\s/.exec(line)?.[1];
      if (number === undefined) continue;
      if (Number(number) !== next) return true;
      next += 1;
    }
  }
  return false;
}
