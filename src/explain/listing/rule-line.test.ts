/** Lines of `iptables -L -n -v`, held to the table of those that the real tools print. */
import { describe, expect, it } from 'vitest';
import { listingRows } from '../../../test/support/listing.js';
import { readIptables } from '../../snapshot/iptables.js';
import { Diagnostics } from '../../source/diagnostic.js';
import { SourceText } from '../../source/source.js';
import { MATCH_WORDS } from './matches.js';
import { countText, ruleLine } from './rule-line.js';
import { TARGET_WORDS } from './targets.js';

const rows = listingRows().map((row) => {
  const text = `*${row.table}\n:U - [0:0]\n${row.rule}\nCOMMIT\n`;
  const set = readIptables(
    [{ source: new SourceText('save', text), family: row.family, table: null }],
    new Diagnostics(),
  );
  const rule = set.tables.get(row.table)?.chains.get(row.chain)?.rules[0];
  if (rule === undefined) throw new Error(row.rule);
  return { ...row, parsed: rule };
});

/** Does the row have only matches and targets that have words here? */
const isWorded = ({ parsed: { matches, action } }: (typeof rows)[number]): boolean =>
  matches.every((match) => 'opaque' in match || MATCH_WORDS.has(match.extension.name)) &&
  (action.kind !== 'target' || TARGET_WORDS.has(action.target.extension.name));

describe('a line of the listing', () => {
  it.each(rows.filter(isWorded).map((row) => [row.rule, row] as const))('%s', (_rule, row) => {
    const line = ruleLine(row.parsed, { packets: 0, bytes: 0 }, row.family);
    expect(line.trimEnd()).toBe((row.lines[2] ?? '').trimEnd());
  });

  it('is of every extension that rules of container networks use, and has the words of -S for others', () => {
    expect(rows.filter(isWorded).length).toBeGreaterThan(150);
    const other = rows.find(({ rule }) => rule.includes('-m cgroup --cgroup 1'));
    if (other === undefined) throw new Error('no such row');
    expect(ruleLine(other.parsed, { packets: 1, bytes: 60 }, 4)).toMatch(
      /^ {4}1 {4}60 .* -m cgroup --cgroup 1$/,
    );
  });
});

describe('a count', () => {
  it.each([
    [0, '0'],
    [99_999, '99999'],
    [100_000, '100K'],
    [9_999_499, '9999K'],
    [9_999_500, '10M'],
    [12_345_678_901, '12G'],
  ])('%d is %s', (count, text) => {
    expect(countText(count)).toBe(text);
  });
});
