/** Native nftables chains among the tables of iptables: who runs when, and what a verdict ends. */
import { describe, expect, it } from 'vitest';
import { FORWARD, LOCAL_IN, SYSCTLS, nodeOf, only, table } from '../../test/support/router.js';
import { MachineSequencer } from './hook-machine.js';
import type { Node } from './node.js';
import { planOf } from './plan.js';
import type { Outcome, PacketInput } from './result.js';
import { FlowTracer, trace } from './trace.js';

interface Base {
  readonly table?: string;
  readonly chain?: string;
  readonly type?: 'filter' | 'nat' | 'route';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  readonly priority: string;
  readonly policy?: 'accept' | 'drop';
}

/** A table of one base chain with these rules. */
function nft(base: Base, ...rules: readonly string[]): string {
  const { table: name = 'ip t', chain = 'c', type = 'filter', hook, priority, policy = 'accept' } = base;
  const line = `type ${type} hook ${hook} priority ${priority}; policy ${policy};`;
  return `table ${name} {\n\tchain ${chain} {\n${[line, ...rules].map((one) => `\t\t${one}\n`).join('')}\t}\n}\n`;
}

const walk = (
  texts: { readonly save?: string; readonly nft: string },
  packet: PacketInput = FORWARD,
): Outcome => only(nodeOf(texts), packet);

const LOCAL = { in: null, proto: 'udp', src: '10.0.0.1', dst: '8.8.8.8', dport: 53 } as const;
const seen = ({ final }: Outcome): string => final.mark;

describe('a native chain', () => {
  it.each([
    ['raw - 10', '0x1'],
    ['mangle - 1', '0x1'],
    ['mangle + 1', '0x2'],
  ])('of priority %s sees what the tables before it made of the mark', (priority, mark) => {
    const save = table('mangle', '-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff');
    const text = nft({ hook: 'prerouting', priority }, 'meta mark set 0x00000002');
    expect(seen(walk({ save, nft: text }))).toBe(mark);
  });

  it('knows its connection behind conntrack alone', () => {
    const drop = (priority: string): string => nft({ hook: 'prerouting', priority }, 'ct state new drop');
    expect(walk({ nft: drop('raw') }).verdict).toBe('forwarded');
    expect(walk({ nft: drop('mangle') }).verdict).toBe('dropped');
  });

  it('accepts for itself alone, and drops for all', () => {
    const accept = nft({ hook: 'forward', priority: 'filter - 1' }, 'accept');
    const drop = nft({ hook: 'forward', priority: 'filter + 1' }, 'drop');
    const saved = table('filter', '-A FORWARD -j DROP');
    expect(walk({ save: saved, nft: accept })).toMatchObject({
      verdict: 'dropped',
      drop: { table: 'filter', chain: 'FORWARD' },
    });
    expect(walk({ save: table('filter', '-A FORWARD -j ACCEPT'), nft: drop })).toMatchObject({
      verdict: 'dropped',
      drop: { table: 'ip t', chain: 'c', rule: { number: 1 } },
    });
  });

  it('has a policy of its own', () => {
    const text = nft({ hook: 'input', priority: 'filter', policy: 'drop' }, 'tcp dport 22 accept');
    expect(walk({ nft: text }, LOCAL_IN).verdict).toBe('delivered');
    const other = walk({ nft: text }, { ...LOCAL_IN, dport: 23 });
    expect(other).toMatchObject({
      verdict: 'dropped',
      drop: { reason: 'policy', table: 'ip t', chain: 'c' },
    });
    expect(other.path.at(-1)).toBe('ip t c policy drop');
  });

  it('of an inet table sees both families, of another family none', () => {
    const drop = (name: string): string => nft({ table: name, hook: 'forward', priority: 'filter' }, 'drop');
    expect(walk({ nft: drop('inet t') }).verdict).toBe('dropped');
    expect(walk({ nft: drop('ip6 t') }).verdict).toBe('forwarded');
    expect(walk({ nft: drop('bridge t') }).verdict).toBe('forwarded');
  });

  it('of a family that is not known is taken to see nothing, and every outcome says so', () => {
    const odd = nft({ table: 'newfam x', hook: 'forward', priority: 'filter', policy: 'drop' });
    const [outcome, ...others] = trace(nodeOf({ nft: `table ip t {\n}\n${odd}` }), FORWARD).outcomes;
    expect(others).toEqual([]);
    expect(outcome).toMatchObject({
      verdict: 'forwarded',
      probability: null,
      assumptions: [{ code: 'ASM_NFT_FAMILY', params: { table: 'newfam x' } }],
    });
  });

  it('rejects as iptables does', () => {
    const text = nft({ hook: 'forward', priority: 'filter' }, 'meta l4proto tcp reject with tcp reset');
    expect(walk({ nft: text })).toMatchObject({ verdict: 'rejected', reject: { with: 'tcp-reset' } });
    expect(walk({ nft: text }, { ...FORWARD, tcpFlags: ['RST'] })).toMatchObject({
      verdict: 'dropped',
      drop: { reason: 'unanswered', table: 'ip t' },
    });
  });

  it('of a dormant table is at no hook, but its rules keep conntrack on', () => {
    const rules = nft({ hook: 'forward', priority: 'filter' }, 'ct state new drop');
    const dormant = rules.replace('{\n', '{\n\tflags dormant\n\n');
    const save = table('nat', '-A POSTROUTING -o eth0 -j LOG');
    expect(walk({ save, nft: dormant }).verdict).toBe('forwarded');
    expect(walk({ save, nft: dormant }).conntrack).not.toBeNull();
    expect(walk({ save, nft: '' }).conntrack).toBeNull();
  });

  it('of type route sends what it marked another way', () => {
    const rules =
      '0:\tfrom all lookup local\n9:\tfrom all fwmark 0x7 lookup 7\n32766:\tfrom all lookup main\n';
    const routes = 'default via 10.0.0.254 dev eth0\ndefault via 10.1.0.254 dev eth1 table 7\n';
    const by = (type: 'filter' | 'route'): string | null | undefined => {
      const text = nft({ type, hook: 'output', priority: 'mangle' }, 'meta mark set 0x00000007');
      return only(nodeOf({ nft: text, rules, routes }), LOCAL).egress?.iface;
    };
    expect(by('route')).toBe('eth1');
    expect(by('filter')).toBe('eth0');
  });
});

