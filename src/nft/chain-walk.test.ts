import { describe, expect, it } from 'vitest';
import type { NftTable } from './model.js';
import { type NftBranch, chainOf, tablesOf, walkListing } from '../../test/support/nft.js';

const walk = (
  rules: string,
  words = '',
  family = words.includes('family=6') ? 'ip6' : 'ip',
  rest = '',
): readonly NftBranch[] => walkListing(chainOf(family, rules, rest), words);
const ends = (branches: readonly NftBranch[]): string[] => branches.map(({ end }) => end);
/** The only way there is. */
const only = (branches: readonly NftBranch[]): NftBranch => {
  const [branch, ...others] = branches;
  if (branch === undefined || others.length > 0) throw new Error(`${String(branches.length)} ways`);
  return branch;
};

describe('verdicts', () => {
  it('go down to other chains and come back as the kernel does', () => {
    const rest = `	chain a {
		jump b
		accept
	}
	chain b {
		tcp dport 80 return
		drop
	}`;
    expect(only(walk('jump a', '', 'ip', rest)).path).toEqual([
      'c 1 jump',
      'a 1 jump',
      'b 1 return',
      'a 2 accept',
    ]);
    expect(only(walk('jump a', 'dport=81', 'ip', rest)).end).toBe('drop');
    expect(only(walk('goto b\n\t\taccept', '', 'ip', rest))).toMatchObject({
      end: 'drop',
      path: ['c 1 goto', 'b 1 return', 'policy'],
    });
    expect(only(walk('return\n\t\taccept')).path).toEqual(['c 1 return', 'policy']);
  });

  it('go into a chain within the rule, and behind it when they jumped there', () => {
    const block = (verb: string): string =>
      `udp dport 99 ${verb} {\n\t\t\tip ttl set 9\n\t\t\tmeta mark 5 accept\n\t\t}\n\t\tdrop`;
    const way = (verb: string, words: string): readonly string[] => only(walk(block(verb), words)).path;
    const words = 'proto=udp dport=99';
    expect(way('jump', words)).toEqual(['c 1 jump', '__chain1 1 continue', '__chain1 end', 'c 2 drop']);
    expect(way('goto', words)).toEqual(['c 1 goto', '__chain1 1 continue', '__chain1 end', 'policy']);
    expect(way('jump', `${words} mark=5`)).toEqual(['c 1 jump', '__chain1 1 continue', '__chain1 2 accept']);
    expect(way('jump', 'proto=udp dport=98')).toEqual(['c 2 drop']);
  });

  it('are looked up in maps of them', () => {
    const rule = 'tcp dport vmap { 22 : drop, 80-90 : goto a, * : accept }';
    const rest = '\tchain a {\n\t\treject with tcp reset\n\t}';
    expect(ends(walk(rule, '', 'ip', rest))).toEqual(['reject tcp-reset']);
    expect(ends(walk(rule, 'dport=22', 'ip', rest))).toEqual(['drop']);
    expect(ends(walk(rule, 'dport=100', 'ip', rest))).toEqual(['accept']);
    expect(ends(walk(rule, 'dport=80-100', 'ip', rest))).toEqual(['reject tcp-reset', 'accept']);
    expect(only(walk('tcp dport vmap { 22 : accept }')).reasons).toEqual(['NO_NFT_BREAK']);
  });

  it('of a draw come with their shares', () => {
    const rule = 'numgen random mod 4 vmap { 0 : accept, 1-3 : drop }';
    expect(walk(rule).map(({ end, probability }) => [end, probability])).toEqual([
      ['accept', 0.25],
      ['drop', 0.75],
    ]);
    const [first, second] = walk('numgen inc mod 2 vmap { 0 : accept, 1 : drop }');
    expect([first?.probability, second?.probability]).toEqual([null, null]);
  });

  it.each([
    ['reject', '', 'reject icmp-port-unreachable'],
    ['reject', 'family=6', 'reject icmp6-port-unreachable'],
    ['reject with icmp admin-prohibited', '', 'reject icmp-admin-prohibited'],
    ['reject with icmpv6 no-route', 'family=6', 'reject icmp6-no-route'],
    ['meta l4proto tcp reject with tcp reset', '', 'reject tcp-reset'],
    ['meta l4proto tcp reject with tcp reset', 'proto=udp', 'drop'],
  ])('%s', (rule, words, end) => {
    expect(ends(walk(rule, words))).toEqual([end]);
  });

  it('may reject with anything where nft lost which family the answer is of', () => {
    const raw = '@ll,96,16 0x86dd reject';
    expect(new Set(ends(walk(raw, 'family=6', 'inet')))).toEqual(
      new Set([
        ...[
          'port-unreachable',
          'no-route',
          'adm-prohibited',
          'addr-unreachable',
          'policy-fail',
          'reject-route',
        ].map((name) => `reject icmp6-${name}`),
        'drop',
      ]),
    );
    const known = ends(walk('ether type != arp reject', 'family=6', 'inet'));
    expect(known.filter((end) => end !== 'drop')).toEqual(['reject icmp6-port-unreachable']);
  });

  it('of icmpx are those of the family', () => {
    const rule = 'reject with icmpx host-unreachable';
    expect(ends(walk(rule, '', 'inet'))).toEqual(['reject icmp-host-unreachable']);
    expect(ends(walk(rule, 'family=6', 'inet'))).toEqual(['reject icmp6-addr-unreachable']);
  });
});

