/** Listings of real nodes: every rule is there, and nothing in them is unknown but what is named here. */
import { describe, expect, it } from 'vitest';
import { isListed } from '../../src/iptables/listed.js';
import type { RuleSet } from '../../src/iptables/model.js';
import { printRule } from '../../src/iptables/print.js';
import { readIptables } from '../../src/snapshot/iptables.js';
import { listingFamily } from '../../src/snapshot/listing/family.js';
import { sameRule } from '../../src/snapshot/listing/same-rule.js';
import { type Section, sectionsOf } from '../../src/snapshot/sections.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { folders } from './folders.js';

/** Lines of rules: a protocol between a target and two addresses, or counters before IPv6 addresses. */
const RULE =
  /^\s*(?:\d+\s+)?(?:\d+[KMGT]?\s+\d+[KMGT]?\s+)?(?:\S+\s+)?!?[a-z0-9-]+\s+(?:--|-f|!f)\s+(?:\S+\s+\S+\s+)?\S*[a-z0-9]|^\s*(?:\d+\s+)?\d+[KMGT]?\s+\d+[KMGT]?\s.*::/;

/** What people hid before they published a dump, and names that differ between nodes, by the text that stands there. */
const OPEN = [/MAC XX:XX:XX/, /dpt:http-alt|spt:http-alt/, /owner [UG]ID match [a-z]/, /to:\S+\.\.\./];

function readSection({ source }: Section): { readonly ruleSet: RuleSet; readonly findings: Diagnostics } {
  const findings = new Diagnostics();
  const family = listingFamily(source.text) ?? 4;
  return { ruleSet: readIptables([{ source, family, table: null, listing: true }], findings), findings };
}

const rulesOf = (ruleSet: RuleSet): ReturnType<typeof printRule>[] =>
  [...ruleSet.tables.values()].flatMap(({ chains }) =>
    [...chains.values()].flatMap(({ rules }) =>
      rules.map((rule) => rule.span.source.text.slice(rule.span.start, rule.span.end)),
    ),
  );

const listings = folders.flatMap(({ name, files }) =>
  files.flatMap((file) =>
    sectionsOf(file.name, file.text)
      .filter(({ kind }) => kind === 'iptables -L')
      .map((section) => ({ where: `${name}/${file.name}:${String(section.source.firstLine)}`, section })),
  ),
);

if (listings.length === 0)
  it('has no listings', () => {
    expect(listings).toEqual([]);
  });
else
  it.each(listings)('$where: no rule is lost or unknown', ({ section }) => {
    const { ruleSet, findings } = readSection(section);
    // A chain that is listed twice is kept once.
    const kept = new Set(rulesOf(ruleSet).map((line) => line.trim()));
    const lines = section.source.text.split('\n').filter((line) => RULE.test(line));
    expect(lines.map((line) => line.trim()).filter((line) => !kept.has(line))).toEqual([]);
    const unknown = findings.list
      .filter(({ code }) => /^(?:VAL_|RULE_LISTING_(?:TEXT|LINE|HIDES|NO_CHAIN))/.test(code))
      .flatMap(({ span }) => span?.source.text.slice(span.start, span.end) ?? []);
    expect(unknown.filter((line) => !OPEN.some((pattern) => pattern.test(line)))).toEqual([]);
  });

/** A listing with the -S of the same table right behind it, as documents have them. */
const pairs = folders
  .filter(({ name }) => name.startsWith('c-48'))
  .flatMap(({ files }) =>
    files.flatMap(({ name, text }) => {
      const sections = sectionsOf(name, text);
      return sections.flatMap((listing, at) => {
        const rules = sections[at + 1];
        return listing.kind === 'iptables -L' && rules?.kind === 'iptables'
          ? [{ where: `${name}:${String(listing.source.firstLine)}`, listing, rules }]
          : [];
      });
    }),
  );

if (pairs.length > 0)
  describe.each(pairs)('$where: a listing and the rules of the same table', ({ listing, rules }) => {
    const listed = readSection(listing).ruleSet;
    const printed = readIptables([{ source: rules.source, family: 4, table: null }], new Diagnostics());

    it('are equal', () => {
      expect([...listed.tables.keys()]).toEqual([...printed.tables.keys()]);
      for (const [name, table] of printed.tables)
        for (const chain of table.chains.values()) {
          const theirs = listed.tables.get(name)?.chains.get(chain.name)?.rules ?? [];
          expect([chain.name, theirs.length]).toEqual([chain.name, chain.rules.length]);
          for (const [at, rule] of chain.rules.entries()) {
            const other = theirs[at];
            if (other === undefined) continue;
            if (other.matches.some(isListed)) expect(sameRule(rule, other)).toBe(true);
            else expect(printRule(other)).toBe(printRule(rule));
          }
        }
    });
  });
