/** What a shared link holds: one walk in both languages, and of each chain the rules that matter. */
import type { PacketForm } from './protocol.js';
import type { ChainView, Language, WalkView } from './walk.js';

/** The form of links; a page reads links of its own form and older ones. */
export const SLICE_VERSION = 1;

/** A walk in one language. */
export interface SlicedWalk {
  readonly walk: WalkView;
  /** Chains, each once. */
  readonly chains: readonly ChainView[];
  /** Which of them stands beside a step: `LEG:STEP`. */
  readonly at: Readonly<Record<string, number>>;
}

export interface Slice {
  readonly v: typeof SLICE_VERSION;
  readonly packet: PacketForm;
  /** What the dump was, so that who has it can tell. */
  readonly digest: string;
  readonly walks: Readonly<Partial<Record<Language, SlicedWalk>>>;
}
