/** Changes of an iptables table: what each command does to chains and rules (iptables/iptables.c, nft.c). */
import type { IptablesArgs } from './iptables-args.js';
import { type Output, Unknown, refuse } from './output.js';
import type { ChainText, RuleTables, RuleText } from './rule-tables.js';

export const NO_CHAIN = 'No chain/target/match by that name.';

/** What the tools say where there is no such rule: the older one has another word where the rule jumps to a chain. */
export function noRule(tables: RuleTables, table: IptablesArgs['table'], body: string): string {
  const [, name = ''] = / -[jg] (\S+)$/.exec(` ${body}`) ?? [];
  return !tables.isNft && tables.chain(table, name) !== null
    ? NO_CHAIN
    : 'Bad rule (does a matching rule exist in that chain?).';
}

/** One change of the tables. */
export class Edit {
  readonly #tables: RuleTables;
  readonly #args: IptablesArgs;
  readonly #bodies: () => readonly string[] | Output;

  constructor(tables: RuleTables, args: IptablesArgs, bodies: () => readonly string[] | Output) {
    this.#tables = tables;
    this.#args = args;
    this.#bodies = bodies;
  }

  /** @returns null when it was done, a sentence behind `iptables: `, or the whole complaint */
  run(): string | Output | null {
    const { action, table, chain } = this.#args;
    if (action === 'F') return this.#flush();
    if (action === 'X') return this.#deleteChain();
    if (chain === null) return NO_CHAIN;
    if (action === 'N') return this.#newChain(chain);
    if (action === 'P') return this.#policy(chain);
    if (action === 'E') return this.#rename(chain);
    const found = this.#tables.change(table, chain);
    return found === null ? NO_CHAIN : this.#rule(found);
  }

  #newChain(name: string): string | null {
    const { table } = this.#args;
    if (this.#tables.chain(table, name) !== null) return 'Chain already exists.';
    this.#tables.addChain(table, name);
    return null;
  }

  /** The rules that lead to the chain lead to it by its new name. */
  #rename(name: string): string | null {
    const { table, extra } = this.#args;
    const fresh = extra ?? '';
    const isBuiltin = this.#tables.isBuiltin(table, name);
    // The kernel's chain of the hook would have another name, which iptables-nft lists no more.
    if (isBuiltin && this.#tables.isNft)
      throw new Unknown('LAB_SH_FORM', { command: 'iptables', form: `-E ${name}` });
    if (isBuiltin || this.#tables.chain(table, name) === null) return NO_CHAIN;
    if (this.#tables.chain(table, fresh) !== null) return 'File exists.';
    this.#tables.renameChain(table, name, fresh);
    return null;
  }

  #policy(name: string): string | null {
    const { table, extra } = this.#args;
    if (!this.#tables.isBuiltin(table, name)) return 'Bad built-in chain name.';
    if (extra !== 'ACCEPT' && extra !== 'DROP') return "Bad policy name. Run `dmesg' for more information.";
    const chain = this.#tables.change(table, name);
    if (chain !== null) chain.policy = extra;
    return null;
  }

  #flush(): string | null {
    const { table, chain } = this.#args;
    if (chain === null) {
      for (const { name } of this.#tables.chains(table)) this.#empty(name);
      return null;
    }
    if (this.#tables.chain(table, chain) === null) return NO_CHAIN;
    this.#empty(chain);
    return null;
  }

  #empty(name: string): void {
    const chain = this.#tables.change(this.#args.table, name);
    if (chain !== null) chain.rules = [];
  }

  #deleteChain(): string | Output | null {
    const { table, chain } = this.#args;
    const own = this.#tables.chains(table).filter(({ policy }) => policy === null);
    const doomed = chain === null ? own : own.filter(({ name }) => name === chain);
    if (chain !== null && doomed.length === 0) return NO_CHAIN;
    for (const { name, rules } of doomed) {
      const isUsed = this.#tables
        .chains(table)
        .some((one) =>
          one.rules.some(({ body }) => body.endsWith(`-j ${name}`) || body.endsWith(`-g ${name}`)),
        );
      // nft deletes the rules of the chain with it; the older tool refuses a chain that has any.
      if (isUsed || (!this.#tables.isNft && rules.length > 0))
        return this.#tables.isNft
          ? refuse(`${this.#tables.title}:  CHAIN_DEL failed (Device or resource busy): chain ${name}`, 4)
          : isUsed
            ? 'Too many links.'
            : 'Directory not empty.';
    }
    for (const { name } of doomed) this.#tables.removeChain(table, name);
    return null;
  }

  #rule(chain: ChainText): string | Output | null {
    const { action, number } = this.#args;
    if (action === 'D' && number !== null) {
      if (number > chain.rules.length) return 'Index of deletion too big.';
      chain.rules.splice(number - 1, 1);
      return null;
    }
    const bodies = this.#bodies();
    if ('status' in bodies) return bodies;
    const fresh = bodies.map((body): RuleText => ({ body, packets: 0, bytes: 0 }));
    if (action === 'A') chain.rules.push(...fresh);
    else if (action === 'I') {
      const place = number ?? 1;
      if (place > chain.rules.length + 1) return 'Index of insertion too big.';
      // A list of addresses becomes several rules, each inserted before the one before.
      for (const rule of fresh) chain.rules.splice(place - 1, 0, rule);
    } else if (action === 'R') {
      if (number === null || number > chain.rules.length) return 'Index of replacement too big.';
      chain.rules.splice(number - 1, 1, ...fresh.slice(0, 1));
    } else return this.#remove(chain, bodies);
    return null;
  }

  #remove(chain: ChainText, bodies: readonly string[]): string | null {
    for (const body of bodies) {
      const at = chain.rules.findIndex((rule) => rule.body === body);
      if (at < 0) return noRule(this.#tables, this.#args.table, body);
      chain.rules.splice(at, 1);
    }
    return null;
  }
}
