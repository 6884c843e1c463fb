/** The extensions that a run did not put to the proof, each with its reason. */
import { EXTENSIONS } from '../../../src/iptables/registry.js';
import type { Conformance } from './record.js';

/** An extension that is read, and that decided nothing in the run. */
export interface Unproved {
  readonly kind: 'match' | 'target';
  readonly name: string;
  readonly why: string;
}

/** @returns in the order of names; the reason is what the extension itself says it does not model */
export function unproved({ matches, targets }: Conformance): Unproved[] {
  const met = (names: readonly { readonly name: string }[], name: string): boolean =>
    names.some((one) => one.name === name);
  const left = (
    kind: Unproved['kind'],
    all: readonly { readonly name: string; readonly missing: string }[],
    names: readonly { readonly name: string }[],
  ): Unproved[] =>
    all
      .filter(({ name }) => !met(names, name))
      .map(({ name, missing }) => ({ kind, name, why: WHY.get(name) ?? missing }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...left('match', EXTENSIONS.matches, matches), ...left('target', EXTENSIONS.targets, targets)];
}

/** Reasons that lie outside the extension. */
const WHY: ReadonlyMap<string, string> = new Map([
  ['LED', 'what a light does cannot be seen from a packet'],
  ['TPROXY', 'whether a transparent socket listens is an open question'],
  ['TRACE', 'the judge has every packet traced by a rule of its own'],
  ['ULOG', 'no kernel since 3.17 has it'],
]);
