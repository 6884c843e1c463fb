/** What checks come to, as plain data: threads hand it over, reporters print it. */
import type { Params } from '../source/diagnostic.js';

/** A stretch of a spec's text. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** One thing that is not as expected. */
export interface Failure {
  /** The word of the spec: `egress`, `reply.snat`. */
  readonly key: string;
  readonly place: Place;
  /** Wanted and found, where the two are values. */
  readonly values: { readonly expected: string; readonly got: string } | null;
  /** What is wrong, where it is no value: a message id. */
  readonly said: { readonly code: string; readonly params: Params } | null;
  /** Which outcome, from 1; null when it is about the result as a whole. */
  readonly outcome: number | null;
}

/** A rule, policy rule or chain of the node that made a failing outcome what it is. */
export interface Deciding {
  readonly name: string;
  readonly text: string;
  /** As in the snapshot. Null for what no dump shows. */
  readonly file: string | null;
  readonly line: number | null;
}

/** What a property came to. */
export interface Drawn {
  /** Packets walked before one failed, or all. */
  readonly walked: number;
  /** How many packets there are, when there are so few that each was walked. */
  readonly all: number | null;
  readonly seed: number;
  readonly shrinks: number;
}

/** What one check came to. */
export interface CheckResult {
  /** The spec's path as it was typed. */
  readonly spec: string;
  readonly name: string;
  readonly place: Place;
  /** The node's path as messages name it. */
  readonly node: string;
  readonly passed: boolean;
  /** The packet as sent; '' when it could not be made. */
  readonly packet: string;
  /** A command that walks it again; '' without a packet. */
  readonly command: string;
  readonly failures: readonly Failure[];
  /** A line for each outcome. */
  readonly outcomes: readonly string[];
  /** The answer for people; '' for checks that passed. */
  readonly answer: string;
  readonly deciding: readonly Deciding[];
  readonly drawn: Drawn | null;
  /** A golden file's text was written. */
  readonly updated: boolean;
}
