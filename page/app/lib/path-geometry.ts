/** Where the places of a way across nodes stand on its map, and the lines between them: there above, back below. */
import type { PathHopView, PathView } from '../../shared/walk.js';
import type { Point } from './geometry.js';

export const BOX = 192;
export const ROW = 22;
const GAP = 54;
const TOP = 34;
const HEAD = 44;
const EDGE = 14;

/** What happens to the packet at a place, as a row of its box. */
export interface HopRow {
  readonly number: number;
  readonly hop: PathHopView;
  readonly y: number;
}

export interface PlaceBox {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** Where its name stands. */
  readonly head: number;
  readonly column: number;
  readonly rows: readonly HopRow[];
}

export interface PathLine {
  readonly back: boolean;
  readonly points: readonly Point[];
}

export interface PathLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlaceBox[];
  readonly lines: readonly PathLine[];
}

/** Where a place is: in which column, alone or in a half of it. */
interface Spot {
  readonly column: number;
  readonly half: 'whole' | 'upper' | 'lower';
}

/**
 * The columns: places in the order in which the packet first comes by. What it passes on the way back alone stands below what
 * it passed at that stretch on the way there alone.
 */
function spotsOf({ places, hops }: PathView): readonly Spot[] {
  const isMet = (place: number, isBack: boolean): boolean =>
    hops.some((hop) => hop.place === place && hop.back === isBack);
  const columns: number[] = [];
  const lower = new Map<number, number>();
  for (const place of places.keys()) {
    const isBackOnly = place > 0 && !isMet(place, false);
    const at = hops.findIndex((hop) => hop.place === place);
    const before = columns.indexOf(hops[at - 1]?.place ?? -1);
    const upper = columns[before - 1];
    if (isBackOnly && upper !== undefined && upper > 0 && !isMet(upper, true) && !lower.has(upper))
      lower.set(upper, place);
    else columns.push(place);
  }
  return [...places.keys()].map((place): Spot => {
    const column = columns.indexOf(place);
    if (column >= 0) return { column, half: lower.has(place) ? 'upper' : 'whole' };
    const upper = [...lower].find(([, own]) => own === place)?.[0] ?? 0;
    return { column: columns.indexOf(upper), half: 'lower' };
  });
}

type Numbered = readonly [number: number, hop: PathHopView];

/** Lays a way out: each place once, in the order in which the packet first comes by. */
export function layOutPath(path: PathView): PathLayout {
  const { places, hops } = path;
  const spots = spotsOf(path);
  const numbered = hops.map((hop, index): Numbered => [index + 1, hop]);
  const at = (place: number, isBack: boolean): readonly Numbered[] =>
    numbered.filter(([, hop]) => hop.place === place && hop.back === isBack);
  const most = (isBack: boolean): number =>
    Math.max(1, ...places.map((_, place) => at(place, isBack).length));
  const backTop = TOP + HEAD + most(false) * ROW + 8;
  const bottom = backTop + most(true) * ROW + 8;
  const isSplit = spots.some(({ half }) => half === 'lower');
  const boxes = places.map((_, place): PlaceBox => {
    const rows = (isBack: boolean, top: number): readonly HopRow[] =>
      at(place, isBack).map(([number, hop], index) => ({ number, hop, y: top + index * ROW }));
    const own = [...rows(false, TOP + HEAD), ...rows(true, backTop)];
    const { column, half } = spots[place] ?? { column: place, half: 'whole' };
    const x = EDGE + column * (BOX + GAP);
    const y = half === 'lower' ? backTop - 6 : TOP;
    const end = half === 'lower' ? bottom + HEAD - 8 : half === 'upper' ? backTop - 12 : bottom;
    const head = half === 'lower' ? bottom - 8 : TOP;
    return { x, y, height: end - y, head, column, rows: own };
  });
  return {
    width: Math.max(...boxes.map(({ x }) => x)) + BOX + EDGE,
    height: bottom + (isSplit ? HEAD : 0) + TOP,
    boxes,
    lines: linesOf(hops, boxes, { there: TOP + HEAD + ROW / 2, back: backTop + ROW / 2, bottom }),
  };
}

function linesOf(
  hops: readonly PathHopView[],
  boxes: readonly PlaceBox[],
  lanes: { readonly there: number; readonly back: number; readonly bottom: number },
): readonly PathLine[] {
  let from = 0;
  return hops.flatMap(({ place, back }): PathLine[] => {
    const [a, b] = [boxes[from], boxes[place]];
    const isSame = from === place;
    from = place;
    if (a === undefined || b === undefined || isSame) return [];
    const y = back ? lanes.back : lanes.there;
    const isOn = b.column > a.column;
    const beside: readonly Point[] = [
      { x: isOn ? a.x + BOX : a.x, y },
      { x: isOn ? b.x - 5 : b.x + BOX + 5, y },
    ];
    if (Math.abs(a.column - b.column) === 1) return [{ back, points: beside }];
    // Past what stands between: above on the way there, below on the way back.
    const far = back ? lanes.bottom + TOP / 2 : TOP / 2;
    const near = back ? lanes.bottom : TOP;
    const tip = back ? near + 5 : near - 5;
    const [x1, x2] = [a.x + BOX / 2 + (isOn ? 20 : -20), b.x + BOX / 2 - (isOn ? 20 : -20)];
    return [
      {
        back,
        points: [
          { x: x1, y: near },
          { x: x1, y: far },
          { x: x2, y: far },
          { x: x2, y: tip },
        ],
      },
    ];
  });
}
