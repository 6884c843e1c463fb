/** Tables of families that no reader here knows: what they see of packets, and where, is not known either. */
import type { NftUnknownTable } from '../model.js';
import { type NftFindings, brief } from './findings.js';

/** The beginning of a table, with its family. */
const HEAD =
  /^(?:add[ \t]{1,9})?table[ \t]{1,9}([a-z][a-z0-9_-]{0,30})[ \t]{1,9}([^\s{};]{1,255})[ \t]{0,9}\{/u;

/** Where the block that begins at the place ends: behind its last brace, or where another table begins. */
function endOfBlock(text: string, start: number): number {
  let depth = 0;
  for (let from = start; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(from, end);
    if (from > start && line.startsWith('table ')) return from;
    for (const [brace] of line.replace(/"[^"]*"|#.*$/gu, '').matchAll(/[{}]/gu))
      depth += brace === '{' ? 1 : -1;
    if (depth <= 0) return end;
    from = end + 1;
  }
  return text.length;
}

/** Collects them, and names each once. */
export class UnknownTables {
  readonly #findings: NftFindings;
  readonly #tables = new Map<string, NftUnknownTable>();
  #end = -1;

  constructor(findings: NftFindings) {
    this.#findings = findings;
  }

  /** In the order of the listing. */
  get list(): readonly NftUnknownTable[] {
    return [...this.#tables.values()];
  }

  /** @param text its block as listed; null where there is none */
  add(family: string, name: string, start: number, end: number, text: string | null = null): void {
    const table = brief(`${family} ${name}`);
    if (this.#tables.has(table)) return;
    this.#tables.set(table, { name: table, text });
    this.#findings.error('READ_NFT_FAMILY', start, end, { table });
  }

  /** Is the line that begins at the place one of such a table? */
  takes(text: string, start: number): boolean {
    if (start < this.#end) return true;
    const line = /^.{0,400}/u.exec(text.slice(start, start + 400))?.[0] ?? '';
    const [head, family, name] = HEAD.exec(line) ?? [];
    if (head === undefined || family === undefined || name === undefined) return false;
    this.#end = endOfBlock(text, start);
    this.add(family, name, start, start + head.length, text.slice(start, this.#end).trimEnd());
    return true;
  }
}
