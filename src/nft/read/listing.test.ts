/** Listings in text form: each form reads whole and prints in the one spelling that nft has for it. */
import { describe, expect, it } from 'vitest';
import { contentOf, readNftText } from '../../../test/support/nft-reading.js';
import { printRuleset } from '../print.js';

/** What is printed of a listing that is read without a finding; the print reads as the same. */
function printed(text: string): string {
  const { ruleset, findings } = readNftText(text);
  expect(findings).toEqual([]);
  const print = printRuleset(ruleset);
  const again = readNftText(print);
  expect(again.findings).toEqual([]);
  expect(contentOf(again.ruleset)).toBe(contentOf(ruleset));
  return print;
}

const table = (family: string, body: string): string => `table ${family} t {\n${body}}\n`;

describe('base chains', () => {
  const line = (family: string, words: string): string =>
    /type .*/.exec(printed(table(family, `\tchain c {\n\t\t${words}\n\t}\n`)))?.[0] ?? '';

  it.each([
    ['ip', 'type filter hook input priority 0; policy accept;', 'priority filter; policy accept;'],
    ['ip', 'type filter hook input priority filter;', 'priority filter; policy accept;'],
    ['ip', 'type filter hook forward priority -1; policy drop;', 'priority filter - 1; policy drop;'],
    ['ip', 'type filter hook forward priority 10; policy drop;', 'priority filter + 10; policy drop;'],
    ['ip', 'type filter hook forward priority 11;', 'priority 11; policy accept;'],
    ['ip6', 'type nat hook prerouting priority -100;', 'priority dstnat; policy accept;'],
    ['ip6', 'type nat hook prerouting priority dstnat-5;', 'priority dstnat - 5; policy accept;'],
    ['ip6', 'type nat hook output priority dstnat;', 'priority -100; policy accept;'],
    ['inet', 'type nat hook postrouting priority 100;', 'priority srcnat; policy accept;'],
    ['inet', 'type nat hook input priority srcnat;', 'priority 100; policy accept;'],
    ['inet', 'type route hook output priority mangle + 3;', 'priority mangle + 3; policy accept;'],
    ['inet', 'type filter hook prerouting priority -300;', 'priority raw; policy accept;'],
    ['inet', 'type filter hook input priority 2147483647;', 'priority 2147483647; policy accept;'],
    ['bridge', 'type filter hook forward priority -200;', 'priority filter; policy accept;'],
    ['bridge', 'type filter hook output priority 100;', 'priority out; policy accept;'],
    ['arp', 'type filter hook input priority filter; policy drop;', 'priority filter; policy drop;'],
    ['netdev', 'type filter hook ingress device "eth0" priority -500;', 'priority -500; policy accept;'],
    ['netdev', 'type filter hook egress device eth0 priority 0;', 'priority filter; policy accept;'],
  ])('%s %s', (family, words, end) => {
    expect(line(family, words)).toContain(end);
  });

  it('name one device or several', () => {
    const one = 'type filter hook ingress device "eth0" priority filter; policy accept;';
    const two = 'type filter hook ingress devices = { eth0, eth1 } priority filter; policy accept;';
    expect(line('netdev', one)).toBe(one);
    expect(line('netdev', two)).toBe(two);
    expect(line('netdev', two.replace('eth0, eth1', '"eth0", "eth1"'))).toBe(two);
  });

  it('whose hook is not known keep their line, and say where it is', () => {
    const text = table(
      'ip',
      '\tchain c {\n\t\ttype filter hook sideways priority filter; policy drop;\n\t}\n',
    );
    const { ruleset, findings } = readNftText(text);
    expect(findings).toEqual(['READ_NFT_CHAIN 3:3 type filter hook sideways priority filter']);
    expect(ruleset.tables[0]?.chains.get('c')).toMatchObject({ base: null, baseUnknown: true });
    expect(printRuleset(ruleset)).toBe(text);
  });
});

