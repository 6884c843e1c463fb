/** The tables of one iptables as texts that commands change, with counters that packets move. */
import type { Family } from '../../address/address.js';
import { BUILTIN_CHAINS, type Chain, type RuleSet, TABLES, type Table } from '../../iptables/model.js';
import { plainWord } from '../../iptables/quoting.js';
import { printRuleBody } from '../../iptables/print.js';
import type { TableName } from '../../iptables/view.js';

/** A rule: what follows `-A CHAIN`, and what it has counted. */
export interface RuleText {
  readonly body: string;
  packets: number;
  bytes: number;
}

export interface ChainText {
  readonly name: string;
  /** Of a built-in chain. */
  policy: 'ACCEPT' | 'DROP' | null;
  packets: number;
  bytes: number;
  rules: RuleText[];
}

const byName = (one: ChainText, two: ChainText): number =>
  one.name < two.name ? -1 : one.name > two.name ? 1 : 0;

function builtin(table: TableName): readonly string[] {
  return BUILTIN_CHAINS[table];
}

/** The built-in chains by their hooks, then all others by name, as the tools list them. */
function sorted(table: TableName, chains: readonly ChainText[]): ChainText[] {
  const hooks = builtin(table);
  const own = hooks.flatMap((hook) => chains.find(({ name }) => name === hook) ?? []);
  return [...own, ...chains.filter(({ name }) => !hooks.includes(name)).sort(byName)];
}

function chainText({ name, policy, counters, rules }: Chain): ChainText {
  return {
    ...{ name, policy, packets: counters?.packets ?? 0, bytes: counters?.bytes ?? 0 },
    rules: rules.map((rule) => ({
      body: printRuleBody(rule),
      packets: rule.counters?.packets ?? 0,
      bytes: rule.counters?.bytes ?? 0,
    })),
  };
}

/** The built-in chains of a table in which nothing is. */
export function emptyTable(table: TableName): ChainText[] {
  return builtin(table).map((name) => ({ name, policy: 'ACCEPT', packets: 0, bytes: 0, rules: [] }));
}

/** iptables/nft-shared.h, enum nft_table_type. */
const NFT_ORDER: readonly TableName[] = ['mangle', 'security', 'raw', 'filter', 'nat'];

/** The chain that has the rules of an excerpt. */
export const EXCERPT = 'NEW-RULES';

/** No kernel takes jumps that are so deep. */
const DEEPEST = 1000;

export class RuleTables {
  readonly family: Family;
  readonly backend: 'legacy' | 'nft' | null;
  /** Rules of this name the steps of walks carry, where the kernel runs both iptables. */
  readonly isBeside: boolean;
  #tables: Map<TableName, ChainText[]>;

  private constructor(
    family: Family,
    backend: RuleTables['backend'],
    isBeside: boolean,
    tables: Map<TableName, ChainText[]>,
  ) {
    this.family = family;
    this.backend = backend;
    this.isBeside = isBeside;
    this.#tables = tables;
  }

  static of({ family, backend, tables }: RuleSet, isBeside: boolean): RuleTables {
    const texts = [...tables].map(([name, table]: [TableName, Table]): [TableName, ChainText[]] => [
      name,
      sorted(name, [...table.chains.values()].map(chainText)),
    ]);
    return new RuleTables(family, backend, isBeside, new Map(texts));
  }

