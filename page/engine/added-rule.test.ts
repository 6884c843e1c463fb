import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/packet/node.js';
import { printRule } from '../../src/iptables/print.js';
import { printPolicyRule } from '../../src/routing/print.js';
import { loadNode } from '../../src/snapshot/load-any.js';
import { withAdded } from './added-rule.js';

const EKS = 'examples/eks-node';
const eks = loadNode(
  'node',
  readdirSync(EKS).map((name) => ({ name, text: readFileSync(`${EKS}/${name}`, 'utf8') })),
);
const nft = loadNode('node', [
  {
    name: 'nft.txt',
    text: `table inet fw {
	set ports { # handle 3
		type inet_service
		elements = { 22, 80 }
	}

	chain input { # handle 1
		type filter hook input priority filter; policy accept;
		ip saddr 10.0.0.1 accept # handle 7
		tcp dport 25 drop # handle 8
	}

	chain log_it {
	}
}
`,
  },
]);

const changed = (node: Node, text: string): Node => {
  const made = withAdded(node, text, 0);
  if (!('ruleSets' in made)) throw new Error(JSON.stringify(made.map(({ code, params }) => [code, params])));
  return made;
};

/** The fault, with the words that it marks. */
function fault(node: Node, text: string): string {
  const made = withAdded(node, text, 0);
  if ('ruleSets' in made) return 'none';
  return made
    .map(
      ({ code, span }) => `${code} at ${span === null ? '-' : span.source.text.slice(span.start, span.end)}`,
    )
    .join('; ');
}

const chain = (node: Node, table: 'nat' | 'filter' | 'mangle', name: string): readonly string[] =>
  (node.ruleSets[4].tables.get(table)?.chains.get(name)?.rules ?? []).map(
    (rule) => `${String(rule.number)} ${printRule(rule)}`,
  );

const input = (node: Node): readonly string[] =>
  (node.nativeTables[4][0]?.chains.get('input')?.rules ?? []).map(
    ({ number, span }) => `${String(number)} ${span.source.text.slice(span.start, span.end).trim()}`,
  );

describe('a rule of iptables', () => {
  it.each([
    ['iptables -t nat -I PREROUTING -p tcp --dport 81 -j ACCEPT', 1],
    ['sudo iptables -w 5 -t nat -I PREROUTING 2 -p tcp --dport 81 -j ACCEPT', 2],
    [
      '[root@ip-10-0-0-1 ~]# /usr/sbin/iptables --table nat --insert PREROUTING 2 -p tcp --dport 81 -j ACCEPT',
      2,
    ],
    ['$ iptables -tnat -A PREROUTING -p tcp --dport 81 -j ACCEPT', -1],
    ['-t nat -A PREROUTING -p tcp --dport 81 -j ACCEPT', -1],
  ])('%s', (text, place) => {
    const before = chain(eks, 'nat', 'PREROUTING').length;
    const rules = chain(changed(eks, text), 'nat', 'PREROUTING');
    const number = place < 0 ? before + 1 : place;
    expect(rules).toHaveLength(before + 1);
    expect(rules[number - 1]).toBe(`${String(number)} -A PREROUTING -p tcp -m tcp --dport 81 -j ACCEPT`);
    // The node that was read stays as it is.
    expect(chain(eks, 'nat', 'PREROUTING')).toHaveLength(before);
  });

  it('inserts several of a list one before the other, and keeps words in quotes', () => {
    const text = `iptables -I FORWARD -s 10.0.0.1,10.0.0.2 -m comment --comment 'it is "so"' -j DROP`;
    const [first, second] = chain(changed(eks, text), 'filter', 'FORWARD');
    expect(first).toBe(String.raw`1 -A FORWARD -s 10.0.0.2/32 -m comment --comment "it is \"so\"" -j DROP`);
    expect(second).toContain('2 -A FORWARD -s 10.0.0.1/32');
  });

  it('marks the word that cannot be', () => {
    expect(fault(eks, 'iptables -t nat -I PREROUTING 99 -j ACCEPT')).toMatch(/^PAGE_ADD_NUMBER at iptables/);
    expect(fault(eks, 'iptables -t nat -I PREROUTNG -j ACCEPT')).toMatch(/^PAGE_ADD_CHAIN/);
    expect(fault(eks, 'iptables -t nta -I PREROUTING -j ACCEPT')).toBe('PAGE_ADD_REFUSED at nta');
    expect(fault(eks, 'iptables -t nat -I PREROUTING zero -j ACCEPT')).toBe('PAGE_ADD_REFUSED at zero');
    expect(fault(eks, 'iptables -t nat -A PREROUTING -p tcp --dpot 80 -j DNAT --to 1.2.3.4')).toMatch(
      / at --dpot/,
    );
    expect(fault(eks, 'iptables -t nat -A PREROUTING -s 10.0.0.300 -j ACCEPT')).toMatch(
      / at (-s )?10\.0\.0\.300/,
    );
    expect(fault(eks, 'iptables -A FORWARD -j KUBE-NONE')).toMatch(/ at (-j )?KUBE-NONE/);
    expect(fault(eks, 'iptables -t nat -A KUBE-SERVICES -j KUBE-SERVICES')).not.toBe('none');
    for (const text of ['iptables -F', 'rm -rf /', 'x', '-A', 'iptables -S'])
      expect(fault(eks, text)).toMatch(/^PAGE_ADD_(?:FORM|REFUSED)/);
  });
});

