/** Progress that comes from two sides: a file and what is here, or another window and this one. */
import type { LabProgress, Progress } from '../../src/labs/progress.js';

/** The better of two scores. */
function better(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

function joined(over: LabProgress, under: LabProgress | undefined): LabProgress {
  return { run: over.run ?? under?.run ?? null, best: better(over.best, under?.best ?? null) };
}

/**
 * Lays progress over other progress: what `over` has of a lab counts, the better score stays, and labs that it does not have
 * are as they were.
 * @param only names of the labs that are laid over; all when left out
 */
export function laidOver(over: Progress, under: Progress, only?: ReadonlySet<string>): Progress {
  const labs = new Map(under.labs);
  for (const [name, lab] of over.labs)
    if (only?.has(name) !== false) labs.set(name, joined(lab, labs.get(name)));
  return { current: over.current ?? under.current, labs };
}