describe('statements', () => {
  it('happen from left to right, whatever fails behind them', () => {
    const { path, done, end } = only(walk('meta mark set 0x1 tcp dport 81 accept\n\t\tmeta mark 0x1 accept'));
    expect([end, done, path]).toEqual(['accept', ['mark 0x1'], ['c 1 break', 'c 2 accept']]);
  });

  it('ask nothing about a rule that changes nothing', () => {
    expect(only(walk('limit rate 5/second counter packets 0 bytes 0 log prefix "x"')).path).toEqual([
      'c 1 maybe',
      'policy',
    ]);
    expect(ends(walk('limit rate 5/second tcp dport 81 accept'))).toEqual(['drop']);
    expect(ends(walk('limit rate 5/second accept'))).toEqual(['accept', 'drop']);
  });

  it.each([
    ['meta mark set meta mark & 0xffff0000 | 0x00000001', 'mark=0x10002', ['mark 0x10001']],
    ['meta mark set ct mark', 'ctmark=0x10?0x1', ['mark 0x10', 'forget packet 0x1']],
    ['ct mark set meta mark', 'mark=0x7', ['ctmark 0x7']],
    ['ct mark set 0x1', 'state=INVALID', []],
    ['ip dscp set cs1', 'tos=3', ['tos 0x23']],
    ['ip ttl set 5', '', ['ttl 5']],
    ['ip daddr set 10.9.9.9', '', ['destination 10.9.9.9']],
    ['tcp dport set 8080', '', ['destination port 8080']],
    ['tcp dport set 8080', 'proto=udp', []],
    ['notrack', 'ct=none hook=PREROUTING', ['notrack']],
    ['ct zone set 5', 'ct=none hook=PREROUTING', ['zone 5']],
    ['ct zone set 5', '', []],
    ['meta mark set tcp dport map { 80 : 0x00000005, 81 : 0x00000006 }', '', ['mark 0x5']],
    ['meta mark set tcp dport map { 81 : 0x00000006 }', '', []],
  ])('%s (%s)', (rule, words, done) => {
    expect(only(walk(rule, words)).done).toEqual(done);
  });

  it.each([
    ['tcp dport set jhash ip saddr mod 1 offset 100', '', ['destination port 0']],
    ['tcp dport set symhash mod 1 offset 196708', '', ['destination port 3']],
    ['tcp sport set numgen random mod 2 offset 100', '', ['source port 0']],
    ['tcp sport set meta length', '', ['source port 0']],
    ['tcp sport set ct zone', 'zone=5', ['source port 5']],
    ['tcp sport set ip length', 'length=100', ['source port 100']],
    ['tcp sport set jhash ip saddr mod 1 offset 100 map { 100 : 77 }', '', ['source port 77']],
    ['ip daddr set jhash ip saddr mod 1 offset 167772170', '', ['destination 10.0.0.10']],
    ['ip daddr set ct zone', 'zone=5', ['destination 0.5.0.0']],
    ['meta mark set jhash ip saddr mod 1 offset 100', '', ['mark 0x64']],
  ])('write the upper bytes of a longer number: %s (%s)', (rule, words, done) => {
    expect(only(walk(rule, words)).done).toEqual(done);
  });

  it('write what few draws have in their upper bytes', () => {
    const found = walk('tcp sport set numgen random mod 2 offset 65535');
    expect(found.map(({ done, probability }) => [done, probability])).toEqual([
      [['source port 0'], 0.5],
      [['source port 1'], 0.5],
    ]);
  });

  it('take a draw from few numbers one by one', () => {
    const found = walk('meta mark set numgen random mod 2 offset 5');
    expect(found.map(({ done, probability }) => [done, probability])).toEqual([
      [['mark 0x5'], 0.5],
      [['mark 0x6'], 0.5],
    ]);
  });

  it('put elements into sets, where later rules find them', () => {
    const rest = '\tset s {\n\t\ttype ipv4_addr\n\t\tsize 65535\n\t\tflags dynamic\n\t}';
    expect(ends(walk('add @s { ip saddr }\n\t\tip saddr @s accept', '', 'ip', rest))).toEqual(['accept']);
    expect(ends(walk('ip saddr @s accept', '', 'ip', rest))).toEqual(['drop']);
    const limited = walk('add @s { ip saddr limit rate over 5/second } accept', '', 'ip', rest);
    expect(ends(limited)).toEqual(['accept', 'drop']);
  });

  it.each([
    ['add @s { ip saddr limit rate over 5/second }', '', '', 'open'],
    ['update @s { ip saddr ct count over 10 }', '', '', 'open'],
    ['add @s { ip saddr counter }', '', '', 'found'],
    // What the set has for all its elements a new one has too.
    ['add @s { ip saddr }', 'limit rate over 5/second', '', 'open'],
    // What is there keeps what it carries.
    ['update @s { ip saddr limit rate over 5/second }', '', '10.0.0.1', 'found'],
    ['update @s { ip saddr }', '', '10.0.0.1 limit rate 5/second', 'open'],
    ['delete @s { ip saddr }', '', '10.0.0.1 limit rate 5/second', 'lost'],
  ])('%s in a set with %j of %j: then the element is %s', (rule, property, element, wanted) => {
    const elements = element === '' ? '' : `\t\telements = { ${element} }\n`;
    const set = `\tset s {\n\t\ttype ipv4_addr\n\t\tsize 9\n\t\tflags dynamic\n\t\t${property}\n${elements}\t}`;
    const found = ends(walk(`${rule}\n\t\tip saddr @s accept`, '', 'ip', set));
    const both = ['accept', 'drop'];
    expect([...new Set(found)].toSorted()).toEqual({ open: both, found: ['accept'], lost: ['drop'] }[wanted]);
  });

  it('ask the limit of an element anew for each rule that finds it', () => {
    const set =
      '\tset s {\n\t\ttype ipv4_addr\n\t\telements = { 10.0.0.1 limit rate 1/hour burst 1 packets }\n\t}';
    const rules = 'ip saddr @s meta mark set 5\n\t\tip saddr @s accept';
    const found = walk(rules, '', 'ip', set).map(({ end, done }) => `${done.join()} ${end}`);
    expect(found).toContain('mark 0x5 drop');
  });
});

