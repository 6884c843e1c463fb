/** The emulated shell: what it reads of a line, what it answers from the model, and what it says that it does not know. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLab } from '../../src/cli/lab-files.js';
import { newRun } from '../../src/labs/progress.js';
import { NO_WORLD } from '../../src/labs/read-world.js';
import { LabSession } from '../../src/labs/session.js';
import { Machine } from '../../src/labs/shell/machine.js';
import { Pattern, PatternError } from '../../src/labs/shell/pattern.js';
import { Shell } from '../../src/labs/shell/shell.js';
import { root } from './support.js';

const folder = join(root, 'examples/eks-node');
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const { lab, material } = await openLab(join(root, 'labs/06-pod-to-internet/lab.yaml'));

function fresh(): Shell {
  return new Shell({ world: NO_WORLD, machines: [new Machine('node', files)], seed: 1, language: 'en' });
}

function inLab(): LabSession {
  if (lab === null) throw new Error('lab 6 cannot be read');
  return new LabSession(lab, material, newRun(1), 'en');
}

const out = (shell: Pick<Shell, 'type'>, line: string): string => shell.type(line).out;

describe('a line', () => {
  it('is read with quotes, pipes, lists, variables and loops', () => {
    const shell = fresh();
    expect(out(shell, `echo 'a b' "c d" e\\ f`)).toBe('a b c d e f\n');
    expect(out(shell, 'A=1; B="x $A"; echo $B ${A}2 \'$A\'')).toBe('x 1 12 $A\n');
    expect(out(shell, 'for i in {3..1} x; do echo n$i; done | sort -r | head -2')).toBe('nx\nn3\n');
    expect(out(shell, 'ip rule | grep -c lookup && echo yes || echo no')).toBe('10\nyes\n');
    expect(out(shell, 'ip rule | grep nothing && echo yes || echo no')).toBe('no\n');
    expect(out(shell, 'ip route get nonsense 2>/dev/null; echo $?')).toBe('1\n');
    expect(shell.type('ip route get nonsense 2>&1 | wc -l').out).toBe('1\n');
    expect(out(shell, '# nothing')).toBe('');
  });

  it.each([
    'ls',
    'rm -rf /',
    'echo $(id)',
    'echo `id`',
    'cat /etc/passwd',
    'cat < /etc/passwd',
    'echo x > /tmp/x',
    'ip link set ens5 down',
    'ip addr add 1.2.3.4/8 dev ens5',
    'ip -s link',
    'iptables -t nat -L',
    'kubectl delete pod x',
    'tcpdump -w x.pcap',
    'sort -t, -k2',
    '( ip rule )',
    'echo "open',
    'for i in 1; do echo',
    'constructor',
    '__proto__ x',
    'for i in {1..999999}; do ip rule; done',
    'toString | valueOf',
  ])('that the emulation does not know is said, and nothing happens: %s', (line) => {
    const shell = fresh();
    const typed = shell.type(line);
    expect(typed.status).not.toBe(0);
    expect(typed.err).toMatch(/^natwalk: the emulated |\nnatwalk: the emulated |^cat: /);
    expect(typed.out).toBe('');
    expect(shell.changes).toBe(0);
  });

  it('never throws, whatever it is', () => {
    const shell = fresh();
    const words = fc.constantFrom(
      ...[
        'ip',
        'iptables',
        'grep',
        '-t',
        'nat',
        '-S',
        '-A',
        '|',
        ';',
        '&&',
        '"',
        "'",
        '$x',
        '{1..3}',
        'for',
        'in',
      ],
      ...[
        'do',
        'done',
        '\\',
        '-',
        '--',
        '__proto__',
        'route',
        'rule',
        'add',
        'del',
        '1.2.3.4',
        'sysctl',
        '-w',
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 60 }),
          fc.array(words, { maxLength: 10 }).map((list) => list.join(' ')),
        ),
        (line) => {
          shell.type(line);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('packets', () => {
  it('move counters and conntrack, once for each connection', () => {
    const session = inLab();
    session.type('iptables -t nat -Z');
    session.type('kubectl exec pod-2 -- ping -c 3 8.8.8.8');
    const counted = session.type('iptables -t nat -L AWS-SNAT-CHAIN-0 2 -n -v').out;
    expect(counted).toMatch(/^ {4}1 {4}84 SNAT/);
    // The first request is new; the other two and the three answers belong to the connection.
    expect(session.type('iptables -L FORWARD -n -v | head -1').out).toMatch(
      /policy ACCEPT 1 packets, 84 bytes/,
    );
    expect(session.type('iptables -L KUBE-FORWARD 3 -n -v').out).toMatch(/^ {4}5 {3}420 ACCEPT/);
    expect(session.type('conntrack -L -p icmp 2>/dev/null').out).toMatch(
      /^icmp {5}1 \d+ src=192\.168\.61\.33 dst=8\.8\.8\.8 type=8 code=0 id=(\d+) src=8\.8\.8\.8 dst=192\.168\.45\.10 type=0 code=0 id=\d+ mark=128 use=1\n$/,
    );
  });

  it('end in what a rule makes of them', () => {
    const session = inLab();
    session.type('iptables -I FORWARD -p tcp --dport 80 -j REJECT --reject-with tcp-reset');
    expect(session.type('kubectl exec pod-2 -- curl -s http://ipinfo.io').status).toBe(7);
    session.type('iptables -D FORWARD 1');
    session.type('iptables -P FORWARD DROP');
    const { out: said, status } = session.type('kubectl exec pod-2 -- ping -c 2 8.8.8.8');
    expect(status).toBe(1);
    expect(said).toContain('2 packets transmitted, 0 received, 100% packet loss');
    expect(session.type('conntrack -L').out).toBe('');
  });

  it('of a pod without a public address are lost at the internet gateway', () => {
    const session = inLab();
    session.type('iptables -t nat -F AWS-SNAT-CHAIN-0');
    expect(session.type('kubectl exec pod-1 -- ping -c 1 8.8.8.8').status).toBe(1);
    expect(session.type('kubectl exec pod-1 -- curl -m 2 -s http://db.corp.example:8080').out).toBe(
      'hello from the other node\n',
    );
    // They have left all the same.
    session.type('kubectl exec pod-1 -- ping -c 1 8.8.8.8');
    expect(session.type('tcpdump -i ens5 -nn icmp').out).toMatch(
      /IP 192\.168\.40\.11 > 8\.8\.8\.8: ICMP echo request/,
    );
  });

  it('are the same when the session is taken up again', () => {
    const session = inLab();
    for (const line of [
      'ping -c 2 8.8.8.8',
      'iptables -t nat -D AWS-SNAT-CHAIN-0 1',
      'kubectl exec pod-2 -- curl -s ipinfo.io',
    ])
      session.type(line);
    if (lab === null) throw new Error('lab 6 cannot be read');
    const again = new LabSession(lab, material, session.run, 'en');
    for (const line of ['conntrack -L', 'iptables -t nat -S -v', 'tcpdump -i any -nn'])
      expect(again.type(line).out).toBe(session.type(line).out);
  });
});

describe('patterns of grep', () => {
  it('match what the same expressions of JavaScript match', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab)', 'x', '\\.');
    const part = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{1,2}'))
      .map(([one, times]) => one + times);
    const pattern = fc
      .tuple(
        fc.constantFrom('', '^'),
        fc.array(part, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', '$'),
      )
      .map(([head, parts, tail]) => head + parts.join('') + tail);
    const line = fc.string({ unit: fc.constantFrom('a', 'b', 'x', '.', 'A'), maxLength: 12 });
    fc.assert(
      fc.property(pattern, line, fc.boolean(), (text, given, ignoreCase) => {
        const own = new Pattern(text, { extended: true, ignoreCase }).test(given);
        expect(own).toBe(new RegExp(text, ignoreCase ? 'i' : '').test(given));
      }),
      { numRuns: 2000 },
    );
  });

  it('take no longer for what makes others hang', () => {
    const pattern = new Pattern('(a+)+$', { extended: true, ignoreCase: false });
    const started = performance.now();
    expect(pattern.test(`${'a'.repeat(5000)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each(['(', 'a{99999}', '[', '((((((a{200}){200}){200}){200}){200}){200})', '\\1', '[[:nosuch:]]'])(
    'are refused when they cannot be read: %s',
    (text) => {
      expect(() => new Pattern(text, { extended: true, ignoreCase: false })).toThrow(PatternError);
    },
  );
});
