/** The nodes that a snapshot holds: several hosts, network namespaces or folders in one text, folder or archive. */
import type { Kind } from './command.js';
import { isClusterWide } from './kubectl.js';
import { hostOfRoot } from './layout.js';
import { LineList } from './line-list.js';
import { isCovered } from './part.js';
import { isUnknownPlace } from './runner.js';
import { type NodePlace, type Placed, type PlacedFile, type SnapshotFile, placeFiles } from './places.js';

/** A kind of listing that a node has. */
export interface HeldKind {
  readonly kind: Kind;
  readonly listings: number;
  readonly lines: number;
}

/** One of the nodes in a snapshot. */
export interface NodeSummary {
  /** Unique within the snapshot: what stands after `#` in `FILE#name`. */
  readonly name: string;
  readonly holds: readonly HeldKind[];
  /** Of the listings that are of this node alone. */
  readonly lines: number;
  /** It is what `FILE` alone means. */
  readonly isMain: boolean;
}

/** A node, and the listings that are read for it, in the order of the files. */
export interface NodeGroup {
  readonly name: string;
  readonly place: NodePlace;
  /** Listings of this node, then also those that nothing gives to one node. */
  readonly own: readonly Placed[];
  readonly list: readonly Placed[];
}

export interface NodeGroups {
  readonly groups: readonly NodeGroup[];
  /** Null when none of several is clearly what a question about the snapshot means. */
  readonly main: NodeGroup | null;
  /** Listings that nothing gives to a node, of what each of several nodes shows itself: they are of none of these. */
  readonly strays: readonly Placed[];
}

const keyOf = ({ root, host, namespace }: NodePlace): string => JSON.stringify([root, host, namespace]);

/** What a node needs for an answer; listings of one kind in several forms are one part. */
const PARTS = new Map<Kind, string>([
  ['iptables', 'rules'],
  ['iptables -L', 'rules'],
  ['nft list ruleset', 'rules'],
  ['nft -j list ruleset', 'rules'],
  ['ip rule', 'policy'],
  ['ip route', 'routes'],
  ['route -n', 'routes'],
  ['ip addr', 'links'],
  ['ifconfig', 'links'],
]);

function partsOf(list: readonly Placed[]): ReadonlySet<string> {
  return new Set(list.flatMap(({ kind }) => (kind === null ? [] : (PARTS.get(kind) ?? []))));
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return part.size < whole.size && [...part].every((one) => whole.has(one));
}

const isUnknown = ({ place: { host, namespace } }: NodeGroup): boolean =>
  [host, namespace].some((name) => name !== null && isUnknownPlace(name));

/**
 * Places with a name come before those without, hosts before namespaces and pods; of several the one that holds what each
 * of the others holds, and more.
 */
function mainOf(groups: readonly NodeGroup[]): NodeGroup | null {
  const named = groups.filter((group) => !isUnknown(group));
  const among = named.length > 0 ? named : groups;
  const hosts = among.filter(({ place }) => place.namespace === null);
  const candidates = hosts.length > 0 ? hosts : among;
  const parts = new Map(candidates.map((group) => [group, partsOf(group.own)]));
  for (const [group, own] of parts)
    if ([...parts].every(([other, theirs]) => other === group || isWithin(theirs, own))) return group;
  return null;
}

/** Is a listing that no host or folder claims also one of this node? */
function isShared({ place, kind }: Placed, group: NodePlace): boolean {
  if (isClusterWide(kind)) return true;
  if (place.namespace !== null || group.namespace !== null) return false;
  if (place.root !== '' && place.root !== group.root) return false;
  return place.host === null || (place.host === group.host && place.root === '');
}

/** Places that are nodes: one with nothing but a folder is none where hosts are named in that folder. */
function nodePlaces(list: readonly Placed[]): readonly NodePlace[] {
  const placing = list.filter(({ kind }) => kind !== null && !isClusterWide(kind));
  const all = new Map(placing.map(({ place }) => [keyOf(place), place]));
  const places = [...all.values()];
  return places.filter(({ root, host, namespace }) => {
    if (host !== null || namespace !== null) return true;
    const below = places.some(
      (other) =>
        other.namespace === null &&
        (root === '' ? other.root !== '' : other.root === root) &&
        other.host !== host,
    );
    const named = places.some(
      (other) => other.root === root && other.host !== null && other.namespace === null,
    );
    return !below && !named;
  });
}

