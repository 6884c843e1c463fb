/** Probabilities as a spec writes them: `0.5`, `50%`, `1/3`, each with `±0.01` or `+-1%` behind it. */
import type { Faults } from './reading.js';
import type { Tree } from './tree.js';

export interface Share {
  readonly probability: number;
  readonly tolerance: number;
}

/** kube-proxy writes its probabilities with ten digits; nobody who writes 0.333 means more than that. */
const TOLERANCE = 0.001;

function numberOf(text: string): number {
  const [, above, below] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (above !== undefined && below !== undefined) return Number(above) / Number(below);
  const [, digits = '', percent] = /^(\d{1,3}(?:\.\d{1,12})?|\.\d{1,12})\s*(%?)$/.exec(text) ?? [];
  if (digits === '') return NaN;
  return percent === '' ? Number(digits) : Number(digits) / 100;
}

/** Reads a probability. @returns null after telling that it is none */
export function readShare(tree: Tree, key: string, faults: Faults): Share | null {
  const text = faults.text(tree, key);
  if (text === null) return null;
  const [value = '', margin] = text.split(/±|\+-/).map((part) => part.trim());
  const probability = numberOf(value);
  const tolerance = margin === undefined ? TOLERANCE : numberOf(margin);
  if (probability >= 0 && probability <= 1 && tolerance >= 0 && tolerance <= 1)
    return { probability, tolerance };
  faults.tell('CHECK_SHARE', tree.span, { text });
  return null;
}
