/** conntrack's table as people hand it in: every form, in part, cut, and made to hurt. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConntrackEntry, printEntry } from '../packet/conntrack-entry.js';
import type { Node } from '../packet/node.js';
import { loadNode } from './load.js';
import { printListings, printTranscript } from './print.js';

const UDP =
  'udp      17 29 src=10.0.0.2 dst=203.0.113.5 sport=50 dport=53 [UNREPLIED] src=203.0.113.5 dst=10.0.0.2 sport=53 dport=50 mark=128 use=1';
const TCP =
  'tcp      6 431999 ESTABLISHED src=10.0.0.2 dst=203.0.113.5 sport=3 dport=80 src=203.0.113.5 dst=10.0.1.1 sport=80 dport=1024 [ASSURED] mark=0 use=1';
const ICMP =
  'icmp     1 28 src=10.0.0.2 dst=8.8.8.8 type=8 code=0 id=34392 src=8.8.8.8 dst=10.0.1.1 type=0 code=0 id=50705 mark=128 use=1';

function load(text: string, name = 'conntrack.txt'): Node {
  return loadNode('node', [{ name, text }]);
}

function lines(node: Node): readonly string[] {
  return (node.connections ?? []).map(printEntry);
}

/** Findings about the listing: code and place. */
function findings(node: Node): string[] {
  return node.diagnostics
    .filter(({ code }) => !code.startsWith('NODE_'))
    .map(({ code, span }) => {
      const at = span?.source.position(span.start);
      return at === undefined ? code : `${code} ${at.line}:${at.column}`;
    });
}

/** All that a line says, without where it stood. */
function bare(node: Node): readonly Omit<ConntrackEntry, 'span'>[] {
  return (node.connections ?? []).map(({ span: _span, ...entry }) => entry);
}

describe('a line that conntrack prints', () => {
  it.each([
    ['udp', UDP],
    ['a translated connection', TCP],
    ['icmp', ICMP],
    [
      'icmpv6',
      'icmpv6   58 29 src=fd00::1 dst=fd00::2 type=128 code=0 id=9 [UNREPLIED] src=fd00::2 dst=fd00::1 type=129 code=0 id=9 mark=0 use=1',
    ],
    [
      'gre',
      'gre      47 29 src=10.0.0.2 dst=203.0.113.5 srckey=0x0 dstkey=0x1f src=203.0.113.5 dst=10.0.0.2 srckey=0x1f dstkey=0x0 mark=0 use=1',
    ],
    [
      'a protocol without a tracker',
      'unknown  50 599 src=10.0.0.2 dst=203.0.113.5 [UNREPLIED] src=203.0.113.5 dst=10.0.0.2 mark=0 use=1',
    ],
    [
      'sctp',
      'sctp     132 9 COOKIE_WAIT src=10.0.0.2 dst=203.0.113.5 sport=1 dport=2 [UNREPLIED] src=203.0.113.5 dst=10.0.0.2 sport=2 dport=1 mark=0 use=1',
    ],
    [
      'counters',
      'udp      17 29 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 packets=3 bytes=18446744073709551615 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 packets=0 bytes=0 mark=0 use=1',
    ],
    [
      'a zone',
      'udp      17 29 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 mark=0 zone=7 use=1',
    ],
    [
      'a zone of the first direction',
      'udp      17 29 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 zone-orig=9 packets=1 bytes=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 packets=1 bytes=2 mark=0 use=1',
    ],
    [
      'a zone of the answers',
      'udp      17 29 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 zone-reply=9 mark=0 use=1',
    ],
    [
      'an offloaded connection',
      'tcp      6 ESTABLISHED src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 [OFFLOAD] mark=0 use=1',
    ],
    [
      'one that hardware took',
      'tcp      6 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 [HW_OFFLOAD] mark=0 use=1',
    ],
    [
      'everything at its end',
      'tcp      6 9 CLOSE src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 mark=4294967295 secctx=system_u:object_r:unlabeled_t:s0 zone=3 delta-time=5 [start=Sat Nov 28 21:43:58 2026] helper=ftp use=1 id=3983371584 labels=a,b',
    ],
  ])('reads and prints the same: %s', (_name, line) => {
    const node = load(`${line}\n`);
    expect(findings(node)).toEqual([]);
    expect(lines(node)).toEqual([line]);
  });
});

