/** What the kernel or iptables would refuse in a table as it was read: it cannot have been running like this. */
import type { Diagnostics } from '../source/diagnostic.js';
import type { Placement } from './extension.js';
import { BUILTIN_CHAINS, type Chain, type Rule, type Table } from './model.js';

/** More findings than this of one kind about one table say nothing new. */
const MOST = 20;

type Jumps = ReadonlyMap<string, ReadonlyMap<string, Rule>>;

/** The chains that each chain jumps or goes to, with the first rule that does; chains that are not there are left out. */
function jumpsOf(table: Table): Jumps {
  const jumps = new Map<string, Map<string, Rule>>();
  for (const chain of table.chains.values()) {
    for (const rule of chain.rules) {
      if (rule.action.kind !== 'chain' || !table.chains.has(rule.action.chain)) continue;
      const own = jumps.get(chain.name);
      if (own === undefined) jumps.set(chain.name, new Map([[rule.action.chain, rule]]));
      else if (!own.has(rule.action.chain)) own.set(rule.action.chain, rule);
    }
  }
  return jumps;
}

interface Step {
  readonly name: string;
  readonly jumps: Iterator<[string, Rule]>;
}

const NO_JUMPS: ReadonlyMap<string, Rule> = new Map();

/**
 * Rules that lead back to a chain they came from, one for each loop, with the rule that entered the chain. The kernel
 * refuses such a table with ELOOP (net/netfilter/x_tables.c, ip_tables.c mark_source_chains). Chains may nest deeper
 * than a call stack.
 */
function loopsOf(
  table: Table,
  jumps: Jumps,
): readonly { readonly rule: Rule; readonly to: string; readonly entered: Rule | null }[] {
  const loops: { rule: Rule; to: string; entered: Rule | null }[] = [];
  const done = new Set<string>();
  for (const root of table.chains.keys()) {
    if (done.has(root)) continue;
    const entered = new Map<string, Rule | null>([[root, null]]);
    const path: Step[] = [{ name: root, jumps: (jumps.get(root) ?? NO_JUMPS).entries() }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.jumps.next();
      if (next.done === true) {
        done.add(top.name);
        entered.delete(top.name);
        path.pop();
        continue;
      }
      const [to, rule] = next.value;
      if (entered.has(to)) loops.push({ rule, to, entered: entered.get(to) ?? null });
      else if (!done.has(to)) {
        entered.set(to, rule);
        path.push({ name: to, jumps: (jumps.get(to) ?? NO_JUMPS).entries() });
      }
    }
  }
  return loops;
}

/** The hooks from which packets reach each chain, as bits in the order of the table's built-in chains. */
function hooksOf(table: Table, jumps: Jumps): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (const [at, hook] of BUILTIN_CHAINS[table.name].entries()) {
    const bit = 1 << at;
    const open: string[] = [hook];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const bits = reached.get(name) ?? 0;
      if ((bits & bit) !== 0) continue;
      reached.set(name, bits | bit);
      for (const to of (jumps.get(name) ?? NO_JUMPS).keys()) open.push(to);
    }
  }
  return reached;
}

/** Tells of extensions in tables and below hooks that do not take them, once for each chain. */
class PlacementCheck {
  readonly #table: Table;
  readonly #jumps: Jumps;
  readonly #backend: 'legacy' | 'nft' | null;
  readonly #diagnostics: Diagnostics;
  readonly #told = new Set<string>();
  /** Only made when some extension is bound to hooks: it visits every chain once for each hook. */
  #reached: ReadonlyMap<string, number> | null = null;

  constructor(table: Table, jumps: Jumps, backend: 'legacy' | 'nft' | null, diagnostics: Diagnostics) {
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
    // iptables-nft makes a native expression of TRACE, which stands anywhere.
    const anywhere = name === 'TRACE' && this.#backend !== 'legacy';
    if (tables !== undefined && !anywhere && !tables.includes(this.#table.name))
      this.#tell('RULE_WRONG_TABLE', rule, chain, { name, tables: tables.join(', ') });
    if (hooks === undefined) return;
    const bits = (this.#reached ??= hooksOf(this.#table, this.#jumps)).get(chain.name) ?? 0;
    const wrong = BUILTIN_CHAINS[this.#table.name].filter(
      (hook, at) => ((bits >> at) & 1) === 1 && !hooks.includes(hook),
    );
    if (wrong.length > 0)
      this.#tell('RULE_WRONG_HOOK', rule, chain, { name, hook: wrong.join(', '), hooks: hooks.join(', ') });
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
  const jumps = jumpsOf(table);
  for (const { rule, to, entered } of loopsOf(table, jumps).slice(0, MOST))
    diagnostics.error('RULE_LOOP', rule.span, { chain: to, table: table.name }, entered?.span);
  for (const hook of BUILTIN_CHAINS[table.name]) {
    const found = [...jumps.values()].map((own) => own.get(hook)).find((rule) => rule !== undefined);
    if (found !== undefined)
      diagnostics.warn('RULE_JUMP_BUILTIN', found.span, { chain: hook, table: table.name });
  }
  new PlacementCheck(table, jumps, backend, diagnostics).run();
}
