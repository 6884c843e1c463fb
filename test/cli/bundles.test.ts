/** Bundles and transcripts as people have them, asked with one command. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tgzOf, zipOf } from '../support/archive.js';
import { natwalk } from '../support/cli.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-bundles-'));
const QUESTION = ['--from', '192.168.61.33', '--to', '203.0.113.9:443'];

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function capture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../examples/eks-node', name), 'utf8');
}

function put(name: string, content: string | Buffer): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

/** What the EKS log collector writes about the network: no addresses, no nftables. */
const EKS = [
  { name: './', type: '5' },
  { name: './networking/', type: '5' },
  {
    name: './networking/conntrack.txt',
    data: '*** Output of conntrack -S *** \ncpu=0   \tfound=0 invalid=0\n*** Output of conntrack -L ***\n',
  },
  { name: './networking/iptables-save.txt', data: capture('iptables-save.txt') },
  { name: './networking/ip6tables-save.txt', data: capture('ip6tables-save.txt') },
  { name: './networking/iprule.txt', data: capture('ip-rule.txt') },
  { name: './networking/ip6rule.txt', data: capture('ip6-rule.txt') },
  { name: './networking/iproute.txt', data: capture('ip-route.txt') },
  { name: './networking/resolv.conf', data: 'nameserver 192.168.0.2\n' },
  { name: './networking/ethtool.txt', data: 'driver: ena\nversion: 6.1\n' },
  { name: './sysctls/sysctl_all.txt', data: capture('sysctl.txt') },
  { name: './system/top.txt', data: 'top - 10:00:00 up 1 day\n' },
  { name: './kubelet/kubelet.log', data: 'Nov 28 10:00:00 ip-192-168-45-10 kubelet: started\n'.repeat(9000) },
  { name: './var_log/aws-routed-eni/link', type: '2', link: '../messages' },
];

describe("the EKS log collector's archive", { timeout: 60_000 }, () => {
  const path = put('eks_i-0123456789abcdef0_2026-11-28_2140-UTC_0.7.9.tar.gz', tgzOf(EKS));

  it('answers where a pod goes to the internet, with one command', async () => {
    const { status, out, err } = await natwalk(['trace', path, ...QUESTION, '-o', 'summary']);
    expect(status).toBe(0);
    expect(out).toContain('LEAVES by ens5 via 192.168.32.1 as 192.168.45.10:1024-65535 > 203.0.113.9:443');
    expect(out.replace(/\s+/g, ' ')).toContain('without mark 0x80: rule 1536 -> ens6');
    expect(err).toContain('NODE_DERIVED_ADDRESSES');
    expect(err).not.toContain('error ');
  });

  it('answers the same as the folder that it is made of', async () => {
    const folder = join(import.meta.dirname, '../../examples/eks-node');
    const minimal = [...QUESTION, '-o', 'minimal'];
    expect((await natwalk(['trace', path, ...minimal])).out).toBe(
      (await natwalk(['trace', folder, ...minimal])).out,
    );
  });

  it('of two nodes in one zip are two nodes', async () => {
    const both = zipOf(
      ['eks_i-0aaaaaaaaaaaaaaaa_x.tar.gz', 'eks_i-0bbbbbbbbbbbbbbbb_x.tar.gz'].map((name) => ({
        name,
        data: tgzOf(EKS),
      })),
    );
    const zip = put('both.zip', both);
    const listed = await natwalk(['nodes', zip]);
    expect(listed.out.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'i-0aaaaaaaaaaaaaaaa',
      'i-0bbbbbbbbbbbbbbbb',
      '',
    ]);
    const unclear = await natwalk(['trace', zip, ...QUESTION]);
    expect([unclear.status, unclear.out]).toEqual([2, '']);
    expect(unclear.err.replace(/\s+/g, ' ')).toContain(
      'holds several nodes: i-0aaaaaaaaaaaaaaaa, i-0bbbbbbbbbbbbbbbb',
    );
    const one = await natwalk(['trace', `${zip}#i-0bbbbbbbbbbbbbbbb`, ...QUESTION, '-o', 'minimal']);
    expect(one.out).toMatch(/^forwarded ens5 /);
  });
});

