/** Listings that are cut, broken or contradict each other: what an answer then rests on. */
import { describe, expect, it } from 'vitest';
import { trace } from '../packet/trace.js';
import { loadNode } from './load.js';

const FILES = {
  'addr.txt': `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: vc: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.0.1.1/24 brd 10.0.1.255 scope global vc
3: vs: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.0.2.1/24 brd 10.0.2.255 scope global vs
`,
  'route.txt': `10.0.1.0/24 dev vc proto kernel scope link src 10.0.1.1
10.0.2.0/24 dev vs proto kernel scope link src 10.0.2.1
local 10.0.1.1 dev vc table local proto kernel scope host src 10.0.1.1
local 10.0.2.1 dev vs table local proto kernel scope host src 10.0.2.1
`,
  'rule.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
  'sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 0\n',
};

/** The assumptions of each outcome, with what becomes of the packet. */
function told(listings: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.entries({ ...FILES, ...listings }).map(([name, text]) => ({ name, text }));
  const packet = {
    in: 'vc',
    proto: 'udp',
    src: '10.0.1.2',
    sport: 4000,
    dst: '10.0.2.2',
    dport: 53,
  } as const;
  return trace(loadNode('node', files), packet).outcomes.map(({ verdict, assumptions }) =>
    [verdict, ...assumptions.map(({ code }) => code).filter((code) => code.includes('NFT'))].join(' '),
  );
}

const LISTING = `table ip t {
	set s {
		type ipv4_addr
		elements = { 10.0.0.1, 10.0.1.2 }
	}

	map m {
		type inet_service : verdict
		elements = { 53 : drop }
	}

	chain f {
		type filter hook forward priority filter; policy accept;
		ip saddr @s udp dport vmap @m
	}

	chain g {
		type filter hook forward priority filter + 1; policy drop;
	}
}
`;
const upTo = (text: string): string => LISTING.slice(0, LISTING.indexOf(text));

describe('a listing that ends too early', () => {
  it.each([
    ['within a set', ', 10.0.1.2'],
    ['behind a set', '\n\tmap'],
    ['within a map', '53'],
    ['behind a chain', '\n\tchain g'],
    ['behind the last chain', '}\n\n\tchain g'],
  ])('%s may have more chains', (_where, end) => {
    const outcomes = told({ 'nft.txt': upTo(end) });
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.filter((one) => !one.includes('ASM_NFT_PART'))).toEqual([]);
  });

  it('rests on nothing when it is whole', () => {
    expect(told({ 'nft.txt': LISTING })).toEqual(['dropped']);
  });

  it('leaves open what a torn set holds', () => {
    const text = LISTING.replace(', 10.0.1.2 }\n\t}', '');
    expect(told({ 'nft.txt': text }).some((one) => one.includes('UNK_NFT_SET_ELEMENT'))).toBe(true);
  });

  it('leaves open what a torn map gives', () => {
    const text = `table ip t {\n${LISTING.slice(LISTING.indexOf('\tchain f'), LISTING.indexOf('\n\tchain g'))}`;
    const torn = `${text}\tmap m {\n\t\ttype inet_service : verdict\n\t\telements = { 54 : drop,\n`;
    const outcomes = told({ 'nft.txt': torn.replace('ip saddr @s ', '') });
    expect(outcomes.filter((one) => !one.includes('UNK_NFT_MAP'))).toEqual([]);
    expect(new Set(outcomes.map((one) => one.split(' ')[0]))).toEqual(new Set(['dropped', 'forwarded']));
  });
});

describe('a listing whose sets are all empty', () => {
  const terse = LISTING.replace(/\t\telements = .*\n/g, '')
    .replace('udp dport vmap @m', 'drop')
    .replace('policy drop', 'policy accept');
  const open = (text: string): boolean =>
    told({ 'nft.txt': text }).some((one) => one.includes('UNK_NFT_SET_ELEMENT'));

  it('may be one without elements, unless its command says that it is not', () => {
    expect(open(terse)).toBe(true);
    expect(open(`$ nft -t list ruleset\n${terse}`)).toBe(true);
    expect(told({ 'nft.txt': `$ nft -a list ruleset\n${terse}` })).toEqual(['forwarded']);
  });

  it('is none when a set has elements, or none is asked that only hands fill', () => {
    expect(
      told({ 'nft.txt': terse.replace(': verdict\n', ': verdict\n\t\telements = { 9 : drop }\n') }),
    ).toEqual(['forwarded']);
    expect(
      told({ 'nft.txt': terse.replace('ipv4_addr\n', 'ipv4_addr\n\t\tflags dynamic,timeout\n') }),
    ).toEqual(['forwarded']);
    expect(told({ 'nft.txt': terse.replace('ip saddr @s drop', 'udp dport 9 drop') })).toEqual(['forwarded']);
  });
});

describe('a listing of one kind of thing, without the command', () => {
  const chains = `table ip t {
	chain f {
		type filter hook forward priority filter; policy accept;
	}

	chain g {
	}
}
`;
  it('of chains leaves out their rules', () => {
    expect(told({ 'nft.txt': chains })).toEqual(['forwarded ASM_NFT_PART']);
    expect(told({ 'nft.txt': `$ nft list ruleset\n${chains}` })).toEqual(['forwarded']);
  });

  it('of sets hides all chains', () => {
    const sets = `${upTo('\tchain f')}}\n`;
    expect(told({ 'nft.txt': sets })).toEqual(['forwarded ASM_NFT_PART']);
  });

  it('is no such list when base chains alone are empty', () => {
    expect(told({ 'nft.txt': chains.replace('\n\tchain g {\n\t}\n', '') })).toEqual(['forwarded']);
  });
});

describe('two listings of one table', () => {
  const table = (port: number): string =>
    `table ip t {\n\tchain f {\n\t\ttype filter hook forward priority filter; policy accept;\n\t\tudp dport ${String(port)} drop\n\t}\n}\n`;
  it('that differ: the answer rests on the one that is taken', () => {
    expect(told({ 'nft.txt': table(53), 'nft2.txt': table(54) })).toEqual(['dropped ASM_NFT_DISPUTED']);
  });

  it('that are the same: it rests on nothing', () => {
    expect(told({ 'nft.txt': table(53), 'nft2.txt': table(53) })).toEqual(['dropped']);
  });
});

describe('elements in JSON that are of no table', () => {
  it.each([
    '{}',
    '{"x":1}',
    'null',
    '{"family":"ip","table":"t"}',
    '{"family":"ip","table":"t","name":"s","elem":[1]}',
  ])('%s are named', (body) => {
    const text = `{"nftables":[{"metainfo":{"json_schema_version":1}},{"element":${body}}]}`;
    const files = Object.entries({ ...FILES, 'nft.json': text }).map(([name, one]) => ({ name, text: one }));
    const codes = loadNode('node', files).diagnostics.map(({ code }) => code);
    expect(codes).toContain('READ_NFT_ELEMENT');
  });
});
