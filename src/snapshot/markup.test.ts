/** Listings from web pages and Markdown documents, and files in other encodings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printRuleSet } from '../iptables/print.js';
import { decode } from './decode.js';
import { loadNode } from './load.js';
import { withoutMarkup } from './markup.js';
import { isProse, isProseText } from './prose.js';

const RULES = [
  '0:\tfrom all lookup local',
  '32766:\tfrom all lookup main',
  '32767:\tfrom all lookup default',
];

function rulesIn(text: string): number {
  const node = loadNode('page', [{ name: 'page.md', text }]);
  return node.networks[4].known.rules ? node.networks[4].rules.length : -1;
}

describe('a page', () => {
  it.each([
    ['fences', ['Some words.', '```console', '$ ip rule', ...RULES, '```', 'More words follow here.']],
    ['tildes', ['~~~', ...RULES, '~~~']],
    ['a fence in a list', ['- first:', '   ```', ...RULES.map((line) => `   ${line}`), '   ```']],
    ['indented code', ['Look at this:', '', ...RULES.map((line) => `    ${line}`), '', 'That was it.']],
    ['a tab', ['Look at this:', '', ...RULES.map((line) => `\t${line}`)]],
    ['tags', ['<pre><code>', ...RULES, '</code></pre>']],
    ['breaks', [`<p>${RULES.join('<br>')}</p>`]],
    ['breaks and line ends', RULES.map((line) => `${line}<br />`)],
    ['no-break blanks', ['<pre>', ...RULES.map((line) => line.replace('\t', '&nbsp;&nbsp;')), '</pre>']],
    ['remarks between', [...RULES.slice(0, 1), 'Here comes the one that matters to us:', ...RULES.slice(1)]],
  ])('with %s', (_name, lines) => {
    expect(rulesIn(lines.join('\n'))).toBe(3);
  });

  it('has its entities read', () => {
    const text =
      '2: eth0: &lt;BROADCAST,UP&gt; mtu 1500\n-A INPUT -m comment --comment &quot;it&#39;s &amp; so&quot; -j ACCEPT';
    expect(withoutMarkup(text)).toBe(
      '2: eth0: <BROADCAST,UP> mtu 1500\n-A INPUT -m comment --comment "it\'s & so" -j ACCEPT',
    );
  });

  it('is known by its signs: a dump is left as it is', () => {
    for (const text of [
      '-A INPUT -m comment --comment "a &lt; b <b>bold</b>" -j ACCEPT\n',
      '-A INPUT -m comment --comment "<p>" -j ACCEPT\n-A INPUT -j LOG --log-prefix "a \\"<br>\\" &lt;B"\n',
      'ACCEPT     all  --  anywhere             anywhere             /* <p> and &lt;X */ mark match 0x1\n',
      'table ip x {\n\tchain y {\n\t\tlog prefix "<pre>" accept comment "<br/>"\n\t}\n}\n',
      '2: eth0: <BROADCAST,UP> mtu 1500\n    link/ether 02:00:00:00:00:01\n',
      'table ip x {\n\n\tchain y {\n\t\ttype nat hook output priority 0;\n\t}\n}\n',
      '1:\tlo\n\tinet  224.0.0.1\n',
    ])
      expect(withoutMarkup(text)).toBe(text);
  });

  it('is one by its tags, whatever its attributes and the rules in it quote', () => {
    expect(
      withoutMarkup(
        '<pre class="a">\n<span class="nt">-A</span> INPUT -m comment --comment "a" -j ACCEPT\n</pre>',
      ),
    ).toBe('\n-A INPUT -m comment --comment "a" -j ACCEPT\n');
  });

  it('is no save, whatever its rules have for a comment or prefix', () => {
    const words = fc.constantFrom(
      ...['<p>', '</pre>', '<br />', '<a href="x">', '&lt;A', '&gt; mtu 1', '--comment &quot;', '&amp;', '"'],
      ...['```', '~~~', '/*', '*/', '\\', ' ', '    ', '-A', '# ip rule', '$ ', "'", '<b', 'x'],
    );
    const texts = fc.oneof(
      fc.array(words, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(texts, texts, (comment, prefix) => {
        const quoted = (text: string): string => `"${text.replace(/["\\']/g, '\\$&')}"`;
        const rules = [
          `-m comment --comment ${quoted(`${comment} `)} -j ACCEPT`,
          `-j LOG --log-prefix ${quoted(`${prefix.slice(0, 20)} `)}`,
        ].map((rule) => `-A INPUT ${rule}\n`);
        const heads = ['INPUT', 'FORWARD', 'OUTPUT'].map((hook) => `:${hook} ACCEPT [0:0]\n`);
        const text = ['*filter\n', ...heads, ...rules, 'COMMIT\n'].join('');
        const node = loadNode('node', [{ name: 'iptables-save.txt', text }]);
        expect(printRuleSet(node.ruleSets[4])).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the numbers of its lines', () => {
    const text = ['Words.', '', '```', RULES[0], 'nonsense:', '```'].join('\n');
    const [finding] = loadNode('page', [{ name: 'page.md', text }]).diagnostics.filter(
      ({ code }) => code === 'READ_LINE' || code === 'READ_CUT',
    );
    expect(finding?.span?.source.position(finding.span.start).line).toBe(5);
  });
});

describe('sentences', () => {
  it.each([
    'Then we look at the rules of the node.',
    '1. Traffic arrives on interface eth0 with destination',
    'в таблице маршрутизации scope указан',
    '노드에서 규칙을 확인한다',
  ])('%j is one', (line) => {
    expect(isProse(line)).toBe(true);
  });

  it.each([
    '-A INPUT -m comment --comment "a rule for all of us" -j ACCEPT',
    'default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.5 metric 100',
    'valid_lft forever preferred_lft forever',
    'Chain INPUT (policy ACCEPT)',
    '{ "src": "all the things there are" }',
    '',
  ])('%j is none', (line) => {
    expect(isProse(line)).toBe(false);
  });

  it('make a text for people', () => {
    expect(isProseText('source: a page on the web\nseen: the packet was lost\n10.0.0.1\n')).toBe(true);
    expect(isProseText('10.0.0.1\n10.0.0.2\n')).toBe(false);
  });
});

describe('an encoding', () => {
  const text = '0:\tfrom all lookup local\n';
  const le = Buffer.from(text, 'utf16le');
  const be = Buffer.from(le).swap16();
  it.each([
    ['UTF-8', Buffer.from(text), null],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), le]), null],
    ['UTF-16 with a mark, the other way round', Buffer.concat([Buffer.from([0xfe, 0xff]), be]), null],
    ['UTF-16 without a mark', le, 'READ_UTF16_GUESSED'],
    ['UTF-16 without a mark, the other way round', be, 'READ_UTF16_GUESSED'],
    [
      'UTF-16 that is cut in a character',
      Buffer.concat([Buffer.from([0xff, 0xfe]), le, Buffer.from([0x30])]),
      'READ_UTF16_CUT',
    ],
  ])('%s is read', (_name, bytes, finding) => {
    const decoded = decode(bytes);
    expect(decoded?.text.replace('\ufeff', '')).toBe(text);
    expect(decoded?.finding).toBe(finding);
  });

  it('that is none is no text', () => {
    expect(decode(Buffer.alloc(100))).toBeNull();
    expect(decode(Buffer.from([1, 0, 2, 3, 0, 0, 9, 9]))).toBeNull();
  });
});

