/** Rule sets that are built against a walk: no index helps, chains without end, answers without number. None is answered wrongly. */
import { describe, expect, it } from 'vitest';
import { renderMinimal } from '../src/explain/minimal.js';
import type { TraceResult } from '../src/packet/result.js';
import { trace } from '../src/packet/trace.js';
import { loadNode } from '../src/snapshot/load.js';

const NETWORK = [
  [
    'ip-rule.txt',
    '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
  ],
  [
    'ip-addr.txt',
    `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.0.1.1/24 brd 10.0.1.255 scope global eth1
`,
  ],
  [
    'ip-route.txt',
    `default via 10.0.0.254 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1
10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.1
`,
  ],
  [
    'sysctl.txt',
    'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth1.rp_filter = 0\n',
  ],
] as const;

const BUILT_IN = {
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
} as const;

const times = (count: number, line: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => line(at));

/** One table as iptables-save prints it. */
function save(table: keyof typeof BUILT_IN, chains: readonly string[], rules: readonly string[]): string {
  const declared = [
    ...BUILT_IN[table].map((name) => `:${name} ACCEPT [0:0]`),
    ...chains.map((name) => `:${name} - [0:0]`),
  ];
  return ['*' + table, ...declared, ...rules, 'COMMIT', ''].join('\n');
}

const CHECKED = ['RULE_LOOP'] as const;

function walk(text: string): { readonly result: TraceResult; readonly found: readonly string[] } {
  const files = [...NETWORK, ['iptables-save.txt', text] as const].map(([name, content]) => ({
    name,
    text: content,
  }));
  const node = loadNode('hostile', files);
  const packet = { proto: 'tcp', in: 'eth1', src: '10.0.1.5', dst: '10.9.0.9', dport: 80 } as const;
  const codes = node.diagnostics.map(({ code }) => code);
  return { result: trace(node, packet, {}), found: CHECKED.filter((code) => codes.includes(code)) };
}

/** The answer in one line, and the rule that gave it. */
function answered(text: string): string {
  const { result } = walk(text);
  expect(result.outcomes).toHaveLength(1);
  return renderMinimal(result).trim();
}

const MANY = 100_000;

describe('a rule set that no index helps', () => {
  it('of 100,000 rules whose conditions no index knows is walked to the last', () => {
    const rules = times(MANY, (at) => `-A PREROUTING -p tcp -m mark --mark ${String(at + 1)} -j ACCEPT`);
    const last = '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.77:8080';
    expect(answered(save('nat', [], [...rules, last]))).toContain('dst 10.0.0.77:8080');
  });

  it('of addresses that must not be, between addresses that must', () => {
    const address = (at: number): string => `10.10.${String((at >> 8) & 255)}.${String(at & 255)}/32`;
    const rules = times(MANY, (at) =>
      at % 2 === 0
        ? `-A PREROUTING ! -d ${address(at)} -p udp -j RETURN`
        : `-A PREROUTING -d ${address(at)} -p tcp -j DNAT --to-destination 10.0.0.66`,
    );
    const last = '-A PREROUTING -d 10.9.0.9/32 -p tcp -j DNAT --to-destination 10.0.0.77:8080';
    expect(answered(save('nat', [], [...rules, last]))).toContain('dst 10.0.0.77:8080');
  });
});

describe('jumps', () => {
  it('of 100,000 rules into 100,000 chains come back from each', () => {
    const chains = times(MANY, (at) => `C${String(at)}`);
    const jumps = chains.map((name) => `-A FORWARD -j ${name}`);
    const inside = chains.map((name) => `-A ${name} -p udp -j ACCEPT`);
    expect(answered(save('filter', chains, [...jumps, '-A FORWARD -j DROP', ...inside]))).toContain(
      'dropped',
    );
  });

  // The kernel gives the stack of a table room for every chain that it has.
  it('through 20,000 chains in a row end where the last says', () => {
    const chains = times(20_000, (at) => `D${String(at)}`);
    const onward = chains.slice(1).map((name, at) => `-A D${String(at)} -j ${name}`);
    const rules = ['-A FORWARD -j D0', ...onward, '-A D19999 -p tcp -j ACCEPT', '-A FORWARD -j DROP'];
    expect(answered(save('filter', chains, rules))).toContain('forwarded eth0');
  });

  it('that double at each of 30 chains end at the bound, and the answer says on what it rests', () => {
    const chains = times(30, (at) => `E${String(at)}`);
    const doubled = chains.slice(1).flatMap((name, at) => times(2, () => `-A E${String(at)} -j ${name}`));
    const rules = ['-A FORWARD -j E0', ...doubled, '-A E29 -p udp -j DROP'];
    const { result } = walk(save('filter', chains, rules));
    expect(result.outcomes.map(({ assumptions }) => assumptions.map(({ code }) => code))).toEqual([
      expect.arrayContaining(['ASM_BUDGET']),
    ]);
  });

  it('in a circle are found when the dump is read, and end', () => {
    const rules = ['-A FORWARD -j A', '-A A -j B', '-A B -j A'];
    const { result, found } = walk(save('filter', ['A', 'B'], rules));
    expect(found).toEqual(['RULE_LOOP']);
    expect(result.outcomes.flatMap(({ assumptions }) => assumptions.map(({ code }) => code))).toContain(
      'ASM_BUDGET',
    );
  });
});

describe('a circle that chance leads through', () => {
  it.each([
    ['by jumps', '-A A -m statistic --mode random --probability 0.5 -j B', '-A A -j C'],
    ['by gotos', '-A A -m statistic --mode random --probability 0.5 -g B', '-A A -g C'],
  ])('ends when it has passed as many chains as there are: %s', (_, ...ways) => {
    const rules = ['-A FORWARD -j A', ...ways, '-A B -j A', '-A C -g A'];
    const { result } = walk(save('filter', ['A', 'B', 'C'], rules));
    for (const { path, drop } of result.outcomes) {
      expect(path.length).toBeLessThan(20);
      expect(drop?.reason).toBe('jump-loop');
    }
  });
});

describe('questions', () => {
  it('that double the outcomes at each of 60 rules end at the bound, which is told', () => {
    const rules = times(
      60,
      (at) => `-A FORWARD -m string --string "x${String(at)}" --algo bm -j MARK${String(at)}`,
    );
    const chains = times(60, (at) => `MARK${String(at)}`);
    const inside = chains.map((name) => `-A ${name} -p tcp -j RETURN`);
    const { result } = walk(save('filter', chains, [...rules, ...inside]));
    expect(result.truncated).toBe(true);
    expect(result.outcomes.length).toBeLessThanOrEqual(256);
  });

  it('of chance at 3,000 rules end at the bound, which is told', () => {
    const rules = times(
      3_000,
      (at) =>
        `-A PREROUTING -p tcp -m statistic --mode random --probability 0.00001000000 -j DNAT --to-destination 10.0.2.${String((at % 250) + 1)}:80`,
    );
    expect(walk(save('nat', [], rules)).result.truncated).toBe(true);
  });
});
