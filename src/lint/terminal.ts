/** What a rule that matched does to the rules behind it in its chain. */
import { type RuleKind, eachJump, kindAt, ruleOf, sizeOf } from '../iptables/digest.js';
import type { Chain, Rule, Table } from '../iptables/model.js';
import { isFirmKind, shapeOf, takesAll } from './shape.js';

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
    if (action.kind !== 'chain') return endsByTarget({ action }, withReturn);
    // Nothing comes back to the rule behind a goto. What it leads to comes back to the caller, as RETURN does.
    return this.#leadsAway(action.goto, action.chain, withReturn, depth);
  }

  #leadsAway(goto: boolean, name: string, withReturn: boolean, depth: number): boolean {
    const chain = this.#table.chains.get(name);
    return goto && withReturn ? chain?.declared === true : this.#closes(chain, depth + 1);
  }

  /**
   * By the kinds of a chain's rules: the index of the first rule that may end it for a packet, and about which everything
   * is sure; the chain's size when there is none. Most chains of a large node have none but their last.
   */
  firstTerminal(chain: Chain): number {
    const size = sizeOf(chain);
    let first = size;
    eachJump(chain, (name, index) => {
      const kind = index < first ? kindAt(chain, index) : undefined;
      if (
        kind?.action.kind === 'chain' &&
        isFirmKind(kind) &&
        this.#leadsAway(kind.action.goto, name, true, 0)
      )
        first = index;
    });
    for (let index = 0; index < first; index += 1) {
      const kind = kindAt(chain, index);
      if (kind !== undefined && isFirmKind(kind) && endsByTarget(kind, true)) return index;
    }
    return first;
  }

  /** Does every packet that enters the chain end in it, so that none comes back? */
  #closes(chain: Chain | undefined, depth: number): boolean {
    if (chain?.declared !== true || depth > DEPTH) return false;
    const known = this.#closed.get(chain);
    if (known !== undefined) return known;
    // While it is being looked at, a chain that leads back to itself closes nothing.
    this.#closed.set(chain, false);
    const closes = this.#closesFor(chain, depth);
    this.#closed.set(chain, closes);
    return closes;
  }

  /** Rules are looked at by their kinds, and made only where the answer hangs on one. */
  #closesFor(chain: Chain, depth: number): boolean {
    const jumps = new Map<number, string>();
    eachJump(chain, (name, index) => jumps.set(index, name));
    const size = sizeOf(chain);
    for (let index = 0; index < size; index += 1) {
      const kind = kindAt(chain, index);
      if (kind === undefined) return false;
      const to = kind.action.kind === 'chain' ? jumps.get(index) : undefined;
      const isRest = kind.matches.every(isComment);
      const ends =
        to === undefined
          ? endsByTarget(kind, false)
          : (isRest || mayReturn(kind)) && this.#closes(this.#table.chains.get(to), depth + 1);
      if (ends) {
        const rule = isRest ? ruleOf(chain, index) : undefined;
        if (rule !== undefined && takesAll(shapeOf(rule))) return true;
      } else if (mayReturn(kind)) return false;
    }
    return false;
  }
}

const isComment = (match: RuleKind['matches'][number]): boolean =>
  !('opaque' in match) && match.extension.name === 'comment';

function endsByTarget({ action }: Pick<RuleKind, 'action'>, withReturn: boolean): boolean {
  if (action.kind !== 'target') return false;
  const { name } = action.target.extension;
  return FINAL.has(name) || (withReturn && name === 'RETURN');
}

function mayReturn({ action }: RuleKind): boolean {
  if (action.kind === 'chain') return action.goto;
  return action.kind === 'opaque' || (action.kind === 'target' && action.target.extension.name === 'RETURN');
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
