/** What natwalk says would be otherwise, asked of the kernel: the change is made in the namespace, and the packet sent. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Node } from '../../src/packet/node.js';
import type { Outcome, PacketInput } from '../../src/packet/result.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { withoutTarget } from '../../src/why/change.js';
import { walkConversation } from '../../src/why/conversation.js';
import { wouldPass } from '../../src/why/passes.js';
import { BadReference, resolve } from '../../src/why/reference.js';
import { POD, SERVER, fromLan } from '../facts/fact.js';
import { type FactNode, filesOf } from '../facts/node.js';
import { table } from '../support/router.js';
import { scratchFolder } from './adapter/scratch.js';
import { kernelWay, way } from './adapter/way.js';

const folder = scratchFolder('counterfactual');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PACKET = fromLan({ proto: 'udp', dport: 53 });

const told = ({ egress, final }: Outcome): string => way(egress?.iface, final.src, final.dst);

/** The node of dumps as natwalk reads it; that there is nothing beside the rules is shown too. */
function nodeOf(given: FactNode): Node {
  const texts = { ...filesOf(given, 4, 'legacy'), 'nft-ruleset.txt': 'table ip nothing {\n}\n' };
  return loadNode(
    'counterfactual',
    Object.entries(texts).map(([name, text]) => ({ name, text })),
  );
}

/** What the kernel does with the packet on a node. */
const kernel = (given: FactNode): Promise<string> => kernelWay(folder, given, PACKET);

const only = (node: Node, packet: PacketInput): Outcome => {
  const { outcomes } = trace(node, packet);
  const [outcome] = outcomes;
  if (outcome === undefined || outcomes.length > 1) throw new Error('one outcome was expected');
  return outcome;
};

const rules = (...lines: readonly string[]): string => table('filter', lines.join('\n'));

/** As `ip_forward = 0` leaves a node; setting it sets that of each device (devinet_sysctl_forward). */
const NOT_FORWARDING = Object.fromEntries(
  [
    'ip_forward',
    ...['all', 'default', 'lo', 'eth0', 'eth1', 'eth2'].map((one) => `conf.${one}.forwarding`),
  ].map((name) => [`net.ipv4.${name}`, 0]),
);

/** As rules, with FORWARD's policy DROP. */
const dropping = (line: string): string =>
  `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${line === '' ? '' : `${line}\n`}COMMIT\n`;

/** A node, and the same with what natwalk says would let the packet pass. */
const DROPS: readonly (readonly [string, string, FactNode, FactNode])[] = [
  [
    'a rule',
    'without',
    { save: rules(`-A FORWARD -s ${POD}/32 -j DROP`, '-A FORWARD -p tcp -j DROP') },
    { save: rules('-A FORWARD -p tcp -j DROP') },
  ],
  [
    'two rules behind one another',
    'without, without',
    { save: rules(`-A FORWARD -s ${POD}/32 -j DROP`, '-A FORWARD -p udp -j REJECT') },
    { save: rules('') },
  ],
  ['a policy', 'policy', { save: dropping('') }, { save: rules('') }],
  ['ip_forward', 'sysctl', { save: rules(''), sysctls: NOT_FORWARDING }, { save: rules('') }],
  [
    'a rule before the policy',
    'without, policy',
    { save: dropping(`-A FORWARD -s ${POD}/32 -j DROP`) },
    { save: rules('') },
  ],
  [
    'ip_forward and a rule behind it',
    'sysctl, without',
    { save: rules('-A FORWARD -p udp -j DROP'), sysctls: NOT_FORWARDING },
    { save: rules('') },
  ],
];

const to7 = (selector: string): readonly string[] => [`100: ${selector} lookup 7`];
const UNROUTED: typeof DROPS = [
  ['a blackhole', 'without-route', { save: rules(''), routes: [`blackhole ${SERVER}`] }, { save: rules('') }],
  [
    'an unreachable route and another in another table',
    'without-route, without-route',
    {
      save: rules(''),
      rules: to7('from all'),
      routes: [`unreachable ${SERVER} table 7`, `prohibit ${SERVER}`],
    },
    { save: rules(''), rules: to7('from all') },
  ],
  [
    'a policy rule',
    'without-policy-rule',
    { save: rules(''), rules: [`100: from ${POD} prohibit`] },
    { save: rules('') },
  ],
  [
    'a throw route',
    'without-route',
    {
      save: rules(''),
      rules: to7('from all'),
      noDefault: true,
      routes: ['default via 10.0.0.254 dev eth0 table 7', `throw ${SERVER} table 7`],
    },
    {
      save: rules(''),
      rules: to7('from all'),
      noDefault: true,
      routes: ['default via 10.0.0.254 dev eth0 table 7'],
    },
  ],
  [
    'what a policy rule does not select',
    'selecting',
    {
      save: rules(''),
      rules: to7('from 10.1.0.8'),
      noDefault: true,
      routes: ['default via 10.0.0.254 dev eth0 table 7'],
    },
    {
      save: rules(''),
      rules: to7('from all'),
      noDefault: true,
      routes: ['default via 10.0.0.254 dev eth0 table 7'],
    },
  ],
];

describe('what would let a packet pass that is dropped, or has no way', () => {
  it.each([...DROPS, ...UNROUTED])(
    'by %s lets it pass in the kernel too',
    async (_name, kinds, before, after) => {
      const node = nodeOf(before);
      const outcome = only(node, PACKET);
      const found = wouldPass(node, PACKET, 4, outcome);
      expect(found?.remedies.map((one) => one.kind).join(', ')).toBe(kinds);
      const claimed = found === null ? '' : told(found.outcome);
      expect(claimed).not.toBe('nowhere');
      expect([await kernel(before), await kernel(after)]).toEqual(['nowhere', claimed]);
    },
  );
});

