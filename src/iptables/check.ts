/** What the kernel or iptables would refuse in a table as it was read: it cannot have been running like this. */
import type { Diagnostics } from '../source/diagnostic.js';
import { type RuleKind, someRule } from './digest.js';
import type { Demands } from './extension.js';
import { JumpGraph, type Reached } from './jump-graph.js';
import { BUILTIN_CHAINS, type Chain, type Table } from './model.js';
import { ShapedChains } from './read/shaped-chains.js';
import type { Hook } from './view.js';

/** More findings than this of one kind about one table say nothing new. */
const MOST = 20;

interface Fault {
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Bits of the hooks of a table, and one beside them that every chain has. */
const ALL_HOOKS = 0xff;
const ANYWHERE = 0x100;

interface Bound {
  readonly name: string;
  readonly demands: Demands;
}

/** The extensions that rules of a kind have. */
function extensionsOf({ matches, action }: RuleKind): readonly Bound[] {
  const found = matches.flatMap((match): readonly Bound[] =>
    'opaque' in match ? [] : [{ name: match.extension.name, demands: match.demands }],
  );
  if (action.kind !== 'target') return found;
  const { extension, demands } = action.target;
  return [...found, { name: extension.name, demands }];
}

/** Tells of extensions in tables and below hooks that do not take them, once for each chain. */
class PlacementCheck {
  readonly #table: Table;
  readonly #jumps: JumpGraph;
  readonly #backend: 'legacy' | 'nft' | null;
  readonly #diagnostics: Diagnostics;
  #told = 0;
  readonly #bits = new Map<readonly Hook[], number>();
  readonly #masks = new Map<RuleKind, number>();
  /** Only made when some extension is bound to hooks: it visits every chain once for each hook. */
  #reached: Reached | null = null;

  constructor(table: Table, jumps: JumpGraph, backend: 'legacy' | 'nft' | null, diagnostics: Diagnostics) {
    this.#table = table;
    this.#jumps = jumps;
    this.#backend = backend;
    this.#diagnostics = diagnostics;
  }

  run(): void {
    const { chains } = this.#table;
    if (chains instanceof ShapedChains) {
      const mask = (kind: RuleKind): number => this.#mask(kind);
      const found = chains.chainsWith(mask, (number) => ANYWHERE | this.#hooks().by(number));
      for (const chain of found) this.#tell(chain);
      return;
    }
    for (const chain of chains.values()) {
      const isFaulty = (kind: RuleKind): boolean => {
        const mask = this.#mask(kind);
        return mask !== 0 && (mask & (ANYWHERE | this.#hooks().of(chain.name))) !== 0;
      };
      if (someRule(chain, isFaulty)) this.#tell(chain);
    }
  }

  /** The hooks at which rules of a kind cannot stand, and ANYWHERE for those that cannot be in the table. */
  #mask(kind: RuleKind): number {
    let mask = this.#masks.get(kind);
    if (mask === undefined) {
      mask = 0;
      for (const { name, demands } of extensionsOf(kind)) mask |= this.#wrong(name, demands);
      this.#masks.set(kind, mask);
    }
    return mask;
  }

  #wrong(name: string, { placement: { tables, hooks } }: Demands): number {
    // iptables-nft makes a native expression of TRACE, which stands anywhere.
    const isAnywhere = name === 'TRACE' && this.#backend !== 'legacy';
    const isWrongTable = tables !== undefined && !tables.includes(this.#table.name) && !isAnywhere;
    return (isWrongTable ? ANYWHERE : 0) | (hooks === undefined ? 0 : ALL_HOOKS & ~this.#allowed(hooks));
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

  #faults(kind: RuleKind, chain: Chain): readonly Fault[] {
    return extensionsOf(kind).flatMap(({ name, demands }): readonly Fault[] => {
      const bits = this.#wrong(name, demands) & (ANYWHERE | this.#hooks().of(chain.name));
      const faults: Fault[] = [];
      const { tables = [], hooks = [] } = demands.placement;
      if ((bits & ANYWHERE) !== 0)
        faults.push({ code: 'RULE_WRONG_TABLE', params: { name, tables: tables.join(', ') } });
      if ((bits & ALL_HOOKS) === 0) return faults;
      const wrong = BUILTIN_CHAINS[this.#table.name].filter((_, at) => ((bits >> at) & 1) === 1);
      const params = { name, hook: wrong.join(', '), hooks: hooks.join(', ') };
      return [...faults, { code: 'RULE_WRONG_HOOK', params }];
    });
  }

  #hooks(): Reached {
    this.#reached ??= this.#jumps.hooks();
    return this.#reached;
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
