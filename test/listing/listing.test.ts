/** Listings that no tool of this machine prints: other versions, names, damage, several tables. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import { printRule, printRuleSet } from '../../src/iptables/print.js';
import { loadNode } from '../../src/snapshot/load.js';
import { listingFamily } from '../../src/snapshot/listing/family.js';
import { chainOf, readListed } from '../support/listing.js';

const VERBOSE = ['-n', '-v'];

/** The rules of one chain with these lines, without `-A FORWARD`, and the codes of what was found. */
function read(lines: readonly string[], way: readonly string[] = VERBOSE, family: Family = 4): string[] {
  const { rules, findings } = readListed(chainOf('FORWARD', way, lines), family, 'filter');
  const codes = findings.map(({ code }) => code).filter((code) => code !== 'RULE_NO_POLICY');
  return [...rules.map((rule) => printRule(rule).replace(/^-A FORWARD ?/, '')), ...codes];
}

/** A line with an end, and without one in the target column. */
const line = (end: string, target = '', family: Family = 4): string =>
  family === 4
    ? `    0     0 ${target.padEnd(10)} 0    --  *      *       0.0.0.0/0            0.0.0.0/0            ${end}`
    : `    0     0 ${target.padEnd(10)} 0    --  *      *       ::/0                 ::/0                 ${end}`;

describe('other forms', () => {
  it.each<[end: string, rule: string, target?: string, family?: Family]>([
    ['match bpf 6 0 0 0\0', '-m bpf --bytecode "1,6 0 0 0"'],
    ['match bpf pinned /sys/fs/bpf/x', '-m bpf --object-pinned "/sys/fs/bpf/x"'],
    ['eui64 ', '-m eui64', '', 6],
    ['ipvs', '-m ipvs --ipvs'],
    [
      '! vproto 6 vaddr 10.0.0.1 vport 80 vdir REPLY ! vmethod MASQ vportctl 21',
      '-m ipvs ! --vproto 6 --vaddr 10.0.0.1 --vport 80 --vdir REPLY ! --vmethod MASQ --vportctl 21',
    ],
    ['nfacct-name  "a b"', '-m nfacct --nfacct-name  "a b"'],
    ['nfacct-name  acct', '-m nfacct --nfacct-name  acct'],
    [
      'CLUSTERIP hashmode=sourceip clustermac=01:AA:7B:47:F7:D7 total_nodes=2 local_node=1 hash_init=1',
      '-j CLUSTERIP --new --hashmode sourceip --clustermac 01:AA:7B:47:F7:D7 --total-nodes 2 --local-node 1 --hash-init 1',
      'CLUSTERIP',
    ],
    ['CLUSTERIP', '-j CLUSTERIP', 'CLUSTERIP'],
    [
      'led-trigger-id:"a \\"b" led-delay:42ms led-always-blink',
      '-j LED --led-trigger-id "a \\"b" --led-delay 42 --led-always-blink',
      'LED',
    ],
    ['led-trigger-id:"foo" led-delay:inf', '-j LED --led-trigger-id "foo" --led-delay -1', 'LED'],
    [
      'ULOG copy_range 10 nlgroup 16 prefix "a b" queue_threshold 5',
      '-j ULOG --ulog-prefix "a b" --ulog-nlgroup 16 --ulog-cprange 10 --ulog-qthreshold 5',
      'ULOG',
    ],
    ['', '-j QUEUE', 'QUEUE'],
    ['NOTRACK', '-j NOTRACK', 'CT'],
    ['mark match 0x1 mark match 0x2', '-m mark --mark 0x1 -m mark --mark 0x2'],
    // Versions of before 2011.
    ['MARK match 0x4/0xff', '-m mark --mark 0x4/0xff'],
    ['#conn/32 > 3', '-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr'],
    ["LOG flags 0 level 4 prefix `old: '", '-j LOG --log-prefix "old: "', 'LOG'],
    ['recent: SET name: ssh side: source', '-m recent --set --name ssh --mask 255.255.255.255 --rsource'],
    [
      'LOG flags 4 level 7 prefix "say "no" "',
      '-j LOG --log-prefix "say \\"no\\" " --log-level 7 --log-ip-options',
      'LOG',
    ],
  ])('%s', (end, rule, target = '', family = 4) => {
    const [got] = read([line(end, target, family)], VERBOSE, family);
    expect(got).toBe(rule);
  });

  it('of iptables before 1.4.11: no blanks around ports and flags, no column for the option in ip6tables', () => {
    expect(
      read([
        '    1    60 ACCEPT     tcp  --  *      *       10.0.0.0/8           0.0.0.0/0            state NEW tcp dpt:22flags: 0x17/0x02',
        '    1    84 ACCEPT     icmp --  *      *       0.0.0.0/0            0.0.0.0/0            icmp type 8 code 0',
        '    1    60 ACCEPT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcpflags: 0x17/0x02 multiport dports 80,443',
      ]),
    ).toEqual([
      '-s 10.0.0.0/8 -p tcp -m state --state NEW -m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT',
      '-p icmp -m icmp --icmp-type 8/0 -j ACCEPT',
      '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m multiport --dports 80,443 -j ACCEPT',
    ]);
    expect(
      read(
        [
          '    0     0 ACCEPT     tcp      *      *       2001:db8::/64        ::1/128              tcp dpt:22',
          '    0     0            all      lo     *       ::/0                 ::/0                ',
        ],
        VERBOSE,
        6,
      ),
    ).toEqual(['-s 2001:db8::/64 -d ::1/128 -p tcp -m tcp --dport 22 -j ACCEPT', '-i lo']);
  });
});

