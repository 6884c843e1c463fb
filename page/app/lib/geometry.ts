/** Where the diagram's stations stand, and the lines between them. */
import type { Station, StationId } from '../../shared/walk.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const HEAD = 28;
export const SLOT = 22;
const TOP = 44;
const WIDTH = 168;

/** A line between stations: through which points. */
export interface Edge {
  readonly from: StationId;
  readonly to: StationId;
  readonly points: readonly Point[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<StationId, Box>;
  /** Where a line meets a station, and where the packet stands at it. */
  readonly spots: ReadonlyMap<StationId, Point>;
  readonly edges: readonly Edge[];
}

function heightOf(stations: readonly Station[], id: StationId): number {
  const slots = stations.find((one) => one.id === id)?.slots.length ?? 0;
  return HEAD + slots * SLOT + (slots > 0 ? 6 : 0);
}

/** Lays the stations out: what is forwarded above, what is of this node itself below. */
export function layOut(stations: readonly Station[]): Layout {
  const upper = Math.max(
    ...(['PREROUTING', 'FORWARD', 'POSTROUTING'] as const).map((id) => heightOf(stations, id)),
  );
  const line = TOP + HEAD / 2;
  const low = TOP + upper + 50;
  const lowLine = low + HEAD / 2;
  const box = (id: StationId, x: number, y: number): [StationId, Box] => [
    id,
    { x, y, width: WIDTH, height: heightOf(stations, id) },
  ];
  const boxes = new Map<StationId, Box>([
    box('PREROUTING', 118, TOP),
    box('FORWARD', 482, TOP),
    box('POSTROUTING', 716, TOP),
    box('INPUT', 262, low),
    box('OUTPUT', 648, low),
  ]);
  const centre = (id: StationId): number => (boxes.get(id)?.x ?? 0) + WIDTH / 2;
  const spots = new Map<StationId, Point>([
    ['in', { x: 34, y: line }],
    ['PREROUTING', { x: centre('PREROUTING'), y: line }],
    ['route-input', { x: 346, y: line }],
    ['forward', { x: 434, y: line }],
    ['FORWARD', { x: centre('FORWARD'), y: line }],
    ['POSTROUTING', { x: centre('POSTROUTING'), y: line }],
    ['out', { x: 966, y: line }],
    ['INPUT', { x: centre('INPUT'), y: lowLine }],
    ['local', { x: 500, y: lowLine }],
    ['route-output', { x: 592, y: lowLine }],
    ['OUTPUT', { x: centre('OUTPUT'), y: lowLine }],
    ['reroute', { x: 862, y: lowLine }],
  ]);
  const at = (id: StationId): Point => spots.get(id) ?? { x: 0, y: 0 };
  const straight = (from: StationId, to: StationId, ...via: Point[]): Edge => ({
    from,
    to,
    points: [at(from), ...via, at(to)],
  });
  const riser = TOP + (boxes.get('POSTROUTING')?.height ?? 0);
  const turn = (riser + low) / 2;
  const edges = [
    straight('in', 'PREROUTING'),
    straight('PREROUTING', 'route-input'),
    straight('route-input', 'forward'),
    straight('forward', 'FORWARD'),
    straight('FORWARD', 'POSTROUTING'),
    straight('POSTROUTING', 'out'),
    straight('route-input', 'INPUT'),
    straight('INPUT', 'local'),
    straight('local', 'route-output'),
    straight('route-output', 'OUTPUT'),
    straight('OUTPUT', 'reroute'),
    straight('reroute', 'POSTROUTING', { x: 862, y: turn }, { x: centre('POSTROUTING'), y: turn }),
    straight('out', 'in', { x: 966, y: 12 }, { x: 34, y: 12 }),
  ];
  const lower = Math.max(heightOf(stations, 'INPUT'), heightOf(stations, 'OUTPUT'));
  return { width: 1000, height: low + lower + 16, boxes, spots, edges };
}

/** The edges from one station to the next, by the shortest way. */
function between(edges: readonly Edge[], from: StationId, to: StationId): readonly Edge[] {
  const ways = new Map<StationId, readonly Edge[]>([[from, []]]);
  const open: StationId[] = [from];
  for (let here = open.shift(); here !== undefined; here = open.shift()) {
    const way = ways.get(here) ?? [];
    if (here === to) return way;
    for (const edge of edges)
      if (edge.from === here && !ways.has(edge.to)) {
        ways.set(edge.to, [...way, edge]);
        open.push(edge.to);
      }
  }
  return [];
}

/** The edges of a way through stations, in their order. */
export function edgesOf({ edges }: Layout, way: readonly StationId[]): readonly Edge[] {
  return way.flatMap((to, index) => {
    const from = way[index - 1];
    return from === undefined ? [] : between(edges, from, to);
  });
}

/** A path's data for points, its corners rounded. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const radius = 10;
  const text = [`M${String(first.x)} ${String(first.y)}`];
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1];
    const before = rest[index - 1] ?? first;
    if (next === undefined) text.push(`L${String(point.x)} ${String(point.y)}`);
    else {
      const towards = (other: Point): Point => {
        const length = Math.hypot(other.x - point.x, other.y - point.y) || 1;
        const share = Math.min(radius, length / 2) / length;
        return { x: point.x + (other.x - point.x) * share, y: point.y + (other.y - point.y) * share };
      };
      const [a, b] = [towards(before), towards(next)];
      text.push(
        `L${String(a.x)} ${String(a.y)} Q${String(point.x)} ${String(point.y)} ${String(b.x)} ${String(b.y)}`,
      );
    }
  }
  return text.join(' ');
}
