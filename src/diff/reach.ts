/** How a packet comes to a rule: the jumps that lead to it, and what each of them asks. */
import type { NftRule } from '../nft/model.js';
import type { Node } from '../packet/node.js';
import { isNative } from '../packet/any-rule.js';
import type { Family } from '../address/address.js';
import type { Difference } from './difference.js';
import { type Need, negated, oneOf } from './need.js';
import { nativeNeeds } from './nft-needs.js';
import { type Alternatives, type Lookup, ruleNeeds } from './rule-needs.js';
import type { ShapeRule, ShapeTable } from './shape.js';
import type { Terrain } from './terrain.js';

/** What a packet must be to come somewhere. */
export interface Template {
  readonly needs: readonly Need[];
  /** What helps: rules on the way that would take the packet do not ask for it. */
  readonly wishes: readonly Need[];
}

interface Caller {
  readonly from: string;
  readonly index: number;
}

/** The first so many callers of a chain are looked at, */
const CALLERS = 64;
/** so many ways to a rule are tried, */
const WAYS = 10;
/** none longer than so many jumps, */
const LONGEST = 24;
/** and so many rules before the one on the way are looked at. */
const BEFORE = 30;

type Way = readonly Caller[];

/** One side's tables, and the ways through them. */
export class Reach {
  readonly #callers = new Map<ShapeTable, ReadonlyMap<string, readonly Caller[]>>();
  readonly #terrain: Terrain;
  readonly #lookup: Lookup;
  readonly #hotElements: ReadonlySet<object>;

  constructor(node: Node, terrain: Terrain, differences: readonly Difference[]) {
    this.#terrain = terrain;
    const hot = differences.flatMap(({ thing }) => (thing.kind === 'element' ? [thing] : []));
    this.#hotElements = new Set(
      differences.flatMap(({ thing }) => (thing.kind === 'native-element' ? [thing.element] : [])),
    );
    this.#lookup = { terrain, elements: (name) => elementsOf(name, node, hot, terrain.family) };
  }

  /** What a rule asks by itself. */
  needsOf(rule: ShapeRule, table: ShapeTable, to: string | null = null): Alternatives {
    if (!isNative(rule.rule)) return ruleNeeds(rule.rule, this.#lookup);
    return this.#native(rule.rule, table, to);
  }

  #native(rule: NftRule, table: ShapeTable, to: string | null): Alternatives {
    if (table.native === null) return [];
    const differs = (element: object): boolean => this.#hotElements.has(element);
    return nativeNeeds(rule, to, { terrain: this.#terrain, table: table.native, differs });
  }

  /** Packets that come to a rule and are what it asks for, as far as their header tells. */
  *templates(rule: ShapeRule, table: ShapeTable): Generator<Template, void, undefined> {
    const { chain } = rule.rule;
    const at = rule.rule.number - 1;
    const own = this.needsOf(rule, table);
    for (const [hook, way] of this.#ways(chain, table)) {
      const start = this.#begins(hook);
      const passed = way.flatMap(({ from, index }, place) => {
        const to = way[place + 1]?.from ?? chain;
        const jump = table.chain(from)?.rules[index];
        return jump === undefined ? [] : (this.needsOf(jump, table, to)[0] ?? []);
      });
      const wishes = [
        ...start.wishes,
        ...way.flatMap(({ from, index }) => this.#avoided(table, from, index)),
        ...this.#avoided(table, chain, at),
      ];
      for (const alternative of own) yield { needs: [...start.needs, ...passed, ...alternative], wishes };
    }
  }

  /** Rules of a chain that would take the packet before. */
  #avoided(table: ShapeTable, chain: string, before: number): readonly Need[] {
    const rules = table.chain(chain)?.rules.slice(Math.max(0, before - BEFORE), before) ?? [];
    return rules.flatMap((rule) => {
      if (!rule.ends) return [];
      const [only, ...others] = this.needsOf(rule, table);
      const [need, ...more] = only ?? [];
      return need === undefined || others.length > 0 || more.length > 0 ? [] : [negated(need)];
    });
  }

  #callersIn(table: ShapeTable): ReadonlyMap<string, readonly Caller[]> {
    const known = this.#callers.get(table);
    if (known !== undefined) return known;
    const callers = new Map<string, Caller[]>();
    table.eachJump((from, to, index) => {
      const list = callers.get(to);
      if (list === undefined) callers.set(to, [{ from, index }]);
      else if (list.length < CALLERS) list.push({ from, index });
    });
    this.#callers.set(table, callers);
    return callers;
  }

  /** Ways from hooks to a chain, the shortest first; each with its hook. */
  *#ways(chain: string, table: ShapeTable): Generator<readonly [string, Way], void, undefined> {
    const callers = this.#callersIn(table);
    const hooks = new Map([...table.roots.values()].map((root) => [root.chain, root.hook]));
    const visits = new Map<string, number>();
    let level: readonly { readonly chain: string; readonly way: Way }[] = [{ chain, way: [] }];
    let found = 0;
    for (let depth = 0; depth < LONGEST && level.length > 0; depth += 1) {
      const next: { chain: string; way: Way }[] = [];
      for (const { chain: at, way } of level) {
        const hook = hooks.get(at);
        if (hook !== undefined) {
          yield [hook, way];
          found += 1;
          if (found >= WAYS) return;
        }
        for (const caller of callers.get(at) ?? []) {
          const count = visits.get(caller.from) ?? 0;
          if (count >= WAYS || next.length >= CALLERS) continue;
          visits.set(caller.from, count + 1);
          next.push({ chain: caller.from, way: [caller, ...way] });
        }
      }
      level = next;
    }
  }

  /** Where a packet must come from, and go, to come to a hook. */
  #begins(hook: string): Template {
    const { devices, own, far } = this.#terrain;
    // Elsewhere the source tells by which device a packet comes in.
    if (hook === 'OUTPUT') return { needs: [oneOf('in', [null], devices.slice(0, 2))], wishes: [] };
    return { needs: [], wishes: hook === 'INPUT' ? [oneOf('dst', own, far)] : [] };
  }
}

/** At most so many elements of a set are tried. */
const ELEMENTS = 8;

function elementsOf(
  name: string,
  node: Node,
  hot: readonly Extract<Difference['thing'], { kind: 'element' }>[],
  family: Family,
): ReturnType<Lookup['elements']> {
  const set = node.sets?.get(name);
  const first = hot.filter((one) => one.set.name === name);
  const rest = set?.entries.slice(0, ELEMENTS).map((entry) => ({ set, entry })) ?? [];
  return [...first, ...rest]
    .filter((one) => one.set.family === family || one.set.type === 'bitmap:port')
    .slice(0, ELEMENTS);
}
