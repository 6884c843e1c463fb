/** A node: one Linux network namespace, as far as its snapshot shows it. */
import type { Family } from '../address/address.js';
import type { RuleSet } from '../iptables/model.js';
import type { IpSet } from '../ipset/model.js';
import type { NftRuleset, NftTable } from '../nft/model.js';
import type { NameBook } from '../names/book.js';
import type { Network } from '../routing/model.js';
import type { ForwardingTable, Neighbours } from '../routing/neighbour.js';
import type { Diagnostic, Params } from '../source/diagnostic.js';
import type { ConntrackEntry } from './conntrack-entry.js';

/** A listing that the node was read from. */
export interface Listing {
  /** The command that prints such a listing: `ip route`. */
  readonly kind: string;
  readonly file: string;
  /** Its first line in the file, from 1. */
  readonly line: number;
  /** Lines that are not empty. */
  readonly lines: number;
  /** The command above it, or what the file's place in a bundle tells; null when neither does. */
  readonly command: string | null;
  readonly family: Family | null;
  /** A filter or a selector has left lines out. */
  readonly partial: boolean;
}

/** What walks of a node are sure to rest on, whatever way they go: an assumption by its code (ASM_…). */
export interface Ground {
  readonly code: string;
  readonly params: Params;
  /** Walks of that family alone; null for both. */
  readonly family: Family | null;
  /** The command that stands behind it in the transcript; null where none does. */
  readonly command: string | null;
}

/**
 * A node as its snapshot shows it: rule sets, routing, sets, connections, names, and what was found while
 * reading.
 */
export interface Node {
  /** What the user called it: the folder or file name. */
  readonly name: string;
  readonly ruleSets: Readonly<Record<Family, RuleSet>>;
  readonly networks: Readonly<Record<Family, Network>>;
  /** ipsets by name; null when the snapshot has no ipset dump at all. */
  readonly sets: ReadonlyMap<string, IpSet> | null;
  readonly sysctls: ReadonlyMap<string, string>;
  /** Entries of `ip neigh`; null without a listing. They decide nothing of a walk. */
  readonly neighbours: Neighbours | null;
  /** Entries of `bridge fdb`; null without a listing. They decide nothing of a walk. */
  readonly forwarding: ForwardingTable | null;
  /** Every table of nftables that a listing shows, those of iptables-nft too; null without a listing. */
  readonly nft: NftRuleset | null;
  /**
   * The nftables tables that the walk of a family goes through: those of their own, and of iptables-nft's those that no
   * save shows. In the order of the listing; dormant ones too.
   */
  readonly nativeTables: Readonly<Record<Family, readonly NftTable[]>>;
  /** The entries of conntrack's table, of both families; null without a dump of it. */
  readonly connections: readonly ConntrackEntry[] | null;
  /** What addresses are called. The walk itself never asks. */
  readonly names: NameBook;
  readonly grounds: readonly Ground[];
  /** What it was read from, in the order of the files. */
  readonly listings: readonly Listing[];
  /** Everything that was found while reading, in file order. */
  readonly diagnostics: readonly Diagnostic[];
}
