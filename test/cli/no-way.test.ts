/** What the routing refused: by which line, and what would let it pass, or is missing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';
import { filesOf } from '../facts/node.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const node = filesOf(
  {
    rules: [
      '100: from 10.1.0.7 lookup 7',
      '101: from 10.1.0.8 blackhole',
      '102: from 10.1.0.9 lookup 9',
      '103: from 10.1.0.10 prohibit',
      '104: from 10.1.0.99 lookup 11',
    ],
    noDefault: true,
    routes: [
      'blackhole default table 7',
      'throw default table 9',
      'default via 10.1.0.254 dev eth1 table 11',
      'unreachable 10.5.0.0/16',
      '10.6.0.0/16 via 10.0.0.254 dev eth0',
    ],
  },
  4,
  'legacy',
);
for (const [name, text] of Object.entries(node)) writeFileSync(join(scratch, name), text);

const lineOf = (text: string): string => {
  const found = Object.entries(node).flatMap(([name, all]) => {
    const at = all.split('\n').findIndex((line) => line.replace('\t', ' ').includes(text));
    return at < 0 ? [] : [`${name}:${String(at + 1)}`];
  });
  return found[0] ?? '?';
};

const NO_ROUTE = 'NO ROUTE to 8.8.8.8 (ENETUNREACH)';
const LEAVES = 'LEAVES by eth0 via 10.0.0.254';

/** Source, destination, and what the answer says. */
const TOLD: readonly (readonly [string, string, readonly string[]])[] = [
  [
    '10.1.0.7',
    '10.6.0.1',
    [
      `${lineOf('blackhole default')} blackhole default table 7`,
      `would pass without route blackhole default (${lineOf('blackhole default')}): ${LEAVES}`,
    ],
  ],
  [
    '10.1.0.7',
    '8.8.8.8',
    [
      `otherwise without route blackhole default (${lineOf('blackhole default')}): ${NO_ROUTE}`,
      'missing a route to 8.8.8.8: the tables that were asked have none (local, 7, main, default)',
    ],
  ],
  [
    '10.1.0.8',
    '10.6.0.1',
    [
      `${lineOf('101:')} 101: from 10.1.0.8 blackhole`,
      `would pass without policy rule 101 (${lineOf('101:')}): ${LEAVES}`,
    ],
  ],
  ['10.1.0.10', '10.6.0.1', [`would pass without policy rule 103 (${lineOf('103:')}): ${LEAVES}`]],
  [
    '10.1.0.9',
    '8.8.8.8',
    [
      NO_ROUTE,
      'the tables that were asked have none (local, 9, main, default)',
      `would pass if policy rule 104 (${lineOf('104:')}) selected the packet: LEAVES by eth1 via 10.1.0.254`,
    ],
  ],
  [
    '10.1.0.11',
    '10.5.0.1',
    [
      `${lineOf('unreachable 10.5')} unreachable 10.5.0.0/16`,
      `otherwise without route unreachable 10.5.0.0/16 (${lineOf('unreachable 10.5')}): NO ROUTE to 10.5.0.1`,
    ],
  ],
];

describe('a packet without a way', () => {
  it.each(TOLD)('from %s to %s', async (from, to, told) => {
    const argv = ['trace', scratch, '--in', 'eth1', '--from', from, '--to', to];
    const { out } = await natwalk([...argv, '--lang', 'en']);
    for (const one of told) expect(out.replace(/\s+/g, ' ')).toContain(one);
  });

  it('is told in Korean', async () => {
    const argv = ['trace', scratch, '--in', 'eth1', '--from', '10.1.0.9', '--to', '8.8.8.8'];
    const out = (await natwalk([...argv, '--lang', 'ko'])).out.replace(/\s+/g, ' ');
    expect(out).toContain('없는 것 목적지 8.8.8.8의 route. 조회한 테이블(local, 9, main, default)에 없음');
    expect(out).toContain(
      `통과하려면 policy rule 104 (${lineOf('104:')}): 이 패킷에 일치하면 통과함. 나감 출구 eth1`,
    );
  });
});
