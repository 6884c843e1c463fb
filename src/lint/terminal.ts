/** What a rule that matched does to the rules behind it in its chain. */
import type { Chain, Rule, Table } from '../iptables/model.js';
import { shapeOf, takesAll } from './shape.js';

/** Targets behind which a chain is never continued (ip_tables.c ipt_do_table: everything but XT_CONTINUE). */
const FINAL: ReadonlySet<string> = new Set([
  ...['ACCEPT', 'DROP', 'REJECT', 'DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP'],
]);

/** Targets that leave packet, connection and sets as they are. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...FINAL,
  ...['RETURN', 'LOG', 'NFLOG', 'ULOG', 'TRACE', 'AUDIT'],
]);

/** Chains deeper than this are taken as coming back. */
const DEPTH = 64;

/** Tells of the rules of one table how a chain goes on behind them. */
export class Terminals {
  readonly #table: Table;
  readonly #closed = new Map<Chain, boolean>();

  constructor(table: Table) {
    this.#table = table;
  }

  /** Does the chain end for a packet that the rule matches? */
  isTerminal(rule: Rule): boolean {
    return this.#ends(rule, true, 0);
  }

  #ends({ action }: Rule, withReturn: boolean, depth: number): boolean {
    if (action.kind === 'target') {
      const { name } = action.target.extension;
      return FINAL.has(name) || (withReturn && name === 'RETURN');
    }
    if (action.kind !== 'chain') return false;
    // Nothing comes back to the rule behind a goto. What it leads to comes back to the caller, as RETURN does.
    if (action.goto && withReturn) return this.#table.chains.get(action.chain)?.declared === true;
    return this.#closes(this.#table.chains.get(action.chain), depth + 1);
  }

  /** Does every packet that enters the chain end in it, so that none comes back? */
  #closes(chain: Chain | undefined, depth: number): boolean {
    if (chain?.declared !== true || depth > DEPTH) return false;
    const known = this.#closed.get(chain);
    if (known !== undefined) return known;
    // While it is being looked at, a chain that leads back to itself closes nothing.
    this.#closed.set(chain, false);
    let closes = false;
    for (const rule of chain.rules) {
      const ends = this.#ends(rule, false, depth);
      if (!ends && this.#mayReturn(rule)) break;
      if (ends && takesAll(shapeOf(rule))) {
        closes = true;
        break;
      }
    }
    this.#closed.set(chain, closes);
    return closes;
  }

  #mayReturn({ action }: Rule): boolean {
    if (action.kind === 'chain') return action.goto;
    return (
      action.kind === 'opaque' || (action.kind === 'target' && action.target.extension.name === 'RETURN')
    );
  }
}

/** May the rule change what later conditions ask for: a mark, the TOS byte, the TTL, a set? A jump may do anything. */
export function mayChange({ action }: Rule): boolean {
  if (action.kind === 'none') return false;
  return action.kind !== 'target' || !HARMLESS.has(action.target.extension.name);
}

/** What the rule decides, in a word, so that two can be compared. */
export function decisionOf({ action }: Rule): string {
  if (action.kind === 'target') return `${action.target.extension.name} ${action.target.text}`;
  return action.kind === 'chain' ? `${action.goto ? 'goto' : 'jump'} ${action.chain}` : action.kind;
}
