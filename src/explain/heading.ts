/** Comment lines between the parts of a view that is otherwise in a tool's own form. */
import type { Outcome, TraceResult } from '../packet/result.js';
import { sanitize } from './sanitize.js';

/** Above one of several outcomes. */
export function outcomeHeading(index: number, { outcomes }: TraceResult): string {
  const probability = String(outcomes[index]?.probability ?? 'unknown');
  return `# outcome ${String(index + 1)} of ${String(outcomes.length)}, probability ${probability}`;
}

/**
 * The lines of each outcome under one another: several are parted by a comment line, and a packet of a batch that has
 * an id begins with it. Nothing in the text acts on a terminal.
 */
export function outcomeLines(
  result: TraceResult,
  linesOf: (outcome: Outcome) => readonly string[],
): readonly string[] {
  const several = result.outcomes.length > 1;
  return [
    ...(result.id === null ? [] : [`# packet ${result.id}`]),
    ...result.outcomes.flatMap((outcome, index) => [
      ...(several ? [outcomeHeading(index, result)] : []),
      ...linesOf(outcome),
    ]),
    ...(result.truncated ? ['# there are more outcomes than these'] : []),
  ].map(sanitize);
}

/** Lines as text; each ends with a line feed. */
export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
