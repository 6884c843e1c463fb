/** `nft -j`: what the real tool's JSON does not show (it is compared in test/kernel), and JSON that is damaged. */
import { describe, expect, it } from 'vitest';
import { contentOf, readNftText } from '../../../test/support/nft-reading.js';
import { printRuleset } from '../print.js';

const listing = (...items: readonly unknown[]): string =>
  JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6', json_schema_version: 1 } }, ...items] });
const TABLE = { table: { family: 'ip', name: 't', handle: 1 } };
const rule = (...expr: readonly unknown[]): unknown => ({
  rule: { family: 'ip', table: 't', chain: 'c', handle: 2, expr },
});
const match = (left: unknown, right: unknown, op = '=='): unknown => ({ match: { op, left, right } });
const field = (protocol: string, name: string): unknown => ({ payload: { protocol, field: name } });

/** The lines of chain c, without the marks that its damage leaves. */
function rulesOf(text: string): readonly string[] {
  const lines = printRuleset(readNftText(text).ruleset).split('\n');
  const from = lines.indexOf('\tchain c {');
  return lines.slice(from + 1, lines.indexOf('\t}', from)).map((line) => line.trim());
}

describe('rules in JSON', () => {
  it.each([
    [[{ accept: null }], 'accept'],
    [[{ counter: { packets: 1, bytes: 2 } }, { jump: { target: 'x' } }], 'counter packets 1 bytes 2 jump x'],
    [[match(field('ip', 'saddr'), { prefix: { addr: '10.0.0.0', len: 8 } })], 'ip saddr 10.0.0.0/8'],
    [[match(field('tcp', 'dport'), { set: [22, { range: [80, 90] }] })], 'tcp dport { 22, 80-90 }'],
    [[match({ ct: { key: 'state' } }, ['established', 'related'], 'in')], 'ct state established,related'],
    [[match({ '&': [{ meta: { key: 'mark' } }, 255] }, 5, '!=')], 'meta mark & 0x000000ff != 0x00000005'],
    [[match({ '&': [field('tcp', 'flags'), ['fin', 'syn']] }, 'syn')], 'tcp flags syn / fin,syn'],
    [[{ vmap: { key: field('tcp', 'dport'), data: { set: [[22, { accept: null }]] } } }], 'tcp dport vmap { 22 : accept }'],
    [[{ mangle: { key: { meta: { key: 'mark' } }, value: { '|': [{ meta: { key: 'mark' } }, 1] } } }],
      'meta mark set meta mark | 0x00000001'],
    [[{ queue: { num: { range: [2, 5] }, flags: ['fanout', 'bypass'] } }], 'queue flags bypass,fanout to 2-5'],
    [[{ flow: { op: 'add', flowtable: '@ft' } }], 'flow add @ft'],
    [[{ reject: null }], 'reject'],
    [[{ reject: { type: 'icmp', expr: 'port-unreachable' } }], 'reject'],
    [[{ reject: { type: 'tcp reset' } }], 'reject with tcp reset'],
    // What has no JSON of its own is said in text.
    [['ip saddr 10.0.0.1', 'drop'], 'ip saddr 10.0.0.1 drop'],
  ])('%j', (expr, expected) => {
    const text = listing(TABLE, rule(...expr));
    expect(readNftText(text).findings).toEqual([]);
    expect(rulesOf(text)).toEqual([expected]);
  }); // prettier-ignore

  it('hold a chain as text, as nft says it there', () => {
    const block = 'jump {\n\t\t\tip ttl set 9\n\t\t\taccept\n\t\t}';
    const text = listing(
      TABLE,
      rule(match(field('udp', 'dport'), 99), block),
      rule(block),
      rule({ drop: null }),
    );
    const { ruleset, findings } = readNftText(text);
    expect(findings).toEqual([]);
    const body = ['ip ttl set 9', 'accept', '}'];
    expect(rulesOf(text)).toEqual(['udp dport 99 jump {', ...body, 'jump {', ...body, 'drop']);
    const chains = [...(ruleset.tables[0]?.chains.values() ?? [])];
    expect(chains.map(({ name, rules }) => [name, rules.length])).toEqual([
      ['c', 3],
      ['__chain1', 2],
      ['__chain2', 2],
    ]);
  });

  it('that are not known are kept, and said where they are', () => {
    const text = listing(TABLE, rule({ accept: null }), rule({ frobnicate: { much: 5 } }, { drop: null }));
    const { ruleset, findings } = readNftText(text);
    const column = text.lastIndexOf('{"rule"') + 1;
    expect(findings).toEqual([`READ_NFT_STATEMENT 1:${String(column)} {"frobnicate":{"much":5}}`]);
    const kinds = ruleset.tables[0]?.chains
      .get('c')
      ?.rules.map(({ statements }) => statements.map(({ kind }) => kind));
    expect(kinds).toEqual([['verdict'], ['opaque', 'verdict']]);
  });
});