  /** A copy that changes by itself. */
  clone(): RuleTables {
    const tables = [...this.#tables].map(([name, chains]): [TableName, ChainText[]] => [
      name,
      chains.map((chain) => ({ ...chain, rules: chain.rules.map((rule) => ({ ...rule })) })),
    ]);
    return new RuleTables(this.family, this.backend, this.isBeside, new Map(tables));
  }

  /** `iptables v1.8.9 (nf_tables)`, as messages begin. */
  get title(): string {
    return `${this.tool} v1.8.9 (${this.isNft ? 'nf_tables' : 'legacy'})`;
  }

  get tool(): 'iptables' | 'ip6tables' {
    return this.family === 4 ? 'iptables' : 'ip6tables';
  }

  get isNft(): boolean {
    return this.backend !== 'legacy';
  }

  /**
   * Names of the tables that are there, in the order of saves: that of iptables-nft is its own, the older tool's that of the
   * kernel, which has the newest first.
   */
  get names(): readonly TableName[] {
    return this.isNft ? NFT_ORDER.filter((name) => this.#tables.has(name)) : [...this.#tables.keys()];
  }

  /** A table's chains; one that is not there yet has its built-in chains alone. */
  chains(table: TableName): readonly ChainText[] {
    return this.#tables.get(table) ?? emptyTable(table);
  }

  chain(table: TableName, name: string): ChainText | null {
    return this.chains(table).find((chain) => chain.name === name) ?? null;
  }

  /** The same to be changed: the table is made. */
  change(table: TableName, name: string): ChainText | null {
    if (!this.#tables.has(table)) this.#add(table, emptyTable(table));
    return this.chain(table, name);
  }

  isBuiltin(table: TableName, name: string): boolean {
    return builtin(table).includes(name);
  }

  addChain(table: TableName, name: string): void {
    const chains = [...this.chains(table), { name, policy: null, packets: 0, bytes: 0, rules: [] }];
    if (this.#tables.has(table)) this.#tables.set(table, sorted(table, chains));
    else this.#add(table, sorted(table, chains));
  }

  #add(table: TableName, chains: ChainText[]): void {
    this.#tables = new Map([[table, chains], ...this.#tables]);
  }

  removeChain(table: TableName, name: string): void {
    this.#tables.set(
      table,
      this.chains(table).filter((chain) => chain.name !== name),
    );
  }

  /** The chain has another name from now on, in the rules that lead to it as well. */
  renameChain(table: TableName, name: string, fresh: string): void {
    const chains = this.chains(table).map((chain) => ({
      ...chain,
      name: chain.name === name ? fresh : chain.name,
      rules: chain.rules.map((rule) => {
        const [, jump, chainName] = / -([jg]) (\S+)$/.exec(` ${rule.body}`) ?? [];
        if (jump === undefined || chainName !== plainWord(name)) return rule;
        return { ...rule, body: `${rule.body.slice(0, -chainName.length)}${plainWord(fresh)}` };
      }),
    }));
    this.#tables.set(table, sorted(table, chains));
  }

  /** Do jumps from a built-in chain come back to where they were? The kernel takes no such table. */
  loops(table: TableName): boolean {
    const jumps = new Map(
      this.chains(table).map(({ name, rules }) => [
        name,
        rules.flatMap(({ body }) => / -[jg] (\S+)$/.exec(` ${body}`)?.[1] ?? []),
      ]),
    );
    const done = new Set<string>();
    const open = new Set<string>();
    const visit = (name: string): boolean => {
      if (open.has(name) || open.size > DEEPEST) return true;
      if (done.has(name)) return false;
      open.add(name);
      const found = (jumps.get(name) ?? []).some(visit);
      open.delete(name);
      done.add(name);
      return found;
    };
    return builtin(table).some(visit);
  }

  /** Puts everything to zero that the table, or one chain of it, has counted. */
  zero(table: TableName, only: string | null): void {
    for (const chain of this.#tables.get(table) ?? []) {
      if (only !== null && chain.name !== only) continue;
      Object.assign(chain, { packets: 0, bytes: 0 });
      for (const rule of chain.rules) Object.assign(rule, { packets: 0, bytes: 0 });
    }
  }

  /** A packet of so many bytes has met a rule by its number, or a chain's policy. */
  count(table: string, chain: string, place: number | 'policy', bytes: number): void {
    const name = TABLES.find((one) => one === table);
    const found = name === undefined ? null : this.chain(name, chain);
    const counted = place === 'policy' ? found : found?.rules[place - 1];
    if (counted === null || counted === undefined) return;
    counted.packets += 1;
    counted.bytes += bytes;
  }

  /** The command whose listing a save is. */
  get command(): string {
    return `${this.tool}${this.isBeside && this.backend !== null ? `-${this.backend}` : ''}-save`;
  }

  /** A save of some rules alone, in a chain of their own, beside the chains that they lead to. */
  excerpt(table: TableName, bodies: readonly string[]): string {
    const targets = new Set(bodies.map((body) => / -[jg] (\S+)$/.exec(` ${body}`)?.[1]));
    const names = this.chains(table).map(({ name }) => plainWord(name));
    const declared = names.filter((name) => targets.has(name) && name !== EXCERPT);
    return [
      ...this.#head(`${this.tool}-${this.backend ?? 'nft'}-save`, ''),
      `*${table}`,
      ...[EXCERPT, ...declared].map((name) => `:${name} - [0:0]`),
      ...bodies.map((body) => `-A ${EXCERPT}${body === '' ? '' : ` ${body}`}`),
      'COMMIT\n',
    ].join('\n');
  }

  /** What a save is read from: as the tool prints it, called by the name that tells its rule set. */
  save(): string {
    return this.#printed(this.names, false, `${this.tool}-${this.backend ?? 'nft'}-save`, '');
  }

  /**
   * What iptables-save prints. The tool of nf_tables tells by which name it was called, the older one has one name.
   * @param only the table that was asked for; one that is not there is made by that
   */
  printed(only: TableName | null, counters: boolean, calledAs: string, time: string): string {
    const names = only === null ? this.names : [only];
    return this.#printed(names, counters, this.isNft ? calledAs : `${this.tool}-save`, ` on ${time}`);
  }

  #head(tool: string, time: string): readonly string[] {
    if (this.backend === null && time === '') return [];
    return [`# Generated by ${tool} v1.8.9${this.isNft ? ' (nf_tables)' : ''}${time}`];
  }

  #printed(names: readonly TableName[], counters: boolean, tool: string, time: string): string {
    const head = this.#head(tool, time);
    return names
      .map((name) => {
        const chains = this.chains(name);
        const lines = [...head, `*${name}`];
        for (const { name: chain, policy, packets, bytes } of chains)
          lines.push(`:${plainWord(chain)} ${policy ?? '-'} [${String(packets)}:${String(bytes)}]`);
        for (const { name: chain, rules } of chains)
          for (const { body, packets, bytes } of rules) {
            const counts = counters ? `[${String(packets)}:${String(bytes)}] ` : '';
            lines.push(`${counts}-A ${plainWord(chain)}${body === '' ? '' : ` ${body}`}`);
          }
        return [...lines, 'COMMIT', `# Completed${time}`, ''].join('\n');
      })
      .join('');
  }
}
