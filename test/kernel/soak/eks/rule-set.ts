/** Rules that are gathered chain by chain, and printed as iptables-save does. */
import { type Setting, saveHeader } from '../profile.js';

type Table = 'raw' | 'mangle' | 'filter' | 'nat';

const BUILTIN: Readonly<Record<Table, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
};

export class Rules {
  readonly #tables = new Map<Table, Map<string, string[]>>();

  /** Makes a chain that may stay empty. */
  chain(table: Table, name: string): void {
    const chains = this.#tables.get(table) ?? new Map(BUILTIN[table].map((hook) => [hook, []]));
    this.#tables.set(table, chains);
    if (!chains.has(name)) chains.set(name, []);
  }

  add(table: Table, chain: string, rule: string): void {
    this.chain(table, chain);
    this.#tables.get(table)?.get(chain)?.push(rule);
  }

  /** The whole dump. */
  text(setting: Setting): string {
    const parts = [...this.#tables].flatMap(([table, chains]) => {
      const names = [...chains.keys()];
      const policy = (name: string): string => (BUILTIN[table].includes(name) ? 'ACCEPT' : '-');
      return [
        `*${table}`,
        ...names.map((name) => `:${name} ${policy(name)} [0:0]`),
        ...names.flatMap((name) => (chains.get(name) ?? []).map((rule) => `-A ${name} ${rule}`)),
        'COMMIT',
      ];
    });
    return `${saveHeader(setting)}${parts.join('\n')}\n`;
  }
}
