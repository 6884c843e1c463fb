/** Whole walks through long chains: the index leaves out what cannot match, and nothing else changes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node } from '../packet/node.js';
import type { Outcome, PacketInput } from '../packet/result.js';
import { trace } from '../packet/trace.js';
import { loadNode } from '../snapshot/load.js';

const FAMILIES = {
  4: {
    hosts: ['10.0.0.1', '10.0.0.2', '10.0.1.9', '192.0.2.7'],
    nets: ['10.0.0.0/24', '10.0.0.2/31', '0.0.0.0/0', '10.0.0.1/255.0.0.255', 'some.host'],
    protocols: ['tcp', 'udp', '17', 'icmp', 'sctp'],
  },
  6: {
    hosts: ['fd00::1', 'fd00::2', 'fd00:1::9', '2001:db8::7'],
    nets: ['fd00::/64', 'fd00::2/127', '::/0', 'some.host'],
    protocols: ['tcp', 'udp', '17', 'icmpv6', 'sctp', 'hopopt'],
  },
} as const;

const DEVICES = ['e0', 'e1', 'e2', 'e+', 'e10'];
const PORTS = ['53', '80', '80:90', '443', '0'];
const CHAINS = ['ONE', 'TWO'];

/** The words before an option, as it may be inverted. */
const not = fc.constantFrom('', '', '', '! ');

