/** `ipset save` and `ipset list`. */
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { readSets } from './ipset.js';

describe('ipset', () => {
  const SAVE =
    'create B hash:net family inet hashsize 2048 timeout 300 comment\nadd B 10.0.0.0/8 timeout 299 nomatch comment "x y"\ncreate K hash:ip family inet6 hashsize 1024\nadd K 2001:db8::1\ncreate G list:set size 8\nadd G B\n';

  it('reads a save', () => {
    const { report, codes } = open(SAVE);
    const sets = readSets('save', report);
    expect(codes()).toEqual([]);
    expect([...sets.values()]).toMatchObject([
      {
        name: 'B',
        type: 'hash:net',
        family: 4,
        entries: [
          { text: '10.0.0.0/8', nomatch: true, words: ['timeout', '299', 'nomatch', 'comment', '"x y"'] },
        ],
      },
      { name: 'K', type: 'hash:ip', family: 6, entries: [{ text: '2001:db8::1', nomatch: false }] },
      { name: 'G', type: 'list:set', words: ['size', '8'], entries: [{ text: 'B' }] },
    ]);
  });

  it('reads a list as the same sets', () => {
    const { report, codes } = open(
      'Name: B\nType: hash:net\nRevision: 7\nHeader: family inet hashsize 2048 timeout 300 comment\nSize in memory: 932\nReferences: 1\nNumber of entries: 1\nMembers:\n10.0.0.0/8 timeout 299 nomatch comment "x y"\n\nName: K\nType: hash:ip\nHeader: family inet6 hashsize 1024\nMembers:\n2001:db8::1\n',
    );
    const sets = readSets('list', report);
    expect(codes()).toEqual([]);
    expect([...sets.values()]).toMatchObject([
      { name: 'B', type: 'hash:net', family: 4, entries: [{ text: '10.0.0.0/8', nomatch: true }] },
      { name: 'K', family: 6, entries: [{ text: '2001:db8::1' }] },
    ]);
  });

  it.each([
    ['add X 10.0.0.1\n', 'READ_SET_MISSING@1:1'],
    ['create X hash:ip family inet\ncreate X hash:ip family inet\n', 'READ_SET_TWICE@2:1'],
  ])('refuses %j', (text, code) => {
    const { report, codes } = open(text);
    readSets('save', report);
    expect(codes()).toEqual([code]);
  });

  it('keeps a hostile name a name', () => {
    const { report } = open('create __proto__ hash:ip family inet\nadd __proto__ 10.0.0.1\n');
    expect(readSets('save', report).get('__proto__')?.entries).toHaveLength(1);
  });
});