describe('other forms', () => {
  it.each([
    ['-o extended', `ipv4     2 ${UDP}`],
    ['/proc/net/nf_conntrack', `ipv4     2 ${UDP.replace('use=1', 'zone=0 use=1')}`],
    ['a carriage return and a colour', `\u001b[32m${UDP}\u001b[0m\r`],
    ['single blanks', UDP.replace(/ +/g, ' ')],
    ['broken by a backslash', UDP.replace(' src=203', ' \\\n  src=203')],
    ['broken by the width of a page', UDP.replace(' [UNR', '\n[UNR').replace(' sport=53', '\nsport=53')],
    [
      'the total within the last entry',
      UDP.replace('use=1', 'use=conntrack v1.4.5 (conntrack-tools): 1 flow entries have been shown.\n1'),
    ],
    [
      'the total between two words',
      UDP.replace('mark', 'conntrack v1.4.5 (conntrack-tools): 1 flow entries have been shown.\nmark'),
    ],
  ])('%s is the same entry', (_name, text) => {
    const node = load(`${text}\n`);
    expect(findings(node)).toEqual([]);
    expect(lines(node)).toEqual([UDP]);
  });

  it('addresses of /proc have all their digits', () => {
    const node = load(
      'ipv6     10 udp      17 998 src=fd00:0000:0000:0000:0000:0000:0000:0001 dst=fd00:0000:0000:0000:0000:0000:0000:0002 sport=1 dport=23 [UNREPLIED] src=fd00:0000:0000:0000:0000:0000:0000:0002 dst=fd00:0000:0000:0000:0000:0000:0000:0001 sport=23 dport=1 mark=0 zone=0 delta-time=1 use=2\n',
    );
    expect(lines(node)).toEqual([
      'udp      17 998 src=fd00::1 dst=fd00::2 sport=1 dport=23 [UNREPLIED] src=fd00::2 dst=fd00::1 sport=23 dport=1 mark=0 delta-time=1 use=2',
    ]);
  });

  it('what the GRE tracker shows of its settings is no part of the entry', () => {
    const line =
      'gre      47 29 timeout=30, stream_timeout=180 src=10.0.0.2 dst=203.0.113.5 srckey=0x0 dstkey=0x0 [UNREPLIED] src=203.0.113.5 dst=10.0.0.2 srckey=0x0 dstkey=0x0 mark=0 use=2';
    const node = load(`ipv4     2 ${line}\n`);
    expect(findings(node)).toEqual([]);
    expect(lines(node)).toEqual([line.replace(' timeout=30, stream_timeout=180', '')]);
  });

  it('a transcript of both families, with totals first or last', () => {
    const six = UDP.replaceAll('10.0.0.2', 'fd00::2').replaceAll('203.0.113.5', 'fd00::5');
    const total = 'conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.';
    const node = load(
      `root@n:~# conntrack -L\n${total}\n${UDP}\nroot@n:~# sudo conntrack -L -f ipv6\n${six}\n${total}\nroot@n:~# \n`,
      'paste.txt',
    );
    expect(findings(node)).toEqual([]);
    expect(lines(node)).toEqual([UDP, six]);
  });

  it('a table without entries is not the same as no dump', () => {
    const total = 'conntrack v1.4.5 (conntrack-tools): 0 flow entries have been shown.\n';
    expect(load(total).connections).toEqual([]);
    expect(load('$ conntrack -L\n', 'paste.txt').connections).toEqual([]);
    expect(load('0:\tfrom all lookup local\n').connections).toBeNull();
  });

  it('is the same entry in two listings, and a warning where they differ', () => {
    const aged = UDP.replace('17 29', '17 3').replace('[UNREPLIED] ', '');
    const same = loadNode('n', [
      { name: 'a.txt', text: `${UDP}\n${TCP}\n` },
      { name: 'b.txt', text: `${aged}\n${ICMP}\n` },
    ]);
    expect(lines(same)).toEqual([UDP, TCP, ICMP]);
    expect(findings(same)).toEqual([]);
    const other = loadNode('n', [
      { name: 'a.txt', text: `${UDP}\n` },
      { name: 'b.txt', text: `${TCP}\n${UDP.replace('mark=128', 'mark=1')}\n` },
    ]);
    expect(lines(other)).toEqual([UDP, TCP]);
    expect(findings(other)).toEqual(['READ_ENTRY_DISAGREES 2:1']);
    expect(other.diagnostics.find(({ code }) => code === 'READ_ENTRY_DISAGREES')?.related?.source.name).toBe(
      'a.txt',
    );
  });
});

