/** Slips of a student: mistyped commands, ways back, changes undone, words that are no answer. */
import { expect, it } from 'vitest';
import { join } from 'node:path';
import { openLab } from '../../src/cli/lab-files.js';
import { newRun } from '../../src/labs/progress.js';
import { LabSession } from '../../src/labs/session.js';
import { Desk, root } from './support.js';
import { typed } from './typed.js';

it.each([
  ['iptabels -t nat -S', 'iptables'],
  ['contrack -L', 'conntrack'],
  ['iptables -S | gerp FORWARD', 'grep'],
  ['pi addr', 'ip'],
])('a slip of the keys is told as bash does, with what was meant: %s', async (line, meant) => {
  const [said = ''] = await typed('03-dnat-and-back', line);
  expect(said).toMatch(/^-bash: \S+: command not found\n/);
  expect(said).toContain(`did you mean "${meant}"?`);
});

it.each(['ps aux', 'ls', 'systemctl restart docker', 'pwd', '__proto__'])(
  'what is no slip is not taken for one: %s',
  async (line) => {
    const [said = ''] = await typed('03-dnat-and-back', line);
    expect(said).toMatch(/^-bash: \S+: command not found\nnatwalk: the emulated node has few commands/);
  },
);

it('leads back to the node that ssh was typed on', async () => {
  const said = await typed(
    '08-cni-options',
    ...[
      'ssh custom',
      'ssh nft',
      'exit',
      'hostname',
      'ssh two hostname',
      'exit',
      'hostname',
      'exit',
      'hostname',
    ],
  );
  expect(said).toEqual([
    ...['', '', 'logout\nConnection to nft closed.\n', 'custom\n', 'two\n'],
    ...['logout\nConnection to custom closed.\n', 'plain\n', '', 'plain\n'],
  ]);
});

it('ends the session where it began, and not before', async () => {
  using desk = new Desk();
  const { out } = await desk.session('8', ['ssh custom', 'exit', 'hostname', 'exit', 'hostname']);
  expect(out.split('# hostname\n')).toHaveLength(2);
});

it('counts no changes once all of them are undone', async () => {
  const { lab, material } = await openLab(join(root, 'labs/03-dnat-and-back/lab.yaml'));
  if (lab === null) throw new Error('the lab cannot be read');
  const session = new LabSession(lab, material, newRun(1), 'en');
  const counted = [
    'iptables -t nat -A OUTPUT -j ACCEPT',
    'iptables -P FORWARD ACCEPT',
    'ssh laptop curl -s 192.168.96.30:8080',
    'iptables -t nat -D OUTPUT 1',
    'iptables -P FORWARD DROP',
    'sysctl -w net.ipv4.ip_forward=0',
    'sysctl -w net.ipv4.ip_forward=1',
    'ip route add 10.9.0.0/16 via 10.50.0.5',
    'ip rule add pref 100 lookup main',
    'ip route del 10.9.0.0/16',
    'ip rule del pref 100',
  ].map((line) => {
    session.type(line);
    return session.shell.changes;
  });
  expect(counted).toEqual([1, 2, 2, 3, 0, 1, 0, 1, 2, 3, 0]);
});

it('says which questions there are, and takes no choice for the question of another', async () => {
  using desk = new Desk();
  const { out } = await desk.session('3', ['answer desks 1', 'fix', 'exit']);
  expect(out).toMatch(/There is no question "desks" in this run\. Questions: filter, answer, entry, rule, /);
  expect(out).toContain('TASK: build it');
  expect(out).not.toContain('try 1');
});

it('takes no bare number for a word', async () => {
  using desk = new Desk();
  const lines = ['answer now silence', 'answer closed delivered', 'answer side delivered', '1', 'exit'];
  const { out } = await desk.session('20', lines);
  expect(out).toContain('~]# 1\n-bash: 1: command not found\n');
});

it('has proxies hand on what they take in the place of others', async () => {
  const host = await typed(
    '13-docker',
    ...['curl -s localhost:8080', 'docker exec client curl -s 192.168.96.20:8080', 'docker exec web sh'],
  );
  expect(host.slice(0, 2)).toEqual(['Hostname: web\n', 'Hostname: web\n']);
  expect(host[2]).toContain('does not know "web: sh"');
  const pod = await typed('17-istio-sidecar', 'curl -s 10.32.10.20', 'curl -sm 1 10.32.10.99:81');
  expect(pod).toEqual(['Hostname: web\n', '']);
});