describe('sets in JSON', () => {
  const set = (body: object, kind = 'set'): string => {
    const text = listing(TABLE, { [kind]: { family: 'ip', table: 't', name: 's', ...body } });
    const { ruleset, findings } = readNftText(text);
    expect(findings).toEqual([]);
    const print = printRuleset(ruleset);
    expect(contentOf(readNftText(print).ruleset)).toBe(contentOf(ruleset));
    return print.split('\n').slice(2, -3).join('\n').replaceAll('\t\t', '');
  };

  it.each([
    [{ type: 'ipv4_addr', flags: ['interval'], elem: [{ prefix: { addr: '10.0.0.0', len: 8 } }, '192.168.0.1'] },
      'type ipv4_addr\nflags interval\nelements = { 10.0.0.0/8, 192.168.0.1 }'],
    [{ type: ['ipv4_addr', 'inet_service'], elem: [{ concat: ['10.0.0.1', 22] }] },
      'type ipv4_addr . inet_service\nelements = { 10.0.0.1 . 22 }'],
    [{ type: 'ipv4_addr', timeout: 90061, flags: ['timeout'], stmt: [{ counter: null }],
      elem: [{ elem: { val: '10.0.0.1', timeout: 60, expires: 59, comment: 'x', counter: { packets: 5, bytes: 6 } } }] },
      'type ipv4_addr\ntimeout 1d1h1m1s\ncounter\nelements = { 10.0.0.1 counter packets 5 bytes 6 timeout 1m expires 59s comment "x" }'],
    [{ type: 'inet_service', stmt: [{ limit: { rate: 5, burst: 5, per: 'second' } }],
      elem: [{ elem: { val: 1, limit: { rate: 5, burst: 5, per: 'second' } } }] },
      'type inet_service\nlimit rate 5/second\nelements = { 1 limit rate 5/second }'],
    // nft 1.1 says what was behind typeof.
    [{ type: { typeof: { concat: [field('ip', 'saddr'), { meta: { key: 'mark' } }] } }, elem: [{ concat: ['10.0.0.1', 5] }] },
      'typeof ip saddr . meta mark\nelements = { 10.0.0.1 . 0x00000005 }'],
  ])('set %j', (body, expected) => {
    expect(set(body)).toBe(expected);
  }); // prettier-ignore

  it.each([
    [{ type: 'inet_service', map: 'verdict', elem: [[22, { accept: null }], ['*', { goto: { target: 'x' } }]] },
      'type inet_service : verdict\nelements = { 22 : accept, * : goto x }'],
    [{ type: 'ipv4_addr', map: ['ipv4_addr', 'inet_service'], elem: [['10.0.0.1', { concat: ['10.0.0.2', 80] }]] },
      'type ipv4_addr : ipv4_addr . inet_service\nelements = { 10.0.0.1 : 10.0.0.2 . 80 }'],
  ])('map %j', (body, expected) => {
    expect(set(body, 'map')).toBe(expected);
  }); // prettier-ignore

  it.each([
    ['a set that nothing updates', { type: 'ipv4_addr' }, 'set', 'other', ''],
    ['a set that a rule updates', { type: 'ipv4_addr' }, 'set', 's', 'dynamic'],
    ['such a set with times', { type: 'ipv4_addr', flags: ['timeout'] }, 'set', 's', 'dynamic,timeout'],
    ['such a set with a time', { type: 'ipv4_addr', flags: ['timeout'], timeout: 60 }, 'set', 's', 'dynamic,timeout'],
    ['a set with a time', { type: 'ipv4_addr', flags: ['timeout'], timeout: 60 }, 'set', 'other', ''],
    ['intervals with a time', { type: 'ipv4_addr', flags: ['interval', 'timeout'], timeout: 60 }, 'set', 'other', 'interval,timeout'],
    ['a map that a rule updates', { type: 'ipv4_addr', map: 'mark', flags: ['timeout'] }, 'map', 's', 'timeout'],
    ['a word that a newer nft may say', { type: 'ipv4_addr', flags: ['dynamic'] }, 'set', 'other', 'dynamic'],
  ])('%s has the flags of its text', (_, body, kind, updated, expected) => {
    const update = rule({ set: { op: 'update', elem: field('ip', 'saddr'), set: `@${updated}` } });
    const own = { [kind]: { family: 'ip', table: 't', name: 's', ...body } };
    const { ruleset } = readNftText(listing(TABLE, own, { chain: { family: 'ip', table: 't', name: 'c' } }, update));
    const [set] = ruleset.tables[0]?.sets.values() ?? [];
    expect(set?.flags.join()).toBe(expected);
  }); // prettier-ignore

  it('are filled by items of their own too', () => {
    const element = (name: string): unknown => ({
      element: { family: 'ip', table: 't', name, elem: ['10.0.0.9'] },
    });
    const { ruleset, findings } = readNftText(
      listing(
        TABLE,
        { set: { family: 'ip', table: 't', name: 's', type: 'ipv4_addr' } },
        element('s'),
        element('u'),
      ),
    );
    expect(ruleset.tables[0]?.sets.get('s')?.elements).toHaveLength(1);
    expect(findings.map((one) => one.split(' ')[0])).toEqual(['READ_NFT_ELEMENT']);
  });
});

