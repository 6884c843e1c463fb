/** What a session says of the lab between the commands that a student types. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';
import { Desk, root } from './support.js';

/** What the twelfth lab wants of its thirteenth pod. */
const SOLUTION = [
  'ip route add 192.168.39.25 dev enic5368479d10 scope link',
  'ip rule add pref 512 to 192.168.39.25 lookup main',
  'ip rule add pref 1536 from 192.168.39.25 lookup 3',
];

const QUESTIONS = [
  'answer most 17',
  'answer twelfth-door 3',
  'answer twentieth-door 1',
  'answer line rule/1536',
];

describe('the question of transfer', () => {
  it('is asked when the task is done, and again behind the grade', async () => {
    using desk = new Desk();
    const { out } = await desk.session(
      '12',
      [...QUESTIONS, ...SOLUTION, 'grade', '29', 'exit'],
      ['--seed', '4'],
    );
    const [, behind = ''] = out.split(SOLUTION[2] ?? '-');
    const [solved = '', graded = '', answered = ''] = behind.split(/ # grade\n|~\]# grade\n|~\]# 29\n/);
    expect(solved).toMatch(/The task is done[^]*A c5\.large has 3 ENIs[^]*answer c5-large WORD/);
    expect(graded).toMatch(/transfer c5-large +0\/10 {2}open[^]*A c5\.large has 3 ENIs/);
    expect(answered).toContain('RIGHT (try 1)');
  });

  it('is asked behind a plain command too', async () => {
    using desk = new Desk();
    await desk.lab(['start', '12', '--seed', '4']);
    for (const line of QUESTIONS) await desk.lab(line.split(' '));
    const said: string[] = [];
    for (const line of SOLUTION) said.push((await desk.lab(['fix', line])).out);
    expect(said.slice(0, 2)).toEqual(['', '']);
    expect(said[2]).toMatch(/The task is done[^]*answer c5-large WORD/);
    expect((await desk.lab(['fix', 'ip rule show pref 1024'])).out).toBe(
      '1024:\tfrom all fwmark 0x80/0x80 lookup main\n',
    );
  });
});

it('takes a choice by its name alone, and no command for one', async () => {
  using desk = new Desk();
  const { out } = await desk.session('12', ['17', 'exit']);
  expect(out).toContain('~]# 17\nRIGHT (try 1)');
  const other = await desk.session('1', ['forward', 'ip', 'exit']);
  expect(other.out).toContain('~]# forward\nRIGHT (try 1)');
  expect(other.out).toContain('the emulated ip does not know ""');
});

it('tells of each packet on a line of its own, whatever its author did', async () => {
  using desk = new Desk();
  const { out } = await desk.session('20', ['task', 'iptables -P INPUT DROP', 'grade', 'exit']);
  expect(out).toMatch(/answer comes from where it\s+was asked/);
  expect(out).not.toContain('\\u{a}');
});

it('takes no hints away where there is no solution to show', async () => {
  using desk = new Desk();
  const bundle = join(desk.folder, 'students');
  const { status } = await natwalk(['lab', '--labs', join(root, 'labs'), 'bundle', bundle, '--student', '6']);
  expect(status).toBe(0);
  const lab = async (words: readonly string[]): Promise<string> =>
    (await natwalk(['lab', '--labs', bundle, '--progress', desk.progress, ...words])).out;
  await lab(['start', '6']);
  expect(await lab(['fix', '--solution'])).toBe('This copy of the lab has no solution.\n');
  expect(JSON.parse(await lab(['grade', '--json']))).toMatchObject({ hints: 0 });
});

it('counts no answer to a rule question that begins with the wrong id', async () => {
  using desk = new Desk();
  const { out } = await desk.session('4', [
    ...['answer own-veth', 'answer forward', 'answer delivered', 'answer gateway'],
    ...['answer rule rule/512', 'answer nft nat/POSTROUTING:1', 'answer rule/512', 'exit'],
  ]);
  const told = out.slice(out.indexOf('[which-rule]'));
  expect(told.match(/It was not counted\./g)).toHaveLength(1);
  expect(told).toContain('NOT SO (try 1)');
  expect(told).toContain('RIGHT (try 2)');
});
