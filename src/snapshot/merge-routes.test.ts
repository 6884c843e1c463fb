import { describe, expect, it } from 'vitest';
import type { Node } from '../packet/node.js';
import { trace } from '../packet/trace.js';
import { loadNode } from './load.js';

const LINKS = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
    inet 10.0.0.1/24 scope global eth0
    inet6 fd00:a::1/64 scope global
`;
const FOUR = `default via 10.0.0.254 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1
local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1
`;
const MAIN = `fd00:a::/64 dev eth0 proto kernel metric 256 pref medium
default via fd00:a::fe dev eth0 proto ra metric 1024 expires 1700sec pref medium
`;
const LATER = MAIN.replace('1700', '1690');
const LOCAL = `local ::1 dev lo table local proto kernel metric 0 pref medium
local fd00:a::1 dev eth0 table local proto kernel metric 0 pref medium
`;

function load(...texts: readonly string[]): Node {
  const files = texts.map((text, at) => ({ name: `route-${String(at)}.txt`, text }));
  return loadNode('node', [{ name: 'ip-addr.txt', text: LINKS }, ...files]);
}

/** How many routes each table has, and on what the way to a far host hangs. */
function counts(node: Node, family: 4 | 6): unknown {
  const dst = family === 4 ? '203.0.113.9' : '2001:db8::9';
  const { outcomes } = trace(node, { in: null, proto: 'udp', dst, dport: 9 });
  return {
    tables: Object.fromEntries([...node.networks[family].tables].map(([id, { length }]) => [id, length])),
    ways: outcomes.map(({ egress, assumptions }) => [
      egress?.via,
      assumptions.some(({ code }) => code === 'UNK_EQUAL_ROUTES'),
    ]),
    read: node.diagnostics.flatMap(({ code }) => (code.startsWith('READ_') ? [code] : [])),
  };
}

describe('routes that are listed twice are there once', () => {
  it.each<readonly [string, readonly string[]]>([
    ['all tables and table main of IPv6', [FOUR + MAIN + LOCAL, MAIN]],
    ['table main of IPv6 before all tables', [MAIN, FOUR + MAIN + LOCAL]],
    ['all tables of both, and of IPv6', [FOUR + MAIN + LOCAL, LATER + LOCAL]],
    ['both in one file', [FOUR + MAIN + LOCAL + LATER]],
    ['all tables twice in one file', [FOUR + MAIN + LOCAL + FOUR + LATER + LOCAL]],
    [
      'both below their commands',
      [`$ ip route show table all\n${FOUR}${MAIN}${LOCAL}$ ip -6 route\n${LATER}`],
    ],
  ])('%s', (_how, texts) => {
    const node = load(...texts);
    expect(counts(node, 6)).toEqual({
      tables: { 254: 2, 255: 2 },
      ways: [['fd00:a::fe', false]],
      read: [],
    });
    expect(counts(node, 4)).toMatchObject({ tables: { 254: 2, 255: 1 }, ways: [['10.0.0.254', false]] });
  });

  it('those that differ in a next hop are two', () => {
    const other = 'default via fd00:a::fd dev eth0 metric 1024 pref medium\n';
    const first = 'default via fd00:a::fe dev eth0 metric 1024 pref medium\n';
    expect(counts(load(first + other + LOCAL), 6)).toMatchObject({ tables: { 254: 2 } });
    const group = (last: string): string =>
      `10.9.0.0/16 \n\tnexthop via 10.0.0.8 dev eth0 weight 1 \n\tnexthop via 10.0.0.${last} dev eth0 weight 1 \n`;
    expect(counts(load(FOUR + group('9') + group('7')), 4)).toMatchObject({ tables: { 254: 4 } });
    expect(counts(load(FOUR + group('9') + group('9')), 4)).toMatchObject({ tables: { 254: 3 } });
  });

  it('one of the other table is another', () => {
    const copy = (table: string): string =>
      `fd00:9::/64 via fd00:a::fe dev eth0${table} metric 1024 pref medium\n`;
    expect(counts(load(MAIN + LOCAL + copy('') + copy(' table 7')), 6)).toMatchObject({
      tables: { 7: 1, 254: 3 },
    });
  });
});
