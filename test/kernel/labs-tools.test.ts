/**
 * What the emulated node prints of links, neighbours, sets and rule sets, beside the real tools in a namespace: the emulated
 * node begins as the dumps that these tools give of that namespace.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { marksToColours } from '../../src/labs/shell/ip-colour.js';
import { NO_WORLD } from '../../src/labs/read-world.js';
import { Machine } from '../../src/labs/shell/machine.js';
import { Shell } from '../../src/labs/shell/shell.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge } from './adapter/judge.js';

/** Files of dumps with the commands that fill them. */
const DUMPS = [
  ['ip-addr.txt', 'ip addr'],
  ['ip-rule.txt', 'ip rule'],
  ['ip-route.txt', 'ip route show table all'],
  ['ip-neigh.txt', 'ip neigh'],
  ['ipset-save.txt', 'ipset save'],
  ['iptables-save.txt', '%-save'],
  ['sysctl.txt', "sysctl -a 2>/dev/null | grep -E '^net[.]ipv4[.](conf|ip_)'"],
] as const;

/** Neighbours of every state that a listing shows, and a rule with a word for all that colours know. */
const BEFORE = `
ip neigh replace 192.168.96.77 lladdr 02:00:00:00:00:77 dev DEV nud permanent
ip neigh replace 192.168.96.78 lladdr 02:00:00:00:00:78 dev DEV nud stale
ip rule add from 10.1.0.0/16 to 10.2.3.4 iif DEV fwmark 0x80/0x80 lookup 5 pref 77
ip route add 10.7.0.0/16 dev DEV scope link metric 5
ip route add blackhole 10.66.0.0/16
`;

const LISTINGS = (device: string): readonly string[] => [
  ...[
    'ip addr',
    'ip a',
    `ip addr show ${device}`,
    `ip -4 addr show dev ${device}`,
    'ip -6 addr',
    'ip -4 addr',
  ],
  ...['ip -br addr', `ip -br addr show ${device}`, 'ip -br -4 addr', 'ip -o addr', 'ip -o -4 addr'],
  ...['ip link', `ip link show ${device}`, 'ip -br link', 'ip neigh', `ip neigh show dev ${device}`],
  ...['ip -4 neigh', 'ip addr show nosuch', 'ip link show nosuch', 'ip -br link show dev nosuch'],
  ...['addr', '-br addr', 'link', '-br link', 'route', 'route show table local', 'neigh', 'rule'].flatMap(
    (object) => `ip -c ${object}`,
  ),
  ...[`ip -c addr show ${device}`, `ip -c -o addr`, 'ip -c route get 10.7.0.1', 'ip -c=never -br addr'],
  ...['iptables-save', 'iptables-save -t nat', 'iptables-save -c -t filter', 'iptables-save -t nosuch'],
  ...['ipset save', 'ipset list -n', 'ipset list'],
];

/** What no emulation can know: the time of a save. */
const timeless = (text: string): string =>
  text.replace(/^(# (?:Generated|Completed).*? on ).*$/gm, '$1TIME').replace(/\n+$/, '');

describe.each([
  ['labs/nodes/eks-worker-1', 'iptables-nft', 'ens5'],
  ['labs/nodes/calico-plain-1', 'iptables-legacy', 'eth0'],
])('%s', (folder, tool, device) => {
  let judge: Judge;
  let shell: Shell;

  const named = (command: string): string =>
    command
      .replace(/%-save/, `${tool}-save`)
      .replace(/^iptables-save/, 'PATH_SAVE')
      .replace(/^ip -c /, 'ip -c=always ');
  const real = async (command: string): Promise<string> =>
    // The tool writes its own name into the save: the node's is called without a variant.
    judge.shell(
      `{ (cd "$(mktemp -d)"; ln -s "$(command -v ${tool}-save)" iptables-save; ${named(command).replace('PATH_SAVE', './iptables-save')}); } 2>&1 || true`,
    );

  beforeAll(async () => {
    judge = await loadFixture(folder);
    expect(await judge.shell(`{ set -e; ${BEFORE.replaceAll('DEV', device)}; } 2>&1`)).toBe('');
    for (const table of ['raw', 'mangle', 'nat', 'filter']) await judge.shell(`${tool} -t ${table} -Z`);
    const files: { name: string; text: string }[] = [];
    for (const [name, command] of DUMPS) files.push({ name, text: await judge.shell(named(command)) });
    const machines = [new Machine('node', files)];
    shell = new Shell({ world: NO_WORLD, machines, seed: 1, language: 'en', inColour: true });
  });
  afterAll(async () => {
    await judge.stop();
  });

  it.each(LISTINGS(device))('%s', async (command) => {
    const { out, err } = shell.type(command);
    expect(timeless(marksToColours(out) + err)).toBe(timeless(await real(command)));
  });
});