describe('what is named and not read', () => {
  it.each([
    [
      'events',
      '    [NEW] tcp      6 120 SYN_SENT src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 [UNREPLIED] src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1\n',
      'conntrack -E',
    ],
    ['statistics', 'cpu=0   \tfound=0 invalid=0 insert=1 insert_failed=0 drop=0\n', 'conntrack -S'],
    [
      'the save form',
      '-A -t 999 -u UNSET -w 7 -s 10.0.0.1 -d 10.0.0.2 -r 10.0.0.2 -q 10.0.0.1 -p udp --sport 1 --dport 21\n',
      'conntrack -o save',
    ],
    [
      'XML',
      '<?xml version="1.0" encoding="utf-8"?>\n<conntrack>\n<flow></flow></conntrack>\n',
      'conntrack -o xml',
    ],
    [
      'expectations',
      '180 proto=6 src=1.1.1.1 dst=2.2.2.2 sport=0 dport=36911 mask-src=255.255.255.255\n',
      'conntrack -L expect',
    ],
    ['deleted entries', `$ conntrack -D -p udp\n${UDP}\n`, 'conntrack -D'],
    ['dying entries', `$ conntrack -L dying\n${UDP}\n`, 'conntrack -L dying'],
  ])('%s', (_name, text, kind) => {
    const node = load(text);
    expect(node.connections).toBeNull();
    expect(node.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'READ_NOT_USED', params: { kind } }),
    );
  });

  it('a table in another form, whose last line alone is like that of the table', () => {
    const node = load(
      'conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n-A -t 999 -u UNSET -s 10.0.0.1 -d 10.0.0.2\n',
    );
    expect(node.connections).toBeNull();
    expect(findings(node)).toEqual(['READ_ENTRIES_MISSING 1:1', 'READ_NOT_USED 2:1']);
    const none = 'conntrack v1.4.7 (conntrack-tools): 0 expectations have been shown.\n';
    expect(load(none).connections).toBeNull();
  });

  it('entries that a command deleted, when only its total tells', () => {
    const node = load(`${UDP}\nconntrack v1.4.7 (conntrack-tools): 1 flow entries have been deleted.\n`);
    expect(node.connections).toEqual([]);
    expect(findings(node)).toEqual(['READ_ENTRIES_DELETED 2:1']);
  });
});