describe('JSON that is not as nft prints it whole', () => {
  const whole = listing(
    TABLE,
    {
      chain: {
        family: 'ip',
        table: 't',
        name: 'c',
        handle: 1,
        type: 'filter',
        hook: 'input',
        prio: 0,
        policy: 'drop',
      },
    },
    { set: { family: 'ip', table: 't', name: 's', type: 'ipv4_addr', elem: ['10.0.0.1'] } },
    rule({ accept: null }),
    rule({ drop: null }),
  );

  it('is read up to where it is cut, and says so', () => {
    const text = whole.slice(0, whole.lastIndexOf('{"rule"') + 20);
    const { ruleset, findings } = readNftText(text);
    expect(findings.map((one) => one.split(' ')[0])).toEqual(['READ_NFT_CUT']);
    const [table] = ruleset.tables;
    expect(table?.chains.get('c')).toMatchObject({ cut: true, policy: 'drop' });
    expect(table?.chains.get('c')?.rules).toHaveLength(1);
    expect(table?.sets.get('s')).toMatchObject({ partial: true });
    expect(contentOf(readNftText(printRuleset(ruleset)).ruleset)).toBe(contentOf(ruleset));
  });

  it('loses no more than the item that is damaged', () => {
    const text = whole.replace('"accept":null', '"accept":nil');
    const { ruleset, findings } = readNftText(text);
    expect(findings.map((one) => one.split(' ')[0])).toEqual(['READ_NFT_STATEMENT']);
    expect(rulesOf(text)).toEqual(['type filter hook input priority filter; policy drop;', 'drop', '...']);
    expect(ruleset.tables[0]?.chains.get('c')?.cut).toBe(true);
  });

  it('in any order is the same', () => {
    const { nftables } = JSON.parse(whole) as { readonly nftables: readonly unknown[] };
    const [meta, table, chain, set, first, second] = nftables;
    const turned = JSON.stringify({ nftables: [meta, set, first, second, chain, table] });
    expect(contentOf(readNftText(turned).ruleset)).toBe(contentOf(readNftText(whole).ruleset));
    const commands = JSON.stringify({
      nftables: [{ add: set }, first, second, { add: table }, { create: chain }],
    });
    expect(contentOf(readNftText(commands).ruleset)).toBe(contentOf(readNftText(whole).ruleset));
  });

  it('of one chain has no table in it', () => {
    const { ruleset, findings } = readNftText(
      listing({ chain: { family: 'ip', table: 't', name: 'c' } }, rule({ accept: null })),
    );
    expect(findings).toEqual([]);
    expect(printRuleset(ruleset)).toBe('table ip t {\n\tchain c {\n\t\taccept\n\t}\n}\n');
  });

  it('has flags that nft 1.0 prints wrong', () => {
    const flags = (word: string): readonly [readonly string[] | undefined, readonly string[]] => {
      const { ruleset, findings } = readNftText(listing({ table: { family: 'ip', name: 't', flags: word } }));
      return [ruleset.tables[0]?.flags, findings.map((one) => one.split(' ')[0] ?? '')];
    };
    expect(flags('dormant')).toEqual([['dormant'], []]);
    expect(flags('dorm')).toEqual([['dormant'], []]);
    expect(flags('Lester Gooch #5')).toEqual([[], ['READ_NFT_TABLE']]);
  });

  it.each([
    ['{"nftables": null}'],
    ['{"nftables": 5}'],
    ['{"nftables": [5, null, "x", [1], {}]}'],
    ['{"nftables": [{"table": null}, {"chain": []}, {"rule": {"family": "ip"}}, {"set": 5}, {"map": "x"}]}'],
    [
      '{"nftables": [{"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [{"accept": null}, {"match": 5}]}}]}',
    ],
    [
      '{"nftables": [{"set": {"family": "ip", "table": "t", "name": "s", "type": 5, "elem": [null, [], {"elem": 5}]}}]}',
    ],
    [`{"nftables": [${'{"a":['.repeat(100_000)}`],
    [`{"nftables": [{"a": "${'\\"'.repeat(100_000)}`],
    [
      `{"nftables": [{"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [${'{"&":['.repeat(100_000)}${']}'.repeat(100_000)}]}}]}`,
    ],
  ])('that is nonsense is survived: %.60s', (text) => {
    const { ruleset, findings } = readNftText(text);
    expect(findings).not.toEqual([]);
    expect(contentOf(readNftText(printRuleset(ruleset)).ruleset)).toBe(contentOf(ruleset));
  });
});

it('names that objects have anyway are names like others', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const text = `{"nftables": [${names
    .flatMap((name) => [
      `{"table": {"family": "ip", "name": "${name}"}}`,
      `{"set": {"family": "ip", "table": "${name}", "name": "${name}", "type": "ifname", "elem": ["${name}"]}}`,
      `{"chain": {"family": "ip", "table": "${name}", "name": "${name}"}}`,
      `{"rule": {"family": "ip", "table": "${name}", "chain": "${name}", "expr": [{"jump": {"target": "${name}"}}]}}`,
    ])
    .join(', ')}]}`;
  const { ruleset, findings } = readNftText(text);
  expect(findings).toEqual([]);
  expect(printRuleset(ruleset)).toBe(
    names
      .map(
        (name) =>
          `table ip ${name} {\n\tset ${name} {\n\t\ttype ifname\n\t\telements = { "${name}" }\n\t}\n\n\tchain ${name} {\n\t\tjump ${name}\n\t}\n}\n`,
      )
      .join(''),
  );
});
