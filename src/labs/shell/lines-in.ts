/** The lines of what is piped in. */
export function linesIn(stdin: string | null): readonly string[] {
  if (stdin === null || stdin === '') return [];
  const list = stdin.split('\n');
  if (list.at(-1) === '') list.pop();
  return list;
}
