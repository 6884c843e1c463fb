/** `ip rule`, line by line. */
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import type { Family } from '../address/address.js';
import type { PolicyRule } from '../routing/model.js';
import { readPolicyRules } from './ip-rule.js';
import { printPolicyRule } from '../routing/print.js';
import { TableNames } from './table-names.js';

function rules(
  text: string,
  family: Family | null = null,
  names = new TableNames(),
): { readonly rules: readonly PolicyRule[]; readonly codes: readonly string[]; readonly family: Family } {
  const { report, codes } = open(text);
  const read = readPolicyRules(family, names, report);
  return { ...read, codes: codes() };
}

describe('ip rule', () => {
  it.each([
    '0:\tfrom all lookup local',
    '50:\tfrom 1.2.3.4 blackhole',
    '51:\tfrom 1.2.3.5 unreachable',
    '52:\tfrom 1.2.3.6 prohibit',
    '53:\tfrom all nop',
    '54:\tnot from 1.2.3.0/24 to 5.6.7.0/24 tos 0x10 fwmark 0x1/0xff iif e0 oif e1 lookup 200',
    '55:\tfrom all ipproto tcp sport 10 dport 20-30 lookup main',
    '55:\tfrom all ipproto 200 lookup main',
    '56:\tfrom all uidrange 1000-2000 lookup 7',
    '57:\tfrom all lookup main suppress_prefixlength 0',
    '58:\tfrom all lookup main suppress_ifgroup 5',
    '59:\tfrom all goto 32766',
    '60:\tfrom all goto 40000 [unresolved]',
    '61:\tfrom all iif nosuch [detached] lookup main',
    '61:\tfrom all iif a [detached] oif b [detached] lookup main',
    '62:\tfrom all lookup 4294967294',
    '63:\tfrom all lookup main proto static',
    '64:\tfrom all tun_id 77 lookup main',
    '65:\tfrom all lookup main realms 3/4 proto bird',
    '1000:\tfrom all lookup [l3mdev-table]',
    '5000:\tfrom 10.96.135.5 lookup blue',
    '2852018311:\tfrom 169.254.0.2/31 lookup 2852018311',
    '512:\tfrom 2001:db8::/64 ipproto ipv6-icmp lookup main',
    '700:\tfrom all dscp 10 lookup main',
  ])('prints back %s', (line) => {
    const read = rules(`${line}\n`);
    expect(read.codes).toEqual([]);
    expect(read.rules.map(printPolicyRule)).toEqual([line]);
  });

  it.each([
    [
      '32764:  from all  lookup main suppress_prefixlength 0 ',
      '32764:\tfrom all lookup main suppress_prefixlength 0',
    ],
    ['10:     from all iif vlan.eth.2 lookup 102   # branch ENI', '10:\tfrom all iif vlan.eth.2 lookup 102'],
    ['7: from all fwmark 128 lookup main', '7:\tfrom all fwmark 0x80 lookup main'],
    ['8: from all dsfield lowdelay lookup main', '8:\tfrom all tos 0x10 lookup main'],
    ['9: from all ipproto 6 table main', '9:\tfrom all ipproto tcp lookup main'],
  ])('reads %s as %s', (line, canonical) => {
    const read = rules(line);
    expect(read.codes).toEqual([]);
    expect(read.rules.map(printPolicyRule)).toEqual([canonical]);
  });

  it.each([
    ['4294967296:\tfrom all lookup main', 'READ_PRIORITY@1:1'],
    ['1:\tfrom 10.0.0.256 lookup main', 'READ_VALUE@1:9'],
    ['1:\tfrom 10.0.0.0/33 lookup main', 'READ_VALUE@1:9'],
    ['1:\tfrom all fwmark 0x1ffffffff lookup main', 'READ_VALUE@1:20'],
    ['1:\tfrom all sport 70000 lookup main', 'READ_VALUE@1:19'],
    ['1:\tfrom all dport 30-20 lookup main', 'READ_VALUE@1:19'],
    ['1:\tfrom all lookup 4294967296', 'READ_VALUE@1:20'],
    ['1:\tfrom all lookup', 'READ_VALUE_MISSING@1:13'],
    ['1:\tfrom all fwmark 0x1', 'READ_RULE_NO_ACTION@1:1'],
    ['-5:\tfrom all lookup main\n', 'READ_LINE@1:1'],
    ['1:\tfrom 10.0.0.1 to 2001:db8::1 lookup main', 'READ_OTHER_FAMILY@1:1'],
    ['1:\tfrom a\0b lookup main', 'READ_VALUE@1:9'],
  ])('refuses %j', (line, code) => {
    const read = rules(line);
    expect(read.codes).toEqual([code]);
    expect(read.rules).toEqual([]);
  });

  it.each([
    ['1:\tfrom all frobnicate 7 lookup main', ['frobnicate 7'], 13],
    ['1:\tfrom all lookup main newer', ['newer'], 25],
    ['1:\tfrom all newer fwmark 0x1 later 3/4 lookup main', ['newer', 'later 3/4'], 13],
  ])('keeps %j with open selectors', (line, opaque, at) => {
    const read = rules(line);
    expect(read.codes[0]).toBe(`READ_RULE_WORD@1:${String(at)}`);
    expect(read.rules.map((rule) => rule.opaque)).toEqual([opaque]);
  });

  it('keeps equal priorities in the order of the list, and sorts a list that is out of order', () => {
    const read = rules(
      '5: from 1.0.0.1 lookup 1\n9: from 1.0.0.2 lookup 2\n5: from 1.0.0.3 lookup 3\n9: from 1.0.0.4 lookup 4\n',
    );
    expect(read.codes).toEqual(['READ_RULE_ORDER@3:1']);
    expect(read.rules.map(({ action }) => (action.kind === 'lookup' ? action.table : 0))).toEqual([
      1, 3, 2, 4,
    ]);
  });

  it('goes on after a line that it cannot read', () => {
    const read = rules('0: from all lookup local\nwhat is this\n32766: from all lookup main\n');
    expect(read.codes).toEqual(['READ_LINE@2:1']);
    expect(read.rules).toHaveLength(2);
  });

  it('tells the family by the addresses, then by the hint, else takes IPv4', () => {
    expect(rules('1: from fe80::1 lookup main').family).toBe(6);
    expect(rules('1: from all lookup main', 6).family).toBe(6);
    expect(rules('1: from all lookup main').family).toBe(4);
  });

  it('keeps a hostile name a name', () => {
    const read = rules('1:\tfrom all iif __proto__ lookup constructor\n');
    expect(read.rules.map(printPolicyRule)).toEqual(['1:\tfrom all iif __proto__ lookup constructor']);
  });
});