describe('the nat chains of a hook', () => {
  const DNAT = table('nat', '-A PREROUTING -p tcp -m tcp --dport 443 -j DNAT --to-destination 10.1.0.9');
  const second = (priority: string, ...rules: readonly string[]): string =>
    nft({ type: 'nat', hook: 'prerouting', priority }, ...rules);

  it('are asked until one maps the connection', () => {
    const text = second('dstnat + 10', 'meta mark set 0x00000005', 'dnat to 10.1.0.8');
    const { final, path } = walk({ save: DNAT, nft: text });
    expect([final.dst, final.mark]).toEqual(['10.1.0.9', '0x0']);
    expect(path.filter((name) => name.startsWith('ip t'))).toEqual([]);
    expect(walk({ save: DNAT, nft: text }, { ...FORWARD, dport: 80 })).toMatchObject({
      final: { dst: '10.1.0.8', mark: '0x5' },
    });
  });

  it('run by their own priorities within the place of the NAT core', () => {
    const before = walk({ save: DNAT, nft: second('dstnat - 5', 'dnat to 10.1.0.8') });
    expect(before.final.dst).toBe('10.1.0.8');
    // Numbers behind filter do not bring a nat chain behind filter: PREROUTING has one NAT core, at -100.
    const late = second('50', 'meta mark set 0x00000005');
    const mangled = nft(
      { table: 'ip u', hook: 'prerouting', priority: 'filter' },
      'meta mark set 0x00000006',
    );
    expect(seen(walk({ nft: `${late}${mangled}` }))).toBe('0x6');
  });

  it('of a table alone bring the core to every hook', () => {
    const masquerade = nft(
      { type: 'nat', hook: 'postrouting', priority: 'srcnat' },
      'oifname "eth0" masquerade',
    );
    expect(walk({ nft: masquerade }).final.src).toBe('10.0.0.1');
    const tracer = new FlowTracer(nodeOf({ nft: masquerade }));
    const first = tracer.next(FORWARD).outcomes[0]?.final;
    const answer = { in: 'eth0', proto: 'tcp', src: '8.8.8.8', sport: 443, dst: '10.0.0.1' } as const;
    const back = tracer.next({ ...answer, dport: first?.sport ?? 0, tcpFlags: ['SYN', 'ACK'] }).outcomes[0];
    expect(back).toMatchObject({ verdict: 'forwarded', final: { dst: '10.1.0.7', dport: 40000 } });
  });

  it('translate prefixes, ranges and what maps give', () => {
    const to = (statement: string): string | undefined =>
      walk({ nft: second('dstnat', statement) }).final.dst;
    expect(to('dnat to 10.1.0.7-10.1.0.7')).toBe('10.1.0.7');
    expect(to('dnat ip prefix to ip daddr map { 8.8.8.0/24 : 10.1.0.0/24 }')).toBe('10.1.0.8');
    expect(to('dnat to tcp dport map { 443 : 10.1.0.20, 80 : 10.1.0.21 }')).toBe('10.1.0.20');
    expect(to('dnat to tcp dport map { 80 : 10.1.0.21 }')).toBe('8.8.8.8');
  });
});

describe('a zone in a native chain', () => {
  const raw = (...rules: readonly string[]): string => nft({ hook: 'prerouting', priority: 'raw' }, ...rules);
  const state = (...rules: readonly string[]): boolean =>
    walk({
      nft:
        raw(...rules) +
        nft({ table: 'ip u', hook: 'forward', priority: 'filter' }, 'ct state untracked drop'),
    }).verdict === 'dropped';

  it('tracks again what was not to be tracked; what has a zone stays tracked', () => {
    expect(state('notrack')).toBe(true);
    expect(state('notrack', 'ct zone set 5')).toBe(false);
    expect(state('ct zone set 5', 'notrack')).toBe(false);
  });

  it('of iptables does not', () => {
    const save = table('raw', '-A PREROUTING -j CT --notrack\n-A PREROUTING -j CT --zone 5');
    const drop = nft({ hook: 'forward', priority: 'filter' }, 'ct state untracked drop');
    expect(walk({ save, nft: drop }).verdict).toBe('dropped');
  });
});

