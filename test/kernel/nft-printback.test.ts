/**
 * What the real nft lists of a broad list of rules, sets and objects: each form of its listing is read whole, printed back
 * as nft printed it, and what JSON says is what text says.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { canonicalTable } from '../../src/nft/canonical.js';
import type { NftRuleset } from '../../src/nft/model.js';
import { printRuleset } from '../../src/nft/print.js';
import { contentOf, readNftText } from '../support/nft-reading.js';
import { whyNoKernel } from './available.js';
import { RealNft, tableCommands } from './nft-listing/real-nft.js';
import { rulesOf } from './nft-listing/rules.js';
import { declarations } from './nft-listing/sets.js';

const reason = whyNoKernel() ?? (spawnSync('nft', ['--version']).status === 0 ? null : 'not installed: nft');

/** What needs parts of the kernel that not every one has. */
const MAY_BE_REFUSED =
  /^(?:queue|flowtable ft|flow add|socket cgroupv2|update @dyn \{ tcp dport ct count|ct expectation set)/;
/** As before, in the tables of bridges. */
const MAY_BE_REFUSED_IN_BRIDGES = /^(?:meta ibr|meta obr|reject|ct state)/;

function chain(rule: string, at: number): string {
  return `chain r${String(at)} { ${rule}; }`;
}

function canonical({ tables }: NftRuleset): string {
  return tables.map(canonicalTable).join('');
}

/** Priorities of base chains as numbers, as -n has them, and as names. */
function withoutPriorities(text: string): string {
  return text.replace(/ priority [^;]+;/g, ' priority;');
}

function withoutHandles(text: string): string {
  return text.replace(/ # handle \d+$/gm, '');
}

/** -s leaves out what a rule counted, which is then 0. */
function withoutCounts(text: string): string {
  return text.replace(/^(\t\t.*)\bcounter packets 0 bytes 0/gm, '$1counter');
}

function handlesOf({ tables }: NftRuleset): readonly string[] {
  return tables.flatMap(({ chains }) =>
    [...chains.values()].flatMap(({ name, handle, rules }) => [
      `${name} ${String(handle)}`,
      ...rules.map((rule) => `${name} ${String(rule.number)} ${String(rule.handle)}`),
    ]),
  );
}

if (reason !== null) {
  it(`is not compared with the real nft: ${reason}`, ({ skip }) => {
    skip(reason);
  });
} else {
  describe.each(['ip', 'ip6', 'inet', 'bridge', 'arp', 'netdev'] as const)(
    'a table of family %s',
    (family) => {
      let nft: RealNft;
      let refused: readonly string[] = [];
      let plain = '';

      beforeAll(() => {
        nft = new RealNft();
        const wrap = (lines: readonly string[]): string => tableCommands(family, lines);
        refused = [
          ...nft.loadLines(declarations(family), wrap),
          ...nft.loadLines(rulesOf(family).map(chain), wrap),
        ];
        plain = nft.list('list', 'ruleset');
      });
      afterAll(() => nft.close());

      it('takes everything but what this kernel may not have', () => {
        const known = family === 'bridge' ? MAY_BE_REFUSED_IN_BRIDGES : MAY_BE_REFUSED;
        const bodies = refused.map((line) => /^chain r\d+ \{ (.*); \}$/.exec(line)?.[1] ?? line);
        expect(bodies.filter((line) => !known.test(line))).toEqual([]);
      });

      it('prints back as nft prints it, and that reads as the same', () => {
        const { ruleset, findings } = readNftText(plain);
        expect(findings).toEqual([]);
        const printed = printRuleset(ruleset);
        expect(printed).toBe(plain);
        const rules = ruleset.tables.flatMap(({ chains }) =>
          [...chains.values()].flatMap((one) => one.rules),
        );
        expect(rules.length).toBeGreaterThan(rulesOf(family).length / 2);
        expect(rules.filter(({ statements }) => statements.some(({ kind }) => kind === 'opaque'))).toEqual(
          [],
        );
        expect(contentOf(readNftText(printed).ruleset)).toBe(contentOf(ruleset));
      });

      it('reads with handles, numbers alone, and without counts', () => {
        const handles = nft.list('-a', 'list', 'ruleset');
        expect(readNftText(handles).findings).toEqual([]);
        expect(printRuleset(readNftText(handles).ruleset)).toBe(withoutHandles(handles));
        const numeric = nft.list('-n', 'list', 'ruleset');
        expect(readNftText(numeric).findings).toEqual([]);
        expect(withoutPriorities(printRuleset(readNftText(numeric).ruleset))).toBe(
          withoutPriorities(numeric),
        );
        const stateless = nft.list('-s', 'list', 'ruleset');
        expect(readNftText(stateless).findings).toEqual([]);
        expect(withoutCounts(printRuleset(readNftText(stateless).ruleset))).toBe(withoutCounts(stateless));
        const same = canonical(readNftText(plain).ruleset);
        for (const other of [handles, numeric, stateless])
          expect(canonical(readNftText(other).ruleset)).toBe(same);
      });

      it('is the same in JSON', () => {
        const text = readNftText(nft.list('-a', 'list', 'ruleset')).ruleset;
        const json = readNftText(nft.list('-j', 'list', 'ruleset'));
        expect(json.findings).toEqual([]);
        expect(canonical(json.ruleset)).toBe(canonical(text));
        expect(handlesOf(json.ruleset)).toEqual(handlesOf(text));
        const objects = ({ tables }: NftRuleset): readonly string[] =>
          tables.flatMap((table) => table.objects.map((one) => `${one.type} ${one.name}\n${one.text}`));
        expect(objects(json.ruleset)).toEqual(objects(text));
        expect(contentOf(readNftText(printRuleset(json.ruleset)).ruleset)).toBe(contentOf(json.ruleset));
      });
    },
  );

  describe('the tables of iptables-nft', () => {
    let nft: RealNft;
    beforeAll(() => (nft = new RealNft()));
    afterAll(() => nft.close());

    it('are read whole, with the words that nft has for their rules, and known to be its own', () => {
      const save = readFileSync(new URL('nft-listing/iptables-rules.txt', import.meta.url), 'utf8');
      const rules = save.split('\n').filter((line) => line.startsWith('-A'));
      const refused = nft.restore(save);
      expect(refused.filter((line) => !/-m set|NFQUEUE|-m recent|-m connlimit/.test(line))).toEqual([]);
      const text = nft.list('list', 'ruleset');
      const { ruleset, findings } = readNftText(text);
      expect(findings).toEqual([]);
      expect(ruleset.tables.map(({ managed }) => managed)).toEqual([true, true, true, true]);
      const chains = ruleset.tables.flatMap((one) => [...one.chains.values()]);
      const read = chains.reduce((sum, one) => sum + one.rules.length, 0);
      expect(read).toBe(rules.length - refused.length);
      const printed = printRuleset(ruleset);
      expect(printed).not.toContain('#');
      expect(contentOf(readNftText(printed).ruleset)).toBe(contentOf(ruleset));
      const json = readNftText(nft.list('-j', 'list', 'ruleset'));
      expect(json.findings).toEqual([]);
      expect(json.ruleset.tables.map(({ managed }) => managed)).toEqual([true, true, true, true]);
    });

    it('have chains of any name', () => {
      const names = [
        'a{b',
        'a;b',
        'a"b',
        'a,b',
        'a#b',
        'a:b',
        '@x',
        '{',
        'a}',
        '"q"',
        "it's",
        'a\\b',
        '*',
        '$a',
        'type',
      ];
      const other = new RealNft();
      onTestFinished(() => other.close());
      const lines = names.map((name) => `:${name} - [0:0]\n-A FORWARD -j ${name.replace(/["\\]/g, '\\$&')}`);
      other.restore(`*filter\n${lines.join('\n')}\n`);
      const text = other.list('list', 'ruleset');
      expect(text.match(/ jump /g)?.length).toBeGreaterThan(10);
      expect(readNftText(text).findings).toEqual([]);
      expect(printRuleset(readNftText(text).ruleset)).toBe(text);
    });
  });
}
