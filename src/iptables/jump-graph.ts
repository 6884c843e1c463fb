/** The jumps of a table as a graph of chain numbers: a node may have a hundred thousand chains. */
import { eachJump, sizeOf } from './digest.js';
import { BUILTIN_CHAINS, type Chain, type Rule, type Table } from './model.js';

/** A jump that leads back to a chain it came from. */
export interface Loop {
  readonly rule: Rule;
  /** The chain that it leads back to. */
  readonly to: string;
  /** The rule by which that chain was entered; null for a chain from which the search began. */
  readonly entered: Rule | null;
}

const FRESH = 0;
const OPEN = 1;
const DONE = 2;

/** Chains that are not in the table are left out. */
export class JumpGraph {
  readonly #table: Table;
  readonly #chains: readonly Chain[];
  readonly #numbers = new Map<string, number>();
  /** The jumps of chain n are those from `#first[n]` up to `#first[n + 1]`: to which chain, and by which of its rules. */
  readonly #first: Int32Array;
  readonly #to: Int32Array;
  readonly #by: Int32Array;

  constructor(table: Table) {
    this.#table = table;
    this.#chains = [...table.chains.values()];
    for (const [number, { name }] of this.#chains.entries()) this.#numbers.set(name, number);
    let most = 0;
    for (const chain of this.#chains) most += sizeOf(chain);
    this.#first = new Int32Array(this.#chains.length + 1);
    this.#to = new Int32Array(most);
    this.#by = new Int32Array(most);
    let count = 0;
    for (const [at, chain] of this.#chains.entries()) {
      this.#first[at] = count;
      eachJump(chain, (name, index) => {
        const to = this.#numbers.get(name);
        if (to === undefined) return;
        this.#to[count] = to;
        this.#by[count] = index;
        count += 1;
      });
    }
    this.#first[this.#chains.length] = count;
  }

  #end(chain: number): number {
    return this.#first[chain + 1] ?? 0;
  }

  #rule(chain: number, jump: number): Rule | null {
    return this.#chains[chain]?.rules[this.#by[jump] ?? 0] ?? null;
  }

  /** The first rule that jumps to the chain; null when none does. */
  firstJumpTo(name: string): Rule | null {
    const wanted = this.#numbers.get(name);
    if (wanted === undefined) return null;
    for (let chain = 0; chain < this.#chains.length; chain += 1)
      for (let jump = this.#first[chain] ?? 0; jump < this.#end(chain); jump += 1)
        if (this.#to[jump] === wanted) return this.#rule(chain, jump);
    return null;
  }

  /**
   * Rules that lead back to a chain they came from, one for each pair of chains. The kernel refuses such a table with
   * ELOOP (net/netfilter/x_tables.c, ip_tables.c mark_source_chains). Chains may nest deeper than a call stack.
   */
  loops(most: number): readonly Loop[] {
    const loops: Loop[] = [];
    const told = new Set<string>();
    const size = this.#chains.length;
    const states = new Uint8Array(size);
    const next = this.#first.slice();
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
        const to = this.#to[jump] ?? 0;
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
          loops.push({ rule, to: this.#chains[to]?.name ?? '', entered });
        }
      }
    }
    return loops;
  }

  /** The hooks from which packets reach each chain, as bits in the order of the table's built-in chains. */
  hooks(): (name: string) => number {
    const reached = new Uint8Array(this.#chains.length);
    const open: number[] = [];
    for (const [at, hook] of BUILTIN_CHAINS[this.#table.name].entries()) {
      const bit = 1 << at;
      const root = this.#numbers.get(hook);
      if (root !== undefined) open.push(root);
      for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
        if (((reached[chain] ?? 0) & bit) !== 0) continue;
        reached[chain] = (reached[chain] ?? 0) | bit;
        for (let jump = this.#first[chain] ?? 0; jump < this.#end(chain); jump += 1) {
          const to = this.#to[jump] ?? 0;
          if (((reached[to] ?? 0) & bit) === 0) open.push(to);
        }
      }
    }
    return (name) => reached[this.#numbers.get(name) ?? -1] ?? 0;
  }
}
