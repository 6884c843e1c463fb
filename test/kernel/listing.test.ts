/**
 * Listings by the real tools, of both variants and families: every line of test/listing/lines.txt is as they print it,
 * and whole tables of rules read back from `iptables -L`, with any options, as from `iptables -S` of the same.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import { hidesInterfaces, isListed } from '../../src/iptables/listed.js';
import { BUILTIN_CHAINS, type Rule, type RuleSet, TABLES } from '../../src/iptables/model.js';
import { printRule } from '../../src/iptables/print.js';
import { EXTENSIONS } from '../../src/iptables/registry.js';
import type { TableName } from '../../src/iptables/view.js';
import { readIptables } from '../../src/snapshot/iptables.js';
import { sameRule } from '../../src/snapshot/listing/same-rule.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';
import { type ListingRow, WAYS, listingRows, readListed } from '../support/listing.js';
import { placeOf } from '../support/rule.js';
import { allSpecs } from '../support/spec.js';
import { whyNoKernel } from './available.js';

type Backend = 'legacy' | 'nft';

const reason = whyNoKernel();
const namespace = `natwalk-listing-${String(process.pid)}`;
const locks = reason === null ? mkdtempSync(join(tmpdir(), 'natwalk-listing-')) : '';
const specs = allSpecs();

/** Every set of options that changes what is listed. */
const OPTIONS = [[], ['-n']].flatMap((numeric) =>
  [[], ['-v'], ['-v', '-x']].flatMap((verbose) =>
    [[], ['--line-numbers']].map((numbers) => [...numeric, ...verbose, ...numbers]),
  ),
);

