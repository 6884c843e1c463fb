/** The flags of sets as the real nft lists them: what JSON does not say of them is told by the rules that update them. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { readNftText } from '../support/nft-reading.js';
import { whyNoKernel } from './available.js';

const SETS = [
  'set a { type ipv4_addr; size 100; flags dynamic,timeout; timeout 1m; }',
  'set b { type ipv4_addr; flags timeout; timeout 1m; }',
  'set c { type ipv4_addr; flags interval,timeout; timeout 1m; }',
  'set d { type ipv4_addr; flags timeout; }',
  'set e { type ipv4_addr; size 5; }',
  'set f { type ipv4_addr; timeout 1m; }',
  'set g { type ipv4_addr; flags constant,interval; elements = { 10.0.0.0/8 }; }',
  'set h { type ipv4_addr; size 5; }',
  'map m { type ipv4_addr : mark; flags timeout; }',
];
const RULES = [
  ...['a', 'd', 'e', 'f'].map((set) => `update @${set} { ip saddr }`),
  'add @m { ip saddr : 5 }',
  'meter n { ip saddr limit rate 5/second }',
];

/** The flags of each set in a listing. */
function flagsOf(text: string): ReadonlyMap<string, string> {
  const { ruleset, findings } = readNftText(text);
  expect(findings).toEqual([]);
  return new Map(
    ruleset.tables.flatMap(({ sets }) =>
      [...sets.values()].map(({ name, flags }) => [name, flags.join()] as const),
    ),
  );
}

it.skipIf(whyNoKernel() !== null)('of sets from JSON are those of the text', () => {
  const table = `table ip t {\n${SETS.join('\n')}\nchain c {\n${RULES.join('\n')}\n}\n}`;
  const script = `nft '${table}' && nft list ruleset && echo ==== && nft -j list ruleset`;
  const { stdout, status } = spawnSync('unshare', ['--net', 'bash', '-c', script], { encoding: 'utf8' });
  expect(status).toBe(0);
  const [text = '', json = ''] = stdout.split('====\n');
  const flags = flagsOf(text);
  expect(flags.size).toBe(SETS.length);
  expect(flagsOf(json)).toEqual(flags);
});
