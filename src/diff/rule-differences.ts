/** Rules in which two tables differ, found by going down from the hooks only where chains do different things. */
import type { Difference, Side } from './difference.js';
import { Doings, Numbers, type ShapeRule, type ShapeTable } from './shape.js';

/** Longer stretches that differ are compared as heaps, not in their order. */
const LONGEST = 3000;

/** More differing rules than these are not gathered. */
const MOST = 20_000;

interface Stretch {
  readonly a: readonly ShapeRule[];
  readonly b: readonly ShapeRule[];
}

/** The lengths of common subsequences, for all beginnings that are left over. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint16Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = rows[i];
    const below = rows[i + 1];
    if (row === undefined || below === undefined) continue;
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
  }
  return rows;
}

/** What is left of each side when a longest common subsequence is taken out. */
function ordered(
  a: readonly ShapeRule[],
  b: readonly ShapeRule[],
  texts: { readonly a: readonly string[]; readonly b: readonly string[] },
): Stretch {
  const lengths = commonLengths(texts.a, texts.b);
  const left: { a: ShapeRule[]; b: ShapeRule[] } = { a: [], b: [] };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const one = a[i];
    const other = b[j];
    if (one !== undefined && other !== undefined && texts.a[i] === texts.b[j]) {
      i += 1;
      j += 1;
    } else if (
      other === undefined ||
      (one !== undefined && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      if (one !== undefined) left.a.push(one);
      i += 1;
    } else {
      left.b.push(other);
      j += 1;
    }
  }
  return left;
}

/** What each side has more of than the other, whatever the order. */
function heaped(
  stretch: Stretch,
  texts: { readonly a: readonly string[]; readonly b: readonly string[] },
): Stretch {
  const more = (
    own: readonly ShapeRule[],
    ownTexts: readonly string[],
    others: readonly string[],
  ): ShapeRule[] => {
    const count = new Map<string, number>();
    for (const text of others) count.set(text, (count.get(text) ?? 0) + 1);
    return own.filter((_rule, at) => {
      const text = ownTexts[at] ?? '';
      const rest = count.get(text) ?? 0;
      count.set(text, rest - 1);
      return rest <= 0;
    });
  };
  return { a: more(stretch.a, texts.a, texts.b), b: more(stretch.b, texts.b, texts.a) };
}

/** Compares two tables of one key. */
class Comparison {
  readonly found: Difference[] = [];
  readonly #a: ShapeTable;
  readonly #b: ShapeTable;
  readonly #doingsA: Doings;
  readonly #doingsB: Doings;
  readonly #seen = new Set<string>();

  constructor(a: ShapeTable, b: ShapeTable, numbers: Numbers) {
    this.#a = a;
    this.#b = b;
    this.#doingsA = new Doings(a, numbers);
    this.#doingsB = new Doings(b, numbers);
  }