describe('sets and maps', () => {
  const body = (text: string, kind = 'set'): string => {
    const print = printed(table('ip', `\t${kind} s {\n\t\t${text}\n\t}\n`));
    return print.split('\n').slice(2, -3).join('\n').replaceAll('\t\t', '');
  };

  it.each([
    ['type ipv4_addr', 'type ipv4_addr'],
    ['type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 10.1.0.1-10.1.0.9 }',
      'type ipv4_addr\nflags interval\nelements = { 10.0.0.0/8, 10.1.0.1-10.1.0.9 }'],
    ['type ipv4_addr . inet_service\n\t\telements = { 10.0.0.1 . 22,\n\t\t\t     10.0.0.2 . 80 }',
      'type ipv4_addr . inet_service\nelements = { 10.0.0.1 . 22,\n\t     10.0.0.2 . 80 }'],
    ['typeof ip saddr . vlan id\n\t\telements = { 10.0.0.1 . 5 }', 'typeof ip saddr . vlan id\nelements = { 10.0.0.1 . 5 }'],
    ['type ipv4_addr\n\t\tflags dynamic,timeout\n\t\tsize 65535\n\t\ttimeout 1h', 'type ipv4_addr\nsize 65535\nflags dynamic,timeout\ntimeout 1h'],
    ['type inet_service\n\t\tpolicy memory\n\t\tflags interval\n\t\tauto-merge\n\t\tgc-interval 1m',
      'type inet_service\npolicy memory\nflags interval\nauto-merge\ngc-interval 1m'],
    ['type inet_service\n\t\telements = { 1, 2, 3, 4, 5, 6 }', 'type inet_service\nelements = { 1, 2, 3, 4, 5,\n\t     6 }'],
    ['type ipv4_addr\n\t\telements = { 10.0.0.1 timeout 1h expires 59m59s996ms comment "a, b }: c" }',
      'type ipv4_addr\nelements = { 10.0.0.1 timeout 1h expires 59m59s996ms comment "a, b }: c" }'],
    ['type ipv4_addr\n\t\tcounter\n\t\telements = { 10.0.0.1 counter packets 5 bytes 6, 10.0.0.2 counter packets 0 bytes 0 }',
      'type ipv4_addr\ncounter\nelements = { 10.0.0.1 counter packets 5 bytes 6, 10.0.0.2 counter packets 0 bytes 0 }'],
    ['type ifname\n\t\telements = { "eth*",\n\t\t\t     "lo" }', 'type ifname\nelements = { "eth*",\n\t     "lo" }'],
    ['type ifname; elements = { eth0 }', 'type ifname\nelements = { eth0 }'],
    ['type classid\n\t\telements = { 1:5, ffff:0 }', 'type classid\nelements = { 1:5, ffff:0 }'],
    ['type mark . classid\n\t\telements = { 0x1 . 1:5 }', 'type mark . classid\nelements = { 0x1 . 1:5 }'],
    // nft 1.1 counts its elements in a remark.
    ['type ipv4_addr # count 2\n\t\tsize 10 # count 2', 'type ipv4_addr\nsize 10'],
  ])('set: %s', (text, canonical) => {
    expect(body(text)).toBe(canonical);
  }); // prettier-ignore

  it.each([
    ['type inet_service : verdict\n\t\telements = { 22 : accept, 80 : jump a, 443 comment "x" : goto b/c, * : drop }',
      'type inet_service : verdict\nelements = { 22 : accept, 80 : jump a, 443 comment "x" : goto b/c, * : drop }'],
    ['type ipv4_addr . inet_service : ipv4_addr . inet_service\n\t\telements = { 10.0.0.1 . 80 : 10.1.0.1 . 8080 }',
      'type ipv4_addr . inet_service : ipv4_addr . inet_service\nelements = { 10.0.0.1 . 80 : 10.1.0.1 . 8080 }'],
    ['typeof ip saddr : meta mark\n\t\telements = { 10.0.0.1 : 0x00000005 }', 'typeof ip saddr : meta mark\nelements = { 10.0.0.1 : 0x00000005 }'],
    ['typeof tcp dport : verdict; elements = { 22 : accept }', 'typeof tcp dport : verdict\nelements = { 22 : accept }'],
    ['type ipv4_addr : interval ipv4_addr\n\t\tflags interval\n\t\telements = { 10.0.0.0/24 : 10.1.0.0/24 }',
      'type ipv4_addr : interval ipv4_addr\nflags interval\nelements = { 10.0.0.0/24 : 10.1.0.0/24 }'],
    ['type inet_service : counter\n\t\telements = { 22 : "ssh" }', 'type inet_service : counter\nelements = { 22 : "ssh" }'],
    ['type classid : verdict\n\t\telements = { 1:5 : accept }', 'type classid : verdict\nelements = { 1:5 : accept }'],
    ['type ipv6_addr : verdict\n\t\telements = { 2001:db8::5 : accept,\n\t\t\t     ::1 : drop }',
      'type ipv6_addr : verdict\nelements = { 2001:db8::5 : accept,\n\t     ::1 : drop }'],
    ['type inet_service : mark; elements = { 22:5, 80:0x6 }', 'type inet_service : mark\nelements = { 22 : 5, 80 : 0x6 }'],
  ])('map: %s', (text, canonical) => {
    expect(body(text, 'map')).toBe(canonical);
  }); // prettier-ignore
});

