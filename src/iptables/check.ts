/** What the kernel or iptables would refuse in a table as it was read: it cannot have been running like this. */
import type { Diagnostics } from '../source/diagnostic.js';
import { type RuleKind, someRule } from './digest.js';
import type { Demands } from './extension.js';
import { JumpGraph } from './jump-graph.js';
import { BUILTIN_CHAINS, type Chain, type Table } from './model.js';
import type { Hook } from './view.js';

/** More findings than this of one kind about one table say nothing new. */
const MOST = 20;

interface Fault {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

const NO_FAULTS: readonly Fault[] = [];

/** Has the rule an extension that is bound to tables or hooks? */
function isPlaced({ matches, action }: RuleKind): boolean {
  const isBound = ({ placement }: Demands): boolean =>
    placement.tables !== undefined || placement.hooks !== undefined;
  return (
    matches.some((match) => !('opaque' in match) && isBound(match.demands)) ||
    (action.kind === 'target' && isBound(action.target.demands))
  );
}

/** Tells of extensions in tables and below hooks that do not take them, once for each chain. */
class PlacementCheck {
  readonly #table: Table;
  readonly #jumps: JumpGraph;
  readonly #backend: 'legacy' | 'nft' | null;
  readonly #diagnostics: Diagnostics;
  #told = 0;
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
    const bound = new Map<RuleKind, boolean>();
    for (const chain of this.#table.chains.values()) {
      const isFaulty = (kind: RuleKind): boolean => {
        let isBound = bound.get(kind);
        if (isBound === undefined) {
          isBound = isPlaced(kind);
          bound.set(kind, isBound);
        }
        return isBound && this.#faults(kind, chain).length > 0;
      };
      if (someRule(chain, isFaulty)) this.#tell(chain);
    }
  }

  /** Names every fault of the chain at the first rule that has it. */
  #tell(chain: Chain): void {
    const told = new Set<string>();
    for (const rule of chain.rules)
      for (const { code, params } of this.#faults(rule, chain)) {
        const key = `${code} ${params['name'] ?? ''}`;
        if (told.has(key) || this.#told >= MOST) continue;
        told.add(key);
        this.#told += 1;
        this.#diagnostics.warn(code, rule.span, { ...params, table: this.#table.name });
      }
  }

  #faults({ matches, action }: RuleKind, chain: Chain): readonly Fault[] {
    let found = NO_FAULTS;
    for (const match of matches)
      if (!('opaque' in match)) found = this.#check(found, match.extension.name, match.demands, chain);
    if (action.kind !== 'target') return found;
    const { extension, demands } = action.target;
    return this.#check(found, extension.name, demands, chain);
  }

  #check(found: readonly Fault[], name: string, { placement }: Demands, chain: Chain): readonly Fault[] {
    const { tables, hooks } = placement;
    if (tables === undefined && hooks === undefined) return found;
    const faults = [...found];
    if (tables !== undefined && !tables.includes(this.#table.name)) {
      // iptables-nft makes a native expression of TRACE, which stands anywhere.
      const anywhere = name === 'TRACE' && this.#backend !== 'legacy';
      if (!anywhere) faults.push({ code: 'RULE_WRONG_TABLE', params: { name, tables: tables.join(', ') } });
    }
    const bits = hooks === undefined ? 0 : this.#bitsOf(chain) & ~this.#allowed(hooks);
    if (hooks !== undefined && bits !== 0) {
      const wrong = BUILTIN_CHAINS[this.#table.name].filter((_, at) => ((bits >> at) & 1) === 1);
      const params = { name, hook: wrong.join(', '), hooks: hooks.join(', ') };
      faults.push({ code: 'RULE_WRONG_HOOK', params });
    }
    return faults.length === found.length ? found : faults;
  }

  #bitsOf({ name }: Chain): number {
    this.#reached ??= this.#jumps.hooks();
    return this.#reached(name);
  }

  #allowed(hooks: readonly Hook[]): number {
    const known = this.#bits.get(hooks);
    if (known !== undefined) return known;
    let bits = 0;
    for (const [at, hook] of BUILTIN_CHAINS[this.#table.name].entries())
      if (hooks.includes(hook)) bits |= 1 << at;
    this.#bits.set(hooks, bits);
    return bits;
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
