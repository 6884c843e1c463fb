/** What an element of an IP set asks of a packet. */
import { DIMENSIONS, type Part, masksOf, partsOf } from '../ipset/element.js';
import type { IpSet, SetEntry } from '../ipset/model.js';
import type { Prefix } from '../address/prefix.js';
import { type Need, addressRangeNeed, numbersNeed, oneOf, prefixNeed } from './need.js';
import type { Terrain } from './terrain.js';

type Direction = 'src' | 'dst';

const isPrefix = (part: Part): part is Prefix => typeof part === 'object' && part !== null && 'mask' in part;

function portNeeds(part: number, direction: Direction): readonly Need[] {
  const port = part & 0xffff;
  return [
    numbersNeed(direction === 'src' ? 'sport' : 'dport', [{ from: port, to: port }], 65535),
    ...(part > 0xffff ? [oneOf('proto', [part >>> 16], [6, 17])] : []),
  ];
}

function partNeeds(part: Part, dimension: string, direction: Direction, terrain: Terrain): readonly Need[] {
  if (dimension === 'mark' && typeof part === 'number') return [oneOf('mark', [part], [0])];
  if (dimension.endsWith('port') && typeof part === 'number') return portNeeds(part, direction);
  if (isPrefix(part)) return [prefixNeed(direction, part)];
  if (typeof part === 'number' || typeof part === 'bigint')
    return [addressRangeNeed(direction, { from: part, to: part })];
  if (dimension === 'iface' && typeof part === 'object' && part !== null && direction === 'src')
    return [oneOf('in', [part.name], terrain.devices.slice(0, 4))];
  return [];
}

/** What one element asks, by the directions of the rule. */
export function elementNeeds(
  set: IpSet,
  entry: SetEntry,
  directions: readonly Direction[],
  terrain: Terrain,
): readonly Need[] {
  const dimensions = DIMENSIONS.get(set.type);
  const parts = dimensions === undefined ? null : partsOf(entry, dimensions, set, masksOf(set));
  if (dimensions === undefined || parts === null) return [];
  return parts.flatMap((part, at) => partNeeds(part, dimensions[at] ?? '', directions[at] ?? 'src', terrain));
}
