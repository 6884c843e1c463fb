/** JSON with places: what is whole is read, what is not is named, and nothing else is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open } from '../../../test/support/section.js';
import { readDocuments } from './documents.js';
import { jsonObjects } from './listing.js';
import { jsonParts } from './parts.js';
import { type JsonValue, member, parseJson, textAt } from './value.js';

/** The value as JSON.parse would give it, members as pairs. */
function plain(value: JsonValue): unknown {
  if (value.kind === 'object') return value.members.map(({ key, value: own }) => [key, plain(own)]);
  if (value.kind === 'array') return value.items.map(plain);
  return value.text;
}

function parsed(text: string): unknown {
  const value = parseJson(text, 0, text.length);
  return 'kind' in value ? plain(value) : value;
}

describe('a value', () => {
  it.each<[string, unknown]>([
    [
      '{"a":1,"b":[true,null,-1.5e3]}',
      [
        ['a', '1'],
        ['b', ['true', 'null', '-1.5e3']],
      ],
    ],
    [
      '{"dst":"default","encap":"ip","dst":"1.2.3.4"}',
      [
        ['dst', 'default'],
        ['encap', 'ip'],
        ['dst', '1.2.3.4'],
      ],
    ],
    [
      '{"__proto__":{"x":1},"constructor":2}',
      [
        ['__proto__', [['x', '1']]],
        ['constructor', '2'],
      ],
    ],
    ['"a\\"b\\\\c\\/d\\n\\u0041"', 'a"b\\c/d\nA'],
    // Old iproute2 escapes apostrophes.
    ['"it\\\'s"', "it's"],
    ['{}', []],
    ['[]', []],
    [' [ 1 , 2 ] ', ['1', '2']],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });

  it.each<[string, number]>([
    ['{"a" 1}', 5],
    ['{"a":}', 5],
    ['{a:1}', 1],
    ['[1 2]', 3],
    ['["abc]', 1],
    [`${'['.repeat(60)}${']'.repeat(60)}`, 51],
  ])('%s is refused at its fault', (text, at) => {
    expect(parsed(text)).toEqual({ at });
  });

  it('is asked by key, the first of equal ones, and never by what objects inherit', () => {
    const value = parseJson('{"a":"x","a":"y"}', 0, 17);
    if (!('kind' in value)) throw new Error('not read');
    expect(textAt(value, 'a')).toBe('x');
    for (const key of ['toString', '__proto__', 'constructor', 'length'])
      expect(member(value, key)).toBeNull();
  });
});

describe('a listing', () => {
  const objects = (
    text: string,
  ): { readonly names: readonly (string | null)[]; readonly codes: readonly string[] } => {
    const { report, codes } = open(text);
    const names = jsonObjects(report).map((object) => textAt(object, 'n'));
    return { names, codes: codes() };
  };

  it.each<[string, string, readonly string[], readonly string[]]>([
    ['compact', '[{"n":1},{"n":2}]', ['1', '2'], []],
    ['pretty', '[ {\n  "n": 1\n },{\n  "n": 2\n } ]\n', ['1', '2'], []],
    ['objects left out by a filter', '[{},{},{"n":3}]', ['3'], []],
    ['one object a line', '{"n":1}\n{"n":2}\n', ['1', '2'], []],
    ['several lists', '[{"n":1}]\n[{"n":2}]', ['1', '2'], []],
    ['cut within an item', '[{"n":1},{"n":2},{"n"', ['1', '2'], ['READ_CUT@1:18']],
    ['cut between items', '[{"n":1},', ['1'], ['READ_CUT@1:1']],
    ['cut within a string', '[{"n":1},\n{"x":"]}', ['1'], ['READ_CUT@2:1']],
    ['a damaged item', '[{"n":1},\n{"n" 2},\n{"n":3}]', ['1', '3'], ['READ_JSON@2:6']],
    ['a missing comma', '[{"n":1}{"n":2}]', ['1', '2'], []],
    ['items that are no objects', '[1,{"n":2},"x"]', ['2'], ['READ_JSON_ITEM@1:2', 'READ_JSON_ITEM@1:12']],
    [
      'text behind',
      '[{"n":1}]\nError: something\nwhat is this',
      ['1'],
      ['READ_TOOL_ERROR@2:1', 'READ_CUT@3:1'],
    ],
    ['too deep', `[{"n":1},${'['.repeat(1000)}${']'.repeat(1000)},{"n":2}]`, ['1', '2'], ['READ_JSON@1:61']],
  ])('%s', (_name, text, names, codes) => {
    expect(objects(text)).toEqual({ names, codes });
  });

  it('never throws, and its findings stand inside the text', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '"',
      ',',
      ':',
      '\\',
      '1',
      'null',
      '"a"',
      '\n',
      ' ',
      '{"dst":"1.2.3.4"}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        for (const { start, end, items } of readDocuments(text).documents) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
          for (const item of items) expect(text.slice(item.start, item.end).trim()).not.toBe('');
        }
        jsonObjects(open(text).report);
        const parts = jsonParts(text);
        expect(
          parts
            .map((part) => text.slice(part.start, part.end))
            .join('')
            .trim(),
        ).toBe(text.trim());
      }),
    );
  });

  it.each<[string, (count: number) => string]>([
    ['open brackets', (count) => '['.repeat(count)],
    ['pairs of brackets', (count) => '[]'.repeat(count)],
    ['objects on one line', (count) => '{"dst":"1.2.3.4"}'.repeat(count / 10)],
    ['objects on lines of their own', (count) => '{"dst":"1.2.3.4"}\n'.repeat(count / 10)],
    ['quotes', (count) => '["'.repeat(count)],
    ['blanks', (count) => `[${' '.repeat(count)}`],
    ['one list', (count) => `[${'{"dst":"1.2.3.4","dev":"e0"},'.repeat(count / 10)}{}]`],
  ])('%s take time in proportion to their number', (_name, make) => {
    // Beside other work one run may take any time; the shorter of three tells the work.
    const time = (count: number): number => {
      const text = make(count);
      const runs = [1, 2, 3].map(() => {
        const { user } = process.cpuUsage();
        jsonParts(text);
        jsonObjects(open(text).report);
        return (process.cpuUsage().user - user) / 1000;
      });
      return Math.min(...runs);
    };
    time(20_000);
    // Quadratic work would take 64 times as long; the small one is not measured finer than a millisecond.
    expect(time(400_000)).toBeLessThan(30 * Math.max(time(50_000), 10));
  });
});