describe('bad input', () => {
  it.each([
    ['the answers are cut off', `${TCP}\n${UDP.slice(0, 70)}`, 1, ['READ_CUT 2:1']],
    ['cut within a port', `${TCP}\n${UDP.slice(0, UDP.indexOf('dport=50') + 7)}`, 1, ['READ_CUT 2:1']],
    ['cut within the mark', `${TCP}\n${UDP.slice(0, UDP.indexOf('128') + 2)}`, 1, ['READ_CUT 2:1']],
    ['the only entry, cut within a port', TCP.slice(0, TCP.lastIndexOf('port=') + 6), 0, ['READ_CUT 1:1']],
    ['the only entry, cut behind its tuples', `${TCP.slice(0, TCP.indexOf(' ['))} `, 0, ['READ_CUT 1:1']],
    ['the only entry, cut within the mark', UDP.slice(0, UDP.indexOf('128') + 2), 0, ['READ_CUT 1:1']],
    [
      'cut within a port, and saved with a line feed',
      `${TCP}\n${UDP.slice(0, UDP.lastIndexOf('port=') + 6)}\n`,
      1,
      ['READ_CUT 2:1'],
    ],
    ['a line in the middle is cut', `${UDP.slice(0, 40)}\n${TCP}\n`, 1, ['READ_LINE 1:1']],
    [
      'no address',
      `${UDP.replace('dst=203.0.113.5', 'dst=203.0.113.500')}\n${TCP}\n`,
      1,
      ['READ_VALUE 1:29'],
    ],
    ['two families', `${UDP.replace('dst=203.0.113.5', 'dst=fd00::5')}\n${TCP}\n`, 1, ['READ_VALUE 1:29']],
    ['a port too large', `${UDP.replace('dport=53', 'dport=65536')}\n${TCP}\n`, 1, ['READ_VALUE 1:54']],
    ['a port twice', `${UDP.replace('dport=53', 'sport=53')}\n${TCP}\n`, 1, ['READ_VALUE 1:54']],
    ['no port', `${UDP.replace(' dport=53', '')}\n${TCP}\n`, 1, ['READ_LINE 1:1']],
    ['a protocol number too large', `${UDP.replace(' 17 ', ' 317 ')}\n${TCP}\n`, 1, ['READ_LINE 1:1']],
    ['three tuples', `${UDP} src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2\n${TCP}\n`, 1, ['READ_LINE 1:1']],
    ['a word that no tool prints', `${UDP} flavour=3\n${TCP}\n`, 2, [`READ_ENTRY_WORD 1:${UDP.length + 2}`]],
    ['an ellipsis', `${UDP}\n... (more)\n${TCP}\n`, 2, ['READ_ELIDED 2:1']],
    [
      'less than the tool showed',
      `${UDP}\nconntrack v1.4.7 (conntrack-tools): 9 flow entries have been shown.\n`,
      1,
      ['READ_ENTRIES_MISSING 1:1'],
    ],
    [
      'an error of the tool',
      `${UDP}\nconntrack v1.4.7 (conntrack-tools): Operation failed: sorry\n`,
      1,
      ['READ_TOOL_ERROR 2:1'],
    ],
  ])('%s: said with its place, and the rest goes on', (_name, text, kept, found) => {
    const node = load(text);
    expect(findings(node)).toEqual(found);
    expect(node.connections ?? []).toHaveLength(kept);
  });

  it('a filter is said', () => {
    for (const command of ['conntrack -L | grep udp', 'conntrack -L -p udp', 'conntrack -G -s 10.0.0.2'])
      expect(findings(load(`$ ${command}\n${UDP}\n`))).toEqual(['READ_FILTERED 2:1']);
    for (const command of [
      'conntrack -L -o extended,id',
      'conntrack -f ipv4 -L',
      'conntrack --dump --output=id',
    ])
      expect(findings(load(`$ ${command}\n${UDP}\n`))).toEqual([]);
  });

  it('names of prototypes are words like others', () => {
    const node = load(`${UDP} __proto__=1 constructor=2\n`);
    expect(lines(node)).toEqual([UDP.replace(' use=1', ' __proto__=1 constructor=2 use=1')]);
  });

  it('hostile lines are passed over', () => {
    const long = `tcp 6 9 ${'a '.repeat(50_000)}\n${'['.repeat(50_000)}\ntcp 6 9 ${'src='.repeat(50_000)}\nudp 17 9 src=${'c'.repeat(50_000)}\n${'\\\n'.repeat(5_000)}`;
    const node = load(`${UDP}\n${long}\n${TCP}\n`);
    expect(lines(node)).toEqual([UDP, TCP]);
  });
});

