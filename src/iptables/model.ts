/** Rule sets as they are after reading: what the walk runs and what `show` prints. */
import type { Family } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import type { Span } from '../source/source.js';
import type { ChainDigest } from './digest.js';
import type { BoundMatch, BoundTarget } from './extension.js';
import type { Hook, TableName } from './view.js';

/** Packet and byte counters, as printed. */
export interface Counters {
  readonly packets: number;
  readonly bytes: number;
}

/** A value that `!` may invert. */
export interface Invertible<T> {
  readonly value: T;
  readonly inverted: boolean;
}

/** An address selector that a name, not a number, was given for: it cannot be decided. */
export interface HostName {
  readonly hostName: string;
}

/** The part of a rule that every rule can have (struct ipt_ip): null means "any". */
export interface Header {
  readonly source: Invertible<Prefix | HostName> | null;
  readonly destination: Invertible<Prefix | HostName> | null;
  /** Interface names; a trailing `+` is a prefix match. */
  readonly inInterface: Invertible<string> | null;
  readonly outInterface: Invertible<string> | null;
  /** Protocol number; 0 never occurs (it prints as nothing). */
  readonly protocol: Invertible<number> | null;
  /** `-f`: second and further fragments. */
  readonly fragment: Invertible<true> | null;
}

/** A match whose extension or option the reader does not know: kept, printed back, evaluated as unknown. */
export interface OpaqueMatch {
  readonly opaque: true;
  readonly name: string;
  /** Its options as they stood, normalised to single blanks and iptables' quoting; '' for none. */
  readonly text: string;
}

/**
 * A match of a rule: one that was understood, or one that is kept as text because its extension is not
 * known.
 */
export type RuleMatch = BoundMatch | OpaqueMatch;

/** What a rule does when it matches. */
export type RuleAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'target'; readonly target: BoundTarget }
  | { readonly kind: 'chain'; readonly chain: string; readonly goto: boolean }
  | { readonly kind: 'opaque'; readonly name: string; readonly text: string };

/** A rule of an iptables chain, as its dump has it. */
export interface Rule {
  readonly table: TableName;
  readonly chain: string;
  /** Counts from 1 within its chain. */
  readonly number: number;
  readonly header: Header;
  readonly matches: readonly RuleMatch[];
  readonly action: RuleAction;
  readonly counters: Counters | null;
  /** Which iptables made it; given only where the kernel runs rules of both. */
  readonly backend?: 'legacy' | 'nft' | undefined;
  readonly span: Span;
}

/** A chain: its rules in order, and of a base chain its policy. */
export interface Chain {
  readonly name: string;
  readonly table: TableName;
  /** A built-in chain's policy; null for a user chain. */
  readonly policy: 'ACCEPT' | 'DROP' | null;
  /** False when rules name it but nothing declares it (a listing that was cut with grep). */
  readonly declared: boolean;
  readonly counters: Counters | null;
  readonly rules: readonly Rule[];
  /** What is known without reading the rules; left out where they are at hand. */
  readonly digest?: ChainDigest;
  readonly span: Span | null;
}

/** A table of iptables with its chains by name. */
export interface Table {
  readonly name: TableName;
  readonly chains: ReadonlyMap<string, Chain>;
  /** For looking things up in large tables. Left out where rules are not kept as lines of one dump. */
  readonly search?: RuleFinder | undefined;
}

/** Rules by a text in their lines, made by themselves and not by the chain that has them. */
export interface RuleFinder {
  /** The rules in whose lines the text stands. `then`, a sticky expression, must match behind it. */
  find(text: string, then?: RegExp): readonly Rule[];
  /** Says what `find` will be asked for, so that all of it can be looked for at once. */
  expect(texts: readonly string[]): void;
}

/** The iptables tables of one family. What no dump shows is in `unknown`, and is not taken for empty. */
export interface RuleSet {
  readonly family: Family;
  /** Which iptables wrote the dump: it moves the security table (priority 50 or 150). Null when nothing says. */
  readonly backend: 'legacy' | 'nft' | null;
  /** The other iptables, if the kernel runs tables of it too that no dump shows. */
  readonly beside?: 'legacy' | 'nft';
  /** An nft listing shows what iptables-nft has; whether iptables-legacy has anything, no dump says. */
  readonly legacyUnseen?: true;
  /** What a program's rules are known to have beside these, in a native table of nftables that no dump shows. */
  readonly nativeUnseen?: string;
  /** The tables of the other iptables, if the kernel runs both and both are shown. */
  readonly other?: RuleSet;
  readonly tables: ReadonlyMap<TableName, Table>;
  /**
   * Tables that the snapshot says nothing about, or only in part (those are in `tables` too). A table that a full save
   * leaves out is empty, not unknown.
   */
  readonly unknown: ReadonlySet<TableName>;
}

/** Built-in chains of each table (net/ipv4/netfilter/iptable_*.c `valid_hooks`). */
export const BUILTIN_CHAINS: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** The tables in a fixed order, for printing and for warnings. */
export const TABLES: readonly TableName[] = ['raw', 'mangle', 'nat', 'filter', 'security'];
