/** Entries of conntrack's table as a dump shows them, and their one canonical line. */
import { type Address, formatAddress } from '../address/address.js';
import type { Span } from '../source/source.js';

/** What tells flows between the same two addresses apart, by the protocol. */
export type FlowKey =
  | { readonly kind: 'ports'; readonly source: number; readonly destination: number }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly id: number }
  | { readonly kind: 'gre'; readonly source: number; readonly destination: number };

/** One direction of an entry. */
export interface EntryTuple {
  readonly source: Address;
  readonly destination: Address;
  /** Null for protocols that have none. */
  readonly key: FlowKey | null;
  /** Packets and bytes of this direction; null unless the node counts them (nf_conntrack_acct). */
  readonly counters: { readonly packets: bigint; readonly bytes: bigint } | null;
}

/** An entry of the dump. Whatever its timeout says, it is taken to be alive. */
export interface ConntrackEntry {
  /** IP protocol number. */
  readonly protocol: number;
  /** As the tool spells it: `unknown` for those that conntrack has no tracker for. */
  readonly name: string;
  /** Seconds until it goes; null where none is shown (entries of a flowtable do not age). */
  readonly timeout: number | null;
  /** Of protocols with states: `ESTABLISHED`, `COOKIE_WAIT`; else null. */
  readonly state: string | null;
  readonly original: EntryTuple;
  readonly reply: EntryTuple;
  /** There is no `[UNREPLIED]`: packets went both ways. */
  readonly replied: boolean;
  readonly flag: 'ASSURED' | 'OFFLOAD' | 'HW_OFFLOAD' | null;
  /** ct mark; null when the line does not show it. */
  readonly mark: number | null;
  readonly secctx: string | null;
  /** Null for the zone of packets that no rule put into another. */
  readonly zone: { readonly id: number; readonly direction: 'ORIGINAL' | 'REPLY' | null } | null;
  readonly helper: string | null;
  readonly use: number | null;
  readonly id: number | null;
  /** Null when the listing does not show labels. */
  readonly labels: readonly string[] | null;
  /** Words that say nothing about packets (`delta-time=5`), or that are not known, as they are. */
  readonly rest: readonly string[];
  readonly span: Span;
}

const text = (name: string, value: number | bigint | string | null): readonly string[] =>
  value === null ? [] : [`${name}=${String(value)}`];

function keyWords(key: FlowKey | null): readonly string[] {
  switch (key?.kind) {
    case 'ports':
      return [`sport=${String(key.source)}`, `dport=${String(key.destination)}`];
    case 'icmp':
      return [`type=${String(key.type)}`, `code=${String(key.code)}`, `id=${String(key.id)}`];
    case 'gre':
      return [`srckey=0x${key.source.toString(16)}`, `dstkey=0x${key.destination.toString(16)}`];
    case undefined:
      return [];
  }
}

function tupleWords({ source, destination, key, counters }: EntryTuple, zone: readonly string[]): string[] {
  return [
    ...[`src=${formatAddress(source)}`, `dst=${formatAddress(destination)}`],
    ...[...keyWords(key), ...zone],
    ...(counters === null ? [] : [`packets=${String(counters.packets)}`, `bytes=${String(counters.bytes)}`]),
  ];
}

/** The line of `conntrack -L -o id,labels` (libnetfilter_conntrack, __snprintf_conntrack_default). */
export function printEntry(entry: ConntrackEntry): string {
  const { zone } = entry;
  const zoneOf = (direction: 'ORIGINAL' | 'REPLY' | null, name: string): readonly string[] =>
    zone !== null && zone.direction === direction ? text(name, zone.id) : [];
  return [
    `${entry.name.padEnd(8)} ${String(entry.protocol)}`,
    ...(entry.timeout === null ? [] : [String(entry.timeout)]),
    ...(entry.state === null ? [] : [entry.state]),
    ...tupleWords(entry.original, zoneOf('ORIGINAL', 'zone-orig')),
    ...(entry.replied ? [] : ['[UNREPLIED]']),
    ...tupleWords(entry.reply, zoneOf('REPLY', 'zone-reply')),
    ...(entry.flag === null ? [] : [`[${entry.flag}]`]),
    ...text('mark', entry.mark),
    ...text('secctx', entry.secctx),
    ...zoneOf(null, 'zone'),
    ...entry.rest,
    ...text('helper', entry.helper),
    ...text('use', entry.use),
    ...text('id', entry.id),
    ...text('labels', entry.labels?.join(',') ?? null),
  ].join(' ');
}
