import { describe, expect, it } from 'vitest';
import type { Node } from '../packet/node.js';
import { trace } from '../packet/trace.js';
import { printLabels } from './ip-addrlabel.js';
import { loadNode } from './load.js';
import { printNode } from './print.js';

const LABELS = `prefix ::1/128 label 0 
prefix ::ffff:0.0.0.0/96 label 4 
prefix 2001:db8:1::/48 dev v0 label 98 
prefix 2001:db8:1::/48 label 99 
prefix fc00::/7 label 5 
prefix ::/0 label 1 
`;
const JSON_LABELS = `[{"address":"::1","prefixlen":128,"label":0},{"address":"::ffff:0.0.0.0","prefixlen":96,"label":4},
{"address":"2001:db8:1::","prefixlen":48,"ifname":"v0","label":98},{"address":"2001:db8:1::","prefixlen":48,"label":99},
{"address":"fc00::","prefixlen":7,"label":5},{"address":"::","prefixlen":0,"label":1}]
`;
const LINES = LABELS.trim()
  .split('\n')
  .map((line) => line.trim());

const load = (text: string, name = 'node.txt'): Node => loadNode('test', [{ name, text }]);
const linesOf = (node: Node): readonly string[] | null => {
  const { labels } = node.networks[6];
  return labels === null ? null : printLabels(labels);
};

describe('ip addrlabel', () => {
  it.each([
    ['by its lines', LABELS],
    ['behind a prompt', `root@node:~# ip addrlabel\n${LABELS}`],
    ['behind a prompt, as list', `$ ip -6 addrl list\n${LABELS}`],
    ['with carriage returns', LABELS.replaceAll('\n', '\r\n')],
    ['with colours', LABELS.replaceAll(/prefix (\S+)\//g, 'prefix \u001b[34m$1\u001b[0m/')],
    ['in JSON', JSON_LABELS],
    ['below other listings', `$ ip rule\n0:\tfrom all lookup local\n$ ip addrlabel\n${LABELS}`],
  ])('is read %s', (_how, text) => {
    const node = load(text);
    expect(linesOf(node)).toEqual(LINES);
    expect(node.listings.map(({ kind }) => kind)).toContain('ip addrlabel');
    expect(node.diagnostics.filter(({ code }) => code.startsWith('READ_'))).toEqual([]);
  });

  it('is tried in the order of the kernel, whatever that of the lines', () => {
    expect(linesOf(load(`${LINES.toReversed().join('\n')}\n`))?.at(0)).toBe('prefix ::1/128 label 0');
    const own = linesOf(load(`${LINES.toReversed().join('\n')}\n`)) ?? [];
    expect(own.indexOf('prefix 2001:db8:1::/48 dev v0 label 98')).toBeLessThan(
      own.indexOf('prefix 2001:db8:1::/48 label 99'),
    );
  });

  it('is printed back, and read again as the same', () => {
    const node = load(`$ ip addrlabel\n${LABELS}`);
    const text = printNode(node);
    expect(text).toContain(`$ ip addrlabel\n${LINES.join('\n')}\n`);
    expect(linesOf(load(text))).toEqual(LINES);
  });

  it('that somebody flushed is none, and a file without lines tells nothing', () => {
    const flushed = load('$ ip addrlabel\n$ ip rule\n0:\tfrom all lookup local\n');
    expect(linesOf(flushed)).toEqual([]);
    expect(linesOf(load(printNode(flushed)))).toEqual([]);
    expect(linesOf(load('', 'ip-addrlabel.txt'))).toBeNull();
  });

  it.each([
    ['an address that is none', 'prefix 2001:db8::g/48 label 3', 'READ_VALUE'],
    ['a prefix that is too long', 'prefix 2001:db8::/129 label 3', 'READ_VALUE'],
    ['an IPv4 prefix', 'prefix 10.0.0.0/8 label 3', 'READ_VALUE'],
    ['a label of more than 32 bits', 'prefix 2001:db8::/48 label 4294967296', 'READ_VALUE'],
    ['a label that is none', 'prefix 2001:db8::/48 label x', 'READ_VALUE'],
    ['a word behind it', 'prefix 2001:db8::/48 label 3 tail', 'READ_WORD'],
    ['no label', 'prefix 2001:db8::/48 dev e0', 'READ_LINE'],
  ])('does not count with %s, which is named', (_what, line, code) => {
    const node = load(`$ ip addrlabel\nprefix ::1/128 label 0\n${line}\nprefix ::/0 label 1\n`);
    expect(node.diagnostics).toContainEqual(expect.objectContaining({ code }));
    expect(linesOf(node)).toBeNull();
  });

  it.each([
    ['a filter', `$ ip addrlabel | grep db8\nprefix 2001:db8:1::/48 label 99\n`],
    [
      'an error in its place',
      '$ ip addrlabel\nRTNETLINK answers: Operation not supported\nDump terminated\n',
    ],
  ])('does not count with %s', (_why, text) => {
    expect(linesOf(load(text))).toBeNull();
  });

  it('of later in a transcript stands for the one before a change', () => {
    const later = 'prefix ::/0 label 3';
    const node = load(
      `$ ip addrlabel\n${LABELS}$ ip addrlabel add prefix ::/0 label 3\n$ ip addrlabel\n${later}\n`,
    );
    expect(linesOf(node)).toEqual([later]);
  });

  it('decides which source a packet gets', () => {
    const node = (labels: string): Node =>
      load(`$ ip addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
    inet6 fd00:a::1/64 scope global
    inet6 2400::1/64 scope global
$ ip -6 route show table all
default via fd00:a::fe dev eth0 metric 1024 pref medium
fd00:a::/64 dev eth0 proto kernel metric 256 pref medium
local ::1 dev lo table local proto kernel metric 0 pref medium
${labels}`);
    const packet = { in: null, proto: 'udp', dst: '2001:db8:9::9', dport: 9 } as const;
    const source = (labels: string): readonly (string | undefined)[] =>
      trace(node(labels), packet).outcomes.map(({ final }) => final.src);
    expect(source('')).toEqual(['2400::1']);
    expect(source(`$ ip addrlabel\n${LABELS}`)).toEqual(['2400::1']);
    expect(source(`$ ip addrlabel\n${LABELS}prefix fd00:a::/64 label 1\nprefix 2400::/16 label 9\n`)).toEqual(
      ['fd00:a::1'],
    );
  });
});
