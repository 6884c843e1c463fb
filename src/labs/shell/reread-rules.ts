/** The rule sets of a node whose rules commands change: only rules that are new are read. */
import type { Family } from '../../address/address.js';
import { checkTable } from '../../iptables/check.js';
import type { Chain, Rule, RuleSet, Table } from '../../iptables/model.js';
import type { TableName } from '../../iptables/view.js';
import { type Diagnostic, Diagnostics } from '../../source/diagnostic.js';
import { readIptables } from '../../snapshot/iptables.js';
import { SourceText } from '../../source/source.js';
import { type ChainText, EXCERPT, type RuleTables } from './rule-tables.js';

/** Rules by their texts, of one table of one iptables. */
export class RuleReadings {
  readonly #known = new Map<string, Map<string, Rule>>();
  readonly #bodies = new WeakMap<Chain, readonly string[]>();

  #of({ family, backend }: Pick<RuleTables, 'family' | 'backend'>, table: TableName): Map<string, Rule> {
    const key = `${String(family)} ${String(backend)} ${table}`;
    const known = this.#known.get(key) ?? new Map<string, Rule>();
    this.#known.set(key, known);
    return known;
  }

  /** Takes the rules of a rule set that was read from these texts. @returns false where it was not */
  learn(set: RuleSet, texts: RuleTables): boolean {
    for (const name of texts.names) {
      const known = this.#of(texts, name);
      const table = set.tables.get(name);
      for (const chain of texts.chains(name)) {
        const read = table?.chains.get(chain.name);
        const rules = read?.rules ?? [];
        if (read === undefined || rules.length !== chain.rules.length) return false;
        this.#bodies.set(
          read,
          chain.rules.map(({ body }) => body),
        );
        for (const [at, { body }] of chain.rules.entries()) {
          const rule = rules[at];
          if (rule !== undefined) known.set(body, rule);
        }
      }
    }
    return set.tables.size === texts.names.length;
  }

  /** Reads the rules of a table that are not known. @returns what is wrong with them */
  #readNew(texts: RuleTables, name: TableName): readonly Diagnostic[] {
    const known = this.#of(texts, name);
    const all = texts.chains(name).flatMap(({ rules }) => rules.map(({ body }) => body));
    const fresh = [...new Set(all.filter((body) => !known.has(body)))];
    if (fresh.length === 0) return [];
    const diagnostics = new Diagnostics();
    const source = new SourceText(texts.command, texts.excerpt(name, fresh));
    const read = readIptables([{ source, family: texts.family, table: null, all: true }], diagnostics);
    const rules = read.tables.get(name)?.chains.get(EXCERPT)?.rules ?? [];
    for (const [at, body] of fresh.entries()) {
      const rule = rules[at];
      if (rule !== undefined && rules.length === fresh.length) known.set(body, rule);
    }
    return diagnostics.list;
  }

  /**
   * The rule set as the texts have it from now on.
   * @returns null where it has to be read as a whole
   */
  reread(
    set: RuleSet,
    texts: RuleTables,
  ): { readonly set: RuleSet; readonly found: readonly Diagnostic[] } | null {
    const names = texts.names;
    if (names.length !== set.tables.size || names.some((name) => !set.tables.has(name))) return null;
    const found = new Diagnostics();
    const readings: Diagnostic[] = [];
    const tables = new Map<TableName, Table>();
    for (const [name, table] of set.tables) {
      readings.push(...this.#readNew(texts, name));
      const made = this.#table(table, texts);
      if (made === null) return null;
      tables.set(name, made);
      if (made !== table) checkTable(made, texts.backend, found);
    }
    return { set: { ...set, tables }, found: [...readings, ...found.list] };
  }

  /** A chain that says the same stays the same, so that nobody works it out twice. */
  #isSame(chain: Chain, { policy, rules }: ChainText): boolean {
    const bodies = this.#bodies.get(chain);
    const isLike = policy === chain.policy && bodies?.length === rules.length;
    return isLike && rules.every(({ body }, at) => body === bodies[at]);
  }

  #table(table: Table, texts: RuleTables): Table | null {
    const { name } = table;
    const known = this.#of(texts, name);
    let isChanged = false;
    const chains = new Map<string, Chain>();
    for (const text of texts.chains(name)) {
      const before = table.chains.get(text.name);
      if (before !== undefined && this.#isSame(before, text)) {
        chains.set(text.name, before);
        continue;
      }
      isChanged = true;
      const beforeBodies = before === undefined ? [] : (this.#bodies.get(before) ?? []);
      const rules: Rule[] = [];
      for (const { body } of text.rules) {
        const same = before?.rules[rules.length];
        if (same !== undefined && beforeBodies[rules.length] === body) {
          rules.push(same);
          continue;
        }
        const read = known.get(body);
        if (read === undefined) return null;
        const { header, matches, action, span } = read;
        const place = { table: name, chain: text.name, number: rules.length + 1, counters: null };
        const whose = texts.isBeside && texts.backend !== null ? { backend: texts.backend } : {};
        rules.push({ ...place, header, matches, action, span, ...whose });
      }
      const { packets, bytes, policy } = text;
      const chain: Chain = {
        ...{ name: text.name, table: name, policy, declared: true, counters: { packets, bytes }, rules },
        span: before?.span ?? null,
      };
      this.#bodies.set(
        chain,
        text.rules.map(({ body }) => body),
      );
      chains.set(text.name, chain);
    }
    return isChanged || chains.size !== table.chains.size ? { name, chains } : table;
  }
}

/** Which of the node's rule sets the texts are of. */
export function setOf(sets: Readonly<Record<Family, RuleSet>>, { family, backend }: RuleTables): RuleSet {
  const set = sets[family];
  return set.other !== undefined && set.backend !== backend ? set.other : set;
}
