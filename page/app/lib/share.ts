/** Makes what is shared of the walk at hand. */
import { SLICE_VERSION, type Slice, type SlicedWalk } from '../../shared/slice.js';
import type { Ask } from '../../shared/protocol.js';
import type { Language } from '../../shared/walk.js';
import { pack } from './link.js';
import { model } from './model.svelte.js';
import { Disguise, hideAll } from './redact.js';
import type { Sample } from './sample-names.js';
import { words } from './words.svelte.js';

const LANGUAGES: readonly Language[] = ['en', 'ko'];

/** The walk at hand; null where there is none. */
export async function sliceAtHand(): Promise<{
  readonly slice: Slice;
  readonly names: readonly string[];
} | null> {
  const { engine, asked, loaded, outcomeAt, shared } = model;
  if (shared !== null) return { slice: shared, names: [] };
  if (engine === null || asked === null) return null;
  const walks: Partial<Record<Language, SlicedWalk>> = {};
  const names = new Set<string>();
  for (const language of LANGUAGES) {
    const made = await engine.call('slice', { ask: asked, outcome: outcomeAt, language });
    walks[language] = made.sliced;
    for (const name of made.names) names.add(name);
  }
  return {
    slice: { v: SLICE_VERSION, packet: asked.packet, digest: loaded?.digest ?? '', walks },
    names: [...names],
  };
}

/** What a link says of a walk of one of the examples: which, and the question. */
export interface NamedWalk {
  readonly example: Sample;
  readonly ask: Ask;
}

/** The walk at hand where it is of an example that every page has; null for a node of the reader's own. */
export function namedAtHand(): NamedWalk | null {
  const { asked, sample, shared } = model;
  return asked === null || sample === null || shared !== null ? null : { example: sample, ask: asked };
}

/** Chat programs cut longer links. */
export const LONG_LINK = 8000;

/** What goes into a link, and its text: both languages where there is room for them, else the one at hand. */
export async function forLink(slice: Slice): Promise<{ readonly slice: Slice; readonly data: string }> {
  const whole = await pack(slice);
  const own = slice.walks[words.language];
  if (whole.length < LONG_LINK || own === undefined) return { slice, data: whole };
  const one: Slice = { ...slice, walks: { [words.language]: own } };
  return { slice: one, data: await pack(one) };
}

/** The same with addresses, names and comments hidden; what the dump was is not told either. */
export function hidden(slice: Slice, names: readonly string[]): Slice {
  const made = hideAll(slice, names, new Disguise()) as Slice;
  return { ...made, digest: '' };
}
