/** What cannot be meant is refused before anything runs, and a run that shows nothing is no success. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { OptionError, optionsOf } from './options.js';
import { faultsOf } from './verdict.js';
import { mixed } from './soak.js';

it.each([
  ['--packets', 'abc'],
  ['--packets', '0'],
  ['--packets', '1e3'],
  ['--packets', ''],
  ['--jobs', '0'],
  ['--jobs', 'x'],
  ['--seed', '-1'],
  ['--seed', 'new'],
  ['--wrong', 'x'],
  ['--wrong', '0'],
  ['--tries', '1.5'],
  ['--profile', 'none'],
  ['--family', '5'],
  ['--backend', 'both'],
  ['--replay', '/no/such/file'],
  ['--nonsense'],
  ['--write', '--profile', 'eks'],
  ['--write', '--first', '3'],
  ['eks'],
])('refuses %s %s', (...words) => {
  expect(() => optionsOf(words)).toThrow(OptionError);
});

it('takes what is meant', () => {
  const words = ['--packets', '40', '--seed', '0', '--family', '6', '--backend', 'nft', '--profile', 'eks'];
  expect(optionsOf(words)).toMatchObject({ packets: 40, seed: 0, family: 6, backend: 'nft', profile: 'eks' });
  const own = fileURLToPath(import.meta.url);
  expect(optionsOf(['--replay', own])).toMatchObject({ replay: own, jobs: 1, wrong: 5 });
});

const counted = (change: Partial<Parameters<typeof faultsOf>[0][number]>): Parameters<typeof faultsOf>[0] => [
  {
    ...{ profile: 'eks', setting: { family: 4, backend: 'nft' }, packets: 100, agree: 90, wrongPackets: 0 },
    ...{
      drawn: new Map([['icmp id', 5]]),
      hedged: new Map(),
      refused: new Map([['iptables', 2]]),
      skipped: new Map([['no judge', 3]]),
      stopped: false,
    },
    ...change,
  },
];

it.each([
  ['a wrong packet', { wrongPackets: 1 }, 'were WRONG'],
  ['an early stop', { stopped: true }, 'stopped early'],
  [
    'no packet at all',
    { packets: 0, agree: 0, drawn: new Map(), refused: new Map(), skipped: new Map() },
    'nothing was shown',
  ],
  ['skips alone', { agree: 0, drawn: new Map(), skipped: new Map([['no judge', 100]]) }, 'nothing was shown'],
  [
    'more than a fifth refused or skipped',
    {
      agree: 79,
      drawn: new Map(),
      refused: new Map([['iptables', 11]]),
      skipped: new Map([['no judge', 10]]),
    },
    '11 of 100 packets were refused, and 10 skipped',
  ],
])('%s speaks against a run', (_name, change, why) => {
  expect(faultsOf(counted(change)).join()).toContain(why);
});

it('nothing speaks against a run that agreed', () => {
  expect(faultsOf(counted({}))).toEqual([]);
});

it('seeds that are near, profiles, families and backends have no case in common', () => {
  const numbers = [1, 2, 3].flatMap((seed) =>
    [0, 1, 2].flatMap((at) => ['legacy', 'nft'].map((backend) => mixed(seed, 'eks', 4, backend, at))),
  );
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.every((one) => Number.isInteger(one) && one >= 0 && one < 2 ** 31)).toBe(true);
});
