/** What `ip addrlabel` lists is read as it stands, and natwalk chooses with it the source that `ip -6 route get` shows. */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trace } from '../../src/packet/trace.js';
import { printLabels } from '../../src/snapshot/ip-addrlabel.js';
import { loadNode } from '../../src/snapshot/load.js';

const SOURCES = [
  'fd00:a::1',
  'fec0:0:0:1::1',
  '2002:c000:201::1',
  '2001:0:1::1',
  '2400::1',
  '2001:db8:1::1',
  '2001:db8:2::1',
] as const;
const DESTINATIONS = [
  ...SOURCES.map((address) => address.replace(/1$/, '9')),
  ...[
    '2001:db8:1:1::9',
    '2001:db8:9::9',
    '2003::9',
    'fd00:b::9',
    'fc00::9',
    '3ffe::9',
    '2001:10::9',
    'fe80::9',
  ],
];
const PREFIXES = [
  '::/0',
  '2000::/3',
  '2001:db8::/32',
  '2001:db8:1::/48',
  'fc00::/7',
  'fd00:a::/64',
  '2400::/16',
];

const entry = fc
  .tuple(
    fc.constantFrom(...PREFIXES, ...DESTINATIONS.map((address) => `${address}/64`)),
    fc.constantFrom('', ' dev e0', ' dev e1'),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([prefix, device, label]) => `prefix ${prefix}${device} label ${String(label)}`);

const state = fc.record({
  flush: fc.boolean(),
  labels: fc.array(entry, { maxLength: 9 }),
  e0: fc.shuffledSubarray([...SOURCES], { minLength: 2 }),
  e1: fc.shuffledSubarray([...SOURCES].map((address) => address.replace(/1$/, '2'))),
});

/** What a namespace of that state prints, command by command. */
function printed({
  flush,
  labels,
  e0,
  e1,
}: typeof state extends fc.Arbitrary<infer T> ? T : never): string[] {
  const address = (device: string) => (one: string) => `addr add ${one}/64 dev ${device} nodad noprefixroute`;
  const lines = [
    'link set lo up',
    ...['e0', 'e1'].flatMap((name) => [
      `link add ${name} type veth peer name ${name}p`,
      `link set ${name} up`,
      `link set ${name}p up`,
    ]),
    ...e0.map(address('e0')),
    ...e1.map(address('e1')),
    '-6 route add default dev e0',
    ...(flush ? ['addrlabel flush'] : []),
    ...labels.map((label) => `addrlabel add ${label}`),
  ];
  const asked = DESTINATIONS.map((address) => `ip -6 route get ${address} oif e0`);
  const commands = [
    'ip addrlabel',
    'ip -j addrlabel',
    'ip addr',
    'ip -6 rule',
    'ip -6 route show table all',
    ...asked,
  ];
  // A label that is there already is refused.
  const script = `sysctl -q -w net.ipv6.conf.default.addr_gen_mode=1
${lines.map((line) => `ip ${line} 2>/dev/null`).join('\n')}
${commands.join("; printf '\\f'\n")}`;
  return execFileSync('unshare', ['-n', 'bash', '-c', script], { encoding: 'utf8' }).split('\f');
}

describe('labels of IPv6 addresses', () => {
  it('choose the sources that the kernel chooses', () => {
    let foreign = 0;
    fc.assert(
      fc.property(state, (one) => {
        const [labels = '', json = '', addresses = '', rules = '', routes = '', ...answers] = printed(one);
        const load = (list: string) =>
          loadNode('node', [
            { name: 'node.txt', text: `$ ip addrlabel\n${list}$ ip -d addr\n${addresses}` },
            { name: 'rules.txt', text: `$ ip -6 rule\n${rules}$ ip -6 route show table all\n${routes}` },
          ]);
        const node = load(labels);
        const lines = labels.split('\n').flatMap((line) => (line === '' ? [] : [line.trimEnd()]));
        expect([...printLabels(node.networks[6].labels ?? [])].sort()).toEqual(lines.sort());
        expect(load(json).networks[6].labels).toEqual(node.networks[6].labels);
        expect(node.diagnostics.filter(({ code }) => code.startsWith('READ_'))).toEqual([]);
        const told = answers.map((answer) => / src (\S+)/.exec(answer)?.[1]);
        const found = DESTINATIONS.map(
          (dst) => trace(node, { in: null, proto: 'udp', dst, dport: 9, oif: 'e0' }).outcomes[0]?.final.src,
        );
        expect(found).toEqual(told);
        const usual = loadNode('node', [
          { name: 'node.txt', text: `$ ip -d addr\n${addresses}` },
          { name: 'rules.txt', text: `$ ip -6 rule\n${rules}$ ip -6 route show table all\n${routes}` },
        ]);
        foreign += DESTINATIONS.filter(
          (dst, at) =>
            trace(usual, { in: null, proto: 'udp', dst, dport: 9, oif: 'e0' }).outcomes[0]?.final.src !==
            told[at],
        ).length;
      }),
      { numRuns: 25, seed: 6724 },
    );
    // The kernel's own labels would have chosen others.
    expect(foreign).toBeGreaterThan(20);
  });
});