function run(command: readonly string[], input = ''): { readonly ok: boolean; readonly out: string } {
  // A lock file of its own: other namespaces of the machine must not make the tool wait or fail.
  const env = { ...process.env, XTABLES_LOCKFILE: join(locks, 'xtables.lock') };
  const done = spawnSync('ip', ['netns', 'exec', namespace, ...command], {
    input,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { ok: done.status === 0, out: done.stdout };
}

const tool = (family: Family, backend: Backend): string =>
  `${family === 4 ? 'iptables' : 'ip6tables'}-${backend}`;

function restore(
  family: Family,
  backend: Backend,
  table: TableName,
  rules: readonly string[],
  chains: readonly string[],
): boolean {
  const own = chains.filter((chain) => !BUILTIN_CHAINS[table].some((hook) => hook === chain));
  const lines = [`*${table}`, ...new Set(own.map((chain) => `:${chain} - [0:0]`)), ...rules, 'COMMIT', ''];
  return run([`${tool(family, backend)}-restore`], lines.join('\n')).ok;
}

/** Rules of several matches and a target, with a header: what one prints must not be taken for a part of the next. */
function mixedRules(family: Family, count: number): readonly string[] {
  const parts = (kind: 'match' | 'target'): readonly string[] =>
    specs
      .filter((spec) => spec.kind === kind && !spec.optional && spec.ipsets.length + spec.before.length === 0)
      .flatMap((spec) => {
        const extension = (kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets).find(
          ({ name }) => name === spec.name,
        );
        const { tables, hooks } = extension?.placement ?? {};
        const anywhere = hooks === undefined && (tables === undefined || tables.includes('filter'));
        if (!anywhere || extension?.families.includes(family) !== true) return [];
        return spec.forms
          .filter((row) => row.place.table === null && row.place.chain === null && row.backend === null)
          .filter((row) => row.canonical !== null && (row.family ?? family) === family)
          .map(({ rule }) => rule)
          .filter((rule) => !rule.includes('\\\\'.repeat(60)));
      });
  const [network, host] = family === 4 ? ['10.0.0.0/8', '192.0.2.1'] : ['fd00::/8', '2001:db8::1'];
  const rule = fc
    .tuple(
      fc.subarray([`-s ${network}`, `! -d ${host}`, '-i eth+', '! -o lo']),
      fc.array(fc.constantFrom(...parts('match')), { minLength: 2, maxLength: 4 }),
      fc.constantFrom('', '-j U', '-g U', ...parts('target')),
    )
    .map(([header, matches, target]) => {
      const names = new Set<string>();
      let protocol = '';
      const kept = [...matches, target].filter((one) => {
        const own = /(?:^| )((?:! )?-p \S+)/.exec(one)?.[1] ?? '';
        const name = /-[mj] (\S+)/.exec(one)?.[1] ?? one;
        // A protocol once, and each match once: iptables-nft merges what is there twice.
        if (names.has(name) || (own !== '' && protocol !== '')) return false;
        names.add(name);
        protocol ||= own;
        return true;
      });
      return [...header, ...kept].join(' ').trim();
    });
  return fc.sample(rule, { numRuns: count, seed: 11 + family });
}

interface Placed {
  readonly table: TableName;
  readonly chain: string;
  readonly rules: readonly string[];
}

/** The rules of the extensions' tables that stand in one family and backend, each extension's by itself. */
function placedRules(family: Family, backend: Backend): readonly Placed[] {
  return specs.flatMap((spec) => {
    const extension = (spec.kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets).find(
      ({ name }) => name === spec.name,
    );
    if (spec.optional || extension?.families.includes(family) !== true) return [];
    return spec.forms
      .filter((row) => row.canonical !== null)
      .filter((row) => (row.family ?? family) === family && (row.backend ?? backend) === backend)
      .map((row) => {
        const { table, chain } = placeOf(row.place, extension);
        return { table, chain, rules: [...spec.before, row.rule].map((rule) => `-A ${chain} ${rule}`) };
      });
  });
}

function save(text: string, family: Family): RuleSet {
  const source = new SourceText('save', text);
  return readIptables([{ source, family, table: null }], new Diagnostics());
}

function rulesOf(ruleSet: RuleSet, table: TableName): ReadonlyMap<string, readonly Rule[]> {
  const chains = [...(ruleSet.tables.get(table)?.chains.values() ?? [])];
  return new Map(chains.map((chain) => [chain.name, chain.rules]));
}

/** Printed by the tools in ways that nobody could read back. */
function isUnreadable(rule: string, backend: Backend): boolean {
  // iptables-nft prints nothing at all for it, and both run over the end of a full comment.
  return (backend === 'nft' && rule.includes('-m eui64')) || rule.includes('\\\\'.repeat(128));
}

/** What a listing with these options may leave open. */
function mayBeOpen(rule: string, options: readonly string[]): boolean {
  if (/-m (?:hashlimit|quota|osf) /.test(rule)) return true;
  return !options.includes('-n') && /--[ug]id-owner [1-9]/.test(rule);
}

/** Where a listing reads back as other rules than a save, for each set of options. */
function compareTable(family: Family, backend: Backend, table: TableName): readonly string[] {
  const wrong: string[] = [];
  const saved = rulesOf(save(run([`${tool(family, backend)}-save`, '-t', table]).out, family), table);
  for (const options of OPTIONS) {
    const text = run([tool(family, backend), '-t', table, '-L', ...options]).out;
    const { ruleSet, findings } = readListed(text, family, table);
    const listed = rulesOf(ruleSet, table);
    for (const { severity, code } of findings)
      if (severity === 'error') wrong.push(`${options.join(' ')}: ${code}`);
    expect([...listed.keys()].sort()).toEqual([...saved.keys()].sort());
    for (const [chain, own] of saved) {
      const theirs = listed.get(chain) ?? [];
      expect([chain, theirs.length]).toEqual([chain, own.length]);
      for (const [at, rule] of own.entries()) {
        const other = theirs[at];
        const printed = printRule(rule);
        if (other === undefined || isUnreadable(printed, backend)) continue;
        const open = other.matches.some((match) => isListed(match) && !hidesInterfaces(match));
        const expected = open ? mayBeOpen(printed, options) : sameRule(rule, other);
        if (!expected) wrong.push(`${options.join(' ')}: ${printed}\n  ${printRule(other)}`);
      }
    }
  }
  return wrong;
}

if (reason !== null) {
  it(`is not compared with the real tools: ${reason}`, ({ skip }) => {
    skip(reason);
  });
} else {
  beforeAll(() => {
    expect(spawnSync('ip', ['netns', 'add', namespace]).status).toBe(0);
    for (const words of new Set(specs.flatMap((spec) => spec.ipsets)))
      expect(run(['ipset', ...words.split(' ')]), words).toMatchObject({ ok: true });
  });
  afterAll(() => {
    spawnSync('ip', ['netns', 'del', namespace]);
    rmSync(locks, { recursive: true });
  });

  it.each(['legacy', 'nft'] as const)('iptables-%s prints the lines of the table', (backend) => {
    // What some rules need before them in their chain.
    const before = specs.flatMap((spec) => spec.before.map((rule) => `-A INPUT ${rule}`));
    const chains = new Map<string, ListingRow[]>();
    for (const row of listingRows()) {
      const key = `${String(row.family)} ${row.table} ${row.chain}`;
      chains.set(key, [...(chains.get(key) ?? []), row]);
    }
    const wrong: string[] = [];
    for (const rows of chains.values()) {
      const [{ family, table, chain } = { family: 4, table: 'filter', chain: '' } as const] = rows;
      const first = table === 'filter' && chain === 'INPUT' && family === 4 ? before : [];
      const rules = rows.map(({ rule }) => rule);
      expect([rules, restore(family, backend, table, [...first, ...rules], [chain, 'U'])]).toEqual([
        rules,
        true,
      ]);
      for (const [at, way] of WAYS.entries()) {
        const lines = run([tool(family, backend), '-t', table, '-L', chain, ...way])
          .out.split('\n')
          .slice(2 + first.length);
        for (const [place, { rule, lines: expected }] of rows.entries()) {
          const got = (lines[place] ?? '').trimEnd();
          const line = way.some((option) => option === '--line-numbers')
            ? got.replace(/^\d+ +/, '1           ')
            : got;
          if (line !== expected[at]) wrong.push(`${rule}\n  ${line}\n  ${expected[at] ?? ''}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  describe.each(
    (['legacy', 'nft'] as const).flatMap((backend) =>
      ([4, 6] as const).map((family) => ({ backend, family, name: tool(family, backend) })),
    ),
  )('$name', ({ backend, family }) => {
    it('lists rules of many parts as it saves them', () => {
      // A rule that the kernel refuses beside its other parts is left out.
      const accepted = mixedRules(family, 150).filter((rule) =>
        restore(family, backend, 'filter', [`-A FORWARD ${rule}`], ['FORWARD', 'U']),
      );
      expect(accepted.length).toBeGreaterThan(80);
      const rules = accepted.map((rule) => `-A FORWARD ${rule}`);
      expect(restore(family, backend, 'filter', rules, ['FORWARD', 'U'])).toBe(true);
      expect(compareTable(family, backend, 'filter')).toEqual([]);
    });

    it.each(TABLES.filter((table) => table !== 'security'))('lists table %s as it saves it', (table) => {
      const placed = placedRules(family, backend).filter((one) => one.table === table);
      expect(placed.length).toBeGreaterThan(0);
      const rules = placed.flatMap((one) => one.rules);
      expect(
        restore(
          family,
          backend,
          table,
          rules,
          placed.map(({ chain }) => chain),
        ),
      ).toBe(true);
      expect(compareTable(family, backend, table)).toEqual([]);
    });
  });
}
