/** Both nodes as packets of one family see them, with what differs. */
import type { Family } from '../address/address.js';
import type { Node } from '../packet/node.js';
import type { Difference, Side, Thing } from './difference.js';
import { Reach } from './reach.js';
import type { ShapeRule, ShapeTable } from './shape.js';
import { type Terrain, terrainOf } from './terrain.js';
import { type Ways, waysOf } from './ways.js';

export interface SideScene {
  readonly node: Node;
  readonly shapes: ReadonlyMap<string, ShapeTable>;
  readonly reach: Reach;
}

export interface Scene {
  readonly family: Family;
  readonly sides: Readonly<Record<Side, SideScene>>;
  readonly terrain: Terrain;
  readonly ways: Ways;
  /** Those that packets of the family may notice. */
  readonly differences: readonly Difference[];
}

export type Shapes = ReadonlyMap<string, ShapeTable>;

/** Sets the scene of a family. */
export function sceneOf(
  family: Family,
  nodes: Readonly<Record<Side, Node>>,
  shapes: Readonly<Record<Side, Shapes>>,
  all: readonly Difference[],
): Scene {
  const differences = all.filter((one) => one.family === null || one.family === family);
  const terrain = terrainOf(nodes.a, nodes.b, family);
  const side = (name: Side): SideScene => ({
    node: nodes[name],
    shapes: shapes[name],
    reach: new Reach(
      nodes[name],
      terrain,
      differences.filter((one) => one.side === name),
    ),
  });
  return {
    family,
    sides: { a: side('a'), b: side('b') },
    terrain,
    ways: waysOf(terrain, differences),
    differences,
  };
}

/** A rule where it stands. */
export interface PlacedRule {
  readonly side: Side;
  readonly table: ShapeTable;
  readonly rule: ShapeRule;
}

export type RuleThing = Extract<Thing, { kind: 'rule' }>;

/** The rule of a difference, as its table has it. */
export function placedRule(side: Side, { rule, table }: RuleThing): PlacedRule | null {
  const found = table.chain(rule.chain)?.rules[rule.number - 1];
  return found === undefined ? null : { side, table, rule: found };
}

/** So many rules of a chain are looked at for packets of their own, */
const OF_CHAIN = 40;
/** and so many rules in all. */
const OF_ALL = 1500;

/** The chains of the rules that differ, and those that their jumps lead to. */
function hotChains({ differences }: Scene): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { thing } of differences)
    if (thing.kind === 'rule') names.add(`${thing.table.key} ${thing.rule.chain}`);
  return names;
}

function* chainsOf(table: ShapeTable): Generator<string, void, undefined> {
  const seen = new Set<string>();
  const todo = [...table.roots.values()].map(({ chain }) => chain);
  for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    yield name;
    for (const { jumps } of table.chain(name)?.rules.slice(0, OF_CHAIN) ?? []) todo.push(...jumps);
  }
}

/**
 * Rules of both sides, each once though both have it: those in chains with differences first, then from the hooks
 * downwards; a part of them where they are many.
 */
export function rulesToMeet(scene: Scene): readonly PlacedRule[] {
  const hot = hotChains(scene);
  const seen = new Set<string>();
  const near: PlacedRule[] = [];
  const others: PlacedRule[] = [];
  for (const side of ['a', 'b'] as const) {
    for (const table of scene.sides[side].shapes.values()) {
      for (const name of chainsOf(table)) {
        if (others.length >= OF_ALL) break;
        const isHot = hot.has(`${table.key} ${name}`);
        const rules = table.chain(name)?.rules ?? [];
        for (const rule of isHot ? rules.slice(0, OF_ALL) : rules.slice(0, OF_CHAIN)) {
          const key = `${table.key} ${name} ${rule.text}`;
          if (seen.has(key)) continue;
          seen.add(key);
          (isHot ? near : others).push({ side, table, rule });
        }
      }
    }
  }
  return [...near, ...others].slice(0, OF_ALL);
}