describe('files without a listing', () => {
  it.each([
    ['12:00:01.5 IP 10.0.0.1.53 > 10.0.0.2.5353: UDP, length 9\n', 'READ_ASIDE'],
    ['TRACE: raw:PREROUTING:policy:2 IN=eth0 OUT= SRC=10.0.0.1\n', 'READ_ASIDE'],
    ['IP Virtual Server version 1.2.1 (size=4096)\n', 'READ_ASIDE'],
    ['ip rule add from 10.0.0.1 lookup 5\n', 'READ_ASIDE'],
    ['Dear reader, this is no dump at all.\n', 'READ_PROSE'],
    ['eth0 10.0.0.1\neth1 10.0.0.2\n', 'READ_SHORT_LIST'],
    ['%!PS-Adobe-3.0 %%Title: (x) %%Pages: 1 %%EndComments\n', 'READ_UNRECOGNISED'],
  ])('%j is named', (content, code) => {
    const codes = loadNode('x', [{ name: 'a.txt', text: content }]).diagnostics.map((one) => one.code);
    expect(codes).toContain(code);
  });

  it('are not all named in a bundle of hundreds', () => {
    const files = Array.from({ length: 300 }, (_, at) => ({
      name: `log/${String(at)}`,
      text: 'all is well with us.\n',
    }));
    const found = loadNode('x', files).diagnostics.filter(({ code }) => code.startsWith('READ_'));
    expect(found.map(({ code }) => code).slice(-2)).toEqual(['READ_UNNAMED', 'READ_NOTHING']);
    expect(found.length).toBeLessThan(25);
  });
});
