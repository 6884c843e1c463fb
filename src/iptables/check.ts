/** What the kernel or iptables would refuse in a table as it was read: it cannot have been running like this. */
import type { Diagnostics } from '../source/diagnostic.js';
import type { Placement } from './extension.js';
import { BUILTIN_CHAINS, type Chain, type Rule, type Table } from './model.js';
import type { Hook } from './view.js';

/** More findings than this of one kind about one table say nothing new. */
const MOST = 20;

type Jumps = ReadonlyMap<string, ReadonlyMap<string, Rule>>;

/** The chains that each chain jumps or goes to, with the first rule that does; chains that are not there are left out. */
function jumpsOf(table: Table): Jumps {
  const jumps = new Map<string, ReadonlyMap<string, Rule>>();
  for (const chain of table.chains.values()) {
    const own = new Map<string, Rule>();
    for (const rule of chain.rules) {
      if (rule.action.kind !== 'chain' || own.has(rule.action.chain)) continue;
      if (table.chains.has(rule.action.chain)) own.set(rule.action.chain, rule);
    }
    if (own.size > 0) jumps.set(chain.name, own);
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

/** The hooks from which packets reach each chain. */
function hooksOf(table: Table, jumps: Jumps): ReadonlyMap<string, ReadonlySet<Hook>> {
  const reached = new Map<string, Set<Hook>>();
  for (const hook of BUILTIN_CHAINS[table.name]) {
    const open: string[] = [hook];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const hooks = reached.get(name) ?? new Set<Hook>();
      if (hooks.has(hook)) continue;
      hooks.add(hook);
      reached.set(name, hooks);
      for (const to of (jumps.get(name) ?? NO_JUMPS).keys()) open.push(to);
    }
  }
  return reached;
}

/** The extensions of a rule that do not stand everywhere. */
function* limited(rule: Rule): Iterable<{ readonly name: string; readonly placement: Placement }> {
  for (const match of rule.matches) {
    if ('opaque' in match) continue;
    const { name, placement } = match.extension;
    if (placement.tables !== undefined || placement.hooks !== undefined) yield { name, placement };
  }
  if (rule.action.kind !== 'target') return;
  const { extension, demands } = rule.action.target;
  const { placement } = demands;
  if (placement.tables !== undefined || placement.hooks !== undefined)
    yield { name: extension.name, placement };
}

function checkPlacement(
  table: Table,
  jumps: Jumps,
  backend: 'legacy' | 'nft' | null,
  diagnostics: Diagnostics,
): void {
  const reached = hooksOf(table, jumps);
  const told = new Set<string>();
  const tell = (code: string, rule: Rule, chain: Chain, params: Record<string, string>): void => {
    const key = `${code} ${params['name'] ?? ''} ${chain.name}`;
    if (told.has(key) || told.size >= MOST) return;
    told.add(key);
    diagnostics.warn(code, rule.span, { ...params, table: table.name });
  };
  for (const chain of table.chains.values()) {
    for (const rule of chain.rules) {
      for (const { name, placement } of limited(rule)) {
        const { tables, hooks } = placement;
        // iptables-nft makes a native expression of TRACE, which stands anywhere.
        if (
          tables !== undefined &&
          !tables.includes(table.name) &&
          !(name === 'TRACE' && backend !== 'legacy')
        )
          tell('RULE_WRONG_TABLE', rule, chain, { name, tables: tables.join(', ') });
        const wrong =
          hooks === undefined
            ? []
            : [...(reached.get(chain.name) ?? [])].filter((hook) => !hooks.includes(hook));
        if (wrong.length > 0)
          tell('RULE_WRONG_HOOK', rule, chain, {
            name,
            hook: wrong.join(', '),
            hooks: (hooks ?? []).join(', '),
          });
      }
    }
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
  checkPlacement(table, jumps, backend, diagnostics);
}
