/** Details of what people read: the answer of a summary, colours of mistakes, rows that say what is not known. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const eks = join(import.meta.dirname, '../../examples/eks-node');
const packet = ['--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const folder = mkdtempSync(join(tmpdir(), 'natwalk-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The embedded node with one of its dumps changed. */
function changed(name: string, file: string, change: (text: string) => string): string {
  const path = join(folder, name);
  cpSync(eks, path, { recursive: true });
  writeFileSync(join(path, file), change(readFileSync(join(path, file), 'utf8')));
  return path;
}

describe('a summary with --reply', () => {
  it.each([
    ['en', 'LEAVES by ens5', 'THE ANSWER', 'LEAVES by enia7cc107bbb9'],
    ['ko', '나감 출구 ens5', '\n응답\n', '나감 출구 enia7cc107bbb9'],
  ])('has an answer line for the answer, in %s', async (lang, there, heading, back) => {
    const { out } = await natwalk(['trace', eks, ...packet, '-o', 'summary', '--reply', '--lang', lang]);
    const places = [there, heading, back].map((words) => out.indexOf(words));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(out).not.toContain(' 1 ');
  });

  it('has one for each of several outcomes', async () => {
    const to = ['--from', '192.168.61.33', '--to', '10.100.5.20:80'];
    const walked = ['trace', eks, ...to, '--reply'];
    const { outcomes } = JSON.parse((await natwalk([...walked, '--json'])).out) as {
      outcomes: readonly { reply?: object }[];
    };
    const { out } = await natwalk([...walked, '-o', 'summary']);
    expect(out.match(/^THE ANSWER$/gm)?.length).toBe(
      outcomes.filter(({ reply }) => reply !== undefined).length,
    );
  });

  it('says nothing of an answer that is not asked for', async () => {
    expect((await natwalk(['trace', eks, ...packet, '-o', 'summary'])).out).not.toContain('THE ANSWER');
  });
});

describe('a mistake', () => {
  const wrong = ['trace', eks, '--to', '1.2.3.400'];

  it.each([
    [['--color=never'], {}, false],
    [['--color', 'never'], {}, false],
    [[], { NO_COLOR: '1' }, false],
    [['--color=always'], { NO_COLOR: '1' }, true],
    [['--color=never', '--color=always'], {}, true],
    [[], {}, true],
  ])('with %j and %j has colour: %j', async (words, env, isColoured) => {
    const { err } = await natwalk([...wrong, ...words], { terminal: true, env: { ...env } });
    expect(err).toContain('USAGE_ADDRESS');
    expect(err.includes('\u001b[')).toBe(isColoured);
  });

  it('in --color itself is told without', async () => {
    const { err } = await natwalk([...wrong, '--color=pink'], { terminal: true });
    expect(err).toContain('USAGE_CHOICE');
    expect(err).not.toContain('\u001b[');
  });
});

describe('a walk', () => {
  it('says that a route is refused, not that there is none', async () => {
    const { out } = await natwalk([
      'trace',
      eks,
      '--local',
      '--from',
      '127.0.0.1',
      '--to',
      '127.0.0.1:30080',
    ]);
    expect(out).toMatch(/-> main: refused for its source$/m);
    expect(out).not.toContain('()');
  });

  it('says that the setting of rp_filter is not in the snapshot', async () => {
    const node = changed('no-rp', 'sysctl.txt', (text) => text.replace(/^.*\.rp_filter.*\n/gm, ''));
    const { out } = await natwalk([
      'trace',
      node,
      '--in',
      'ens6',
      '--from',
      '192.168.61.33',
      '--to',
      '8.8.8.8:53',
    ]);
    expect(out).toContain('whether ens6 has rp_filter is not in the snapshot');
    expect(out).not.toMatch(/rp_filter [^\n]*\?/);
  });

  it('tells the drop of an open rule once', async () => {
    const node = changed('open', 'iptables-save.txt', (text) =>
      text.replace(/^(-A FORWARD )/m, '-A FORWARD -m nosuchmatch -j DROP\n$1'),
    );
    const { out } = await natwalk(['trace', node, ...packet]);
    const walk = out.slice(out.indexOf(' 1  '));
    expect(walk.match(/DROP/g)?.length).toBe(1);
  });

  it('quotes a match without options without a blank', async () => {
    const node = changed('plain', 'iptables-save.txt', (text) =>
      text.replace(
        /^(-A FORWARD )/m,
        '-A FORWARD -m nosuchmatch -j DROP\n-A FORWARD -m other --some 1 -j DROP\n$1',
      ),
    );
    const { out } = await natwalk(['trace', node, ...packet]);
    expect(out).toContain('"-m nosuchmatch" matches');
    expect(out).toContain('"-m other --some 1" matches');
  });
});

