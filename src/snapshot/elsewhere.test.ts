/** Output of other nodes and namespaces in one text: it is none of the node beside it. */
import { describe, expect, it } from 'vitest';
import { BLACKHOLE, LISTINGS, RULES, answers, loadText, transcript } from '../../test/support/whole-node.js';
import { sectionsOf } from './sections.js';

const AT = 'root@n1:~# ';

/** Where each list of policy rules was printed. */
const places = (text: string): readonly string[] =>
  sectionsOf('n1.txt', text)
    .filter(({ kind }) => kind === 'ip rule')
    .map(({ host, namespace }) => [host ?? '', namespace ?? ''].join('/'));

describe('what another place printed', () => {
  it.each([
    [
      'every network namespace in turn',
      `${transcript()}${AT}ip -all netns exec ip rule\n\nnetns: bar\n${BLACKHOLE}\nnetns: foo\n${BLACKHOLE}${AT}\n`,
      ['n1/', 'n1/bar', 'n1/foo'],
    ],
    [
      'a shell that reads a here-document',
      `${transcript()}${AT}ssh n2 <<'EOF'\n> ip rule\n> EOF\n${BLACKHOLE}${AT}\n`,
      ['n1/', 'n2/'],
    ],
    [
      'a shell that is named before its here-document',
      `${transcript()}${AT}ssh -T n2 bash -s <<EOF\necho "it's"\nip rule\nEOF\n${BLACKHOLE}${AT}\n`,
      ['n1/', 'n2/'],
    ],
    [
      'a container, below prompts with an arrow',
      `${transcript('❯ ')}❯ docker exec web ip rule\n${BLACKHOLE}❯ \n`,
      ['/', '/web'],
    ],
    [
      'a host that somebody goes on to from a bare prompt',
      `${transcript('$ ')}$ ssh n2\n$ ip rule\n${BLACKHOLE}$ exit\n`,
      ['local/', 'n2/'],
    ],
    [
      'the node of another heading of a document',
      `## node n1\n\`\`\`\n${transcript()}\`\`\`\n## node n2\n\`\`\`\n$ ip rule\n${BLACKHOLE}\`\`\`\n`,
      ['n1/', 'n2/'],
    ],
  ])('%s', (_, text, expected) => {
    expect(places(text)).toEqual(expected);
    expect(answers(loadText(text))).toEqual(['forwarded']);
  });
});

describe('what is of the node itself', () => {
  it('stands below a bare prompt after the shell elsewhere has ended', () => {
    const text = `${transcript('$ ', ['ip rule'])}$ ssh n2\n$ ip rule\n${BLACKHOLE}$ exit\n$ ip rule\n${RULES}`;
    expect(places(text)).toEqual(['n2/', 'local/']);
    expect(answers(loadText(text))).toEqual(['forwarded']);
  });

  it('is not parted from its prompts by a heading without a name', () => {
    const text = `## Node setup\n\`\`\`\n${transcript()}\`\`\`\n`;
    expect(places(text)).toEqual(['n1/']);
  });

  it('stands below the prompt that a loop with banners was typed at', () => {
    const loop = 'for n in n1 n2; do echo "### node $n"; ssh $n ip rule; done';
    expect(places(`$ ${loop}\n### node n1\n${RULES}### node n2\n${RULES}$ ip rule\n${RULES}`)).toEqual([
      'n1/',
      'n2/',
      '/',
    ]);
  });

  it('is written by a here-document that no shell reads', () => {
    const text = `${AT}cat > /tmp/x <<EOF\n> ip rule\n> EOF\n${AT}ip rule\n${RULES}`;
    expect(places(text).at(-1)).toBe('n1/');
  });

  it('shows all kinds below prompts with an arrow', () => {
    const kinds = sectionsOf('x', transcript('~/src main ❯ ')).map(({ kind }) => kind);
    expect(kinds).toHaveLength(LISTINGS.size);
  });
});