describe('names', () => {
  it('of services and hosts are resolved where they are the same on every node', () => {
    const way = ['-v'];
    const rule = (source: string, destination: string, end: string): string =>
      `    0     0 ACCEPT     tcp  --  any    any     ${source}  ${destination}  ${end}`;
    expect(
      read(
        [
          rule('anywhere', 'localhost', 'tcp spts:1024:65535 dpt:https'),
          rule('localhost/8', '!link-local/16', 'multiport dports ssh,8000,domain'),
          rule('ip-192-168-45-10.eu-west-1.compute.internal', 'ip-10-0-0-0.ec2.internal/16', 'tcp dpt:!http'),
        ],
        way,
      ),
    ).toEqual([
      '-d 127.0.0.1/32 -p tcp -m tcp --sport 1024:65535 --dport 443 -j ACCEPT',
      '-s 127.0.0.0/8 ! -d 169.254.0.0/16 -p tcp -m multiport --dports 22,8000,53 -j ACCEPT',
      '-s 192.168.45.10/32 -d 10.0.0.0/16 -p tcp -m tcp ! --dport 80 -j ACCEPT',
    ]);
  });

  it('that differ between nodes stay open, and say so', () => {
    const way = ['-v'];
    const rule =
      '    0     0 DNAT       tcp  --  any    any     db.example  anywhere  tcp dpt:http-alt to:10.0.0.2:80';
    expect(read([rule], way)).toEqual([
      '-s db.example -p tcp -m listing --shown "tcp dpt:http-alt" -j DNAT --to-destination 10.0.0.2:80',
      'RULE_LISTING_HIDES',
      'RULE_WRONG_TABLE',
      'RULE_WRONG_HOOK',
    ]);
    expect(read([line('owner UID match games', 'RETURN')], way)[0]).toBe(
      '-m listing --shown "owner UID match games" -j RETURN',
    );
    expect(read([line('owner UID match root', 'RETURN')], way)[0]).toBe('-m owner --uid-owner 0 -j RETURN');
  });
});

