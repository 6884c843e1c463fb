/** What a walk across a cluster reports: one list of hops for each way that it can go. */
import type { Assumption, FinalPacket, Outcome, TraceResult } from '../packet/result.js';
import type { Params } from '../source/diagnostic.js';
import type { Header } from './header.js';

export type PlaceKind =
  'node' | 'pod' | 'router' | 'internet-gateway' | 'nat-gateway' | 'balancer' | 'segment' | 'vpc' | 'outside';

export interface Place {
  readonly kind: PlaceKind;
  readonly name: string;
}

/** What a place does with the packet. */
export type HopAction =
  | 'forwarded'
  | 'sent'
  | 'delivered'
  | 'dropped'
  | 'rejected'
  | 'unroutable'
  | 'encapsulated'
  | 'decapsulated'
  | 'translated'
  | 'passed'
  | 'answered'
  | 'received';

/** A sentence of the catalogue. */
export interface Reason {
  readonly code: string;
  readonly params: Params;
}

export interface Hop {
  readonly place: Place;
  /** On the way back. */
  readonly back: boolean;
  /** How many tunnels the packet is in. */
  readonly layer: number;
  readonly action: HopAction;
  readonly in: string | null;
  readonly out: string | null;
  readonly via: string | null;
  readonly before: Header;
  /** As it goes on; what a kernel draws is a range. */
  readonly after: FinalPacket | Header;
  readonly reason: Reason | null;
  /** The node's walk; null where the place is no node. */
  readonly walk: { readonly result: TraceResult; readonly outcome: Outcome } | null;
}

/**
 * `delivered`: the answer came back to who asked; `arrived`: the protocol has no answer; `unanswered`: it arrived, and the
 * answer is lost; `stranger`: the answer comes from an address, or to a place, that nobody asked; `loop`; else how it ends.
 */
export type PathVerdict =
  'delivered' | 'arrived' | 'unanswered' | 'stranger' | 'loop' | 'dropped' | 'rejected' | 'unroutable';

export interface PathOutcome {
  readonly probability: number | null;
  /** What it rests on, with the node that it is about. */
  readonly assumptions: readonly { readonly node: string; readonly assumption: Assumption }[];
  readonly verdict: PathVerdict;
  /** Why the list ends where it does, where the last hop does not say it. */
  readonly reason: Reason | null;
  readonly hops: readonly Hop[];
}

export interface PathResult {
  readonly from: Place;
  readonly asked: Header;
  readonly outcomes: readonly PathOutcome[];
  /** There were more ways than the bound. */
  readonly truncated: boolean;
}
