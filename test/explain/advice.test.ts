/** `natwalk explain`: every code that can be met has its cause and what to do, in every language. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codes, explanationOf } from '../../src/explain/advice.js';
import { en } from '../../src/explain/messages/en/index.js';
import { LANGUAGES, type MessageId, isMessageId } from '../../src/explain/messages/index.js';
import { widthOf } from '../../src/explain/width.js';
import { natwalk } from '../support/cli.js';

const ids = Object.keys(en) as MessageId[];

/** Ids by their kind: findings, and what stands under "code" in JSON. */
const isCode = (id: string): boolean =>
  /^(?:ASM|CHECK_FAIL|NO|PKT|PR|UNK|VAL|SETTLED)_(?!BY$)/.test(id) || /^DROP_(?!BY_)/.test(id);

/** Begin as codes do, and are words of an answer. */
const WORDS = new Set(['NO_RULE_HAS_ROUTE', 'NO_POLICY_RULE']);

/** Words that rooms below the views name for views: what a router did, what a place is called. */
const NAMED =
  /^(?:LINT_(?:AT|UNSHOWN)_|PATH_(?:ROUTED|PUBLIC|PRIVATE|NATTED|UNNATTED|BALANCED\w*|WRAPPED|UNWRAPPED|RECEIVED|RESTS|RULE|HANDLE|END|POLICY|COUNT)$|CHECK_(?:WORD|DRAWN|COUNT|COVERAGE|SLICE|EXPECTED|GOT|DECIDED|TRY|PACKET)|DIFF_)/;

/** Everything that rooms other than the views, the labs and the command line give by an id. */
function given(): ReadonlySet<string> {
  const source = join(import.meta.dirname, '../../src');
  const rooms = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['cli', 'explain', 'generated', 'labs'].includes(entry.name))
    .map(({ name }) => name);
  const found = new Set<string>();
  for (const room of rooms)
    for (const name of readdirSync(join(source, room), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name.startsWith('report')) continue;
      const text = readFileSync(join(source, room, name), 'utf8');
      for (const [, id = ''] of text.matchAll(/['"`]([A-Z]{2,}_[A-Za-z0-9_]+)['"`]/g))
        if (isMessageId(id)) found.add(id);
    }
  return found;
}

describe.each(LANGUAGES)('in %s', (language) => {
  it.each(ids.filter((id) => !id.startsWith('ADVICE_') && (typeof en[id] !== 'string' || isCode(id))))(
    '%s has its words, its cause and what to do',
    (id) => {
      if (WORDS.has(id)) return;
      const found = explanationOf(id, language);
      for (const part of [found?.text, found?.why, found?.do]) expect(part ?? '').toMatch(/\S/);
    },
  );

  it('has them of whatever a walk, a check or a reader gives by an id', () => {
    const lacking = [...given()].filter((id) => !NAMED.test(id) && explanationOf(id, language) === null);
    expect(lacking).toEqual([]);
  });

  it.each([20, 40, 80, 100])('says them within %i cells', async (columns) => {
    for (const code of [
      'UNK_BPF',
      'READ_EMPTY',
      'PATH_NO_TARGET',
      'CHECK_FAIL_NO_GOLDEN',
      'DROP_jump-loop',
    ]) {
      const { out, status } = await natwalk(['explain', code, '--lang', language], {
        terminal: true,
        columns,
        env: { NO_COLOR: '1' },
      });
      expect(status).toBe(0);
      for (const line of out.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
  });
});

describe('natwalk explain', () => {
  it('says what, why and what to do', async () => {
    const { out } = await natwalk(['explain', 'UNK_NO_SET']);
    expect(out).toBe(
      [
        'UNK_NO_SET  open: what a set or map holds',
        'what  set {set} is not in the snapshot; it holds the packet: {answer}',
        'why   a dump of it is missing, cut or could not be read in full',
        'do    add the output of `ipset save`, and of `nft -a list ruleset` for sets of nftables',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['unk_no_set', 'UNK_NO_SET'],
    [' READ_EMPTY ', 'READ_EMPTY'],
    ['rp_filter', 'DROP_rp_filter'],
    ['jump-loop', 'DROP_jump-loop'],
  ])('takes %j for %s', async (typed, code) => {
    expect((await natwalk(['explain', typed])).out.split(/\s/)[0]).toBe(code);
  });

  it.each(['DIFF_NODES', 'ADVICE_SETS', 'constructor', '', '\u001b[31mX', 'X'.repeat(100_000)])(
    'refuses what is no code, and names near ones: %#',
    async (typed) => {
      const { status, out, err } = await natwalk(['explain', typed]);
      expect([status, out]).toEqual([2, '']);
      expect(err).toContain('EXPLAIN_UNKNOWN');
      expect(err).not.toContain('\u001b');
      expect(err.length).toBeLessThan(3000);
    },
  );

  it('names the code that a slip of the finger meant', async () => {
    expect((await natwalk(['explain', 'UNK_NO_STE'])).err).toContain('UNK_NO_SET');
  });

  it('lists no code twice', () => {
    expect(new Set(codes()).size).toBe(codes().length);
  });
});