describe('parts', () => {
  it.each<[string, string, readonly string[]]>([
    ['rules', '[{"priority":0,"src":"all","table":"local"}]', ['ip rule']],
    ['routes', '[{"dst":"default","gateway":"10.0.0.1","dev":"e0","flags":[]}]', ['ip route']],
    ['routes with a type', '[{"type":"local","dst":"10.0.0.1","dev":"e0"}]', ['ip route']],
    [
      'links of a bridge',
      '[{"ifindex":2,"ifname":"e0","linkinfo":{"info_slave_data":{"priority":32}}}]',
      ['ip addr'],
    ],
    ['brief links', '[{"ifname":"lo","operstate":"UNKNOWN","addr_info":[]}]', ['ip addr']],
    ['one line addresses', '[{},{"addr_info":[{"index":1,"dev":"lo","local":"127.0.0.1"}]}]', ['ip addr']],
    ['groups', '[{"ifindex":1,"ifname":"lo","maddr":[]}]', ['ip maddr']],
    ['neighbours', '[{"dst":"10.0.0.3","dev":"e0","state":["FAILED"]}]', ['ip neigh']],
    ['proxies', '[{"dst":"10.0.0.3","dev":"e0","proxy":null}]', ['ip neigh']],
    ['forwarding', '[{"mac":"02:00:00:00:00:01","dst":"10.0.0.3","state":"permanent"}]', ['bridge fdb']],
    ['nft', '{"nftables":[{"metainfo":{}}]}', ['nft -j list ruleset']],
    ['packets', '{"id":0,"in":"e0","proto":"tcp","src":"10.0.0.1","dst":"10.0.0.2"}', ['JSON']],
    ['another tool', '[{"Name":"bridge"}]', ['JSON']],
    ['nothing', '[]', ['?']],
    ['only filtered ones', '[{},{}]', ['?']],
    [
      'two listings',
      '[{"priority":0,"src":"all"}]\n[{"dst":"default","dev":"e0"}]\n',
      ['ip rule', 'ip route'],
    ],
    ['two of a kind', '[{"priority":0}]\n[{"priority":0}]\n', ['ip rule', 'ip rule']],
    ['an object a line', '{"priority":0}\n{"priority":1}\n', ['ip rule']],
    ['text before', 'warning: x\n[{"priority":0}]\n', ['?', 'ip rule']],
  ])('%s', (_name, text, kinds) => {
    expect(jsonParts(text).map(({ kind }) => kind ?? '?')).toEqual(kinds);
  });
});
