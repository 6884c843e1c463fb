/**
 * Reads the table that stands beside an extension, `<name>.spec.txt`. The form is described in test/extensions.test.ts.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Family } from '../../src/address/address.js';
import { TABLES } from '../../src/iptables/model.js';
import type { TableName } from '../../src/iptables/view.js';

/** Where a row's rule stands: null when the extension's own placement decides. */
export interface Place {
  readonly table: TableName | null;
  readonly chain: string | null;
}

/** `rule ; canonical ; OK` or `rule ; ; FAIL`. */
export interface FormRow {
  readonly line: number;
  readonly place: Place;
  readonly rule: string;
  /** Canonical text; null for FAIL. */
  readonly canonical: string | null;
  /** Null: all families of the extension. */
  readonly family: Family | null;
  /** The only variant of iptables that behaves so; null: both. */
  readonly backend: 'legacy' | 'nft' | null;
}

/** `rule | packet | result [| reason]`. */
export interface PacketRow {
  readonly line: number;
  readonly place: Place;
  readonly rule: string;
  readonly packet: string;
  readonly result: string;
  readonly reason: string | null;
}

export interface Spec {
  readonly kind: 'match' | 'target';
  /** File name without `.spec.txt`. */
  readonly name: string;
  readonly file: string;
  readonly forms: readonly FormRow[];
  readonly packets: readonly PacketRow[];
  /** Results that the file says no packet can have (`@never no`). */
  readonly never: ReadonlySet<string>;
  /** Words of `ipset` commands that must have run before the real tool accepts the rules. */
  readonly ipsets: readonly string[];
  /** Rules that must stand before the others in their chain. */
  readonly before: readonly string[];
  /** Kernels may be built without it (`@optional`): then the real tools refuse all of it. */
  readonly optional: boolean;
}

const src = join(dirname(fileURLToPath(import.meta.url)), '../../src/iptables');

function familyOf(word: string | undefined): Family | null {
  if (word === undefined || word === '') return null;
  if (word === '4') return 4;
  if (word === '6') return 6;
  throw new Error(`family is 4 or 6, not ${word}`);
}

function backendOf(word: string | undefined): 'legacy' | 'nft' | null {
  if (word === undefined) return null;
  if (word === 'legacy' || word === 'nft') return word;
  throw new Error(`backend is legacy or nft, not ${word}`);
}

function formRow(parts: readonly string[], line: number, place: Place): FormRow {
  const [rule = '', form = '', verdict = '', family, backend] = parts;
  if (verdict !== 'OK' && verdict !== 'FAIL') throw new Error(`expected OK or FAIL, not "${verdict}"`);
  if (verdict === 'OK' && form === '') throw new Error('an OK row needs its canonical text, or =');
  const canonical = verdict === 'FAIL' ? null : form === '=' ? rule : form;
  return { line, place, rule, canonical, family: familyOf(family), backend: backendOf(backend) };
}

function packetRow(parts: readonly string[], line: number, place: Place): PacketRow {
  const [rule = '', packet = '', result = '', reason = null] = parts;
  if (result === '') throw new Error('a packet row needs a result');
  return { line, place, rule, packet, result, reason };
}

const cells = (text: string, separator: string): string[] => text.split(separator).map((cell) => cell.trim());

interface Draft {
  readonly forms: FormRow[];
  readonly packets: PacketRow[];
  readonly never: Set<string>;
  readonly ipsets: string[];
  readonly before: string[];
  optional: boolean;
  place: Place;
}

function header(text: string, draft: Draft): void {
  const [word = '', ...rest] = text.split(/\s+/);
  const value = rest.join(' ');
  if (word === '@chain') draft.place = { ...draft.place, chain: value };
  else if (word === '@table')
    draft.place = { table: TABLES.find((name) => name === value) ?? null, chain: null };
  else if (word === '@never') draft.never.add(value);
  else if (word === '@ipset') draft.ipsets.push(value);
  else if (word === '@before') draft.before.push(value);
  else if (word === '@optional') draft.optional = true;
  else throw new Error(`unknown header ${word}`);
}

/** Reads one table. @throws Error with file and line where it is not in the form */
export function readSpec(kind: 'match' | 'target', name: string, file: string, text: string): Spec {
  const draft: Draft = {
    forms: [],
    packets: [],
    never: new Set(),
    ipsets: [],
    before: [],
    optional: false,
    place: { table: null, chain: null },
  };
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    try {
      if (line.startsWith('@')) header(line, draft);
      else if (/ \|( |$)/.test(line)) draft.packets.push(packetRow(cells(line, ' |'), at + 1, draft.place));
      else draft.forms.push(formRow(cells(line, ' ;'), at + 1, draft.place));
    } catch (error) {
      throw new Error(
        `${file}:${String(at + 1)}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }
  return {
    kind,
    name,
    file,
    forms: draft.forms,
    packets: draft.packets,
    never: draft.never,
    ipsets: draft.ipsets,
    before: draft.before,
    optional: draft.optional,
  };
}

/** File names without their ending. */
function stems(kind: 'match' | 'target', ending: string): string[] {
  return readdirSync(join(src, kind))
    .filter((name) => name.endsWith(ending) && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

/** Names of the extensions in a folder, and of the tables beside them. */
export function folder(kind: 'match' | 'target'): {
  readonly sources: readonly string[];
  readonly tables: readonly string[];
} {
  return { sources: stems(kind, '.ts'), tables: stems(kind, '.spec.txt') };
}

/** All tables of both folders. */
export function allSpecs(): Spec[] {
  return (['match', 'target'] as const).flatMap((kind) =>
    folder(kind).tables.map((name) => {
      const file = `src/iptables/${kind}/${name}.spec.txt`;
      return readSpec(kind, name, file, readFileSync(join(src, kind, `${name}.spec.txt`), 'utf8'));
    }),
  );
}
