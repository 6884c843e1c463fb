/** Lines that were broken in two: joined where nothing else is possible, left alone otherwise. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLines as join } from './join.js';
import { LineList } from './line-list.js';

function joinLines(given: readonly string[]): readonly string[] {
  const lines = new LineList(given.join('\n'));
  join(lines);
  return Array.from({ length: lines.length }, (_, at) => lines.at(at) ?? '');
}

const joined = (...lines: readonly string[]): readonly string[] => joinLines(lines);

describe('a line that a backslash breaks', () => {
  it('is joined, and the others keep their numbers', () => {
    expect(
      joined(
        'icmp     1 28 src=172.30.66.58 dst=8.8.8.8 type=8 code=0 id=34392 \\',
        '  src=8.8.8.8 dst=172.30.85.242 type=0 code=0 id=50705 mark=128 use=1',
        'tcp',
      ),
    ).toEqual([
      'icmp     1 28 src=172.30.66.58 dst=8.8.8.8 type=8 code=0 id=34392 src=8.8.8.8 dst=172.30.85.242 type=0 code=0 id=50705 mark=128 use=1',
      '',
      'tcp',
    ]);
  });

  it('is a command when a prompt stands before it, and is left to the prompt', () => {
    const lines = ['$ ip route show \\', '> table 2'];
    expect(joinLines(lines)).toEqual(lines);
  });
});

describe('a line that a page breaks at a blank', () => {
  it.each([
    [
      '-A POSTROUTING ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type',
      'LOCAL -j SNAT --to-source 192.168.4.12 --random-fully',
    ],
    ['-A KUBE-SERVICES -d 10.100.0.1/32 -p tcp', '-m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y'],
    ['-A INPUT -m comment --comment "kubernetes', 'service portals" -j KUBE-SERVICES'],
    ['1536:\tfrom 192.168.61.33', 'lookup 2'],
    ['10.0.0.0/16 dev eth0 proto kernel scope link src', '10.0.0.5'],
    ['1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN', 'group default'],
    ['4: vif112.0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state', 'UP group default qlen 32'],
  ])('%j %j is one line', (first, second) => {
    expect(joined(first, second, 'COMMIT')).toEqual([`${first} ${second}`, '', 'COMMIT']);
  });

  it('may be broken in three', () => {
    expect(joined('-A INPUT -p tcp -m tcp', '--dport 22 -s', '10.0.0.0/8 -j ACCEPT')).toEqual([
      '-A INPUT -p tcp -m tcp --dport 22 -s 10.0.0.0/8 -j ACCEPT',
      '',
      '',
    ]);
  });
});

describe('a line that a terminal breaks', () => {
  it('is joined in the middle of a word, where other lines are as wide', () => {
    const rules = [
      '-A KUBE-SERVICES -d 10.100.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-TCOU7JCQ',
      'XEZGVUNU',
      '-A KUBE-SERVICES -d 10.100.0.10/32 -p tcp -m tcp --dport 53 -j KUBE-SVC-ERIFXISQ',
      'EP7F7OF4',
    ];
    expect(joinLines(rules)).toEqual([
      '-A KUBE-SERVICES -d 10.100.0.10/32 -p udp -m udp --dport 53 -j KUBE-SVC-TCOU7JCQXEZGVUNU',
      '',
      '-A KUBE-SERVICES -d 10.100.0.10/32 -p tcp -m tcp --dport 53 -j KUBE-SVC-ERIFXISQEP7F7OF4',
      '',
    ]);
  });
});

describe('a line that is not certainly broken', () => {
  it.each([
    [['-A INPUT -j ACCEPT', 'and then we add another']],
    [['-A INPUT -j ACCEPT', '-A INPUT -j DROP']],
    [['-A INPUT -p tcp -m tcp --dport', '# a comment']],
    [['-A INPUT -p tcp -m tcp --dport', 'nothing that is a port']],
    [['32766:\tfrom all lookup main', 'lookup 2']],
    [['default via 10.0.0.1 dev eth0', '10.0.0.5']],
    [['1: lo: <LOOPBACK> mtu 65536', '    inet 127.0.0.1/8 scope host lo']],
  ])('%j stays as it is', (lines) => {
    expect(joinLines(lines)).toEqual(lines);
  });

  it('costs no more than a look at each, however many there are', () => {
    const started = performance.now();
    joinLines(Array.from({ length: 200_000 }, (_, at) => (at % 2 === 0 ? '-A INPUT -p tcp --dport' : 'foo')));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

it('never loses a line or a word', () => {
  const word = fc.constantFrom(
    '-A',
    'INPUT',
    '-j',
    'ACCEPT',
    '--dport',
    '22',
    '\\',
    '"',
    'from',
    '1:',
    'dev',
  );
  const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
      const result = joinLines(lines);
      expect(result).toHaveLength(lines.length);
      const letters = (all: readonly string[]): string => all.join('').replace(/[\s\\]/g, '');
      expect(letters(result)).toBe(letters(lines));
    }),
  );
});