describe('flow add', () => {
  const rules = 'flow add @ft drop\n\t\taccept';
  const known = 'state=ESTABLISHED status=CONFIRMED,SEEN_REPLY';
  it.each([
    ['ct=none', ['accept']],
    ['proto=udp', ['accept']],
    [`proto=udp ${known}`, ['drop', 'accept']],
    // The second packet of a connection that nobody answered.
    ['proto=udp status=CONFIRMED', ['drop', 'accept']],
    [`proto=udp ${known} helper=tftp`, ['accept']],
    [`proto=icmp ${known}`, ['accept']],
    [`proto=gre ${known}`, ['drop', 'accept']],
    [`proto=gre ${known},SRC_NAT`, ['accept']],
    [`flags=ACK ${known}`, ['accept']],
    [`flags=ACK ${known},ASSURED`, ['drop', 'accept']],
    [`flags=FIN,ACK ${known},ASSURED`, ['accept']],
    [`flags=RST ${known},ASSURED`, ['accept']],
  ])('with %s leads to %j', (words, wanted) => {
    expect(ends(walk(rules, words))).toEqual(wanted);
  });

  it('with nothing behind it is no question', () => {
    expect(ends(walk('flow add @ft counter\n\t\taccept', `proto=udp ${known}`))).toEqual(['accept']);
  });
});

