/** Several listings of settings of one node: which value counts, and what is said of the others. */
import { describe, expect, it } from 'vitest';
import type { Node } from '../packet/node.js';
import { trace } from '../packet/trace.js';
import { readCommand } from './command.js';
import { loadNode } from './load.js';
import { isSettingWrite } from './merge-settings.js';

const BASE = {
  'ip-rule.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
  'ip-route.txt':
    '10.0.0.0/24 dev e0 scope link src 10.0.0.1\n10.1.0.0/24 dev e1 scope link src 10.1.0.1\nlocal 10.0.0.1 dev e0 table local scope host src 10.0.0.1\nlocal 10.1.0.1 dev e1 table local scope host src 10.1.0.1\n',
  'ip-addr.txt':
    '2: e0: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n    inet 10.0.0.1/24 scope global e0\n3: e1: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n    inet 10.1.0.1/24 scope global e1\n',
  'iptables-save.txt': '*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
};

const settings = (value: number, rest = ''): string =>
  `net.ipv4.conf.all.forwarding = ${String(value)}\nnet.ipv4.conf.e0.forwarding = ${String(value)}\n` +
  `net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.e0.rp_filter = 0\nnet.ipv4.ip_forward = ${String(value)}\n${rest}`;

function load(files: Readonly<Record<string, string>>): Node {
  const all = Object.entries({ ...BASE, ...files }).map(([name, text]) => ({ name, text }));
  return loadNode(
    'n',
    all.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

function answer(node: Node): readonly string[] {
  const { outcomes } = trace(node, { in: 'e0', proto: 'udp', src: '10.0.0.7', dst: '10.1.0.9', dport: 53 });
  return outcomes.flatMap(({ verdict, assumptions }) => [
    verdict,
    ...assumptions.map(({ code, params }) => `${code} ${String(params['name'])}`),
  ]);
}

const told = (node: Node): readonly string[] =>
  node.diagnostics.flatMap(({ code, span, params }) =>
    code.startsWith('READ_SETTING')
      ? [
          `${code} ${String(params['name'])} ${span?.source.name ?? ''}:${String(span?.source.position(span.start).line)}`,
        ]
      : [],
  );

describe('files that disagree', () => {
  const contradicted = [4, 0, 1].map((at) => settings(0).split('\n')[at]?.split(' ')[0] ?? '');

  it.each(['a.txt', 'zz.txt'])('the fullest is used, whatever the other is called: %s', (other) => {
    const node = load({ 'sysctl.txt': settings(1, 'kernel.osrelease = 6.1.0\n'), [other]: settings(0) });
    const [verdict, ...assumed] = answer(node);
    expect(verdict).toBe('forwarded');
    expect(assumed.toSorted()).toEqual(contradicted.map((name) => `ASM_SETTING ${name}`).toSorted());
    expect(told(node)).toContain(`READ_SETTING_DISAGREES net.ipv4.ip_forward ${other}:5`);
  });

  it('about what no answer hangs on are no matter', () => {
    const node = load({
      'sysctl.txt': settings(1, 'kernel.random.uuid = 1\n'),
      'z.txt': 'kernel.random.uuid = 2\nnet.netfilter.nf_conntrack_count = 7\n',
    });
    expect([answer(node), told(node)]).toEqual([['forwarded'], []]);
  });
});

describe('one transcript', () => {
  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'a later listing counts',
      `$ sysctl -a\n${settings(1)}$ sysctl -a\n${settings(0)}`,
      ['dropped'],
      ['all.forwarding', 'e0.forwarding'],
    ],
    [
      'a write counts',
      `$ sysctl -a\n${settings(1)}$ sysctl -w net.ipv4.ip_forward=0\nnet.ipv4.ip_forward = 0\n`,
      ['dropped'],
      [],
    ],
    [
      'a write of all devices is one of ip_forward',
      `$ sysctl -a\n${settings(0)}$ sudo sysctl net.ipv4.conf.all.forwarding=1\nnet.ipv4.conf.all.forwarding = 1\n`,
      ['forwarded'],
      [],
    ],
    [
      'a write that changes nothing reaches no device',
      `$ sysctl -a\n${settings(0).replace('all.forwarding = 0', 'all.forwarding = 1').replace('ip_forward = 0', 'ip_forward = 1')}$ sysctl -p\nnet.ipv4.ip_forward = 1\n`,
      ['dropped'],
      [],
    ],
    [
      'a write of one device reaches that alone',
      `$ sysctl -a\n${settings(1)}$ sysctl -w net.ipv4.conf.e1.forwarding=0\nnet.ipv4.conf.e1.forwarding = 0\n`,
      ['forwarded'],
      [],
    ],
  ])('%s', (_name, text, verdicts, names) => {
    const node = load({ 'session.txt': text });
    expect(answer(node)).toEqual(verdicts);
    expect(told(node).filter((one) => one.includes('conf.'))).toEqual(
      names.map((name, at) => `READ_SETTING_LATER net.ipv4.conf.${name} session.txt:${String(at + 2)}`),
    );
  });
});

describe('two lists of settings, one below the other without a prompt between', () => {
  const said = (text: string): readonly string[] =>
    told(load({ 'session.txt': text })).filter((one) => one.includes('ip_forward'));

  it.each([
    ['', `${settings(1)}${settings(0)}`, 5],
    [' below one command', `$ sysctl -a\n${settings(1)}${settings(0)}`, 6],
    [
      ' as grep prints them',
      '/proc/sys/net/ipv4/ip_forward:1\n/proc/sys/net/ipv4/tcp_ecn:2\n/proc/sys/net/ipv4/ip_forward:0\n',
      1,
    ],
  ])('are told to contradict each other%s', (_, text, line) => {
    expect(said(text)).toEqual([`READ_SETTING_LATER net.ipv4.ip_forward session.txt:${String(line)}`]);
    expect(load({ 'session.txt': text }).sysctls.get('net.ipv4.ip_forward')).toBe('0');
  });

  it.each([
    ['that tell the same', `${settings(1)}${settings(1)}`],
    ['of which the second was written', '$ sysctl -p\nnet.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = 0\n'],
  ])('are none, %s', (_, text) => {
    expect(said(text)).toEqual([]);
  });
});

it.each([
  ['sysctl -a', false],
  ['sysctl net.ipv4.ip_forward', false],
  ['sysctl -n -e net.ipv4.ip_forward', false],
  ['sudo sysctl -w net.ipv4.ip_forward=1', true],
  ['sysctl net/ipv4/ip_forward=1', true],
  ['sysctl -p /etc/sysctl.conf', true],
  ['sysctl --system', true],
])('%s sets something: %s', (text, isWrite) => {
  expect(isSettingWrite(readCommand(text))).toBe(isWrite);
});
