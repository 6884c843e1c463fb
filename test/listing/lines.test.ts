/** Every line of the table test/listing/lines.txt reads back as its rule, or says what it does not show. */
import { describe, expect, it } from 'vitest';
import { isListed } from '../../src/iptables/listed.js';
import { printRule } from '../../src/iptables/print.js';
import { EXTENSIONS } from '../../src/iptables/registry.js';
import { WAYS, chainOf, listingRows, readListed } from '../support/listing.js';
import { type ListingRow } from '../support/listing.js';

/** Findings that say that a listing shows less than a save. */
const LESS = ['RULE_LISTING_INTERFACES', 'RULE_LISTING_HIDES'];
/** About the chain or table around the line, which is not whole here. */
const AROUND = ['RULE_NO_POLICY', 'RULE_NO_CHAIN'];

/** What a listing hides of a rule, by the part that it prints. */
const HIDDEN = /-m (?:hashlimit|quota|osf) |-m owner .*(?:uid|gid)-owner [1-9]\d*(?= |$)/;

const withoutInterfaces = (rule: string): string => rule.replace(/ (?:! )?-[io] \S+/g, '');

/** A prefix that says which rows are of which extension. */
const rows = listingRows();

function expected({ rule }: ListingRow, way: readonly string[]): string {
  if (way.some((option) => option === '-v')) return rule;
  const [, chain = '', body = ''] = /^-A (\S+)(.*)$/.exec(withoutInterfaces(rule)) ?? [];
  const at = body.search(/ -[mjg] |$/);
  return `-A ${chain}${body.slice(0, at)} -m listing --without-interfaces${body.slice(at)}`;
}

describe.each(WAYS.map((way, at) => ({ name: ['iptables', '-L', ...way].join(' '), way, at })))(
  '$name',
  ({ way, at }) => {
    it.each(rows)('$rule', (row) => {
      const { rules, findings } = readListed(
        chainOf(row.chain, way, [row.lines[at] ?? '']),
        row.family,
        row.table,
      );
      const codes = findings.map(({ code }) => code).filter((code) => !AROUND.includes(code));
      expect(codes.filter((code) => !LESS.includes(code))).toEqual([]);
      expect(codes.includes('RULE_LISTING_INTERFACES')).toBe(!way.some((option) => option === '-v'));
      expect(rules).toHaveLength(1);
      if (codes.includes('RULE_LISTING_HIDES')) {
        expect(row.rule).toMatch(HIDDEN);
        expect(rules.every(({ matches }) => matches.some(isListed))).toBe(true);
      } else expect(rules.map(printRule)).toEqual([expected(row, way)]);
    });
  },
);

it('has every match and target that this kernel takes', () => {
  const named = new Set(
    rows.flatMap(({ rule }) => [...rule.matchAll(/ -[mj] (\S+)/g)].map(([, name]) => name)),
  );
  const missing = [...EXTENSIONS.matches, ...EXTENSIONS.targets]
    .map(({ name }) => name)
    .filter((name) => !named.has(name));
  // The kernel has no module for these, or the tools print them in ways that no line can hold; see other.test.ts.
  expect(missing.sort()).toEqual([
    'CLUSTERIP',
    'LED',
    'QUEUE',
    'SECMARK',
    'ULOG',
    'bpf',
    'eui64',
    'ipvs',
    'nfacct',
  ]);
});