const address4 = fc.nat(0xffffffff).map((n) => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.'));
const address6 = fc.integer({ min: 1, max: 0xffff }).map((n) => `2001:db8::${n.toString(16)}`);
const port = fc.nat(65535);

function tuple(
  address: fc.Arbitrary<string>,
  key: fc.Arbitrary<string>,
  counted: boolean,
): fc.Arbitrary<string> {
  const counters = counted
    ? fc.tuple(fc.bigInt(0n, 0xffffffffffffffffn), fc.nat()).map(([a, b]) => ` packets=${b} bytes=${a}`)
    : fc.constant('');
  return fc.tuple(address, address, key, counters).map(([a, b, c, d]) => `src=${a} dst=${b}${c}${d}`);
}

const ports = fc.tuple(port, port).map(([a, b]) => ` sport=${a} dport=${b}`);
const query = (type: number) =>
  fc.tuple(fc.nat(255), port).map(([code, id]) => ` type=${type} code=${code} id=${id}`);
const optional = (words: fc.Arbitrary<string>) => fc.option(words, { nil: '' });
const heads = fc.constantFrom(
  { words: 'tcp      6 300 ESTABLISHED', key: ports },
  { words: 'tcp      6 60 SYN_RECV', key: ports },
  { words: 'udp      17 30', key: ports },
  { words: 'dccp     33 480 REQUEST', key: ports },
  { words: 'unknown  253 600', key: fc.constant('') },
  { words: 'gre      47 30', key: fc.constant(' srckey=0x0 dstkey=0x0') },
);
const line = (used: boolean): fc.Arbitrary<string> =>
  fc
    .tuple(heads, fc.constantFrom('4', '6'), fc.boolean())
    .chain(([{ words, key }, family, counted]) => {
      const icmp = words.startsWith('udp') && counted;
      const four = family === '4';
      const head = icmp ? (four ? 'icmp     1 30' : 'icmpv6   58 30') : words;
      const way = (type: number): fc.Arbitrary<string> =>
        tuple(four ? address4 : address6, icmp ? query(type) : key, counted);
      return fc.tuple(
        fc.constant(`${head} `),
        way(four ? 8 : 128),
        fc.constantFrom(' ', ' [UNREPLIED] '),
        way(four ? 0 : 129),
        fc.constantFrom('', ' [ASSURED]', ' [OFFLOAD]'),
        optional(fc.nat(0xffffffff).map((mark) => ` mark=${mark}`)),
        optional(fc.integer({ min: 1, max: 65535 }).map((zone) => ` zone=${zone}`)),
        optional(fc.constant(' helper=sip')),
        used ? fc.nat(9).map((use) => ` use=${use}`) : fc.constant(''),
        optional(fc.nat(0xffffffff).map((id) => ` id=${id}`)),
        optional(fc.constant(' labels=one,two')),
      );
    })
    .map((words) => words.join(''));
/** All entries of a table have the count of uses, or somebody left it out of all. */
const tables = fc.boolean().chain((used) => fc.array(line(used), { maxLength: 12 }));

describe('whatever a table holds', () => {
  it('its print is what conntrack prints, and reads back as equal entries', () => {
    fc.assert(
      fc.property(tables, (drawn) => {
        const node = load(`$ conntrack -L -o id,labels\n${drawn.map((one) => `${one}\n`).join('')}`);
        expect(lines(node)).toEqual(drawn);
        const again = load(printTranscript(printListings(node)));
        expect(bare(again)).toEqual(bare(node));
      }),
      { numRuns: 60 },
    );
  });
});