describe('a drop by a policy', () => {
  const forms: readonly (readonly [string, string, number, string])[] = [
    ['save', '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [7:9]\nCOMMIT\n', 3, '-P FORWARD DROP'],
    ['list-rules', '-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n', 2, '-P FORWARD DROP'],
    [
      'listing',
      'Chain INPUT (policy ACCEPT)\ntarget prot opt source destination\n\nChain FORWARD (policy DROP)\ntarget prot opt source destination\n',
      4,
      '-P FORWARD DROP',
    ],
    [
      'nft',
      'table ip t {\n\tchain c {\n\t\ttype filter hook forward priority filter; policy drop;\n\t}\n}\n',
      2,
      'chain c { policy drop; }',
    ],
  ];

  it.each(forms)('names the line of the dump that declares it: %s', async (name, text, line, words) => {
    const node = join(folder, `policy-${name}`);
    for (const file of ['ip-addr.txt', 'ip-rule.txt', 'ip-route.txt', 'sysctl.txt'])
      cpSync(join(eks, file), join(node, file));
    writeFileSync(join(node, 'rules.txt'), text);
    const { out } = await natwalk(['trace', node, ...packet, '-o', 'summary']);
    expect(out.split('\n').map((one) => one.trim().replace(/ {2,}/g, ' '))).toContain(
      `rules.txt:${String(line)} ${words}`,
    );
    const single = await natwalk(['trace', node, ...packet, '--json']);
    const { outcomes } = JSON.parse(single.out) as { outcomes: { drop: object }[] };
    expect(outcomes[0]?.drop).toMatchObject({ reason: 'policy', rule: null, file: 'rules.txt', line });
    const batch = join(folder, 'policy.jsonl');
    writeFileSync(batch, '{"proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9","dport":443}\n');
    const many = await natwalk(['trace', node, '--batch', batch, '--json']);
    expect((JSON.parse(many.out) as typeof single & { outcomes: unknown[] }).outcomes[0]).toMatchObject({
      drop: { file: 'rules.txt', line },
    });
  });

  it('is named by why, where it is the reason that a rule was not reached', async () => {
    const node = changed('policy-why', 'iptables-save.txt', (text) =>
      text.replace(':FORWARD ACCEPT [0:0]\n:OUTPUT', ':FORWARD DROP [0:0]\n:OUTPUT'),
    );
    const save = readFileSync(join(node, 'iptables-save.txt'), 'utf8').split('\n');
    const line = save.findIndex((one) => one.startsWith(':FORWARD DROP')) + 1;
    expect(line).toBeGreaterThan(0);
    const { out } = await natwalk(['why', node, ...packet, 'nat/POSTROUTING:1']);
    expect(out.replace(/\s+/g, ' ')).toContain(
      `DROPPED by the policy of mangle FORWARD (iptables-save.txt:${String(line)})`,
    );
  });
});

describe('natwalk why', () => {
  it('has the owner among the other lines of a single case', async () => {
    const { out } = await natwalk(['why', eks, ...packet, 'nat/AWS-SNAT-CHAIN-0:1']);
    expect(out).not.toMatch(/\n\n {2}whose rule/);
    expect(out).toMatch(/\n {2}whose rule {8}AWS VPC CNI\n$/);
  });
});

describe('natwalk doctor', () => {
  it('wraps what is to be added', async () => {
    const node = join(folder, 'bare');
    cpSync(join(eks, 'ip-rule.txt'), join(node, 'ip-rule.txt'));
    const { out } = await natwalk(['doctor', node], { terminal: true, columns: 40, env: { NO_COLOR: '1' } });
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(40);
    expect(out.replace(/\s+/g, ' ')).toContain('add iptables-save');
  });
});
