/** By which jumps packets come to a chain. */
import { eachJump, ruleOf } from '../iptables/digest.js';
import { BUILTIN_CHAINS, type Chain, type Rule, type Table } from '../iptables/model.js';
import type { Hook } from '../iptables/view.js';

/** A way from a built-in chain to a rule: the jumps in their order, and the rule. */
export interface Way {
  readonly hook: Hook;
  readonly rules: readonly Rule[];
}

interface Jump {
  readonly chain: Chain;
  readonly index: number;
}

/** Of more jumps to one chain these many are kept, and these many ways are tried. */
const JUMPS = 8;
const WAYS = 6;
const DEPTH = 32;

/** The jumps of one table, backwards. */
export class Reach {
  readonly #table: Table;
  readonly #jumps = new Map<string, Jump[]>();
  #reachable: ReadonlySet<string> | null = null;

  constructor(table: Table) {
    this.#table = table;
    for (const chain of table.chains.values())
      eachJump(chain, (name, index) => {
        const list = this.#jumps.get(name);
        if (list === undefined) this.#jumps.set(name, [{ chain, index }]);
        else if (list.length < JUMPS) list.push({ chain, index });
      });
  }

  /** Does any rule lead to the chain? */
  isReferred(chain: string): boolean {
    return this.#jumps.has(chain);
  }

  /** The first rule that leads to the chain. */
  firstJumpTo(chain: string): Rule | null {
    const [jump] = this.#jumps.get(chain) ?? [];
    return jump === undefined ? null : (ruleOf(jump.chain, jump.index) ?? null);
  }

  /** Ways by which a packet may come to the rule: the shortest first. */
  waysTo(rule: Rule): readonly Way[] {
    const ways: Way[] = [];
    let open: (readonly Rule[])[] = [[rule]];
    for (let depth = 0; depth < DEPTH && open.length > 0 && ways.length < WAYS; depth += 1) {
      const next: (readonly Rule[])[] = [];
      for (const path of open) {
        const name = path[0]?.chain ?? '';
        const hook = BUILTIN_CHAINS[this.#table.name].find((one) => one === name);
        if (hook !== undefined) {
          if (ways.length < WAYS) ways.push({ hook, rules: path });
          continue;
        }
        for (const { chain, index } of this.#jumps.get(name) ?? []) {
          const jump = ruleOf(chain, index);
          if (jump !== undefined && next.length < WAYS * JUMPS && !path.includes(jump))
            next.push([jump, ...path]);
        }
      }
      open = next;
    }
    return ways;
  }

  /** The chains that packets may come to at all. */
  reachable(): ReadonlySet<string> {
    this.#reachable ??= this.#findReachable();
    return this.#reachable;
  }

  #findReachable(): ReadonlySet<string> {
    const found = new Set<string>();
    const open: string[] = [...BUILTIN_CHAINS[this.#table.name]];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const chain = this.#table.chains.get(name);
      if (chain === undefined || found.has(name)) continue;
      found.add(name);
      eachJump(chain, (to) => open.push(to));
    }
    return found;
  }
}