describe('what cannot be read', () => {
  it('is a condition that nobody can decide, and the target with it where the text may be its own', () => {
    expect(read([line('frobnicate 5 tcp dpt:80', 'ACCEPT')])).toEqual([
      '-m listing --shown "frobnicate 5 tcp dpt:80" -j ACCEPT',
      'RULE_LISTING_TEXT',
    ]);
    expect(read([line('[8 bytes of unknown target data] ', 'MARK')])).toEqual([
      '-m listing --shown "[8 bytes of unknown target data]" -j MARK --listed "[8 bytes of unknown target data]"',
      'RULE_LISTING_TEXT',
    ]);
    expect(read([line('LOG flags 64 level 4', 'LOG')])[0]).toBe('-j LOG --listed "LOG flags 64 level 4"');
  });

  it('keeps a rule for a line whose columns cannot be told apart', () => {
    const [rule, code] = read(['    0     0 ACCEPT     tcp  --  eth0 0.0.0.0/0']);
    expect(rule).toContain('-m listing --line');
    expect(code).toBe('RULE_LISTING_LINE');
    expect(read(['12345678901234567890123456789 ACCEPT tcp -- * * 0.0.0.0/0 0.0.0.0/0'])[1]).toBe(
      'RULE_LISTING_LINE',
    );
  });

  it('leaves out rules that stand below no chain', () => {
    const { rules, findings } = readListed(`${line('', 'DROP')}\n`, 4, 'filter');
    expect(rules).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(['RULE_LISTING_NO_CHAIN']);
  });

  it('puts a line together that the width of a page broke', () => {
    expect(read([line('tcp dpt:8', 'ACCEPT').replace(' 0    --', ' tcp  --'), '443 ctstate NEW'])).toEqual([
      '-p tcp -m tcp --dport 8443 -m conntrack --ctstate NEW -j ACCEPT',
      'RULE_LISTING_BROKEN',
    ]);
    expect(read([line('/* two li', 'ACCEPT'), 'nes */ mark match 0x1'])).toEqual([
      '-m comment --comment "two lines" -m mark --mark 0x1 -j ACCEPT',
      'RULE_LISTING_BROKEN',
    ]);
    expect(read([line('', 'ACCEPT'), 'This is a sentence.'])).toEqual(['-j ACCEPT', 'RULE_PROSE']);
    expect(read([line('to:10.0.0.1', 'DNAT'), '...'])[0]).toBe('-j DNAT --to-destination 10.0.0.1');
  });

  it('does not take the words of a comment for conditions', () => {
    expect(read([line('/* tcp dpt:80 */', 'ACCEPT')])).toEqual([
      '-m comment --comment "tcp dpt:80" -j ACCEPT',
    ]);
    expect(read([line('/* a */ mark match 0x1 /* b */', 'ACCEPT')])).toEqual([
      '-m comment --comment a -m listing --shown "mark match 0x1" -m comment --comment b -j ACCEPT',
      'RULE_LISTING_HIDES',
    ]);
  });

  it.each(['constructor', '__proto__', 'toString'])('takes %s for a name like any other', (name) => {
    const { ruleSet } = readListed(
      `Chain ${name} (1 references)\ntarget     prot opt source               destination\n${name}  ${name} --  anywhere  anywhere\n${name}  all  --  ${name}  anywhere  ${name}\n`,
      4,
      'filter',
    );
    const chain = ruleSet.tables.get('filter')?.chains.get(name);
    expect(chain?.rules).toHaveLength(2);
    expect(chain?.rules.every(({ matches }) => matches.some((match) => 'opaque' in match))).toBe(true);
  });
});

describe('tables', () => {
  const NAT = [
    'Chain PREROUTING (policy ACCEPT 12 packets, 34K bytes)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '1     123K 4567M LOG        all  --  eth0   *       0.0.0.0/0            0.0.0.0/0',
    '2        0     0 my chain   tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:80',
    '',
    'Chain INPUT (policy ACCEPT 0 packets, 0 bytes)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '',
    'Chain OUTPUT (policy DROP 0 packets, 0 bytes)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '',
    'Chain POSTROUTING (policy ACCEPT 0 packets, 0 bytes)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '1        0     0 MASQUERADE  all  --  *      eth0    10.0.0.0/8           0.0.0.0/0            random-fully',
    '',
    'Chain LOG (1 references)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '',
    'Chain my chain (1 references)',
    'num   pkts bytes target     prot opt in     out     source               destination',
    '1        0     0 DNAT       tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            to:10.0.0.2:8080',
    '',
  ].join('\n');

  it('have policies, rounded counters, and chains named like targets or with blanks', () => {
    const { ruleSet, findings } = readListed(NAT, 4, null);
    expect(findings).toEqual([]);
    const nat = ruleSet.tables.get('nat');
    expect(nat?.chains.get('OUTPUT')?.policy).toBe('DROP');
    expect(nat?.chains.get('PREROUTING')?.counters).toEqual({ packets: 12, bytes: 34000 });
    const rules = nat?.chains.get('PREROUTING')?.rules ?? [];
    expect(rules.map(({ action, counters }) => ({ action, counters }))).toMatchObject([
      { action: { kind: 'chain', chain: 'LOG' }, counters: { packets: 123000, bytes: 4567000000 } },
      { action: { kind: 'chain', chain: 'my chain' } },
    ]);
    expect(printRuleSet(ruleSet)).toContain(
      '-A POSTROUTING -s 10.0.0.0/8 -o eth0 -j MASQUERADE --random-fully',
    );
  });

  it('follow each other in one text', () => {
    const filter = chainOf('INPUT', [], ['ACCEPT     all  --  anywhere             anywhere']);
    const { ruleSet } = readListed(
      `${NAT}${filter}${chainOf('FORWARD', [], [])}${chainOf('OUTPUT', [], [])}`,
      4,
      null,
    );
    expect([...ruleSet.tables.keys()].sort()).toEqual(['filter', 'nat']);
  });

  it('that a save shows too are taken from there, and compared', () => {
    const save =
      '*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n';
    const table = (end: string): string =>
      ['INPUT', 'FORWARD', 'OUTPUT']
        .map((chain) =>
          chainOf(chain, [], chain === 'INPUT' ? [end] : []).replace(
            'INPUT (policy ACCEPT',
            'INPUT (policy DROP',
          ),
        )
        .join('');
    const load = (end: string): readonly string[] => {
      const node = loadNode('node', [
        { name: 'iptables-L.txt', text: table(end) },
        { name: 'iptables-save.txt', text: save },
      ]);
      expect(printRuleSet(node.ruleSets[4])).toBe(save);
      return node.diagnostics.map(({ code }) => code).filter((code) => code === 'RULE_DUMPS_DISAGREE');
    };
    expect(load('ACCEPT     all  --  anywhere             anywhere')).toEqual([]);
    expect(load('DROP       all  --  anywhere             anywhere')).toEqual(['RULE_DUMPS_DISAGREE']);
  });

  it('are told by the family of their addresses', () => {
    expect(listingFamily(NAT)).toBe(4);
    expect(listingFamily('Chain INPUT (policy ACCEPT)\nACCEPT all -- ::/0 fd00::1\n')).toBe(6);
    expect(listingFamily('ACCEPT all -- anywhere anywhere /* ::/0 10.0.0.1 */\n')).toBeNull();
  });
});