describe('tables', () => {
  it('have comments, flags and objects, which are kept', () => {
    const text = `table inet t {
	comment "words: {x}; y"
	flags dormant

	counter c {
		comment "packets"
		packets 5 bytes 6
	}

	quota q {
		over 25 mbytes used 10 bytes
	}

	limit l {
		rate 400/minute burst 30 packets
	}

	ct helper ftp-standard {
		type "ftp" protocol tcp
		l3proto inet
	}

	ct timeout slow {
		protocol tcp
		l3proto ip
		policy = { established : 2m, close : 20s }
	}

	synproxy s {
		mss 1460
		wscale 7
		timestamp sack-perm
	}

	flowtable f {
		hook ingress priority filter
		devices = { eth0, eth1 }
	}

	chain c {
		comment "a chain"
		flow add @f
	}
}
`;
    expect(printed(text)).toBe(text);
    const [made] = readNftText(text).ruleset.tables;
    expect(made).toMatchObject({ family: 'inet', name: 't', flags: ['dormant'], comment: 'words: {x}; y' });
    expect(made?.objects.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'counter c',
      'quota q',
      'limit l',
      'ct helper ftp-standard',
      'ct timeout slow',
      'synproxy s',
      'flowtable f',
    ]);
  });

  it.each(['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'])('of family %s are told apart', (family) => {
    const text = table(family, '\tchain c {\n\t\tcounter packets 1 bytes 2 accept\n\t}\n');
    expect(printed(text)).toBe(text);
    expect(readNftText(text).ruleset.tables[0]?.family).toBe(family);
  });

  it('may come in several pieces, and without a family', () => {
    const text = 'table t {\n\tchain a {\n\t}\n}\ntable ip t {\n\tchain b {\n\t}\n}\n';
    expect(printed(text)).toBe('table ip t {\n\tchain a {\n\t}\n\n\tchain b {\n\t}\n}\n');
  });

  it('with handles have them in the model, and are printed without', () => {
    const text = `table ip t { # handle 7
	counter n { # handle 4
		packets 1 bytes 2
	}

	set s { # handle 2
		type ipv4_addr
	}

	chain c { # handle 1
		type filter hook input priority filter; policy accept;
		ip saddr @s accept # handle 9
		tcp dport 22 drop comment "# handle 5" # handle 10
	}
}
`;
    const { tables } = readNftText(text).ruleset;
    const chain = tables[0]?.chains.get('c');
    expect(tables[0]?.handle).toBe(7);
    expect(tables[0]?.objects[0]?.handle).toBe(4);
    expect(tables[0]?.sets.get('s')?.handle).toBe(2);
    expect(printRuleset({ tables }, true)).toBe(text);
    expect([chain?.handle, chain?.rules.map(({ handle }) => handle)]).toEqual([1, [9, 10]]);
    expect(printed(text)).toBe(text.replace(/ # handle \d+$/gm, ''));
  });

  it("are iptables-nft's own when the line above says so, or when they look so", () => {
    const managed = (text: string): readonly boolean[] =>
      readNftText(text).ruleset.tables.map((one) => one.managed);
    const warning = '# Warning: table ip t is managed by iptables-nft, do not touch!\n';
    expect(managed(warning + table('ip', ''))).toEqual([true]);
    expect(printed(warning + table('ip', ''))).toBe(warning + table('ip', ''));
    const chain = (name: string, priority: string): string =>
      `table ip nat {\n\tchain ${name} {\n\t\ttype nat hook postrouting priority ${priority}; policy accept;\n\t}\n}\n`;
    expect(managed(chain('POSTROUTING', 'srcnat'))).toEqual([true]);
    expect(managed(chain('post', 'srcnat'))).toEqual([false]);
    expect(managed(chain('POSTROUTING', 'srcnat + 1'))).toEqual([false]);
  });

  it('hold chains of any name that iptables-nft takes', () => {
    const names = [
      'a{b',
      'a;b',
      'a"b',
      'a,b',
      'a#b',
      '@x',
      '{',
      '"q"',
      "it's",
      '__proto__',
      'a\\b',
      '$a',
      'type',
    ];
    const chains = names.map((name) => `\tchain ${name} {\n\t\taccept\n\t}\n`);
    const jumps = names.map((name) => `\t\tcounter packets 0 bytes 0 jump ${name}\n`);
    const text = table('ip', [`\tchain c {\n${jumps.join('')}\t}\n`, ...chains].join('\n'));
    expect(printed(text)).toBe(text);
    const { statements } = readNftText(text).ruleset.tables[0]?.chains.get('c')?.rules[1] ?? {
      statements: [],
    };
    expect(statements.at(-1)).toEqual({ kind: 'verdict', verdict: { kind: 'jump', chain: 'a;b' } });
  });
});

describe('files for nft -f', () => {
  it('have variables, remarks, several rules on a line and lines that go on', () => {
    const text = `#!/usr/sbin/nft -f
define lan = { 10.0.0.0/8,
  192.168.0.0/16 } # both
define wan = eth0
redefine wan = "eth1"
table inet filter {
  chain input { type filter hook input priority 0; policy drop;
    # a remark
    iifname $wan ip saddr $lan tcp dport { 22, 80 } accept; counter \\
      drop comment "last"
  }
}
`;
    expect(printed(text)).toBe(`table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		iifname "eth1" ip saddr { 10.0.0.0/8, 192.168.0.0/16 } tcp dport { 22, 80 } accept
		counter packets 0 bytes 0 drop comment "last"
	}
}
`);
  });

  it('name what has no definition', () => {
    const { findings } = readNftText(table('ip', '\tchain c {\n\t\ttcp dport $ports accept\n\t}\n'));
    expect(findings).toEqual(['READ_NFT_STATEMENT 3:3 tcp dport $ports accept']);
  });

  it('whose definitions double each other are given up in time', () => {
    const doubling = Array.from(
      { length: 60 },
      (_, at) => `define a${String(at + 1)} = { $a${String(at)}, $a${String(at)} }`,
    );
    const { findings } = readNftText(
      `define a0 = 1\n${doubling.join('\n')}\n${table('ip', '\tchain c {\n\t\ttcp dport $a60 accept\n\t}\n')}`,
    );
    expect(findings).toEqual(['READ_NFT_STATEMENT 64:3 tcp dport $a60 accept']);
  });
});

describe('a chain that stands within a rule', () => {
  const inner =
    '\t\t\tip ttl set 9\n\t\t\ttcp dport { 1, 2 } counter packets 0 bytes 0 comment "a } b"\n\t\t\taccept\n';
  const listing = table(
    'inet',
    `\tchain c {\n\t\tudp dport 99 jump {\n${inner}\t\t} comment "x y"\n\t\tgoto {\n\t\t\tdrop\n\t\t}\n\t\tudp dport 53 drop\n\t}\n`,
  );

  it('is no part of the chain around it, and prints where it stood', () => {
    expect(printed(listing)).toBe(listing);
    const { chains } = readNftText(listing).ruleset.tables[0] ?? { chains: new Map<string, never>() };
    expect([...chains].map(([name, { rules }]) => [name, rules.length])).toEqual([
      ['c', 3],
      ['__chain1', 3],
      ['__chain2', 1],
    ]);
  });

  it("may be written on one line, and has its rule's handle behind it", () => {
    const text = table(
      'ip',
      '\tchain c {\n\t\tjump { ip ttl 3 accept; counter; } # handle 7\n\t\tdrop # handle 8\n\t}\n',
    );
    const { ruleset, findings } = readNftText(text);
    expect(findings).toEqual([]);
    expect(ruleset.tables[0]?.chains.get('c')?.rules.map(({ handle }) => handle)).toEqual([7, 8]);
    expect(printRuleset(ruleset, true)).toContain(
      '\t\tjump {\n\t\t\tip ttl 3 accept\n\t\t\tcounter packets 0 bytes 0\n\t\t} # handle 7\n',
    );
  });

  it('behind what is not known stays with that, and the rest is read', () => {
    const text = listing.replace('udp dport 99', 'wobble 5');
    const { ruleset, findings } = readNftText(text);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/^READ_NFT_STATEMENT 3:3 wobble 5 jump \{ ip ttl set 9 /);
    const rules = ruleset.tables[0]?.chains.get('c')?.rules ?? [];
    expect(rules.map(({ statements }) => statements[0]?.kind)).toEqual(['opaque', 'verdict', 'match']);
    expect(contentOf(readNftText(printRuleset(ruleset)).ruleset)).toBe(contentOf(ruleset));
  });

  it('may be cut, and then both chains are', () => {
    const { ruleset, findings } = readNftText(listing.slice(0, listing.indexOf('\t\t\taccept')));
    expect(findings.map((one) => one.split(' ')[0])).toEqual(['READ_NFT_CUT']);
    const chains = [...(ruleset.tables[0]?.chains.values() ?? [])];
    expect(chains.map(({ name, cut, rules }) => [name, cut, rules.length])).toEqual([
      ['c', true, 1],
      ['__chain1', true, 2],
    ]);
    expect(contentOf(readNftText(printRuleset(ruleset)).ruleset)).toBe(contentOf(ruleset));
  });
});