const SNAT = '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2';
const nat = (...lines: readonly string[]): string => table('nat', lines.join('\n')) + rules('');
const MARKED = table('mangle', '-A PREROUTING -s 10.1.0.0/24 -j MARK --set-xmark 0x80/0x80');

/** A reference, the node, and the node whose dump lacks what it names. */
const WITHOUT: readonly (readonly [string, FactNode, FactNode])[] = [
  ['nat/POSTROUTING:1', { save: nat(SNAT) }, { save: nat('') }],
  ['nat/POSTROUTING:1', { save: nat(`-A POSTROUTING -d ${SERVER}/32 -j RETURN`, SNAT) }, { save: nat(SNAT) }],
  [
    'rule/1024',
    {
      save: MARKED,
      rules: ['1024: from all fwmark 0x80/0x80 lookup 7'],
      routes: ['blackhole default table 7'],
    },
    { save: MARKED, routes: ['blackhole default table 7'] },
  ],
  [
    'mangle/PREROUTING:1',
    {
      save: MARKED,
      rules: ['1024: from all fwmark 0x80/0x80 lookup 7'],
      routes: ['blackhole default table 7'],
    },
    {
      save: table('mangle', ''),
      rules: ['1024: from all fwmark 0x80/0x80 lookup 7'],
      routes: ['blackhole default table 7'],
    },
  ],
];

describe('--without', () => {
  it.each(WITHOUT)('%s is what the kernel does when it is deleted', async (text, before, after) => {
    const node = nodeOf(before);
    const target = resolve(node, 4, text);
    if (target instanceof BadReference) throw new Error(target.code);
    const claimed = told(only(withoutTarget(node, target), PACKET));
    const now = told(only(node, PACKET));
    expect(claimed).not.toBe(now);
    expect([await kernel(before), await kernel(after)]).toEqual([now, claimed]);
  });
});

/**
 * A client, a router and a server, each in a namespace of its own, which end with this script. The client says something,
 * the server answers, both close. Prints the router's counters.
 */
const CONVERSATION = `
set -e
in_client() { nsenter -t "$client" -n "$@"; }
in_server() { nsenter -t "$server" -n "$@"; }
unshare -n sleep 60 & client=$!
unshare -n sleep 60 & server=$!
trap 'kill $client $server' EXIT
own=$(readlink /proc/self/ns/net)
for pid in $client $server; do
  for try in $(seq 200); do [ "$(readlink /proc/$pid/ns/net)" != "$own" ] && break; sleep 0.05; done
done
ip link add eth1 type veth peer name c0 netns $client
ip link add eth0 type veth peer name s0 netns $server
ip addr add 10.1.0.1/24 dev eth1; ip addr add 10.0.0.1/24 dev eth0; ip addr add 10.0.0.2/24 dev eth0
ip link set eth1 up; ip link set eth0 up
in_client ip addr add 10.1.0.9/24 dev c0; in_client ip link set c0 up; in_client ip route add default via 10.1.0.1
in_server ip addr add 10.0.0.9/24 dev s0; in_server ip link set s0 up; in_server ip route add default via 10.0.0.1
sysctl -qw net.ipv4.ip_forward=1
iptables-legacy -t nat -A PREROUTING -p tcp
iptables-legacy -t nat -A POSTROUTING -o eth0 -p tcp -j SNAT --to-source 10.0.0.2
iptables-legacy -t mangle -A FORWARD -p tcp
in_server "$0" -e "require('net').createServer((s)=>{s.on('data',()=>s.end('answer'))}).listen(8080,'10.0.0.9',()=>console.error('up'));setTimeout(()=>process.exit(),20000)" & listener=$!
for try in $(seq 200); do in_server ss -Hltn | grep -q :8080 && break; sleep 0.05; done
in_client "$0" -e "const s=require('net').connect(8080,'10.0.0.9',()=>s.write('question'));s.on('data',(d)=>{if(String(d)!=='answer')process.exit(1)});s.on('close',()=>process.exit(0))"
kill $listener
iptables-legacy -t nat -L -n -v -x; iptables-legacy -t mangle -L -n -v -x
`;

describe('--flow', () => {
  it('says of how many packets the nat table is asked, and of how many it never is', () => {
    const listing = execFileSync('unshare', ['-n', 'bash', '-c', CONVERSATION, process.execPath], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000,
    });
    const counters = [...listing.matchAll(/^ +(\d+) +\d+ +(?:\S+ +)?(?:6|tcp) +-- /gm)].map(([, packets]) =>
      Number(packets),
    );
    const node = nodeOf({
      save: table('nat', `-A PREROUTING -p tcp\n${SNAT}`) + table('mangle', '-A FORWARD -p tcp'),
    });
    const said = walkConversation(node, {
      proto: 'tcp',
      in: 'eth1',
      src: '10.1.0.9',
      dst: '10.0.0.9',
      dport: 8080,
    });
    const asked = (hook: string): number =>
      said.filter(({ nat: hooks }) => hooks.some((one) => one === hook)).length;
    expect(said.length).toBeGreaterThan(3);
    expect(counters.slice(0, 2)).toEqual([asked('PREROUTING'), asked('POSTROUTING')]);
    // All of them pass FORWARD; a real conversation has a few more, which close it.
    expect(counters[2]).toBeGreaterThanOrEqual(said.length);
  });
});
