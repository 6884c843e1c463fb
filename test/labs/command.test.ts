/** `natwalk lab` without a terminal: plain commands, what they keep, and what they refuse. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';
import { Desk, root } from './support.js';

const schema = JSON.parse(readFileSync(join(root, 'schema/lab.schema.json'), 'utf8')) as object;
const isGrade = new Ajv2020({ allErrors: true }).compile(schema);

const SOLUTION = [
  'iptables -t nat -I AWS-CONNMARK-CHAIN-0 1 -d 198.51.100.0/24 -j RETURN',
  'iptables -t nat -I AWS-SNAT-CHAIN-0 1 -d 198.51.100.0/24 -j RETURN',
];

describe('plain commands', () => {
  it('go through a lab, each on its own', async () => {
    using desk = new Desk();
    const begun = await desk.lab(['start', '6']);
    expect(begun.status).toBe(0);
    expect(begun.out).toContain('[device]');
    expect((await desk.lab(['answer', 'device', 'ens5'])).out).toContain('RIGHT (try 1)');
    const wrong = await desk.lab(['answer', 'source', 'pod']);
    expect(wrong.status).toBe(1);
    expect(wrong.out).toContain('rule 2 gives it 192.168.45.10');
    expect((await desk.lab(['answer', 'source', 'node'])).out).toContain('RIGHT (try 2)');
    for (const [id, choice] of [
      ['masquerade', 'first'],
      ['public', 'same'],
      ['why', 'nat/AWS-CONNMARK-CHAIN-0:2'],
    ] as const)
      expect((await desk.lab(['answer', id, choice])).status).toBe(0);
    for (const line of SOLUTION) expect((await desk.lab(['fix', line])).status).toBe(0);
    const listed = await desk.lab(['fix', 'iptables -t nat -S AWS-SNAT-CHAIN-0 | head -n 2 | tail -n 1']);
    expect(listed.out).toBe('-A AWS-SNAT-CHAIN-0 -d 198.51.100.0/24 -j RETURN\n');
    const graded = await desk.lab(['grade', '--json']);
    expect(graded.status).toBe(0);
    const grade: unknown = JSON.parse(graded.out);
    expect(isGrade(grade) ? [] : isGrade.errors).toEqual([]);
    expect(grade).toMatchObject({ score: 85, passed: true, hints: 0, changes: { made: 2, budget: 4 } });
    expect((await desk.lab(['list'])).out).toMatch(/6 {2}pod-to-internet .*best 85, in work/);
  });

  it('take lines from standard input, and words behind --', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    expect((await desk.lab(['fix', '-'], `${SOLUTION.join('\n')}\n`)).status).toBe(0);
    const { out } = await desk.lab(['fix', '--', 'iptables', '-t', 'nat', '-S', 'AWS-CONNMARK-CHAIN-0']);
    expect(out.split('\n')[1]).toBe('-A AWS-CONNMARK-CHAIN-0 -d 198.51.100.0/24 -j RETURN');
  });

  it('refuse a fix that opens everything, with the reason', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    const lines = ['iptables -t nat -F AWS-CONNMARK-CHAIN-0', 'iptables -t nat -F AWS-SNAT-CHAIN-0'];
    for (const line of lines) await desk.lab(['fix', line]);
    const { status, out } = await desk.lab(['grade']);
    expect(status).toBe(1);
    expect(out).toContain('HOLDS  partner:');
    expect(out).toMatch(/HARMED {2}internet: .*\n(?: {6}.*\n)*? {6}snat: wanted 192\.168\.45\.10, is none/);
    expect(out).toContain('the fix is refused');
  });

  it('refuse a fix that is over the budget', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    for (const line of SOLUTION) await desk.lab(['fix', line]);
    for (const number of [1, 2, 3]) await desk.lab(['fix', `iptables -t nat -N SPARE-${String(number)}`]);
    const { out } = await desk.lab(['grade']);
    expect(out).toContain('5 commands changed something, and 4 may');
    expect(out).toMatch(/task +0\/30/);
  });

  it('count what hints cost, and show a solution for all of them', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    expect((await desk.lab(['hint'])).out).toMatch(/^Hint 1 of 3:/);
    const shown = await desk.lab(['fix', '--solution']);
    expect(shown.out).toContain('AWS_SNAT'.replace('_', '-'));
    expect((await desk.lab(['hint'])).out).toBe('There are no more hints.\n');
    expect(JSON.parse((await desk.lab(['grade', '--json'])).out)).toMatchObject({ hints: 3, score: 0 });
  });

  it('begin anew, and keep the best score', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    await desk.lab(['answer', 'device', 'ens5']);
    await desk.lab(['grade']);
    expect((await desk.lab(['reset'])).out).toContain('Best score so far: 10.');
    expect(JSON.parse((await desk.lab(['progress', '--json'])).out)).toMatchObject({
      schema: 'natwalk/labs/1',
      current: '06-pod-to-internet',
    });
    expect(JSON.parse((await desk.lab(['grade', '--json'])).out)).toMatchObject({ score: 0 });
  });

  it('give JUnit for those that collect it', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    await desk.lab(['answer', 'device', 'ens5']);
    const { out } = await desk.lab(['grade', '-o', 'junit']);
    expect(out).toContain('<testcase classname="06-pod-to-internet" name="predict device"/>');
    expect(out).toMatch(/<testsuite name="06-pod-to-internet: [^"]+" tests="14" failures="\d+"/);
    expect(out.match(/<testcase /g)).toHaveLength(14);
  });
});

describe('what is asked wrongly', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['a verb', ['strat', '6'], 'USAGE_LAB_VERB'],
    ['a lab', ['start', '77'], 'USAGE_LAB_NAME'],
    ['no lab', ['start'], 'USAGE_LAB_WORDS'],
    ['no lab that was begun', ['hint'], 'USAGE_LAB_NONE'],
    ['a format', ['grade', '-o', 'xml'], 'USAGE_CHOICE'],
    ['a folder', ['list', '--labs', '/nowhere/at/all'], 'LAB_UNREADABLE'],
    ['neither teacher nor student', ['bundle', '/tmp/nowhere'], 'LAB_BUNDLE_WHO'],
    ['a seed', ['start', '6', '--seed', '-1x'], 'USAGE_NUMBER'],
  ];

  it.each(cases)('%s', async (_what, words, code) => {
    using desk = new Desk();
    const { status, err, out } = await desk.lab(words);
    expect(out).toBe('');
    expect(err).toContain(code);
    expect(status).toBe(2);
  });

  it('an answer in the wrong form is said, and not counted', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    const { status, out } = await desk.lab(['answer', 'device', 'eth0']);
    expect([status, out]).toEqual([
      2,
      'That is no answer to device. Choices: ens5, ens6, both. It was not counted.\n',
    ]);
    expect((await desk.lab(['answer', 'why', 'the mark'])).out).toContain('That is no rule.');
    expect((await desk.lab(['answer', 'device', 'ens5'])).out).toContain('RIGHT (try 1)');
    expect((await desk.lab(['answer', 'nosuch', 'ens5'])).err).toContain('USAGE_LAB_QUESTION');
  });
});

describe('the progress file', () => {
  it('of a newer version is refused and not touched', async () => {
    using desk = new Desk();
    const text = '{"schema":"natwalk/labs","version":2,"labs":{"new":"things"}}';
    writeFileSync(desk.progress, text);
    for (const words of [['start', '6'], ['list'], ['hint']]) {
      const { status, err } = await desk.lab(words);
      expect(status).toBe(2);
      expect(err).toContain('LAB_PROGRESS_NEWER');
    }
    expect(readFileSync(desk.progress, 'utf8')).toBe(text);
    expect(readdirSync(desk.folder)).toEqual(['labs.json']);
  });

  it.each(['', '{', '[]', '{"schema":"natwalk/labs","version":1,"labs":{"x":{"run":{"seed":-1}}}}', '\0\0'])(
    'that is damaged is named and kept aside: %j',
    async (text) => {
      using desk = new Desk();
      writeFileSync(desk.progress, text);
      const { status, err } = await desk.lab(['start', '6']);
      expect(status).toBe(0);
      expect(err).toContain(`${desk.progress}.damaged-1`);
      expect(readFileSync(`${desk.progress}.damaged-1`, 'utf8')).toBe(text);
      expect((await desk.lab(['answer', 'device', 'ens5'])).status).toBe(0);
    },
  );

  it('that another session uses is left alone', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    const before = readFileSync(desk.progress, 'utf8');
    writeFileSync(`${desk.progress}.lock`, `${String(process.pid)} ${hostname()}\n`);
    const { status, err } = await desk.lab(['answer', 'device', 'ens5']);
    expect(status).toBe(2);
    expect(err).toContain(`process ${String(process.pid)}`);
    expect(readFileSync(desk.progress, 'utf8')).toBe(before);
    // Another machine may have it, too: nobody here can tell.
    writeFileSync(`${desk.progress}.lock`, '1 another-machine\n');
    expect((await desk.lab(['hint'])).err).toContain('another-machine');
    // Looking needs no lock.
    expect((await desk.lab(['list'])).status).toBe(0);
  });

  it('two at once: one works, the other is told, nothing is lost', async () => {
    using desk = new Desk();
    await desk.lab(['start', '6']);
    const all = await Promise.all(
      ['ens5', 'ens5', 'ens5'].map((choice) => desk.lab(['answer', 'device', choice])),
    );
    expect(all.filter(({ status }) => status === 0).length).toBeGreaterThan(0);
    for (const { status, err } of all) if (status !== 0) expect(err).toContain('LAB_PROGRESS_LOCKED');
    expect((await desk.lab(['list'])).err).toBe('');
    expect(existsSync(`${desk.progress}.lock`)).toBe(false);
  });

  it('whose session has died is taken over', async () => {
    using desk = new Desk();
    writeFileSync(`${desk.progress}.lock`, `4194999 ${hostname()}\n`);
    const { status, err } = await desk.lab(['start', '6']);
    expect(status).toBe(0);
    expect(err).toContain('process 4194999');
    expect(readdirSync(desk.folder)).toEqual(['labs.json']);
  });

  it('stands in the state directory of the user', async () => {
    using desk = new Desk();
    const words = ['lab', 'start', '6', '--labs', join(root, 'labs')];
    await natwalk(words, { env: { XDG_STATE_HOME: desk.folder } });
    await natwalk(words, { env: { HOME: join(desk.folder, 'home'), XDG_STATE_HOME: 'relative' } });
    expect(existsSync(join(desk.folder, 'natwalk/labs.json'))).toBe(true);
    expect(existsSync(join(desk.folder, 'home/.local/state/natwalk/labs.json'))).toBe(true);
    expect((await natwalk(words, {})).err).toContain('LAB_NO_HOME');
  });

  it('that cannot be written is said', async () => {
    using desk = new Desk();
    mkdirSync(desk.progress);
    const { status, err } = await desk.lab(['start', '6']);
    expect(status).toBe(2);
    expect(err).toContain('LAB_PROGRESS_IO');
  });
});

describe('bundles', () => {
  it('for students lack solutions, and judge all the same', async () => {
    using desk = new Desk();
    const folder = join(desk.folder, 'student');
    const { status, out } = await desk.lab(['bundle', '--student', folder, '6']);
    expect([status, out.startsWith('Wrote 1 labs')]).toEqual([0, true]);
    const text = readFileSync(join(folder, '06-pod-to-internet/lab.yaml'), 'utf8');
    expect(text).not.toContain('AWS SNAT CHAIN EXCLUSION');
    expect(text).not.toMatch(/"(?:solution|wrong|right|rules)":/);
    const inBundle = (words: readonly string[]): ReturnType<Desk['lab']> =>
      desk.lab([...words, '--labs', folder]);
    expect((await inBundle(['check'])).out).toContain('1 labs checked');
    await inBundle(['start', '6']);
    expect((await inBundle(['answer', 'public', 'different'])).status).toBe(1);
    expect((await inBundle(['answer', 'public', 'same'])).status).toBe(0);
    expect((await inBundle(['answer', 'why', 'rule/1536'])).status).toBe(1);
    expect((await inBundle(['answer', 'why', 'rule/1024'])).status).toBe(0);
    for (const line of SOLUTION) await inBundle(['fix', line]);
    expect((await inBundle(['grade'])).out).toMatch(/task +30\/30/);
    expect((await inBundle(['fix', '--solution'])).out).toContain('no solution');
  });

  it('for teachers hold everything', async () => {
    using desk = new Desk();
    const folder = join(desk.folder, 'teacher');
    await desk.lab(['bundle', '--teacher', folder]);
    const { status, err } = await desk.lab(['list', '--labs', folder]);
    expect([status, err]).toEqual([0, '']);
    expect(readFileSync(join(folder, '06-pod-to-internet/lab.yaml'), 'utf8')).toContain('"solution"');
    expect((await desk.lab(['check', '--labs', folder, '6'])).status).toBe(0);
  });

  it('are not written over what is there', async () => {
    using desk = new Desk();
    expect((await desk.lab(['bundle', '--student', desk.folder])).err).toContain('LAB_BUNDLE_THERE');
  });
});
