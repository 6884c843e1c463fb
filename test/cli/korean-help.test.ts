/** Help in Korean: every word of the command tree has one, by the language or the locale, within its lines. */
import { describe, expect, it } from 'vitest';
import { helpKey } from '../../src/cli/help-words.js';
import { KOREAN_HELP } from '../../src/cli/korean-help.js';
import { buildProgram } from '../../src/cli/program.js';
import { widthOf } from '../../src/explain/width.js';
import { natwalk } from '../support/cli.js';

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Nothing is read.
}

const sink = { isTerminal: false, write: async (): Promise<void> => Promise.resolve() };

/** The words of the tree in English. */
function english(): Set<string> {
  const captured = { out: '', err: '' };
  const io = { stdout: sink, stderr: sink, env: {}, stdin: nothing };
  const program = buildProgram(io, captured, () => undefined);
  const words = new Set<string>();
  for (const command of [program, ...program.createHelp().visibleCommands(program)]) {
    words.add(command.description());
    if (command.summary() !== '') words.add(command.summary());
    for (const one of command.registeredArguments) words.add(one.description);
    for (const one of command.createHelp().visibleOptions(command)) words.add(one.description);
    captured.out = '';
    command.outputHelp();
    const body = command.helpInformation();
    for (const [title] of body.matchAll(/^[A-Z][a-z]+:/gm)) words.add(title);
    for (const [word] of body.matchAll(/\[(?:options|command)\]/g)) words.add(word);
    const [before = '', after = ''] = captured.out.split(body);
    words.add(before.split('\n')[0] ?? '');
    if (after.trim() !== '') words.add(after);
  }
  return new Set([...words].map(helpKey));
}

const commands = async (): Promise<string[]> => {
  const { out } = await natwalk(['--help']);
  return [...(out.split('\nCommands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
};

describe('help in Korean', () => {
  it('has words for all that the tree says, and for nothing else', () => {
    expect(Object.keys(KOREAN_HELP).map(helpKey).sort()).toEqual([...english()].sort());
  });

  it('is asked for by --lang before or behind --help, and by the locale', async () => {
    const byLocale = await natwalk(['trace', '--help'], { env: { LANG: 'ko_KR.UTF-8' } });
    expect(byLocale.out).toMatch(/^예:\n {2}natwalk trace /);
    expect(byLocale.out).toContain('--reply                 응답도 따라감');
    for (const words of [
      ['trace', '--help', '--lang', 'ko'],
      ['trace', '--lang=ko', '-h'],
    ])
      expect((await natwalk(words)).out).toBe(byLocale.out);
    expect((await natwalk(['--help', '--lang', 'ko'])).out).toContain('명령:');
    expect((await natwalk(['trace', '--help', '--lang', 'en'], { env: { LANG: 'ko' } })).out).toMatch(
      /^Example:/,
    );
  });

  it.each([100, 60, 40])('keeps to %i cells, and leaves no English sentence', async (columns) => {
    for (const name of ['', ...(await commands())]) {
      const words = name === '' ? ['--help'] : [name, '--help'];
      const io = { terminal: true, columns, env: { LANG: 'ko_KR.UTF-8' } };
      const { out } = await natwalk(words, io);
      for (const line of out.split('\n')) {
        const isCopied = /natwalk |^사용법|^ {2}\S.* {2}/.test(line);
        if (!isCopied) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
      }
      expect(out).not.toMatch(/\b(?:the|of|what|whether|exit)\b|\[options\]|\[command\]/i);
    }
  });
});

it('greets in Korean where nothing but the language is given', async () => {
  const { out } = await natwalk([], { env: { LANG: 'ko_KR.UTF-8' } });
  for (const words of [['--lang', 'ko'], ['--lang=ko']]) {
    const found = await natwalk(words);
    expect([found.status, found.out]).toEqual([0, out]);
  }
  expect((await natwalk(['--lang', 'tlh'])).status).toBe(2);
});

describe('a command line that is not understood', () => {
  it.each([
    [['trace', '--bogus'], "알 수 없는 옵션 '--bogus'"],
    [['trac'], "알 수 없는 명령 'trac'\n(혹시 trace?)"],
    [['explain'], "필요한 인자 'code' 없음"],
    [['show', 'a', '--lang'], "옵션 '--lang <language>'의 값이 없음"],
    [['show', 'a', 'b'], "'show'의 인자는 1개까지인데 2개를 받음"],
  ])('%j is told in Korean', async (words, says) => {
    const { status, err } = await natwalk(words, { env: { LANG: 'ko_KR.UTF-8' } });
    expect(status).toBe(2);
    expect(err).toContain(`오류: ${says}`);
    expect(err).toMatch(/\(사용법은 natwalk.* --help\)\n$/);
    expect(err).not.toContain('error:');
  });

  it('is told in English as before', async () => {
    const { err } = await natwalk(['trace', '--bogus']);
    expect(err).toBe("error: unknown option '--bogus'\n(natwalk trace --help shows how)\n");
  });
});
