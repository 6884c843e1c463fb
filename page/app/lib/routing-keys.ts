/** Keys at a step that looks up a route: its lines are the policy rules and routes that are shown. */

const linesOf = (): readonly HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('section.rules summary'),
];

/** The line that has the focus, or else the one that decided. */
function chosen(lines: readonly HTMLElement[]): number {
  const focused = lines.findIndex((one) => one === document.activeElement);
  return focused >= 0 ? focused : lines.findIndex((one) => one.closest('li.decided') !== null);
}

/** The next line takes the focus; behind the last comes the first. At first it is the one that decided. */
export function nextLine(): void {
  const lines = linesOf();
  const isNew = !lines.some((one) => one === document.activeElement);
  const line = lines[(chosen(lines) + (isNew ? 0 : 1)) % lines.length] ?? lines[0];
  line?.focus();
  line?.scrollIntoView({ block: 'nearest' });
}

/** Opens what is told of the line, or puts it away. */
export function openLine(): void {
  const lines = linesOf();
  const line = lines[chosen(lines)];
  const details = line?.closest('details');
  if (line === undefined || details === null || details === undefined) return;
  details.open = !details.open;
  line.focus();
  details.scrollIntoView({ block: 'nearest' });
}