describe('iptables -D and -R', () => {
  const before = chain(eks, 'nat', 'PREROUTING');
  const bodies = (rules: readonly string[]): readonly string[] =>
    rules.map((rule) => rule.replace(/^\d+ /, ''));
  const spelled = (before[0] ?? '').replace(/^\d+ -A /, '-D ');

  it.each([
    'iptables -t nat -D PREROUTING 1',
    'sudo iptables --table nat --delete PREROUTING 1',
    '-t nat -D PREROUTING 1',
    `iptables -t nat ${spelled}`,
  ])('%s takes the rule out, and those behind it move up', (text) => {
    const rules = chain(changed(eks, text), 'nat', 'PREROUTING');
    expect(bodies(rules)).toEqual(bodies(before).slice(1));
    expect(rules[0]).toMatch(/^1 /);
    expect(chain(eks, 'nat', 'PREROUTING')).toEqual(before);
  });

  it('puts another rule in the place of one', () => {
    const made = changed(eks, 'iptables -t nat -R PREROUTING 2 -p tcp --dport 81 -j ACCEPT');
    const rules = chain(made, 'nat', 'PREROUTING');
    expect(rules[1]).toBe('2 -A PREROUTING -p tcp -m tcp --dport 81 -j ACCEPT');
    expect(rules.toSpliced(1, 1)).toEqual(before.toSpliced(1, 1));
  });

  it('takes out one of two rules that are alike, and both where the command lists both', () => {
    const add = '-A FORWARD -s 10.0.0.1,10.0.0.2 -j DROP';
    const twice = changed(changed(eks, `iptables ${add}`), `iptables ${add}`);
    const del = add.replace('-A', 'iptables -D');
    expect(chain(changed(twice, del), 'filter', 'FORWARD')).toEqual(
      chain(changed(eks, `iptables ${add}`), 'filter', 'FORWARD'),
    );
    expect(chain(changed(changed(twice, del), del), 'filter', 'FORWARD')).toEqual(
      chain(eks, 'filter', 'FORWARD'),
    );
    expect(fault(changed(eks, `iptables ${add}`), del.replace('10.0.0.2', '10.0.0.1'))).toMatch(
      /^PAGE_ADD_REFUSED/,
    );
  });

  it('is refused where there is no such rule, chain or place', () => {
    expect(fault(eks, 'iptables -t nat -D PREROUTING 99')).toMatch(/^PAGE_ADD_REFUSED/);
    expect(fault(eks, 'iptables -t nat -R PREROUTING 99 -j ACCEPT')).toMatch(/^PAGE_ADD_REFUSED/);
    expect(fault(eks, 'iptables -t nat -D PREROUTNG 1')).toBe('PAGE_ADD_CHAIN at PREROUTNG');
    expect(fault(eks, 'iptables -t nat -D PREROUTING -s 10.9.9.9 -j ACCEPT')).toMatch(/^PAGE_ADD_REFUSED/);
    expect(fault(eks, 'iptables -t nat -R PREROUTING 1 -s 10.0.0.1,10.0.0.2 -j ACCEPT')).toMatch(
      /^PAGE_ADD_REFUSED/,
    );
    expect(fault(eks, 'iptables -t nat -R KUBE-SERVICES 1 -j KUBE-SERVICES')).not.toBe('none');
  });
});

