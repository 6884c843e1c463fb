/** What the kernel or iptables would refuse in a table as it was read: it cannot have been running like this. */
import type { Diagnostics } from '../source/diagnostic.js';
import type { Placement } from './extension.js';
import { JumpGraph } from './jump-graph.js';
import { BUILTIN_CHAINS, type Chain, type Rule, type Table } from './model.js';
import type { Hook } from './view.js';

/** More findings than this of one kind about one table say nothing new. */
const MOST = 20;

/** Tells of extensions in tables and below hooks that do not take them, once for each chain. */
class PlacementCheck {
  readonly #table: Table;
  readonly #jumps: JumpGraph;
  readonly #backend: 'legacy' | 'nft' | null;
  readonly #diagnostics: Diagnostics;
  readonly #told = new Set<string>();
  readonly #bits = new Map<readonly Hook[], number>();
  /** Only made when some extension is bound to hooks: it visits every chain once for each hook. */
  #reached: ((chain: string) => number) | null = null;

  constructor(table: Table, jumps: JumpGraph, backend: 'legacy' | 'nft' | null, diagnostics: Diagnostics) {
    this.#table = table;
    this.#jumps = jumps;
    this.#backend = backend;
    this.#diagnostics = diagnostics;
  }

  run(): void {
    for (const chain of this.#table.chains.values()) {
      for (const rule of chain.rules) {
        for (const match of rule.matches)
          if (!('opaque' in match)) this.#check(match.extension.name, match.demands.placement, rule, chain);
        if (rule.action.kind !== 'target') continue;
        const { extension, demands } = rule.action.target;
        this.#check(extension.name, demands.placement, rule, chain);
      }
    }
  }

  #check(name: string, { tables, hooks }: Placement, rule: Rule, chain: Chain): void {
    if (tables !== undefined && !tables.includes(this.#table.name)) {
      // iptables-nft makes a native expression of TRACE, which stands anywhere.
      const anywhere = name === 'TRACE' && this.#backend !== 'legacy';
      if (!anywhere) this.#tell('RULE_WRONG_TABLE', rule, chain, { name, tables: tables.join(', ') });
    }
    if (hooks === undefined) return;
    const bits = (this.#reached ??= this.#jumps.hooks())(chain.name) & ~this.#bitsOf(hooks);
    if (bits === 0) return;
    const wrong = BUILTIN_CHAINS[this.#table.name].filter((_, at) => ((bits >> at) & 1) === 1);
    this.#tell('RULE_WRONG_HOOK', rule, chain, { name, hook: wrong.join(', '), hooks: hooks.join(', ') });
  }

  #bitsOf(hooks: readonly Hook[]): number {
    const known = this.#bits.get(hooks);
    if (known !== undefined) return known;
    let bits = 0;
    for (const [at, hook] of BUILTIN_CHAINS[this.#table.name].entries())
      if (hooks.includes(hook)) bits |= 1 << at;
    this.#bits.set(hooks, bits);
    return bits;
  }

  #tell(code: string, rule: Rule, chain: Chain, params: Record<string, string>): void {
    const key = `${code} ${params['name'] ?? ''} ${chain.name}`;
    if (this.#told.has(key) || this.#told.size >= MOST) return;
    this.#told.add(key);
    this.#diagnostics.warn(code, rule.span, { ...params, table: this.#table.name });
  }
}

/** Finds loops of jumps, jumps to built-in chains, and extensions in a table or below a hook that does not take them. */
export function checkTable(table: Table, backend: 'legacy' | 'nft' | null, diagnostics: Diagnostics): void {
  const jumps = new JumpGraph(table);
  for (const { rule, to, entered } of jumps.loops(MOST))
    diagnostics.error('RULE_LOOP', rule.span, { chain: to, table: table.name }, entered?.span);
  for (const hook of BUILTIN_CHAINS[table.name]) {
    const found = jumps.firstJumpTo(hook);
    if (found !== null) diagnostics.warn('RULE_JUMP_BUILTIN', found.span, { chain: hook, table: table.name });
  }
  new PlacementCheck(table, jumps, backend, diagnostics).run();
}
