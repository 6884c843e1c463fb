/** The command line as its users know it: arguments in, output and exit status out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const node = join(import.meta.dirname, '../../examples/eks-node');
const toInternet = ['trace', node, '--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const scratch = mkdtempSync(join(tmpdir(), 'natwalk-'));

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function fileOf(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

describe('natwalk', () => {
  it('alone greets with twelve lines and three examples', async () => {
    const { status, out, err } = await natwalk([]);
    expect([status, err]).toEqual([0, '']);
    expect(out.trimEnd().split('\n')).toHaveLength(12);
    expect(out.match(/^ {2}natwalk /gm)).toHaveLength(3);
  });

  it.each([['--help'], ['trace', '--help'], ['show', '--help'], ['explain', '--help']])(
    '%s %s starts with an example',
    async (...argv) => {
      const { status, out } = await natwalk(argv);
      expect(status).toBe(0);
      expect(out.startsWith('Example:\n  natwalk ')).toBe(true);
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    },
  );

  it('--version prints a version', async () => {
    expect(await natwalk(['--version'])).toEqual({ status: 0, out: 'dev\n', err: '' });
  });

  it.each([
    [['frobnicate'], 'unknown command'],
    [['trace'], "missing required argument 'node'"],
    [['trace', node, '--frm', '1.2.3.4'], 'Did you mean --from?'],
    [['trace', node, 'surplus', '--to', '1.2.3.4'], 'too many arguments'],
    [['trace', node], 'USAGE_MISSING'],
    [['trace', node, '--to', '1.2.3.400'], 'USAGE_ADDRESS'],
    [['trace', node, '--to', '1.2.3.4', '-o', 'yaml'], 'USAGE_CHOICE'],
    [['trace', node, '--to', '1.2.3.4', '-o', 'text', '--json'], 'USAGE_CONFLICT'],
    [['trace', node, '--to', '1.2.3.4', '--color=pink'], 'USAGE_CHOICE'],
    [['trace', node, '--from', '192.168.61.33', '--to', '1.2.3.4', '--in', 'nosuch0'], 'PKT_DEVICE'],
    [['trace', node, '--from', '192.168.61.33', '--to', '1.2.3.4', '--proto', 'nosuch'], 'PKT_PROTOCOL'],
    [['trace', join(scratch, 'nowhere'), '--to', '1.2.3.4'], 'NODE_UNREADABLE'],
    [['explain', 'NOT_A_CODE'], 'EXPLAIN_UNKNOWN'],
    [['trace', '-', '--batch', '-'], 'BATCH_TWO_STDIN'],
    [['trace', node, '--batch', join(scratch, 'nowhere')], 'BATCH_UNREADABLE'],
  ])('%j is bad usage: status 2, nothing on standard output', async (argv, says) => {
    const { status, out, err } = await natwalk(argv);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(says);
    expect(err).not.toMatch(/^ {4}at /m);
  });

  it('refuses a file that is no dump', async () => {
    const { status, out, err } = await natwalk([
      'trace',
      fileOf('poem.txt', 'roses are red\n'),
      '--to',
      '1.2.3.4',
    ]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('NODE_EMPTY');
  });
});

describe('natwalk trace', () => {
  it('says what becomes of a packet, and why', async () => {
    const { status, out } = await natwalk(toInternet);
    expect(status).toBe(0);
    expect(out).toContain('LEAVES by ens5 via 192.168.32.1 as 192.168.45.10:1024-65535 > 203.0.113.9:443');
    expect(out).toContain('without mark');
  });

  it('says nothing about IPv6 to a packet of IPv4', async () => {
    expect((await natwalk(toInternet)).err).toBe('');
  });

  it.each([
    [
      'minimal',
      /^forwarded ens5 via 192\.168\.32\.1 src 192\.168\.45\.10:1024-65535 dst 203\.0\.113\.9:443 p=1\n$/,
    ],
    ['summary', /^tcp [^\n]+\n\nLEAVES [^]*NOT CERTAIN[^\n]+\n$/],
    ['trace', /^TRACE: mangle:PREROUTING:rule:2 IN=enia/],
    ['wide', /\| -A AWS-SNAT-CHAIN-0 ! -o vlan\+/],
  ])('-o %s', async (format, shape) => {
    expect((await natwalk([...toInternet, '-o', format])).out).toMatch(shape);
  });

  it('--json gives the contract, on one line', async () => {
    const { out } = await natwalk([...toInternet, '--json']);
    expect(out.trimEnd()).not.toContain('\n');
    expect(JSON.parse(out)).toMatchObject({
      schema: 'natwalk/trace/1',
      packet: { in: 'enia7cc107bbb9' },
      outcomes: [
        {
          verdict: 'forwarded',
          probability: 1,
          egress: { iface: 'ens5', policyRule: 1024 },
          snat: { rule: { chain: 'AWS-SNAT-CHAIN-0', rule: 2 } },
        },
      ],
    });
  });

  it('takes options before and after the node', async () => {
    const { out } = await natwalk([
      'trace',
      '--to=203.0.113.9:443',
      '-o',
      'minimal',
      node,
      '--from',
      '192.168.61.33',
    ]);
    expect(out).toContain('forwarded ens5');
  });

  it('--all-rules gives each reason', async () => {
    expect((await natwalk([...toInternet, '--all-rules'])).out).toContain('no match: mark is ');
  });

  it('--reply walks the answer', async () => {
    expect((await natwalk([...toInternet, '--reply'])).out).toContain('THE ANSWER');
  });

  it('colours a terminal, and nothing else', async () => {
    const escape = String.fromCharCode(27);
    const piped = await natwalk(toInternet);
    const shown = await natwalk(toInternet, { terminal: true });
    expect(piped.out).not.toContain(escape);
    expect(shown.out).toContain(`${escape}[1;32mLEAVES`);
    expect(shown.out.replace(new RegExp(`${escape}\\[[0-9;]*m`, 'g'), '')).toBe(piped.out);
    expect((await natwalk(toInternet, { terminal: true, env: { NO_COLOR: '1' } })).out).toBe(piped.out);
    expect((await natwalk(toInternet, { env: { FORCE_COLOR: '1' } })).out).toBe(shown.out);
    expect((await natwalk([...toInternet, '--color', 'never'], { terminal: true })).out).toBe(piped.out);
  });

  it('--strict is status 3 when the outcome rests on an assumption', async () => {
    const save = '*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m mystery -j DROP\nCOMMIT\n';
    const path = fileOf('mystery.txt', save);
    const argv = ['trace', path, '--in', 'eth0', '--from', '10.0.0.1', '--to', '10.0.0.2', '-o', 'minimal'];
    expect((await natwalk(argv)).status).toBe(0);
    expect((await natwalk([...argv, '--strict'])).status).toBe(3);
    expect((await natwalk([...toInternet, '--strict'])).status).toBe(0);
  });

  it('ends quietly when its reader has gone', async () => {
    expect(await natwalk(toInternet, { closesAfter: 0 })).toEqual({ status: 0, out: '', err: '' });
  });
});

describe('natwalk trace --batch', () => {
  const packet = (rest: object): string =>
    JSON.stringify({ proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443, ...rest });
  const batch = (lines: readonly string[], ...more: string[]): ReturnType<typeof natwalk> =>
    natwalk(['trace', node, '--batch', '-', ...more], { stdin: `${lines.join('\n')}\n` });
  const ids = (out: string): unknown[] =>
    out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
      .map((one) => (typeof one === 'object' && one !== null && 'id' in one ? one.id : undefined));

  it('gives a result per line, in order', async () => {
    const { status, out } = await batch(
      [packet({ id: 'a' }), packet({ id: 'b' }), packet({ id: 'c' })],
      '--json',
    );
    expect(status).toBe(0);
    expect(ids(out)).toEqual(['a', 'b', 'c']);
  });

  it('puts an error object in the place of a bad line, and is status 1', async () => {
    const { status, out, err } = await batch([
      packet({ id: 'a' }),
      '{"id":"b"}',
      packet({ id: 'c', dst: 'x' }),
      packet({ id: 'd' }),
    ]);
    expect([status, err.includes('    at ')]).toEqual([1, false]);
    expect(ids(out)).toEqual(['a', 'b', 'c', 'd']);
    const [, second, third] = out.split('\n').map((line): unknown => (line === '' ? null : JSON.parse(line)));
    expect(second).toMatchObject({ error: { code: 'BATCH_LINE', line: 2 } });
    expect(third).toMatchObject({ error: { code: 'PKT_ADDRESS', line: 3 } });
  });

  it('takes the packets of a flow by step, whatever their order', async () => {
    const reply = {
      in: 'ens5',
      proto: 'tcp',
      src: '203.0.113.9',
      sport: 443,
      dst: '192.168.45.10',
      dport: 2000,
      tcpFlags: ['SYN', 'ACK'],
    };
    const lines = [
      JSON.stringify({ id: 'back', flow: 'f', step: 2, ...reply }),
      packet({ id: 'other' }),
      packet({ id: 'there', flow: 'f', step: 1 }),
    ];
    const { out } = await batch(lines, '-o', 'json');
    expect(ids(out)).toEqual(['back', 'other', 'there']);
    const minimal = (await batch(lines, '-o', 'minimal')).out.split('\n');
    expect(minimal[0]).toContain('forwarded enia7cc107bbb9 src 203.0.113.9:443 dst 192.168.61.33:40000');
  });

  it('keeps the state of a flow over more lines than wait at once', async () => {
    const fill = Array.from({ length: 5000 }, () => '{}');
    const reply = {
      in: 'ens5',
      proto: 'tcp',
      src: '203.0.113.9',
      sport: 443,
      dst: '192.168.45.10',
      dport: 2000,
      tcpFlags: ['ACK'],
    };
    const { out } = await batch(
      [packet({ flow: 'f', step: 1 }), ...fill, JSON.stringify({ flow: 'f', step: 2, ...reply })],
      '-o',
      'minimal',
    );
    expect(out.trimEnd().split('\n').at(-1)).toContain('forwarded enia7cc107bbb9');
  });

  it('reads a file, with CRLF and blank lines', async () => {
    const path = fileOf('packets.jsonl', `\ufeff${packet({ id: 'a' })}\r\n\r\n${packet({ id: 'b' })}`);
    const { status, out } = await natwalk(['trace', node, '--batch', path]);
    expect([status, ids(out)]).toEqual([0, ['a', 'b']]);
  });

  it('tells steps when they are asked for, and everything else in any case', async () => {
    const lines = [packet({ id: 'a' }), packet({ id: 'b', proto: 'icmp' })];
    const stepsOf = (text: string): unknown => (/"steps":\[/.exec(text) === null ? 'none' : 'some');
    const { out: brief } = await batch(lines, '--json');
    const { out: full } = await batch(lines, '--json', '--steps');
    expect([stepsOf(brief), stepsOf(full)]).toEqual(['none', 'some']);
    const without = full
      .trimEnd()
      .split('\n')
      .map((line) =>
        JSON.stringify(JSON.parse(line, (key, value: unknown) => (key === 'steps' ? undefined : value))),
      );
    expect(brief).toBe(`${without.join('\n')}\n`);
  });

  it('stops when its reader has gone', async () => {
    const { status, out } = await natwalk(['trace', node, '--batch', '-', '-o', 'minimal'], {
      stdin: `${packet({})}\n`.repeat(3000),
      closesAfter: 1,
    });
    expect(status).toBe(0);
    expect(out.split('\n').length).toBeGreaterThan(1);
    expect(out.split('\n').length).toBeLessThan(3000);
  });
});
