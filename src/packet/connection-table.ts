/** The table that holds conntrack's entries (net/netfilter/nf_conntrack_core.c). */
import type { Family } from '../address/address.js';
import type { Tuple } from '../iptables/view.js';
import type { ConntrackEntry } from './conntrack-entry.js';
import {
  type Connection,
  type Found,
  type Zone,
  copyOf,
  isExact,
  sameZone,
  zoneId,
  zoneOf,
} from './connection.js';
import { type DumpedConnections, NONE_DUMPED, connectionOf } from './dumped-connections.js';
import { fits, invertTuple, sameTuple } from './tuple.js';

const NO_MAPPINGS = { made: [], dumped: [] } as const;

/**
 * The entries of one namespace: those of its dump, and those that a flow of packets made. A copy shares the dump, and
 * has its own of the few entries that packets met.
 */
export class ConnectionTable {
  readonly #dump: DumpedConnections;
  /** Entries of the dump that packets met, as they are by now; null for those that are gone. */
  #met: Map<ConntrackEntry, Connection | null> | null = null;
  #entries: Connection[] = [];

  constructor(dump: DumpedConnections = NONE_DUMPED) {
    this.#dump = dump;
  }

  /** An independent copy: replays of a walk must not see each other's entries. */
  clone(): ConnectionTable {
    const copy = new ConnectionTable(this.#dump);
    if (this.#met !== null) {
      const met = new Map<ConntrackEntry, Connection | null>();
      for (const [entry, connection] of this.#met)
        met.set(entry, connection === null ? null : copyOf(connection));
      copy.#met = met;
    }
    if (this.#entries.length > 0) copy.#entries = this.#entries.map(copyOf);
    return copy;
  }

  /** Nothing is in it: no tuple is found, and none is taken. */
  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#dump.isEmpty;
  }

  add(connection: Connection): void {
    this.#entries.push(connection);
  }

  remove(connection: Connection): void {
    connection.dying = true;
    if (connection.entry !== null) this.#meetings().set(connection.entry, null);
    const at = this.#entries.indexOf(connection);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  /** The connection of an entry of the dump; null for none, and for one that is gone. */
  #meet(entry: ConntrackEntry | null): Connection | null {
    if (entry === null) return null;
    const met = this.#meetings();
    const known = met.get(entry);
    if (known !== undefined) return known;
    const made = connectionOf(entry);
    met.set(entry, made);
    return made;
  }

  #meetings(): Map<ConntrackEntry, Connection | null> {
    this.#met ??= new Map<ConntrackEntry, Connection | null>();
    return this.#met;
  }

  /** Finds the entry of an exact tuple in either direction; a tuple that a drawn one allows counts, and settles nothing yet. */
  find(tuple: Tuple, zone: Zone): Found | null {
    if (this.isEmpty) return null;
    const ids = [zoneId(zone, 'ORIGINAL'), zoneId(zone, 'REPLY')];
    // The answer's tuple is entered last and found first: from an address and port to themselves, all is an answer.
    // With a zone for one direction alone the zone of the original direction is searched first, and only that is there.
    const order = ids[0] === ids[1] ? (['REPLY', 'ORIGINAL'] as const) : (['ORIGINAL', 'REPLY'] as const);
    // Those of the dump first: what the kernel drew for a later one is none of theirs.
    for (const direction of order) {
      const connection = this.#meet(this.#dump.at(tuple, direction, zoneId(zone, direction)));
      if (connection !== null) return { connection, direction };
    }
    // The very tuple of an entry counts more than one that a drawn port allows. What was entered last is found first, as
    // zones of one direction let two entries have one tuple (__nf_conntrack_hash_insert).
    for (const belongs of [sameTuple, fits])
      for (let at = this.#entries.length - 1; at >= 0; at -= 1) {
        const connection = this.#entries[at];
        if (connection === undefined) continue;
        for (const direction of order) {
          const own = direction === 'ORIGINAL' ? connection.original : connection.reply;
          if (zoneId(zoneOf(connection), direction) === zoneId(zone, direction) && belongs(tuple, own))
            return { connection, direction };
        }
      }
    return null;
  }

  /** As `find`, of the connections that packets have made, in whatever zone they are. */
  findInAnyZone(tuple: Tuple): Found | null {
    for (const connection of this.#entries)
      for (const direction of ['REPLY', 'ORIGINAL'] as const)
        if (fits(tuple, direction === 'ORIGINAL' ? connection.original : connection.reply))
          return { connection, direction };
    return null;
  }

  /** Has an entry of the dump, but this one, the tuple in that direction? */
  #dumped(tuple: Tuple, direction: 'ORIGINAL' | 'REPLY', except: Connection): boolean {
    const entry = this.#dump.at(tuple, direction, zoneId(zoneOf(except), direction));
    return entry !== null && entry !== except.entry && this.#met?.get(entry) !== null;
  }

  /**
   * nf_conntrack_tuple_taken: does another entry answer to this tuple? Of a drawn port nobody can say so: the kernel
   * has drawn one that does not clash.
   */
  taken(tuple: Tuple, except: Connection): boolean {
    if (this.isEmpty || !isExact(tuple)) return false;
    const zone = zoneOf(except);
    // Tuples are hashed with the zone of their direction, and this one is looked for with the zone of answers.
    const mixed = zoneId(zone, 'ORIGINAL') === zoneId(zone, 'REPLY');
    if ((mixed && this.#dumped(tuple, 'ORIGINAL', except)) || this.#dumped(tuple, 'REPLY', except))
      return true;
    return this.#entries.some(
      (entry) =>
        entry !== except &&
        // Were it in the same zone, the packet would be of that connection.
        !entry.zoneOpen &&
        !except.zoneOpen &&
        ((mixed && sameZone(entry, except, 'ORIGINAL') && sameTuple(entry.original, tuple)) ||
          (sameZone(entry, except, 'REPLY') && sameTuple(entry.reply, tuple))),
    );
  }

  /** Is the other side of this very exchange there, untranslated, as an entry of its own (nf_nat_used_tuple_new)? */
  mirrors(connection: Connection): boolean {
    if (this.isEmpty) return false;
    const dumped = this.#meet(
      this.#dump.at(connection.reply, 'ORIGINAL', zoneId(zoneOf(connection), 'ORIGINAL')),
    );
    if (dumped !== null && !dumped.sourceNat && !dumped.destinationNat) return true;
    return this.#entries.some(
      (entry) => !entry.sourceNat && !entry.destinationNat && sameTuple(entry.original, connection.reply),
    );
  }

  /**
   * find_appropriate_src: the mapped sources of the other connections of the same zone, protocol, source address and
   * port, the latest first. Those of the dump come last, and in which order they were made it does not tell.
   */
  sourceMappings(
    tuple: Tuple,
    of: Connection,
    family: Family,
  ): { readonly made: readonly Tuple[]; readonly dumped: readonly Tuple[] } {
    if (this.isEmpty) return NO_MAPPINGS;
    const made = this.#entries
      .filter(
        (entry) =>
          entry.sourceDone &&
          sameZone(entry, of, 'ORIGINAL') &&
          entry.original.protocol === tuple.protocol &&
          entry.original.source === tuple.source &&
          entry.original.sourcePort === tuple.sourcePort,
      )
      .map((entry): Tuple => invertTuple(entry.reply, family))
      .reverse();
    const dumped = this.#dump
      .from(tuple, zoneId(zoneOf(of), 'ORIGINAL'))
      .flatMap((entry) => this.#meet(entry) ?? [])
      .map((connection): Tuple => invertTuple(connection.reply, family))
      .reverse();
    return { made, dumped };
  }
}