  chains(nameA: string, nameB: string): void {
    const todo: (readonly [string, string])[] = [[nameA, nameB]];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const [a, b] = next;
      const key = `${a} ${b}`;
      if (this.#seen.has(key) || this.found.length >= MOST) continue;
      this.#seen.add(key);
      if (this.#doingsA.of(a) !== this.#doingsB.of(b)) todo.push(...this.#chain(a, b));
    }
  }

  /** @returns pairs of chains that rules with the same conditions lead to */
  #chain(nameA: string, nameB: string): readonly (readonly [string, string])[] {
    const rulesA = this.#a.chain(nameA)?.rules ?? [];
    const rulesB = this.#b.chain(nameB)?.rules ?? [];
    const textsA = rulesA.map((rule) => this.#doingsA.ruleText(rule));
    const textsB = rulesB.map((rule) => this.#doingsB.ruleText(rule));
    let start = 0;
    while (start < textsA.length && start < textsB.length && textsA[start] === textsB[start]) start += 1;
    let end = 0;
    const room = Math.min(textsA.length, textsB.length) - start;
    while (end < room && textsA[textsA.length - 1 - end] === textsB[textsB.length - 1 - end]) end += 1;
    const stretch = {
      a: rulesA.slice(start, rulesA.length - end),
      b: rulesB.slice(start, rulesB.length - end),
    };
    const texts = {
      a: textsA.slice(start, textsA.length - end),
      b: textsB.slice(start, textsB.length - end),
    };
    const isShort = stretch.a.length <= LONGEST && stretch.b.length <= LONGEST;
    return this.#paired(isShort ? ordered(stretch.a, stretch.b, texts) : heaped(stretch, texts));
  }

  /** Rules that differ in nothing but what the chains do that they lead to are gone into; the others differ. */
  #paired({ a, b }: Stretch): readonly (readonly [string, string])[] {
    const pairs: (readonly [string, string])[] = [];
    const waiting = new Map<string, ShapeRule[]>();
    for (const rule of b) if (rule.jumps.length > 0) pushTo(waiting, rule.text, rule);
    const taken = new Set<ShapeRule>();
    for (const rule of a) {
      const doing = this.#doingsA.ruleText(rule);
      // One that does the same has only another place: it differs by that.
      const others = (rule.jumps.length === 0 ? [] : (waiting.get(rule.text) ?? [])).filter(
        (one) => !taken.has(one) && this.#doingsB.ruleText(one) !== doing,
      );
      const other = others.find(({ jumps }) => jumps[0] === rule.jumps[0]) ?? others[0];
      if (other === undefined) this.#differs('a', rule);
      else {
        taken.add(other);
        for (const [at, name] of rule.jumps.entries()) {
          const to = other.jumps.includes(name) ? name : other.jumps[at];
          if (to !== undefined) pairs.push([name, to]);
        }
      }
    }
    for (const rule of b) if (!taken.has(rule)) this.#differs('b', rule);
    return pairs;
  }

  #differs(side: Side, { rule }: ShapeRule): void {
    const table = side === 'a' ? this.#a : this.#b;
    this.found.push({ side, family: table.family, thing: { kind: 'rule', rule, table } });
  }
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** A base chain that the other side has not, or has with another policy. */
function rootDifference(side: Side, table: ShapeTable, key: string): Difference[] {
  const root = table.roots.get(key);
  const chain = root === undefined ? null : table.chain(root.chain);
  if (root === undefined || chain === null) return [];
  const thing = { kind: 'chain' as const, table, chain: root.chain, hook: root.hook, policy: chain.policy };
  return [{ side, family: table.family, thing }];
}

const EMPTY = (table: ShapeTable): ShapeTable => ({
  ...table,
  roots: new Map(),
  chain: () => null,
  eachJump: () => undefined,
});

/** The rules, and the policies of base chains, in which the tables of a family differ. */
export function ruleDifferences(
  shapesA: ReadonlyMap<string, ShapeTable>,
  shapesB: ReadonlyMap<string, ShapeTable>,
): readonly Difference[] {
  const found: Difference[] = [];
  const numbers = new Numbers();
  for (const key of new Set([...shapesA.keys(), ...shapesB.keys()])) {
    const [one, other] = [shapesA.get(key), shapesB.get(key)];
    const a = one ?? (other === undefined ? undefined : EMPTY(other));
    const b = other ?? (one === undefined ? undefined : EMPTY(one));
    if (a === undefined || b === undefined) continue;
    const comparison = new Comparison(a, b, numbers);
    for (const root of new Set([...a.roots.keys(), ...b.roots.keys()])) {
      const chainA = a.roots.get(root)?.chain ?? root;
      const chainB = b.roots.get(root)?.chain ?? root;
      if (a.chain(chainA)?.policy !== b.chain(chainB)?.policy)
        found.push(...rootDifference('a', a, root), ...rootDifference('b', b, root));
      comparison.chains(chainA, chainB);
    }
    found.push(...comparison.found);
  }
  return found;
}
