import { describe, expect, it } from 'vitest';
import type { Family } from '../../address/address.js';
import { printRuleBody } from '../print.js';
import { readRule, readRuleParts } from './rule.js';

/** The rules that a text becomes, printed, and the ids of what was found. */
function read(text: string, family: Family = 4): { readonly rules: string[]; readonly codes: string[] } {
  const { headers, matches, action, problems } = readRuleParts(text, family);
  return {
    rules: headers.map((header) => printRuleBody({ header, matches, action })),
    codes: problems.map(({ code }) => code),
  };
}

const one = (text: string, family: Family = 4): string => {
  const { rules, codes } = read(text, family);
  expect(codes).toEqual([]);
  expect(rules).toHaveLength(1);
  return rules[0] ?? '';
};

describe('a rule in any spelling', () => {
  it.each([
    ['', ''],
    ['-s 10.1.2.3/24', '-s 10.1.2.0/24'],
    ['-s 10.1.2.3', '-s 10.1.2.3/32'],
    ['--src 10.0.0.0/8 --dst 1.2.3.4/255.255.0.255', '-s 10.0.0.0/8 -d 1.2.0.4/255.255.0.255'],
    ['-s 10/8 -d 10.1/16', '-s 10.0.0.0/8 -d 10.1.0.0/16'],
    ['-s 10.1', '-s 10.1.0.0/32'],
    ['-s 01.02.03.010', '-s 1.2.3.8/32'],
    ['-s 0.0.0.0/0 -d any.example', '-d any.example'],
    ['! -s 0.0.0.0/0', '! -s 0.0.0.0/0'],
    ['-s ! 10.0.0.1', '! -s 10.0.0.1/32'],
    ['! --destination 10.0.0.1', '! -d 10.0.0.1/32'],
    ['-i + -o eth+', '-o eth+'],
    ['--in-interface eth0 ! --out-interface eth1', '-i eth0 ! -o eth1'],
    ['-p TCP', '-p tcp'],
    ['-p 0', ''],
    ['-p all', ''],
    ['-p 47', '-p gre'],
    ['-p 253', '-p 253'],
    ['-p ! udp', '! -p udp'],
    ['-f', '-f'],
    ['! --fragments', '! -f'],
    ['-j ACCEPT -p tcp', '-p tcp -j ACCEPT'],
    ['-gCHAIN -c5,6', '-g CHAIN'],
    ['--protocol tcp --jump CHAIN', '-p tcp -j CHAIN'],
    ['--proto tcp', '-p tcp'],
    ['-g CHAIN', '-g CHAIN'],
    ['-4 -j CHAIN', '-j CHAIN'],
    ['-c 5 6 -j CHAIN', '-j CHAIN'],
    ['-p tcp --dport 80', '-p tcp -m tcp --dport 80'],
    ['-p 6 --dport 80', '-p tcp -m tcp --dport 80'],
    ['-p tcp --dport ! 80', '-p tcp -m tcp ! --dport 80'],
    ['-p tcp --source-port=80', '-p tcp -m tcp --sport 80'],
    ['-p tcp --dpo 80', '-p tcp -m tcp --dport 80'],
    ['-p tcp -m mark --dport 80 --mark 5', '-p tcp -m mark --mark 0x5 -m tcp --dport 80'],
    ['-p tcp -m tcp -m tcp --dport 80', '-p tcp -m tcp -m tcp --dport 80'],
    [
      '-p tcp -m tcp -m comment --comment x --syn',
      '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m comment --comment x',
    ],
    ['-m comment --comm x', '-m comment --comment x'],
    ['-m mark --mark 1 -m mark --mar 2', '-m mark --mark 0x1 -m mark --mark 0x2'],
    ['-m comment --comment -j -j CHAIN', '-m comment --comment -j -j CHAIN'],
    ['-m comment --comment "-m mark" -j CHAIN', '-m comment --comment "-m mark" -j CHAIN'],
    ['-m comment --comment ! -j CHAIN', '-m comment --comment "!" -j CHAIN'],
    ['-m comment --comment \'a "b" c\'', '-m comment --comment "a \\"b\\" c"'],
    ['-m comment --comment "say \\"hi\\" it\'s"', '-m comment --comment "say \\"hi\\" it\\\'s"'],
    ['-m comment --comment ""', '-m comment --comment ""'],
    ['-m comment --comment x # and why', '-m comment --comment x'],
    ['\t-p   tcp\t', '-p tcp'],
    ['-p tcp \\\n  -j CHAIN', '-p tcp -j CHAIN'],
  ])('%j', (text, canonical) => {
    expect(one(text)).toBe(canonical);
    expect(one(canonical)).toBe(canonical);
  });

  it.each([
    ['-p icmpv6 -m icmpv6 --icmpv6-type 128', '-p ipv6-icmp -m icmp6 --icmpv6-type 128'],
    ['-p 58 --icmpv6-type 128', '-p ipv6-icmp -m icmp6 --icmpv6-type 128'],
    ['-s fd00::1 -d ::/0', '-s fd00::1/128'],
    ['-s fd00::1/ffff::ffff', '-s fd00::1/ffff::ffff'],
    ['-6 -j CHAIN', '-j CHAIN'],
  ])('%j of ip6tables', (text, canonical) => {
    expect(one(text, 6)).toBe(canonical);
    expect(one(canonical, 6)).toBe(canonical);
  });

  it('makes a rule of each pair of listed addresses, in the order of iptables', () => {
    expect(read('-s 1.1.1.1,2.2.2.2 -d 3.3.3.3,4.4.4.4 -j X').rules).toEqual([
      '-s 1.1.1.1/32 -d 3.3.3.3/32 -j X',
      '-s 1.1.1.1/32 -d 4.4.4.4/32 -j X',
      '-s 2.2.2.2/32 -d 3.3.3.3/32 -j X',
      '-s 2.2.2.2/32 -d 4.4.4.4/32 -j X',
    ]);
  });

  it('takes counters before the target, as -S -v prints them', () => {
    expect(readRuleParts('-p tcp -m tcp --dport 80 -c 12 3456 -j X', 4).counters).toEqual({
      packets: 12,
      bytes: 3456,
    });
    expect(readRuleParts('-c 12,3456 -j X', 4).counters).toEqual({ packets: 12, bytes: 3456 });
  });

  it('takes a chain of the table for the chain, even where a target has its name', () => {
    expect(readRuleParts('-j LOG', 4, (name) => name === 'LOG').action).toEqual({
      kind: 'chain',
      chain: 'LOG',
      goto: false,
    });
    expect(readRuleParts('--jump LOG', 4, (name) => name === 'LOG').action).toEqual({
      kind: 'chain',
      chain: 'LOG',
      goto: false,
    });
    expect(readRuleParts('-j LOG', 4).action.kind).toBe('target');
  });
});