describe('a policy rule', () => {
  const rules = (node: Node): readonly string[] =>
    node.networks[4].rules.map((rule) => printPolicyRule(rule));

  it('goes behind those of its priority', () => {
    const all = rules(changed(eks, '# ip rule add from 192.168.61.33 lookup 2 pref 1024'));
    const at = all.indexOf('1024:\tfrom 192.168.61.33 lookup 2');
    expect(all[at - 1]).toMatch(/^1024:/);
    expect(all[at + 1]).not.toMatch(/^(?:1024|\d{1,3}):/);
  });

  it('stands before the second where it has no priority', () => {
    const before = rules(eks);
    const all = rules(changed(eks, 'ip -4 ru a fwmark 0x80/0x80 table main'));
    const second = Number(/^\d+/.exec(before[1] ?? '')?.[0]);
    expect(all[1]).toBe(`${String(second - 1)}:\tfrom all fwmark 0x80/0x80 lookup main`);
  });

  it('is refused in the words of the tool', () => {
    expect(fault(eks, 'ip rule add from 10.0.0.300 lookup main')).toBe('PAGE_ADD_REFUSED at 10.0.0.300');
    expect(fault(eks, 'ip rule add frm 10.0.0.3 lookup main')).toBe('PAGE_ADD_REFUSED at frm');
    expect(fault(eks, 'ip rule add from all lookup main pref 32766')).toMatch(/^PAGE_ADD_REFUSED/);
    expect(fault(eks, 'ip rule del pref 1024')).toMatch(/^PAGE_ADD_FORM/);
    expect(fault(eks, 'ip route add default via 10.0.0.1')).toMatch(/^PAGE_ADD_FORM/);
  });
});

describe('a native rule of nftables', () => {
  it.each([
    ['nft add rule inet fw input tcp dport @ports counter accept', 2],
    ['nft insert rule inet fw input ip saddr 1.2.3.4 jump log_it', 0],
    ['nft insert rule inet fw input index 1 udp dport 53 drop', 1],
    ['nft add rule inet fw input handle 7 udp dport 53 drop', 1],
    [String.raw`nft add rule inet fw input tcp dport \{ 80, 443 \} drop`, 2],
    [`nft 'add rule inet fw input tcp dport { 80, 443 } drop'`, 2],
  ])('%s', (text, place) => {
    const rules = input(changed(nft, text));
    expect(rules).toHaveLength(3);
    expect(rules[place]).toContain(`${String(place + 1)} nft`);
    expect(input(nft)).toHaveLength(2);
  });

  it('marks what cannot be', () => {
    expect(fault(nft, 'nft add rule inet fw forward drop')).toBe('PAGE_ADD_CHAIN at forward');
    expect(fault(nft, 'nft add rule fw input drop')).toBe('PAGE_ADD_TABLE at fw');
    expect(fault(nft, 'nft add rule inet fw input index 2 drop')).toBe('PAGE_ADD_PLACE at 2');
    expect(fault(nft, 'nft add rule inet fw input')).toMatch(/^PAGE_ADD_FORM/);
    expect(fault(nft, 'nft add rule inet fw input jump nowhere')).toBe('PAGE_ADD_CHAIN at nowhere');
    expect(fault(nft, 'nft add rule inet fw input ip saddr @none drop')).toBe('PAGE_ADD_SET at @none');
    expect(fault(nft, 'nft add rule inet fw input drop }; chain x {')).not.toBe('none');
  });
});

it('is refused in place, whatever a link holds for a command', () => {
  const hostile = [
    ...[
      '',
      ' ',
      '\n',
      '"',
      "'",
      '\\',
      '-',
      '--',
      '-I',
      '#',
      'sudo',
      'sudo sudo',
      'ip',
      'nft',
      'iptables',
      '\0',
    ],
    'iptables -t nat -I __proto__ 1 -j ACCEPT',
    'iptables -t __proto__ -I constructor -j toString',
    'iptables -t nat -I PREROUTING 99999999999 -j ACCEPT',
    'iptables -t nat -I PREROUTING 1 -j ACCEPT\nCOMMIT\n*filter\n:FORWARD DROP [0:0]',
    'iptables -t nat -I PREROUTING -m comment --comment "\u001b[31m\u202e" -j NOPE',
    'ip rule add pref 99999999999 lookup main',
    'ip -6 -6 rule add __proto__ constructor',
    'nft add rule __proto__ constructor toString drop',
    'nft add rule inet fw input index 99999999999 drop',
    'nft add rule inet fw input } } table inet x { chain y { drop',
    `iptables -A FORWARD ${'-s '.repeat(20_000)}`,
    `nft add rule inet fw input ${'"'.repeat(20_001)}`,
  ];
  for (const text of hostile)
    for (const node of [eks, nft])
      expect(fault(node, text), JSON.stringify(text.slice(0, 80))).not.toBe('none');
});
