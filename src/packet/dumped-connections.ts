/**
 * The entries of a conntrack dump, found as the kernel finds them: by the tuple of either direction. They are indexed
 * once for a node and never changed; a table of connections keeps beside them what a walk made of them.
 */
import { type Address, familyOf } from '../address/address.js';
import type { Tuple } from '../iptables/view.js';
import type { ConntrackEntry, EntryTuple, FlowKey } from './conntrack-entry.js';
import {
  type Connection,
  type Direction,
  NO_ZONE,
  type Zone,
  isExact,
  openConnection,
  zoneId,
} from './connection.js';
import type { Node } from './node.js';
import { PROTOCOL, isIcmp } from './packet.js';
import { dumpedTcp } from './tcp-tracking.js';
import { type MutableTuple, invertTuple } from './tuple.js';

/** The two numbers that a tuple has beside its addresses: ports, or id and type of an ICMP query. */
function numbersOf(key: FlowKey | null): readonly [number, number] {
  if (key === null) return [0, 0];
  return key.kind === 'icmp' ? [key.id, (key.type << 8) | key.code] : [key.source, key.destination];
}

/** The tuple of one direction as the walk keeps it. */
function tupleOf(protocol: number, { source, destination, key }: EntryTuple): MutableTuple {
  const [first, second] = numbersOf(key);
  return {
    protocol,
    source,
    sourceTo: source,
    destination,
    destinationTo: destination,
    sourcePort: first,
    sourcePortTo: first,
    destinationPort: second,
    destinationPortTo: second,
  };
}

function zoneOf({ zone }: ConntrackEntry): Zone {
  return zone ?? NO_ZONE;
}

/**
 * The connection of an entry. What translates it is what its two directions differ in; as it is in the table, both
 * sides of its mapping are made. Labels are known as far as the listing shows them.
 */
export function connectionOf(entry: ConntrackEntry): Connection {
  const { protocol, replied, flag } = entry;
  const original = tupleOf(protocol, entry.original);
  const reply = tupleOf(protocol, entry.reply);
  const family = familyOf(original.source);
  const mapped = invertTuple(reply, family);
  const moved = mapped.destination !== original.destination;
  const renumbered = mapped.sourcePort !== original.sourcePort;
  // The id of an ICMP query changes with either side; alone it changes with the source.
  const icmp = isIcmp(protocol, family);
  return {
    ...openConnection(original, family, zoneOf(entry), entry.helper),
    reply,
    mark: entry.mark ?? 0,
    markUnknown: entry.mark === null ? 0xffffffff : 0,
    seenReply: replied,
    assured: flag !== null,
    confirmed: true,
    sourceNat: mapped.source !== original.source || (renumbered && !(icmp && moved)),
    destinationNat: moved || (!icmp && mapped.destinationPort !== original.destinationPort),
    ...{ sourceDone: true, destinationDone: true },
    labels: new Map((entry.labels ?? []).map((label) => [label, true])),
    anyLabels: true,
    tcp: protocol === PROTOCOL.tcp ? dumpedTcp(entry.state, replied) : null,
    entry,
  };
}

/** Where a source is looked for. IPv6 has letters of its own, so that ::1 is not 0.0.0.1. */
const sourceKeyOf = (protocol: number, source: Address, port: number, zone: number): string =>
  typeof source === 'bigint'
    ? `${source.toString(16)}x${String(protocol)} ${String(port)} ${String(zone)}`
    : `${String(source)} ${String(protocol)} ${String(port)} ${String(zone)}`;

const keyOf = (
  tuple: Pick<Tuple, 'protocol' | 'source' | 'destination'>,
  first: number,
  second: number,
  zone: number,
): string =>
  `${sourceKeyOf(tuple.protocol, tuple.source, first, zone)} ${tuple.destination.toString(16)} ${String(second)}`;

/** The entries by what they are looked for. */
export class DumpedConnections {
  readonly #entries: readonly ConntrackEntry[];
  readonly #byTuple: Readonly<Record<Direction, Map<string, ConntrackEntry>>> = {
    ORIGINAL: new Map(),
    REPLY: new Map(),
  };
  #bySource: Map<string, ConntrackEntry[]> | null = null;

  constructor(entries: readonly ConntrackEntry[]) {
    this.#entries = entries;
    for (const entry of entries) {
      this.#enter(entry, 'ORIGINAL', entry.original);
      this.#enter(entry, 'REPLY', entry.reply);
    }
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Of two entries with one tuple, which a table that changes while it is listed may show, the first counts. */
  #enter(entry: ConntrackEntry, direction: Direction, tuple: EntryTuple): void {
    const { protocol } = entry;
    const { source, destination } = tuple;
    const [first, second] = numbersOf(tuple.key);
    const key = keyOf({ protocol, source, destination }, first, second, zoneId(zoneOf(entry), direction));
    const known = this.#byTuple[direction];
    if (!known.has(key)) known.set(key, entry);
  }

  /** The entry that has this tuple in this direction, in a zone of that direction. */
  at(tuple: Tuple, direction: Direction, zone: number): ConntrackEntry | null {
    if (this.#entries.length === 0 || !isExact(tuple)) return null;
    return this.#byTuple[direction].get(keyOf(tuple, tuple.sourcePort, tuple.destinationPort, zone)) ?? null;
  }

  /** Entries that began with this source, in the order of the dump. */
  from(tuple: Tuple, zone: number): readonly ConntrackEntry[] {
    if (this.#entries.length === 0) return [];
    if (this.#bySource === null) {
      this.#bySource = new Map();
      for (const entry of this.#entries) {
        const { source, key: flow } = entry.original;
        const zone = zoneId(zoneOf(entry), 'ORIGINAL');
        const key = sourceKeyOf(entry.protocol, source, numbersOf(flow)[0], zone);
        const list = this.#bySource.get(key);
        if (list === undefined) this.#bySource.set(key, [entry]);
        else list.push(entry);
      }
    }
    return this.#bySource.get(sourceKeyOf(tuple.protocol, tuple.source, tuple.sourcePort, zone)) ?? [];
  }
}

/** For a node without a dump. */
export const NONE_DUMPED: DumpedConnections = new DumpedConnections([]);

const INDEXED = new WeakMap<readonly ConntrackEntry[], DumpedConnections>();

/** The entries of a node's dump, indexed once. */
export function dumpedConnections({ connections }: Node): DumpedConnections {
  if (connections === null || connections.length === 0) return NONE_DUMPED;
  const known = INDEXED.get(connections);
  if (known !== undefined) return known;
  const made = new DumpedConnections(connections);
  INDEXED.set(connections, made);
  return made;
}