describe('an element of a map that carries a limit', () => {
  const map = (gives: string, data: string): string =>
    `\tmap m {\n\t\ttype ipv4_addr : ${gives}\n\t\telements = { 10.0.0.1 limit rate over 5/second : ${data}, 10.0.0.2 : ${data} }\n\t}`;
  it.each([
    ['ip saddr vmap @m', 'verdict', 'drop', ['drop', 'accept']],
    ['dnat to ip saddr map @m', 'ipv4_addr', '10.9.9.9', ['DNAT 10.9.9.9', 'accept']],
    ['snat to ip saddr map @m', 'ipv4_addr', '10.9.9.9', ['SNAT 10.9.9.9', 'accept']],
    ['redirect to :ip saddr map @m', 'inet_service', '99', ['REDIRECT :99', 'accept']],
  ])('may end the rule: %s', (rule, gives, data, wanted) => {
    const text = chainOf('ip', `${rule}\n\t\taccept`, map(gives, data));
    expect(ends(walkListing(text, ''))).toEqual(wanted);
    expect(ends(walkListing(text, 'src=10.0.0.2'))).toEqual(wanted.slice(0, 1));
  });

  it('sets what the map gives or nothing', () => {
    const found = walk('meta mark set ip saddr map @m', '', 'ip', map('mark', '5')).map(({ done }) => done);
    expect(found).toEqual([['mark 0x5'], []]);
  });
});

describe('maps that rules fill', () => {
  const map = (flags = 'dynamic', elements = ''): string =>
    `\tmap d {\n\t\ttype ipv4_addr : mark\n\t\tsize 10\n\t\tflags ${flags}\n${elements}\t}`;
  const LISTED = '\t\telements = { 10.0.0.1 : 0x00000005 }\n';
  it.each([
    ['add @d { ip saddr : 0x00000007 }', '', ['mark 0x7']],
    ['add @d { ip saddr : 0x00000007 }\n\t\tdelete @d { ip saddr : 0x00000007 }', '', []],
    ['add @d { ip saddr : meta mark }', 'mark=9', ['mark 0x9']],
    ['add @d { ip saddr : tcp dport map { 80 : 0x00000006 } }', '', ['mark 0x6']],
    ['add @d { ip saddr : tcp dport map { 81 : 0x00000006 } }', '', []],
  ])('%s (%s)', (rule, words, done) => {
    const [only, ...others] = walk(`${rule}\n\t\tmeta mark set ip saddr map @d`, words, 'ip', map());
    expect([only?.done, others]).toEqual([done, []]);
  });

  it('keep the data of what is there', () => {
    const rules = 'update @d { ip saddr : 0x00000007 }\n\t\tmeta mark set ip saddr map @d';
    expect(walk(rules, '', 'ip', map('dynamic', LISTED)).map(({ done }) => done)).toEqual([['mark 0x5']]);
  });

  it('leave open what other keys find once one was added that is not known', () => {
    const rules = 'add @d { ip daddr : 0x00000007 }\n\t\tmeta mark set ip saddr map @d';
    const found = walk(rules, 'dst=10.0.0.1-10.0.0.9', 'ip', map());
    expect(found.length).toBeGreaterThan(1);
    expect(found.every(({ probability }) => probability === null)).toBe(true);
  });
});

