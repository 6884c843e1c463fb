import { describe, expect, it } from 'vitest';
import type { PathHopView, PathView } from '../../shared/walk.js';
import { BOX, layOutPath } from './path-geometry.js';

const hop = (place: number, back = false): PathHopView => ({
  ...{ place, back, layer: 0, leg: -1, through: '', before: '', after: '', changes: [], why: '' },
  lost: false,
});

function pathOf(count: number, hops: readonly PathHopView[]): PathView {
  const places = Array.from({ length: count }, (_, at) => ({
    ...{ kind: 'node', name: `n${String(at)}`, word: 'node', label: `node n${String(at)}` },
  }));
  return { title: '', places, hops, end: '', reasons: [] };
}

describe('the map of a way', () => {
  it('has the places side by side, and a line for each hop to another place', () => {
    const { boxes, lines, width } = layOutPath(
      pathOf(3, [hop(1), hop(1), hop(2), hop(1, true), hop(0, true)]),
    );
    expect(boxes.map(({ column }) => column)).toEqual([0, 1, 2]);
    expect(lines.map(({ back }) => back)).toEqual([false, false, true, true]);
    expect(boxes[1]?.rows.map(({ number }) => number)).toEqual([1, 2, 4]);
    for (const { x } of boxes) expect(x + BOX).toBeLessThanOrEqual(width);
  });

  it('puts what is passed on the way back alone below what is passed on the way there alone', () => {
    const { boxes } = layOutPath(
      pathOf(6, [...[1, 2, 3, 4].map((at) => hop(at)), ...[3, 5, 1, 0].map((at) => hop(at, true))]),
    );
    expect(boxes.map(({ column }) => column)).toEqual([0, 1, 2, 3, 4, 2]);
    const [upper, lower] = [boxes[2], boxes[5]];
    expect((upper?.y ?? 0) + (upper?.height ?? 0)).toBeLessThan(lower?.y ?? 0);
  });

  it('leads lines past what stands between', () => {
    const { boxes, lines } = layOutPath(pathOf(3, [hop(1), hop(2), hop(0, true)]));
    const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
    expect(lines.at(-1)?.points.some(({ y }) => y > bottom)).toBe(true);
  });

  it('of a packet that gets nowhere is its sender alone', () => {
    const { boxes, lines, width } = layOutPath(pathOf(1, []));
    expect([boxes.length, lines.length]).toEqual([1, 0]);
    expect(Number.isFinite(width)).toBe(true);
  });
});
