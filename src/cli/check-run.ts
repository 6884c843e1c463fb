/** Runs checks of a suite that is read: in this thread, or as the part of one. */
import { readFile } from 'node:fs/promises';
import { addHits, HitCounter } from '../check/coverage.js';
import type { CheckResult } from '../check/result.js';
import { runCheck } from '../check/run.js';
import { coloured, plain } from '../explain/colour.js';
import type { Language } from '../explain/messages/index.js';
import { type LoadedCheck, fromHere } from './check-load.js';

/** How checks are run; plain values, which a thread can be sent. */
export interface CheckSettings {
  readonly language: Language;
  readonly isColoured: boolean;
  readonly isUpdate: boolean;
  readonly isCovered: boolean;
  /** Display cells per line of the answers. */
  readonly width: number;
}

/** A golden file that is to be written. */
export interface Writing {
  readonly path: string;
  /** The folder of its spec, outside of which nothing is written. */
  readonly within: string;
  readonly text: string;
}

export interface Part {
  readonly results: readonly CheckResult[];
  readonly writings: readonly Writing[];
  /** By the paths of nodes: how often which rule matched. */
  readonly hits: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

/** Runs checks in their order. @param onDone called after each, with 1 */
export async function runChecks(
  checks: readonly LoadedCheck[],
  settings: CheckSettings,
  onDone: (count: number) => void = () => undefined,
): Promise<Part> {
  const results: CheckResult[] = [];
  const writings: Writing[] = [];
  const counters = new Map<string, HitCounter>();
  const paint = settings.isColoured ? coloured : plain;
  for (const { spec, check, node } of checks) {
    const counter = counters.get(node.path) ?? new HitCounter();
    counters.set(node.path, counter);
    const { golden } = check;
    const path = golden === null ? null : fromHere(spec.path, golden.path);
    const { result, write } = runCheck(check, {
      spec: spec.path,
      node: node.node,
      path: node.path,
      vpc: spec.vpc,
      facts: node.facts,
      language: settings.language,
      paint,
      width: settings.width,
      counter: settings.isCovered ? counter : null,
      golden: path === null ? null : await textOf(path),
      isUpdate: settings.isUpdate,
    });
    results.push(result);
    if (write !== null && path !== null)
      writings.push({ path, within: fromHere(spec.path, '.'), text: write });
    onDone(1);
  }
  return { results, writings, hits: new Map([...counters].map(([path, { hits }]) => [path, hits])) };
}

/** Parts in their order as one. */
export function joined(parts: readonly Part[]): Part {
  const hits = new Map<string, Map<string, number>>();
  for (const part of parts)
    for (const [path, more] of part.hits) {
      const into = hits.get(path) ?? new Map<string, number>();
      hits.set(path, into);
      addHits(into, more);
    }
  return {
    results: parts.flatMap(({ results }) => results),
    writings: parts.flatMap(({ writings }) => writings),
    hits,
  };
}
