/**
 * Takes the tables beside the extensions to the real tools: every OK row must be accepted and printed in its canonical
 * form, every FAIL row refused, by the legacy and by the nft variant, in a network namespace of this test's own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import { BUILTIN_CHAINS } from '../../src/iptables/model.js';
import { EXTENSIONS } from '../../src/iptables/registry.js';
import { type FullPlace, placeOf } from '../support/rule.js';
import { allSpecs } from '../support/spec.js';
import { whyNoKernel } from './available.js';

type Backend = 'legacy' | 'nft';

/** A form row at one place, in one family. */
interface Case {
  readonly where: string;
  readonly place: FullPlace;
  readonly family: Family;
  readonly backend: Backend | null;
  readonly rule: string;
  readonly canonical: string | null;
  /** Rules that must stand before it. */
  readonly before: readonly string[];
  /** The table's name when kernels may be built without the extension, else null. */
  readonly optional: string | null;
}

const namespace = `natwalk-spec-${String(process.pid)}`;
const reason = whyNoKernel();
const specs = allSpecs();
const locks = reason === null ? mkdtempSync(join(tmpdir(), 'natwalk-spec-')) : '';

const cases: readonly Case[] = specs.flatMap((spec) => {
  const extension = (spec.kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets).find(
    (one) => one.name === spec.name,
  );
  if (extension === undefined) return [];
  return spec.forms.flatMap((row) =>
    (row.family === null ? extension.families : [row.family]).map((family) => ({
      where: `${spec.file}:${String(row.line)}`,
      place: placeOf(row.place, extension),
      family,
      backend: row.backend,
      rule: row.rule,
      canonical: row.canonical,
      before: spec.before,
      optional: spec.optional ? spec.file : null,
    })),
  );
});

function inNamespace(
  command: readonly string[],
  input = '',
): { readonly ok: boolean; readonly out: string; readonly err: string } {
  // A lock file of its own: other namespaces of the machine must not make the tool wait or fail.
  const env = { ...process.env, XTABLES_LOCKFILE: join(locks, 'xtables.lock') };
  const done = spawnSync('ip', ['netns', 'exec', namespace, ...command], { input, env, encoding: 'utf8' });
  return { ok: done.status === 0, out: done.stdout, err: done.stderr.trim() };
}

const tool = (family: Family, backend: Backend, what: 'restore' | 'save'): string =>
  `${family === 4 ? 'iptables' : 'ip6tables'}-${backend}-${what}`;

/** Loads rules into one table, replacing what was there. @returns an error text, or the `-A` lines that save prints */
function load(rows: readonly Case[], backend: Backend): string | string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { table } = first.place;
  const own = [...new Set(rows.map((row) => row.place.chain))].filter(
    (chain) => !BUILTIN_CHAINS[table].some((hook) => hook === chain),
  );
  const before = [
    ...new Set(rows.flatMap((row) => row.before.map((rule) => `-A ${row.place.chain} ${rule}`))),
  ];
  const lines = [
    `*${table}`,
    ...own.map((chain) => `:${chain} - [0:0]`),
    ...before,
    ...rows.map((row) => `-A ${row.place.chain} ${row.rule}`),
    'COMMIT',
  ];
  const loaded = inNamespace([tool(first.family, backend, 'restore')], `${lines.join('\n')}\n`);
  if (!loaded.ok) return loaded.err === '' ? 'refused' : loaded.err;
  const saved = inNamespace([tool(first.family, backend, 'save'), '-t', table]);
  return saved.out.split('\n').filter((line) => line.startsWith('-A ') && !before.includes(line));
}

const expected = (row: Case): string => `-A ${row.place.chain} ${row.canonical ?? ''}`.trimEnd();

/** What is wrong with one row, alone in its table; '' when nothing is. */
function judge(row: Case, backend: Backend): string {
  const got = load([row], backend);
  if (row.canonical === null) return typeof got === 'string' ? '' : `${row.where}: accepted: ${row.rule}`;
  if (typeof got === 'string') return `${row.where}: refused: ${row.rule}: ${got}`;
  return got.join(' / ') === expected(row) ? '' : `${row.where}: ${got.join(' / ')}, not ${expected(row)}`;
}

/** Rows of one table and chain at once, since save prints chain by chain; one by one when anything differs. */
function accepted(rows: readonly Case[], backend: Backend): string[] {
  const groups = new Map<string, Case[]>();
  for (const row of rows) {
    const key = `${row.place.table} ${row.place.chain}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const got = load(group, backend);
    if (typeof got !== 'string' && got.join('\n') === group.map(expected).join('\n')) return [];
    return group.map((row) => judge(row, backend)).filter((wrong) => wrong !== '');
  });
}

/** The rows of each table that kernels may be built without. */
function optionalTables(rows: readonly Case[]): ReadonlyMap<string, readonly Case[]> {
  const tables = new Map<string, Case[]>();
  for (const row of rows)
    if (row.optional !== null) tables.set(row.optional, [...(tables.get(row.optional) ?? []), row]);
  return tables;
}

if (reason !== null) {
  it(`is not compared with the real tools: ${reason}`, ({ skip }) => {
    skip(reason);
  });
} else {
  describe('the tables of the extensions, by the real tools', () => {
    beforeAll(() => {
      expect(spawnSync('ip', ['netns', 'add', namespace]).status).toBe(0);
      for (const words of new Set(specs.flatMap((spec) => spec.ipsets)))
        expect(inNamespace(['ipset', ...words.split(' ')]), words).toMatchObject({ ok: true });
    });
    afterAll(() => {
      spawnSync('ip', ['netns', 'del', namespace]);
      rmSync(locks, { recursive: true });
    });

    for (const backend of ['legacy', 'nft'] as const) {
      for (const family of [4, 6] as const) {
        const mine = cases.filter((row) => row.family === family && (row.backend ?? backend) === backend);
        it(`${backend} prints every OK row in canonical form (IPv${String(family)})`, () => {
          const rows = mine.filter((row) => row.canonical !== null && row.optional === null);
          expect(rows.length).toBeGreaterThan(0);
          expect(accepted(rows, backend)).toEqual([]);
        });
        const optional = optionalTables(mine.filter((row) => row.canonical !== null));
        for (const [file, rows] of optional)
          it(`${backend} prints the OK rows of ${file} in canonical form (IPv${String(family)})`, ({
            skip,
          }) => {
            const first = load(rows.slice(0, 1), backend);
            if (typeof first === 'string') skip(`this kernel does not take its first rule: ${first}`);
            expect(accepted(rows, backend)).toEqual([]);
          });
        it(`${backend} refuses every FAIL row (IPv${String(family)})`, () => {
          const rows = mine.filter((row) => row.canonical === null);
          expect(rows.length).toBeGreaterThan(0);
          expect(rows.map((row) => judge(row, backend)).filter((wrong) => wrong !== '')).toEqual([]);
        });
      }
    }
  });
}