describe('sets and maps that the listing shows in part', () => {
  const cut = (text: string): NftTable => {
    const [table] = tablesOf(text);
    if (table === undefined) throw new Error('no table');
    const sets = [...table.sets].map(([name, set]) => [name, { ...set, partial: true }] as const);
    return { ...table, sets: new Map(sets) };
  };
  const MAP = '\tmap v {\n\t\ttype inet_service : verdict\n\t\telements = { 22 : accept, 23 : drop }\n\t}';
  const SET = '\tset s {\n\t\ttype inet_service\n\t\telements = { 22 }\n\t}';
  it('give what they show', () => {
    expect(ends(walkListing(cut(chainOf('ip', 'tcp dport vmap @v', MAP)), 'dport=22'))).toEqual(['accept']);
    expect(ends(walkListing(cut(chainOf('ip', 'tcp dport @s accept', SET)), 'dport=22'))).toEqual(['accept']);
  });

  it('and may hold anything else', () => {
    const vmap = walkListing(cut(chainOf('ip', 'tcp dport vmap @v', MAP)), 'dport=80');
    expect(new Set(ends(vmap))).toEqual(new Set(['accept', 'drop']));
    const set = walkListing(cut(chainOf('ip', 'tcp dport @s accept', SET)), 'dport=80');
    expect(ends(set)).toEqual(['accept', 'drop']);
  });
});

describe('translations', () => {
  it.each([
    ['dnat to 10.1.1.1:8080', '', 'DNAT 10.1.1.1:8080'],
    ['dnat to 10.1.1.1-10.1.1.9:1-5 random,persistent', '', 'DNAT 10.1.1.1-10.1.1.9:1-5 random persistent'],
    ['dnat to [2001:db8::9]:80', 'family=6', 'DNAT 2001:db8::9:80'],
    ['snat to 192.0.2.1', '', 'SNAT 192.0.2.1'],
    ['masquerade fully-random', '', 'MASQUERADE randomFully'],
    ['masquerade to :1024-2048', '', 'MASQUERADE :1024-2048'],
    ['redirect to :3128', '', 'REDIRECT :3128'],
    ['dnat to tcp dport map { 80 : 10.1.1.1, 81 : 10.1.1.2 }', '', 'DNAT 10.1.1.1'],
    ['dnat ip to tcp dport map { 80 : 10.1.1.1 . 8080 }', '', 'DNAT 10.1.1.1:8080'],
    [
      'dnat ip prefix to ip daddr map { 10.0.0.0/24 : 10.2.0.0/24 }',
      '',
      'NETMAP 10.2.0.0-10.2.0.255 in 10.2.0.0/24',
    ],
    ['dnat to tcp dport map { 81 : 10.1.1.2 }', '', 'drop'],
  ])('%s (%s)', (rule, words, end) => {
    expect(ends(walk(rule, words))).toEqual([end]);
  });

  it('of one family leave the other alone', () => {
    expect(ends(walk('dnat ip to 10.1.1.1', '', 'inet'))).toEqual(['DNAT 10.1.1.1']);
    expect(ends(walk('dnat ip to 10.1.1.1', 'family=6', 'inet'))).toEqual(['drop']);
  });

  it('by a hash with a seed are computed, without one they are drawn', () => {
    const map = 'mod 2 map { 0 : 10.1.1.1, 1 : 10.1.1.2 }';
    const seeded = `dnat to jhash ip saddr . tcp dport mod 2 seed 0x1 ${map.slice('mod 2 '.length)}`;
    expect(ends(walk(seeded))).toHaveLength(1);
    expect(walk(`dnat to jhash ip saddr ${map}`).map(({ probability }) => probability)).toEqual([0.5, 0.5]);
  });
});

it('finds its element in a verdict map of many', () => {
  const elements = Array.from(
    { length: 20_000 },
    (_, at) =>
      `10.${String(at >> 16)}.${String((at >> 8) & 255)}.${String(at & 255)} . tcp . 80 : ${at === 1 ? 'accept' : 'drop'}`,
  );
  const text = chainOf(
    'ip',
    'ip daddr . meta l4proto . th dport vmap @m',
    `\tmap m {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { ${elements.join(', ')} }\n\t}`,
  );
  const [table] = tablesOf(text);
  if (table === undefined) throw new Error('no table');
  expect(ends(walkListing(table, 'dst=10.0.0.1'))).toEqual(['accept']);
  expect(ends(walkListing(table, 'dst=10.0.78.31'))).toEqual(['drop']);
});
