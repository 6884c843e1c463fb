/** The language of the words: --lang, else the locale; and what stays English in every language. */
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/explain/width.js';
import { natwalk } from '../support/cli.js';

const node = 'examples/eks-node';
const walk = ['trace', node, '--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const korean = { env: { LANG: 'ko_KR.UTF-8' } };

const headline = async (
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> => /^(?:나감|LEAVES)(?= )/m.exec((await natwalk(argv, { env })).out)?.[0] ?? '';

describe('--lang', () => {
  it('chooses the words, whatever the locale says', async () => {
    expect(await headline([...walk, '--lang', 'ko'])).toBe('나감');
    expect(await headline([...walk, '--lang=ko'], { LC_ALL: 'C' })).toBe('나감');
    expect(await headline([...walk, '--lang', 'KO'])).toBe('나감');
    expect(await headline([...walk, '--lang', 'en'], korean.env)).toBe('LEAVES');
  });

  it.each([
    ['trace', ...walk.slice(1)],
    ['show', node],
    ['doctor', node],
    ['nodes', node],
    ['explain', 'READ_EMPTY'],
    ['collect'],
  ])('of natwalk %s is refused when there are no such words', async (...argv) => {
    const { status, out, err } = await natwalk([...argv, '--lang', 'fr']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^error USAGE_CHOICE {2}--lang: "fr" is not one of en, ko\n/);
  });

  it('is refused in the words of the locale', async () => {
    const { status, err } = await natwalk([...walk, '--lang', 'fr'], korean);
    expect(status).toBe(2);
    expect(err).toMatch(/^오류 USAGE_CHOICE {2}--lang: "fr", 다음 가운데 어느 것도 아님: en, ko\n/);
  });
});

describe('the locale', () => {
  it.each([
    [{ LANG: 'ko_KR.UTF-8' }, '나감'],
    [{ LANG: 'ko' }, '나감'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'ko_KR.utf8' }, '나감'],
    [{ LANG: 'C', LC_MESSAGES: 'C', LC_ALL: 'ko-KR' }, '나감'],
    [{ LC_ALL: '', LC_MESSAGES: '', LANG: 'ko_KR' }, '나감'],
    [{ LANG: 'ko_KR.UTF-8', LC_ALL: 'C.UTF-8' }, 'LEAVES'],
    [{ LANG: 'ko_KR.UTF-8', LC_MESSAGES: 'en_US.UTF-8' }, 'LEAVES'],
    [{ LANG: 'kok_IN' }, 'LEAVES'],
    [{ LANG: 'fr_FR.UTF-8' }, 'LEAVES'],
    [{ LC_CTYPE: 'ko_KR.UTF-8' }, 'LEAVES'],
    [{}, 'LEAVES'],
  ] as const)('%o', async (env, word) => {
    expect(await headline(walk, env)).toBe(word);
  });
});

describe('in Korean', () => {
  it('greets, explains codes and counts what was read', async () => {
    expect((await natwalk([], korean)).out).toMatch(
      /^natwalk는 .*\n\n {2}natwalk trace [^]*--help로 봅니다\.\n$/,
    );
    expect((await natwalk(['explain', 'READ_EMPTY'], korean)).out).toBe(
      'READ_EMPTY\n' +
        '뜻    {file}: 빈 파일\n' +
        '이유  빈 파일로는 노드에 해당하는 것이 없는지, 명령이 실패했는지 알 수 없습니다.\n' +
        '조치  root로 덤프를 다시 받고, 명령이 표준 오류에 무엇을 쓰는지 보십시오.\n',
    );
    expect((await natwalk(['show', node, '--summary'], korean)).out).toContain('iptables nat: 체인 ');
    expect((await natwalk(['doctor', node], korean)).out).toMatch(/^읽은 것\n[^]*\n진단\n/);
    expect((await natwalk(['nodes', node], korean)).out).toContain('줄');
  });

  it('tells findings, mistakes and --strict', async () => {
    const rules = '*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m mystery -j DROP\nCOMMIT\n';
    const packet = ['--in', 'eth0', '--from', '10.0.0.1', '--to', '10.0.0.2'];
    const found = await natwalk(['trace', '-', ...packet, '--strict'], { ...korean, stdin: rules });
    expect(found.status).toBe(3);
    expect(found.err).toContain('RULE_UNKNOWN_MATCH  모르는 match: mystery\n');
    expect(found.err).toMatch(/natwalk: 가정에 근거한 결과가 있음 \(--strict\)\n$/);
    const wrong = await natwalk(['trace', node, '--from', '10.0.0.999', '--to', '10.0.0.2'], korean);
    expect(wrong.status).toBe(2);
    const lines = wrong.err.split('\n');
    expect(lines[0]).toBe('오류 USAGE_ADDRESS  --from: "10.0.0.999", IP 주소가 아님');
    expect(lines[1]).toContain('명령줄:1:');
    // The caret stands below the wrong octet, the advice in a column of its own.
    expect(lines[3]?.indexOf('^')).toBe(lines[2]?.indexOf('999'));
    expect(lines.slice(4, 6).map((line) => widthOf(line.slice(0, line.search(/(?<=\S {2})\S/))))).toEqual([
      8, 8,
    ]);
  });

  it('says in its own words why a line of a batch is no packet', async () => {
    const { status, out } = await natwalk(['trace', node, '--batch', '-', '-o', 'summary'], {
      ...korean,
      stdin: '{"proto":"tcp"}\n',
    });
    expect(status).toBe(1);
    expect(out).toBe('오류 BATCH_LINE  1번째 줄이 패킷이 아님: "dst" 누락\n');
  });

  it.each([['json'], ['minimal'], ['trace']])('-o %s is the same as in English', async (format) => {
    const english = await natwalk([...walk, '-o', format]);
    expect(await natwalk([...walk, '-o', format], korean)).toEqual(english);
  });

  it('doctor --json and a batch are the same as in English', async () => {
    const stdin = '{"proto":"tcp"}\n{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9","dport":443}\n';
    for (const argv of [
      ['doctor', node, '--json'],
      ['trace', node, '--batch', '-', '--json'],
    ])
      expect(await natwalk(argv, { ...korean, stdin })).toEqual(await natwalk(argv, { stdin }));
  });
});
