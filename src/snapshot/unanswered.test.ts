/** Commands that failed, or whose output went elsewhere: what does not stand below them is not known. */
import { describe, expect, it } from 'vitest';
import type { Node } from '../packet/node.js';
import { trace } from '../packet/trace.js';
import { loadNode } from './load.js';

const LISTINGS = new Map([
  ['ip rule', '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n'],
  [
    'ip route show table all',
    'default via 10.0.0.254 dev e0\n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1\nlocal 10.0.0.1 dev e0 table local proto kernel scope host src 10.0.0.1\n',
  ],
  ['ip addr', '2: e0: <BROADCAST,UP,LOWER_UP> mtu 1500 state UP\n    inet 10.0.0.1/24 scope global e0\n'],
  ['iptables-save', ''],
  ['sysctl -a', 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.e0.rp_filter = 0\n'],
]);

/** The transcript of a whole node; one command stands in the place of another. */
function load(instead: string, command: string, output: string): Node {
  const runs = [...LISTINGS].map(([own, text]) =>
    own === instead ? `root@n1:~# ${command}\n${output}` : `root@n1:~# ${own}\n${text}`,
  );
  return loadNode('n1', [{ name: 'n1.txt', text: `${runs.join('')}root@n1:~# \n` }]);
}

const assumed = (node: Node): readonly string[] => [
  ...new Set(
    trace(node, { in: 'e0', proto: 'udp', src: '10.0.0.7', dst: '192.0.2.9', dport: 53 }).outcomes.flatMap(
      ({ assumptions }) => assumptions.map(({ code }) => code),
    ),
  ),
];

const told = (node: Node): readonly string[] =>
  node.diagnostics.flatMap(({ code, params }) =>
    /^READ_(?:FAILED|REDIRECTED|SHOWS_NOTHING)$/.test(code) ? [`${code} ${String(params['command'])}`] : [],
  );

describe('a whole transcript', () => {
  it('rests on nothing, also where there are no tables of iptables', () => {
    const node = load('', '', '');
    expect([assumed(node), told(node)]).toEqual([[], []]);
  });
});

describe('iptables-save that failed shows no tables', () => {
  it.each([
    [
      'sudo iptables-save',
      'iptables-save v1.8.7 (legacy): Cannot initialize: Permission denied (you must be root)',
    ],
    ['sudo iptables-save', '[sudo] password for root: \nSorry, try again.\n[sudo] password for root: '],
    ['sudo iptables-save', 'sudo: a password is required'],
    ['iptables-save', '-bash: iptables-save: command not found'],
    ['iptables-save', 'bash: /usr/sbin/iptables-save: Permission denied'],
    ['iptables-save', "Fatal: can't open lock file /run/xtables.lock: Permission denied"],
    ['iptables-save', 'Cannot open /proc/net/ip_tables_names: Permission denied'],
    [
      'iptables-save',
      'iptables-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
    ],
  ])('%s: %s', (command, output) => {
    const node = load('iptables-save', command, `${output}\n`);
    expect(told(node)).toEqual([`READ_FAILED ${command}`]);
    expect(node.ruleSets[4].unknown.size).toBe(5);
    expect(assumed(node)).toContain('ASM_NO_TABLE');
  });

  it('after some tables: the others may exist', () => {
    const hooks = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((hook) => `:${hook} ACCEPT [0:0]\n`);
    const error = 'iptables-save v1.8.7 (legacy): Cannot initialize: Permission denied\n';
    const node = load('iptables-save', 'iptables-save', `*nat\n${hooks.join('')}COMMIT\n${error}`);
    expect([...node.ruleSets[4].unknown]).not.toContain('nat');
    expect(node.ruleSets[4].unknown.size).toBe(4);
  });

  it('also in the bundle of a collector', () => {
    const node = loadNode('b', [
      { name: 'n/networking/iprule', text: LISTINGS.get('ip rule') ?? '' },
      {
        name: 'n/networking/iptablessave',
        text: 'iptables-save v1.8.7 (legacy): Cannot initialize: Permission denied (you must be root)\n',
      },
      { name: 'n/networking/nft_ruleset', text: 'bash: nft: command not found\n' },
    ]);
    expect(told(node)).toEqual(['READ_FAILED iptables-save', 'READ_FAILED nft list ruleset']);
    expect(node.ruleSets[4].unknown.size).toBe(5);
  });
});

describe('other commands that failed', () => {
  it.each([
    ['ip rule', 'sudo ip rule', '[sudo] password for me: \n', 'UNK_NO_RULES'],
    ['iptables-save', 'nft list ruleset', 'Operation not permitted (you must be root)\n', 'ASM_NFT_UNSEEN'],
  ])('%s', (instead, command, output, assumption) => {
    const node = load(instead, command, output);
    expect(told(node)).toEqual([`READ_FAILED ${command}`]);
    expect(assumed(node)).toContain(assumption);
  });

  it('leave the entries of conntrack unknown', () => {
    const error =
      'conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN';
    const node = load('sysctl -a', 'conntrack -L', `${error}\n`);
    expect([node.connections, told(node)]).toEqual([null, ['READ_FAILED conntrack -L']]);
  });
});

describe('output that went elsewhere is not known', () => {
  it.each([
    ['iptables-save', 'iptables-save > /root/ipt.txt'],
    ['iptables-save', 'iptables-save>/root/ipt.txt'],
    ['iptables-save', 'iptables-save 2>&1 1> x'],
    ['iptables-save', 'iptables-save &> x'],
    ['iptables-save', 'sudo sh -c "iptables-save > x"'],
    ['iptables-save', 'iptables-save | tee x > /dev/null'],
    ['iptables-save', 'iptables-save | less'],
    ['iptables-save', 'iptables-save | pbcopy'],
    ['ip rule', 'ip rule > x'],
    ['ip rule', 'ip rule | tee x >/dev/null'],
    ['ip route show table all', 'ip route show table all >> x'],
    ['sysctl -a', 'sysctl -a > x'],
  ])('%s: %s', (instead, command) => {
    const node = load(instead, command, '');
    expect(told(node)).toEqual([`READ_REDIRECTED ${command}`]);
    expect(assumed(node)).not.toEqual([]);
  });

  it.each([
    'nft list ruleset > x',
    'conntrack -L > x',
    'ipset save > x',
    'ip addr > x',
    'iptables -t nat -S > x',
  ])('%s', (command) => {
    const node = load('ip addr', command, '');
    expect(told(node)).toEqual([`READ_REDIRECTED ${command}`]);
    expect([node.nft, node.connections, node.sets, node.networks[4].known.links]).toEqual([
      null,
      null,
      null,
      false,
    ]);
  });

  it.each(['iptables-save 2>&1', 'iptables-save | tee x', 'iptables-save > /dev/tty'])(
    'unlike that of %s',
    (command) => {
      const node = load('iptables-save', command, '');
      expect([told(node), assumed(node)]).toEqual([[], []]);
    },
  );

  it('unless it stands below all the same', () => {
    const node = load('ip rule', 'ip rule > x', '0:\tfrom all lookup local\n9:\tfrom all blackhole\n');
    expect(trace(node, { in: null, proto: 'udp', dst: '192.0.2.9', dport: 53 }).outcomes).toMatchObject([
      { verdict: 'unroutable', probability: 1 },
    ]);
  });
});

describe('nothing below a command that always lists something is not known', () => {
  it.each(['ip rule', 'ip addr'])('%s', (command) => {
    const node = load(command, command, '');
    expect(told(node)).toEqual([`READ_SHOWS_NOTHING ${command}`]);
    expect(node.networks[4].known[command === 'ip rule' ? 'rules' : 'links']).toBe(false);
  });
});

describe('a save that shows nothing, and may have printed something', () => {
  it.each([
    ['iptables-save -f /tmp/x', '', 'READ_REDIRECTED'],
    ['iptables-save -c --file=/tmp/x', '', 'READ_REDIRECTED'],
    ['sudo -n iptables-save 2>/dev/null', '', 'READ_SILENCED'],
    ['sudo -n iptables-save 2> /tmp/errors || true', '', 'READ_SILENCED'],
    ['iptables-save', '^C\n', 'READ_FAILED'],
  ])('is no empty firewall: %s', (command, output, code) => {
    const node = load('iptables-save', command, output);
    expect(assumed(node)).toContain('ASM_NO_TABLE');
    expect(node.diagnostics.map((found) => found.code)).toContain(code);
  });

  it.each(['iptables-save 2>&1', 'iptables-save 2>/dev/stderr', 'iptables-save -M /sbin/modprobe'])(
    'is one where its errors are to be seen: %s',
    (command) => {
      expect(assumed(load('iptables-save', command, ''))).toEqual([]);
    },
  );
});