describe('what cannot be understood stays in the rule, opaque', () => {
  it.each([
    ['-m nosuch --a 1 "b c" -j ACCEPT', '-m nosuch --a 1 "b c" -j ACCEPT', ['RULE_UNKNOWN_MATCH']],
    ['-j NOSUCH --a 1', '-j NOSUCH --a 1', ['RULE_UNKNOWN_TARGET']],
    ['-p tcp -m tcp --dport 80 --nosuch 1 -j X', '-p tcp -m tcp --dport 80 --nosuch 1 -j X', ['RULE_OPTION']],
    ['-p tcp -m tcp --dprot 80', '-p tcp -m tcp --dprot 80', ['RULE_OPTION_MEANT']],
    ['-m tcp --dport 80', '-m tcp --dport 80', ['RULE_NEEDS_PROTOCOL']],
    ['! -p tcp -m tcp', '! -p tcp -m tcp', ['RULE_NEEDS_PROTOCOL']],
    ['-p tcp -m tcp --dport 80 --dport 81', '-p tcp -m tcp --dport 80 --dport 81', ['RULE_REPEATED']],
    ['-p tcp -m tcp --dport 99999', '-p tcp -m tcp --dport 99999', ['VAL_PORT']],
    ['-m comment ! --comment x', '-m comment ! --comment x', ['RULE_NOT_INVERTIBLE']],
    ['-m comment --comment', '-m comment --comment', ['RULE_VALUE_MISSING']],
    ['-p tcp -m tcp --syn=1', '-p tcp -m tcp --syn=1', ['RULE_VALUE_UNWANTED']],
    ['-s 300.1.1.1 -p tcp -j X', '-p tcp -s 300.1.1.1 -j X', ['RULE_ADDRESS']],
    ['-s 1.2.3.4/33', '-s 1.2.3.4/33', ['RULE_MASK']],
    ['-s fd00::1', '-s fd00::1', ['RULE_OTHER_FAMILY']],
    ['-s <private_ip>', '-s <private_ip>', ['RULE_ADDRESS']],
    ['! -s 1.1.1.1,2.2.2.2', '! -s 1.1.1.1,2.2.2.2', ['RULE_INVERTED_LIST']],
    ['-s 1.1.1.1 -s 2.2.2.2', '-s 1.1.1.1/32 -s 2.2.2.2', ['RULE_REPEATED']],
    ['-i a234567890123456', '-i a234567890123456', ['RULE_DEVICE']],
    ['-p nosuch', '-p nosuch', ['RULE_PROTOCOL']],
    ['-s10.0.0.1 -jACCEPT', '-s10.0.0.1 -jACCEPT', ['RULE_UNKNOWN_OPTION', 'RULE_UNKNOWN_OPTION']],
    ['! -p all', '! -p all', ['RULE_NEVER']],
    ['--nosuch 5 -j X', '--nosuch 5 -j X', ['RULE_UNKNOWN_OPTION']],
    ['-j MARK --set-mark 1 0', '0 -j MARK --set-xmark 0x1/0xffffffff', ['RULE_STRAY']],
    ['-p tcp stray -j X', '-p tcp stray -j X', ['RULE_STRAY']],
    ['! -j X', '! -j X', ['RULE_NOT_INVERTIBLE']],
    ['-j X -j Y', '-j X -j Y', ['RULE_REPEATED']],
    ['-p tcp !', '-p tcp !', ['RULE_DANGLING_NOT']],
    ['-p tcp -j', '-p tcp -j', ['RULE_VALUE_MISSING']],
    ['-m comment --comment "never closed', '-m comment --comment "never closed', ['RULE_TORN']],
    ['-c a b -j X', '-c a b -j X', ['RULE_COUNTERS']],
  ])('%s', (text, printed, codes) => {
    expect(read(text)).toEqual({ rules: [printed], codes });
    expect(read(printed)).toEqual({ rules: [printed], codes });
  });

  it('leaves out what somebody wrote beside a rule', () => {
    expect(read('-i lo -j X !!! look here')).toEqual({ rules: ['-i lo -j X'], codes: ['RULE_REMARK'] });
  });

  it('points at the words that are wrong', () => {
    const text = '-p tcp -m tcp --dport 80 --dprot 81 -j X';
    const [problem] = readRuleParts(text, 4).problems;
    expect(text.slice(problem?.from, problem?.to)).toBe('--dprot');
  });

  it('does not multiply two long lists', () => {
    const list = Array.from({ length: 900 }, (_, at) => `10.0.${String(at >> 8)}.${String(at & 255)}`).join(
      ',',
    );
    expect(read(`-s ${list} -d ${list}`).codes).toEqual(['RULE_ADDRESS_LIST']);
  });
});

describe('readRule', () => {
  it('gives the parts of a rule, or what is wrong with it', () => {
    const good = readRule('-p tcp --dport 80 -j ACCEPT', 4);
    expect('header' in good && good.header.protocol).toEqual({ value: 6, inverted: false });
    const bad = readRule('-p tcp --nosuch', 4);
    expect('header' in bad ? [] : bad.map(({ code }) => code)).toEqual(['RULE_UNKNOWN_OPTION']);
  });
});