const plainName = (text: string): string => text.trim().replace(/[\s\p{Cc}]+/gu, '-') || 'node';

/** The shortest name that tells a node from the others. */
function namesOf(
  places: readonly NodePlace[],
  textOf: (path: string) => string | undefined,
): readonly string[] {
  const hosts = places.map(({ root, host }) => host ?? hostOfRoot(root, textOf) ?? null);
  const short = places.map(({ namespace }, at) => namespace ?? hosts[at] ?? 'node');
  const longer = places.map(({ namespace }, at) =>
    [hosts[at], namespace].filter((part) => part !== null && part !== undefined).join('/'),
  );
  const taken = new Set<string>();
  return places.map(({ root }, at) => {
    const once = (names: readonly string[], name: string): boolean =>
      names.filter((other) => other === name).length === 1;
    const candidates = [
      once(short, short[at] ?? '') ? short[at] : null,
      once(longer, longer[at] ?? '') ? longer[at] : null,
      `${root}${longer[at] ?? ''}`,
    ];
    const base = plainName(
      candidates.find((name) => name !== null && name !== undefined && name !== '') ?? 'node',
    );
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}-${String(number)}`;
    taken.add(name);
    return name;
  });
}

/**
 * The other nodes that a listing is read for: where it may be of one of several, those that do not show the same by
 * themselves.
 */
function takers(placed: Placed, groups: readonly NodeGroup[]): readonly NodeGroup[] {
  const key = keyOf(placed.place);
  const able = groups.filter(({ place }) => keyOf(place) !== key && isShared(placed, place));
  const isOfNode = groups.some(({ place }) => keyOf(place) === key);
  if (able.length + Number(isOfNode) < 2 || isClusterWide(placed.kind)) return able;
  return able.filter(({ own }) => !isCovered(placed, own));
}

/** Puts the listings of a snapshot to the nodes that they are of. */
export function groupNodes(files: readonly PlacedFile[]): NodeGroups {
  const all = files.flatMap(({ list }) => list);
  const places = nodePlaces(all);
  const texts = new Map(files.map(({ file }) => [file.name, file.text]));
  const names = namesOf(places, (path) => texts.get(path));
  const alone = places.map((place, at): NodeGroup => {
    const own = all.filter((one) => keyOf(one.place) === keyOf(place));
    return { name: names[at] ?? 'node', place, own, list: own };
  });
  const shared = new Map(all.map((one) => [one, new Set(takers(one, alone))]));
  const groups = alone.map((group): NodeGroup => {
    const own = new Set(group.own);
    return { ...group, list: all.filter((one) => own.has(one) || shared.get(one)?.has(group)) };
  });
  const listed = new Set(groups.flatMap(({ list }) => list));
  const strays = all.filter((one) => !listed.has(one) && places.some((place) => isShared(one, place)));
  return { groups, main: mainOf(groups), strays };
}

function linesOf({ section }: Placed): number {
  const { text } = section.source;
  const lines = new LineList(text);
  let count = 0;
  for (let at = 0; at < lines.length; at += 1) if ((lines.at(at) ?? '').trim() !== '') count += 1;
  return count;
}

function held(list: readonly Placed[]): readonly HeldKind[] {
  const kinds = new Map<Kind, { listings: number; lines: number }>();
  for (const one of list) {
    if (one.kind === null) continue;
    const { listings, lines } = kinds.get(one.kind) ?? { listings: 0, lines: 0 };
    kinds.set(one.kind, { listings: listings + 1, lines: lines + linesOf(one) });
  }
  return [...kinds].map(([kind, counts]) => ({ kind, ...counts }));
}

/**
 * The nodes that texts hold, in the order in which they are met. Pure, and never throws; empty when there is nothing that
 * natwalk knows.
 */
export function nodesOf(files: readonly SnapshotFile[]): readonly NodeSummary[] {
  const { groups, main } = groupNodes(placeFiles(files));
  return groups.map((group) => {
    const holds = held(group.list);
    return {
      name: group.name,
      holds,
      lines: holds.reduce((sum, { lines }) => sum + lines, 0),
      isMain: group === main,
    };
  });
}