describe('natwalk nodes', () => {
  const RULES = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
  const paste = put(
    'paste#1.txt',
    `root@a:~# ip rule\n${RULES}root@a:~# ip netns exec blue ip rule\n${RULES}`,
  );

  it('lists what a transcript holds', async () => {
    const { status, out } = await natwalk(['nodes', paste]);
    expect([status, out]).toEqual([
      0,
      'a     main  3 lines  ip rule (3 lines)\nblue        3 lines  ip rule (3 lines)\n',
    ]);
  });

  it('--json is for scripts', async () => {
    const { out } = await natwalk(['nodes', paste, '--json']);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      { name: 'a', holds: [{ kind: 'ip rule', listings: 1, lines: 3 }], lines: 3, isMain: true },
      { name: 'blue', holds: [{ kind: 'ip rule', listings: 1, lines: 3 }], lines: 3, isMain: false },
    ]);
  });

  it('reads standard input', async () => {
    const { out } = await natwalk(['nodes', '-'], { stdin: `root@n7:~# ip rule\n${RULES}` });
    expect(out).toMatch(/^n7 {2}main /);
  });

  it('a # in the name of a file is no name of a node', async () => {
    expect((await natwalk(['show', paste, '--summary'])).status).toBe(0);
    expect((await natwalk(['show', `${paste}#blue`, '--summary'])).status).toBe(0);
    const wrong = await natwalk(['show', `${paste}#red`, '--summary']);
    expect(wrong.status).toBe(2);
    expect(wrong.err).toContain('there is no node red');
    expect(wrong.err).toContain('a, blue');
  });

  it.each([
    ['a text without a listing', 'Dear reader, this is no dump.\n'],
    ['an empty file', ''],
  ])('of %s is bad usage', async (_name, text) => {
    const { status, out, err } = await natwalk(['nodes', put('none.txt', text)]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('NODES_NONE');
  });
});

describe('a folder without a dump', { timeout: 60_000 }, () => {
  const TRACE =
    'Mar 30 19:33:27 n1 kernel: TRACE: raw:PREROUTING:policy:3 IN=eth0 OUT= MAC= SRC=10.0.0.2 DST=10.0.0.3 LEN=60\n';
  const folder = join(scratch, 'traces');
  mkdirSync(folder);
  writeFileSync(join(folder, 'trace.log'), TRACE.repeat(3));
  writeFileSync(join(folder, 'notes.txt'), 'This is what we saw on the node when the packet went away.\n');

  it.each(['doctor', 'nodes', 'show'])('is refused by %s, which names each of its files', async (command) => {
    const { status, out, err } = await natwalk([command, folder]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('trace.log is the output of a packet trace');
    expect(err).toContain('notes.txt is a text for people');
    expect(err).toContain('NODE_TRACES');
    expect(err).toContain('natwalk collect');
  });
});

it('a pasted page answers the question too', { timeout: 60_000 }, async () => {
  const page = [
    'How our pods reach the internet',
    '',
    'First the policy rules of the node, then its routes:',
    '```console',
    '[ec2-user@ip-192-168-45-10 ~]$ sudo ip rule',
    capture('ip-rule.txt'),
    '[ec2-user@ip-192-168-45-10 ~]$ ip route show table all | cat',
    capture('ip-route.txt'),
    '```',
    'Then what iptables has to say about them:',
    '```',
    '[ec2-user@ip-192-168-45-10 ~]$ sudo iptables-save',
    capture('iptables-save.txt'),
    '[ec2-user@ip-192-168-45-10 ~]$ sysctl -a',
    capture('sysctl.txt'),
    '```',
  ].join('\r\n');
  const { status, out } = await natwalk(['trace', '-', ...QUESTION, '-o', 'minimal'], { stdin: page });
  expect([status, out]).toEqual([
    0,
    'forwarded ens5 via 192.168.32.1 src 192.168.45.10:1024-65535 dst 203.0.113.9:443 p=1\n',
  ]);
});