describe('chains of one priority', () => {
  const MARK = (mark: number): string => `meta mark set 0x0000000${String(mark)}`;
  const at = (name: string, rule: string): string =>
    nft({ table: name, hook: 'prerouting', priority: 'mangle' }, rule);
  const marks = (node: Node): readonly string[] => trace(node, FORWARD).outcomes.map(seen).toSorted();

  it('of one table run with the last one first', () => {
    const two = nft({ hook: 'prerouting', priority: 'mangle' }, MARK(1)).replace(
      /\}\n$/,
      `\tchain d {\n\t\ttype filter hook prerouting priority mangle; policy accept;\n\t\t${MARK(2)}\n\t}\n}\n`,
    );
    expect(marks(nodeOf({ nft: two }))).toEqual(['0x1']);
  });

  it('of two tables may run in either order, where that matters', () => {
    const node = nodeOf({ nft: `${at('ip t', MARK(1))}${at('ip u', MARK(2))}` });
    expect(marks(node)).toEqual(['0x1', '0x2']);
    expect(trace(node, FORWARD).outcomes[0]?.assumptions.map(({ code }) => code)).toEqual([
      'UNK_TABLE_ORDER',
    ]);
    expect(marks(nodeOf({ nft: `${at('ip t', 'drop')}${at('ip u', 'accept')}` }))).toHaveLength(1);
    expect(
      marks(nodeOf({ nft: `${at('ip t', MARK(1))}${at('ip u', 'counter')}`.replace('\t\tcounter\n', '') })),
    ).toEqual(['0x1']);
  });

  it('are no question where both orders come to the same; what only one of them meets may be on the path', () => {
    const nat = (name: string, rule: string): string =>
      nft({ table: name, type: 'nat', hook: 'postrouting', priority: 'srcnat' }, rule);
    const { path, pathMaybe, final } = walk({ nft: `${nat('ip t', 'masquerade')}${nat('ip u', 'return')}` });
    expect(final.src).toBe('10.0.0.1');
    expect(path).toContain('ip t c rule 1');
    expect(pathMaybe).toEqual(['ip u c rule 1', 'ip u c policy accept']);
  });

  it('keep their order for all packets of a flow', () => {
    const tracer = new FlowTracer(nodeOf({ nft: `${at('ip t', MARK(1))}${at('ip u', MARK(2))}` }));
    expect(tracer.next(FORWARD).outcomes.map(seen).toSorted()).toEqual(['0x1', '0x2']);
    const again = tracer.next({ ...FORWARD, tcpFlags: ['ACK'] }).outcomes;
    expect(again.map(seen).toSorted()).toEqual(['0x1', '0x2']);
    expect(again.map(({ assumptions }) => assumptions.length)).toEqual([1, 1]);
  });

  it('are asked about though something idle stands between them', () => {
    const save = `# Generated by iptables-save v1.8.9 on Mon Jan  5 10:00:00 2026
${table('mangle', '')}
# Generated by iptables-save v1.8.9 (nf_tables) on Mon Jan  5 10:00:00 2026
${table('mangle', '-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff')}${table('raw', '')}`;
    expect(marks(nodeOf({ save, nft: at('ip t', MARK(2)) }))).toEqual(['0x1', '0x2']);
  });

  it('beside a table of iptables too', () => {
    const save = table('mangle', '-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff');
    expect(marks(nodeOf({ save, nft: at('ip t', MARK(2)) }))).toEqual(['0x1', '0x2']);
  });
});

it('the machine and its table agree on a plan with native chains', () => {
  const text =
    nft({ type: 'route', hook: 'output', priority: 'mangle' }, 'meta mark set 0x00000007') +
    nft({ table: 'inet u', type: 'nat', hook: 'postrouting', priority: 'srcnat' }, 'masquerade');
  const node = nodeOf({ nft: text, sysctls: SYSCTLS });
  for (const packet of [FORWARD, LOCAL_IN, LOCAL]) {
    const byMachine = trace(node, packet, { sequencer: (plan) => new MachineSequencer(plan) });
    expect(byMachine.outcomes).toEqual(trace(node, packet).outcomes);
  }
  expect(planOf(node, 4).plan.hooks.OUTPUT.map(({ work }) => work)).toContain('chain ip t c');
});

it('native rules are named by their handles where the listing shows them', () => {
  const text = nft({ hook: 'forward', priority: 'filter' }, 'tcp dport 443 accept # handle 7');
  const [outcome] = trace(nodeOf({ nft: text }), FORWARD).outcomes;
  expect(outcome?.path).toContain('ip t c rule handle 7');
});