describe('any text', () => {
  const word = fc.constantFrom(
    'Chain', 'INPUT', '(policy', 'ACCEPT', '0', '12K', 'packets,', 'bytes)', '(1', 'references)', 'target', 'prot', 'opt',
    'tcp', 'all', '--', '-f', '*', 'lo', '!lo', 'anywhere', '0.0.0.0/0', '!10.0.0.0/8', '::/0', 'dpt:80', 'dpts:1:',
    'flags:', '/*', '*/', '[goto]', 'to:1.2.3.4', 'ctstate', 'NEW', '!', 'limit:', 'STRING', 'match', '"a', 'b"', '\0',
    '\t', 'MARK', 'set', '0x1/0x2', 'recent:', 'SET', 'name:', '__proto__', '\u001b[31m',
  ); // prettier-ignore
  const texts = fc.oneof(
    fc
      .array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', '')), { maxLength: 60 })
      .map((parts) => parts.flat().join('')),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ maxLength: 80 }).map((end) => chainOf('INPUT', VERBOSE, [line(end, 'DNAT')])),
  );

  it('is read without an error, and printed as it is read again', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom<Family>(4, 6), (text, family) => {
        const { ruleSet } = readListed(text, family, 'nat');
        const printed = printRuleSet(ruleSet);
        const again = loadNode('node', [
          { name: family === 4 ? 'iptables-save.txt' : 'ip6tables-save.txt', text: printed },
        ]);
        if (printed !== '') expect(printRuleSet(again.ruleSets[family])).toBe(printed);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('takes time that grows with its length alone', () => {
    const hostile: readonly string[] = [
      ' '.repeat(200_000),
      `Chain ${'a '.repeat(100_000)}`,
      `Chain ${'('.repeat(200_000)}`,
      line('/* '.repeat(60_000), 'ACCEPT'),
      line('*/ '.repeat(60_000), 'ACCEPT'),
      line('/* a */ '.repeat(20_000), 'ACCEPT'),
      line('mark match 0x1 '.repeat(10_000), 'ACCEPT'),
      line('ctstate '.repeat(20_000), 'ACCEPT'),
      line(`STRING match "${'\\"'.repeat(100_000)}`, 'ACCEPT'),
      line('1 2 3 4,'.repeat(20_000), 'ACCEPT'),
      `${'1 '.repeat(100_000)}\n`,
      `${'tcp -- '.repeat(50_000)}\n`,
    ];
    const started = performance.now();
    for (const text of hostile) readListed(chainOf('INPUT', VERBOSE, [text]), 4, 'filter');
    expect(performance.now() - started).toBeLessThan(8000);
  }, 60_000);
});
