/** Listings as iptables -L prints them, for tests: the table test/listing/lines.txt, and texts around single lines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Family } from '../../src/address/address.js';
import type { Rule, RuleSet } from '../../src/iptables/model.js';
import type { TableName } from '../../src/iptables/view.js';
import { TABLES } from '../../src/iptables/model.js';
import { readIptables } from '../../src/snapshot/iptables.js';
import { type Diagnostic, Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';

/** The options that a row has a line for, in its order. */
export const WAYS = [[], ['-n'], ['-n', '-v'], ['-v', '-x', '--line-numbers']] as const;

/** A rule and its lines. */
export interface ListingRow {
  readonly family: Family;
  readonly table: TableName;
  readonly chain: string;
  /** As -S prints it, `-A CHAIN` included. */
  readonly rule: string;
  /** One for each of WAYS, without blanks at the end. */
  readonly lines: readonly string[];
}

/** Reads the table of rows. @throws Error where it is not in the form */
export function listingRows(): readonly ListingRow[] {
  const text = readFileSync(join(import.meta.dirname, '../listing/lines.txt'), 'utf8');
  const rows: (ListingRow & { readonly lines: string[] })[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# ')) continue;
    const head = /^(ip6?tables) -t (\S+) (-A (\S+).*)$/.exec(line);
    if (head !== null) {
      const [, tool, name, rule = '', chain = ''] = head;
      const table = TABLES.find((one) => one === name);
      if (table === undefined) throw new Error(`no such table: ${line}`);
      rows.push({ family: tool === 'iptables' ? 4 : 6, table, chain, rule, lines: [] });
    } else rows.at(-1)?.lines.push(line.slice(2));
  }
  return rows;
}

/** The line above the rules, for a way of listing. */
export function columnsOf(way: readonly string[]): string {
  const verbose = way.includes('-v');
  return [
    way.includes('--line-numbers') ? 'num  ' : '',
    verbose ? ' pkts bytes ' : '',
    'target     prot opt ',
    verbose ? 'in     out     ' : '',
    'source               destination         ',
  ].join('');
}

/** A chain with lines below it. */
export function chainOf(chain: string, way: readonly string[], lines: readonly string[]): string {
  const counters = way.includes('-v') ? ' 0 packets, 0 bytes' : '';
  return `Chain ${chain} (policy ACCEPT${counters})\n${columnsOf(way)}\n${lines.map((line) => `${line}\n`).join('')}\n`;
}

/** What a listing says. */
export interface ReadListing {
  readonly ruleSet: RuleSet;
  /** The rules of all chains, in their order. */
  readonly rules: readonly Rule[];
  readonly findings: readonly Diagnostic[];
}

/** Reads a listing of one table. */
export function readListed(text: string, family: Family, table: TableName | null): ReadListing {
  const diagnostics = new Diagnostics();
  const source = new SourceText('listing', text);
  const ruleSet = readIptables([{ source, family, table, listing: true }], diagnostics);
  const rules = [...ruleSet.tables.values()].flatMap(({ chains }) =>
    [...chains.values()].flatMap((chain) => chain.rules),
  );
  return { ruleSet, rules, findings: diagnostics.list };
}
