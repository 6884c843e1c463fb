/** The jumps of a table as a graph of chain numbers: a node may have a hundred thousand chains. */
import { type JumpColumns, eachJump, sizeOf } from './digest.js';
import { BUILTIN_CHAINS, type Chain, type Rule, type Table } from './model.js';
import { ShapedChains } from './read/shaped-chains.js';

/** A jump that leads back to a chain it came from. */
export interface Loop {
  readonly rule: Rule;
  /** The chain that it leads back to. */
  readonly to: string;
  /** The rule by which that chain was entered; null for a chain from which the search began. */
  readonly entered: Rule | null;
}

/** The hooks from which packets reach a chain, as bits. */
export interface Reached {
  by(number: number): number;
  of(name: string): number;
}

const FRESH = 0;
const OPEN = 1;
const DONE = 2;

function columnsOf(chains: readonly Chain[], numberOf: (name: string) => number): JumpColumns {
  const most = chains.reduce((sum, chain) => sum + sizeOf(chain), 0);
  const first = new Int32Array(chains.length + 1);
  const to = new Int32Array(most);
  const by = new Int32Array(most);
  let count = 0;
  for (const [at, chain] of chains.entries()) {
    first[at] = count;
    eachJump(chain, (name, index) => {
      const target = numberOf(name);
      if (target < 0) return;
      to[count] = target;
      by[count] = index;
      count += 1;
    });
  }
  first[chains.length] = count;
  return { first, to, by };
}

/** Chains that are not in the table are left out. */
export class JumpGraph {
  readonly #table: Table;
  readonly #jumps: JumpColumns;
  readonly #size: number;
  readonly #number: (name: string) => number;
  readonly #chain: (number: number) => Chain | undefined;

  constructor(table: Table) {
    this.#table = table;
    const { chains } = table;
    this.#size = chains.size;
    if (chains instanceof ShapedChains) {
      this.#number = (name) => chains.numbers.of(name);
      this.#chain = (number) => chains.at(number);
      this.#jumps = chains.jumps();
      return;
    }
    const all = [...chains.values()];
    const numbers = new Map(all.map(({ name }, number) => [name, number]));
    this.#number = (name) => numbers.get(name) ?? -1;
    this.#chain = (number) => all[number];
    this.#jumps = columnsOf(all, this.#number);
  }

  #end(chain: number): number {
    return this.#jumps.first[chain + 1] ?? 0;
  }

  #rule(chain: number, jump: number): Rule | null {
    return this.#chain(chain)?.rules[this.#jumps.by[jump] ?? 0] ?? null;
  }

  /** The first rule that jumps to the chain; null when none does. */
  firstJumpTo(name: string): Rule | null {
    const wanted = this.#number(name);
    if (wanted < 0) return null;
    const { first, to } = this.#jumps;
    for (let chain = 0; chain < this.#size; chain += 1)
      for (let jump = first[chain] ?? 0; jump < this.#end(chain); jump += 1)
        if (to[jump] === wanted) return this.#rule(chain, jump);
    return null;
  }

  /**
   * Rules that lead back to a chain they came from, one for each pair of chains. The kernel refuses such a table with
   * ELOOP (net/netfilter/x_tables.c, ip_tables.c mark_source_chains). Chains may nest deeper than a call stack.
   */
  loops(most: number): readonly Loop[] {
    const loops: Loop[] = [];
    const told = new Set<string>();
    const size = this.#size;
    const states = new Uint8Array(size);
    const next = this.#jumps.first.slice();
    // The way to the chain at hand: the chains, and which jump of each leads on.
    const path = new Int32Array(size);
    const by = new Int32Array(size);
    for (let root = 0; root < size; root += 1) {
      if (states[root] !== FRESH) continue;
      let depth = 0;
      path[0] = root;
      states[root] = OPEN;
      while (depth >= 0) {
        const chain = path[depth] ?? 0;
        const jump = next[chain] ?? 0;
        if (jump >= this.#end(chain)) {
          states[chain] = DONE;
          depth -= 1;
          continue;
        }
        next[chain] = jump + 1;
        by[depth] = jump;
        const to = this.#jumps.to[jump] ?? 0;
        if (states[to] === FRESH) {
          depth += 1;
          path[depth] = to;
          states[to] = OPEN;
        } else if (states[to] === OPEN) {
          const key = `${String(chain)} ${String(to)}`;
          const rule = told.has(key) || loops.length >= most ? null : this.#rule(chain, jump);
          if (rule === null) continue;
          told.add(key);
          const above = path.indexOf(to) - 1;
          const entered = above < 0 ? null : this.#rule(path[above] ?? 0, by[above] ?? 0);
          loops.push({ rule, to: this.#chain(to)?.name ?? '', entered });
        }
      }
    }
    return loops;
  }

  /** The hooks from which packets reach each chain, as bits in the order of the table's built-in chains. */
  hooks(): Reached {
    const { first, to } = this.#jumps;
    const reached = new Uint8Array(this.#size);
    const open: number[] = [];
    for (const [at, hook] of BUILTIN_CHAINS[this.#table.name].entries()) {
      const bit = 1 << at;
      const root = this.#number(hook);
      if (root >= 0) open.push(root);
      for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
        if (((reached[chain] ?? 0) & bit) !== 0) continue;
        reached[chain] = (reached[chain] ?? 0) | bit;
        for (let jump = first[chain] ?? 0; jump < this.#end(chain); jump += 1) {
          const target = to[jump] ?? 0;
          if (((reached[target] ?? 0) & bit) === 0) open.push(target);
        }
      }
    }
    return { by: (number) => reached[number] ?? 0, of: (name) => reached[this.#number(name)] ?? 0 };
  }
}