function conditions(family: 4 | 6): fc.Arbitrary<string> {
  const { hosts, nets, protocols } = FAMILIES[family];
  // As the tools print it, an address is seen in the text of a rule that is not made yet.
  const printed = hosts.map((host) => `${host}/${family === 4 ? '32' : '128'}`);
  const address = fc.constantFrom(...hosts, ...printed, ...nets);
  const option = (flag: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.oneof(
      { arbitrary: fc.constant(''), weight: 2 },
      { arbitrary: fc.tuple(not, value).map(([no, word]) => `${no}${flag} ${word} `), weight: 1 },
    );
  const ports = fc.tuple(
    fc.constantFrom('-p tcp ', '-p udp ', '! -p tcp '),
    fc.constantFrom(
      ...['', '-m comment --comment "a b" ', '-m connlabel --label 1 --set ', '-m limit --limit 1/s '],
      ...['-m conntrack --ctstate NEW ', '-m mark --mark 0x1/0x1 ', '-m addrtype --dst-type LOCAL '],
    ),
    not,
    fc.constantFrom(...PORTS),
  ); // prettier-ignore
  const protocol = fc.oneof(
    option('-p', fc.constantFrom(...protocols)),
    ports.map(
      ([proto, between, no, port]) =>
        `${proto}${between}${proto.startsWith('!') ? '' : `-m ${proto.slice(3)}${no}--dport ${port} `}`,
    ),
  );
  const more = fc.constantFrom(
    '',
    '',
    '-m mark --mark 0x1/0x1 ',
    '-m mark ! --mark 0x2/0x2 ',
    '-m connlabel --label 1 ',
    '-m unheard --of 1 ',
  );
  return fc
    .tuple(option('-s', address), option('-d', address), option('-i', fc.constantFrom(...DEVICES)), protocol, more)
    .map((parts) => parts.join('')); // prettier-ignore
}

function rules(
  family: 4 | 6,
  chain: string,
  jumps: readonly string[],
  [minLength, maxLength]: readonly [least: number, most: number] = [10, 60],
): fc.Arbitrary<string> {
  const target = fc.constantFrom(
    ...['ACCEPT', 'DROP', 'RETURN', 'MARK --set-xmark 0x1/0x1', 'MARK --set-xmark 0x2/0x2', 'LOG', ''],
    ...jumps,
  );
  return fc
    .array(fc.tuple(conditions(family), target), { minLength, maxLength })
    .map((list) => list.map(([when, then]) => `-A ${chain} ${when}${then === '' ? '' : `-j ${then}`}\n`).join(''));
} // prettier-ignore

function dumps(family: 4 | 6): fc.Arbitrary<string> {
  return fc
    .tuple(
      rules(family, 'PREROUTING', CHAINS),
      rules(family, 'ONE', ['TWO']),
      // A short one has no index; of its rules those are made that the packet's source does not rule out.
      rules(family, 'TWO', [], [1, 14]),
    )
    .map(
      (texts) =>
        `*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:ONE - [0:0]\n:TWO - [0:0]\n${texts.join('')}COMMIT\n`,
    );
}

function packets(family: 4 | 6): fc.Arbitrary<PacketInput> {
  const { hosts, protocols } = FAMILIES[family];
  return fc.record({
    in: fc.constantFrom('e0', 'e1', 'e2'),
    proto: fc.constantFrom(...protocols),
    src: fc.constantFrom(...hosts),
    dst: fc.constantFrom(...hosts),
    sport: fc.constant(40000),
    dport: fc.constantFrom(53, 80, 85, 443),
  });
}

const NETWORK = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN group default
2: e0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP group default
3: e1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP group default
4: e2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP group default
`;

function nodeOf(family: 4 | 6, save: string, hasLinks = true): Node {
  const six = family === 6 ? '6' : '';
  return loadNode('node', [
    { name: `ip${six}tables-save.txt`, text: save },
    { name: `ip${six}-rule.txt`, text: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n' },
    { name: `ip${six}-route.txt`, text: 'default dev e2\n' },
    ...(hasLinks ? [{ name: 'ip-addr.txt', text: NETWORK }] : []),
  ]);
}

const bare = ({ steps: _steps, ...outcome }: Outcome): Omit<Outcome, 'steps'> => outcome;

describe.each([4, 6] as const)('a walk of IPv%i through long chains', (family) => {
  it('is the same when every rule is tried', () => {
    fc.assert(
      fc.property(
        dumps(family),
        fc.array(packets(family), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (save, sent, hasLinks) => {
          // Without links the types of addresses are assumed, and the outcome rests on that.
          const node = nodeOf(family, save, hasLinks);
          for (const packet of sent) {
            const found = trace(node, packet, { steps: false, limit: 64 });
            const tried = trace(node, packet, { allRules: true, limit: 64 });
            expect(found.outcomes.map(bare)).toEqual(tried.outcomes.map(bare));
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('the rules of a chain that cannot match', () => {
  const many = Array.from({ length: 100 }, (_, at) => `-A PREROUTING -d 10.9.0.${String(at)}/32 -j DROP\n`);

  it('are counted as tried', () => {
    const save = `*mangle\n:PREROUTING ACCEPT [0:0]\n${many.join('')}-A PREROUTING -p tcp -j MARK --set-xmark 0x1/0x1\n-A PREROUTING -s 10.3.0.1/32 -j DROP\nCOMMIT\n`;
    const { outcomes } = trace(nodeOf(4, save), { in: 'e0', proto: 'tcp', src: '10.0.0.1', dst: '10.0.0.2' });
    const counts = outcomes[0]?.steps.flatMap((step) =>
      (step.kind === 'rule' || step.kind === 'chain-end') && step.hook === 'PREROUTING'
        ? [[step.kind, step.missedCount]]
        : [],
    );
    expect(counts).toEqual([
      ['rule', 100],
      ['chain-end', 1],
    ]);
  });

  it('are counted as tried in a short chain, and told of when all rules are asked for', () => {
    const save = `*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 10.3.0.1/32 -j DROP\n-A PREROUTING -s 10.3.0.2/32 -j DROP\n-A PREROUTING -j MARK --set-xmark 0x1/0x1\n-A PREROUTING -s 10.3.0.3/32 -j DROP\nCOMMIT\n`;
    const packet = { in: 'e0', proto: 'tcp', src: '10.0.0.1', dst: '10.0.0.2' };
    const node = nodeOf(4, save);
    const inChain = (options: { readonly allRules?: boolean }): unknown =>
      trace(node, packet, options).outcomes[0]?.steps.flatMap((step) =>
        (step.kind === 'rule' || step.kind === 'chain-end') && step.hook === 'PREROUTING'
          ? [[step.kind, step.missedCount, step.missed.map(({ rule }) => rule.number)]]
          : [],
      );
    expect(inChain({})).toEqual([
      ['rule', 2, []],
      ['chain-end', 1, []],
    ]);
    expect(inChain({ allRules: true })).toEqual([
      ['rule', 2, [1, 2]],
      ['chain-end', 1, [4]],
    ]);
    expect(trace(node, { ...packet, src: '10.3.0.2' }).outcomes[0]?.drop?.rule?.number).toBe(2);
  });
});
