/** The notes on what the kernel does: complete, listed, and each with a test that is there. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadNode, trace } from '../src/index.js';

const FOLDER = 'docs/kernel-notes';
const notes = readdirSync(FOLDER).filter((name) => /^\d{4}-/.test(name));
const index = readFileSync(`${FOLDER}/README.md`, 'utf8');

/** Notes of which the kernel is not asked again, each with the reason. */
const NOT_ASKED: ReadonlyMap<number, string> = new Map([
  [25, 'the judge sends no extension headers'],
  [27, 'the judge sends no IPComp'],
  [48, 'the soak draws no condition that nft does not print: natwalk cannot know of it'],
  [50, 'the soak draws no iiftype'],
]);

describe('a kernel note', () => {
  it.each(notes)('%s has its four parts, its row and its test', (name) => {
    const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
    const parts = [...text.matchAll(/^\*\*(\w+)\.\*\*/gm)].map(([, part]) => part);
    expect(parts).toEqual(['Objective', 'Procedure', 'Result', 'Versions']);
    expect(text).toMatch(new RegExp(`^# ${String(Number(name.slice(0, 4)))}\\. `));
    expect(index).toContain(`(${name})`);
    const named = [...text.matchAll(/`((?:test|src)\/[\w./-]+)`/g)].map(([, path]) => path ?? '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
    // The kernel is asked again: by a fact, a test of the kernel suite, or a profile of its soak.
    const asking = named.filter((path) => /^test\/(?:facts|kernel)\//.test(path));
    expect(asking.length > 0).toBe(!NOT_ASKED.has(Number(name.slice(0, 4))));
  });
});

it('numbers that no note has are explained', () => {
  const numbers = notes.map((name) => Number(name.slice(0, 4)));
  const missing = Array.from({ length: Math.max(...numbers) }, (_, at) => at + 1).filter(
    (number) => !numbers.includes(number),
  );
  const [, told = ''] = /^Not used: ([\d, and]+)\b/m.exec(index) ?? [];
  expect([...told.matchAll(/\d+/g)].map(([number]) => Number(number))).toEqual(missing);
});

describe('of several CT rules', () => {
  const walk = (...rules: readonly string[]): unknown => {
    const save = [
      '*raw',
      ':PREROUTING ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ...rules.map((rule) => `-A PREROUTING ${rule}`),
      'COMMIT',
    ];
    const node = loadNode('node', [
      { name: 'save', text: `${save.join('\n')}\n` },
      { name: 'rule', text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n' },
      { name: 'route', text: 'default via 10.0.0.2 dev e0\n10.0.0.0/24 dev e0 scope link\n' },
      {
        name: 'addr',
        text: '2: e0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global e0\n3: e1: <UP> mtu 1500\n',
      },
      { name: 'sysctl', text: 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n' },
    ]);
    const { outcomes } = trace(node, { proto: 'udp', src: '10.9.0.1', dst: '8.8.8.8', in: 'e1' });
    return outcomes[0]?.steps.flatMap((step) => (step.kind === 'conntrack' ? [step.state] : []));
  };

  it('the first decides', () => {
    expect(walk('-p udp -j CT --zone 5', '-p udp -j CT --notrack')).toEqual(['NEW']);
    expect(walk('-p udp -j CT --notrack', '-p udp -j CT --zone 5')).toEqual(['UNTRACKED']);
    expect(walk('-p udp -j NOTRACK', '-p udp -j CT --zone 5')).toEqual(['UNTRACKED']);
  });
});
