/** What `natwalk check` reports: for people, for CI engines, for viewers of coverage. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ran, natwalk } from '../support/cli.js';
import { ACCEPTS, transcript } from '../support/whole-node.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-check-'));

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function fileOf(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

fileOf(
  'hostile.txt',
  transcript().replace(
    ACCEPTS,
    `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A FORWARD -m comment --comment "a\u001b[31mb ]]> %0A::error::x" -j DROP\nCOMMIT\n`,
  ),
);

let number = 0;

/** Runs flows on a node in the scratch folder. */
async function check(flows: string, argv: readonly string[] = [], head = 'node: hostile.txt'): Promise<Ran> {
  number += 1;
  return natwalk(['check', fileOf(`${String(number)}.yaml`, `${head}\nflows:\n${flows}`), ...argv]);
}

const FORWARDED = '{ in: e0, from: 10.0.0.7, to: 192.0.2.9 }';

/** The messages of failures in well-formed XML; throws for any other text. */
function messagesIn(xml: string): readonly string[] {
  const open: string[] = [];
  const messages: string[] = [];
  const token =
    /<(\/?)([\w-]+)((?: [\w-]+="(?:[^"<&]|&(?:amp|lt|gt|quot|apos|#10);)*")*)(\/?)>|(?:[^<&>]|&(?:amp|lt|gt);)+/gy;
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  while (token.lastIndex < body.length) {
    const at = token.lastIndex;
    const [, closing, name = '', attributes = '', empty] = token.exec(body) ?? [];
    if (token.lastIndex === 0) throw new Error(`not XML at ${body.slice(at, at + 40)}`);
    if (name === 'failure' && closing === '')
      messages.push(...[...attributes.matchAll(/ message="([^"]*)"/g)].map(([, m = '']) => m));
    if (name === '' || empty === '/') continue;
    if (closing === '') open.push(name);
    else if (open.pop() !== name) throw new Error(`${name} is closed before it is opened`);
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} stays open`);
  return messages;
}

describe('reporters', () => {
  const flows = [
    `  - { name: 'good # \\ one', packet: ${FORWARDED}, expect: { drop: { rule: "filter/FORWARD:1" } } }\n`,
    `  - { name: "bad <&>]]> \\e[31m\\n::error::x", packet: ${FORWARDED}, expect: { egress: e0 } }\n`,
  ].join('');
  const run = (reporter: string): Promise<Ran> => check(flows, ['-o', reporter], 'node: hostile.txt');

  it.each(['text', 'tap', 'junit', 'json', 'github'])(
    '%s lets nothing of a dump or a name act',
    async (reporter) => {
      const { status, out } = await run(reporter);
      expect(status).toBe(1);
      expect(out).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
    },
  );

  it('tap follows version 14', async () => {
    const { out } = await run('tap');
    const lines = out.split('\n');
    expect(lines.slice(0, 3)).toEqual(['TAP version 14', '1..2', 'ok 1 - good \\# \\\\ one']);
    expect(lines[3]).toMatch(/^not ok 2 - bad </);
    expect(lines.slice(4, 7)).toEqual([
      '  ---',
      '  message: "egress: expected e0, got none"',
      '  severity: fail',
    ]);
    expect(lines).toContain('  at:');
    expect(lines).toContain('    line: 4');
    expect(out).toMatch(/^ {2}\.\.\.$/m);
  });

  it('junit is XML with a failure of the answer and the rule', async () => {
    const { out } = await run('junit');
    expect(messagesIn(out)).toEqual(['egress: expected e0, got none']);
    expect(out).toContain('<testsuites name="natwalk" tests="2" failures="1" errors="0">');
    expect(out).toContain('filter FORWARD rule 1');
  });

  it('github marks the line of the spec and that of the rule, each on one line', async () => {
    const { out } = await run('github');
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^::error file=[^,]*\.yaml,line=4,col=\d+,title=bad/);
    expect(lines[1]).toMatch(
      /^::error file=[^,]*hostile\.txt,line=\d+,title=[^:]*::filter FORWARD rule 1 decides/,
    );
    expect(lines[2]).toBe('2 checks, 1 failed');
  });

  it('text speaks Korean, and --reporter is another word for -o', async () => {
    expect((await check(flows, ['--lang', 'ko'], 'node: hostile.txt')).out).toContain('검사 2개, 실패 1개');
    expect((await check(flows, ['--reporter', 'tap'], 'node: hostile.txt')).out).toMatch(/^TAP version 14\n/);
  });
});

describe('--coverage', () => {
  const flows = `  - { name: f, packet: ${FORWARDED}, expect: { drop: rule } }\n`;
  const head = 'node: hostile.txt';

  it('names the rules that never matched', async () => {
    const { status, out } = await check(flows, ['--coverage'], head);
    expect(status).toBe(0);
    expect(out).toMatch(/hostile\.txt: 2 of 4 rules and policy rules matched \(50\.0 %\)\nNEVER MATCHED\n/);
    expect(out).toMatch(/hostile\.txt:\d+ {2}rule\/0 {2}0: from all lookup local/);
  });

  it('does not take a spec for a form', async () => {
    const spec = fileOf('cover.yaml', `${head}\nflows:\n${flows}`);
    expect((await natwalk(['check', '--coverage', spec])).out).toContain('NEVER MATCHED');
  });

  it('is line coverage for viewers of lcov; the report is then a message', async () => {
    const { out, err } = await check(flows, ['--coverage', 'lcov'], head);
    expect(out).toMatch(/^TN:natwalk\nSF:.*hostile\.txt\n(?:DA:\d+,\d+\n)+LF:4\nLH:2\nend_of_record\n$/);
    expect(err).toBe('1 check, 0 failed\n');
  });

  it('is JSON in a file', async () => {
    const path = join(scratch, 'coverage.json');
    const { out } = await check(flows, ['--coverage', 'json', '--coverage-output', path], head);
    expect(out).toBe('1 check, 0 failed\n');
    const { schema, nodes } = JSON.parse(readFileSync(path, 'utf8')) as {
      schema: string;
      nodes: { matched: number; list: { hits: number; text: string }[] }[];
    };
    expect([schema, nodes[0]?.matched]).toEqual(['natwalk/coverage/1', 2]);
    expect(nodes[0]?.list.map(({ hits }) => hits).sort()).toEqual([0, 0, 1, 1]);
  });
});
