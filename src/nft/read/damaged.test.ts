/** Text listings that are cut, torn or made to hurt: nothing is lost that can be read, and every hole is named. */
import { describe, expect, it } from 'vitest';
import { contentOf, readNftText } from '../../../test/support/nft-reading.js';
import type { NftTable } from '../model.js';
import { printRuleset } from '../print.js';

const LISTING = `table ip t {
	set s {
		type ipv4_addr
		elements = { 10.0.0.1, 10.0.0.2 }
	}

	chain a {
		type filter hook input priority filter; policy drop;
		tcp dport 22 accept
		jump b
	}

	chain b {
		ip saddr @s accept
	}
}
table ip6 u {
	chain c {
		accept
	}
}
`;

interface Cut {
  readonly findings: readonly string[];
  readonly table: NftTable | undefined;
  /** The print reads as the same. */
  readonly stays: boolean;
}

function read(text: string): Cut {
  const { ruleset, findings } = readNftText(text);
  const again = readNftText(printRuleset(ruleset)).ruleset;
  return { findings, table: ruleset.tables[0], stays: contentOf(again) === contentOf(ruleset) };
}

/** The listing up to and with a text. */
const upTo = (text: string): string => LISTING.slice(0, LISTING.indexOf(text) + text.length);

describe('a listing that is cut', () => {
  it('within a rule has that rule, as far as it goes', () => {
    const { findings, table, stays } = read(upTo('tcp dport 22 acc'));
    expect(findings).toEqual(['READ_NFT_STATEMENT 9:16 acc', 'READ_NFT_CUT 9:1 tcp dport 22 acc']);
    const chain = table?.chains.get('a');
    expect(chain?.rules.map(({ statements }) => statements.at(-1)?.kind)).toEqual(['opaque']);
    expect([chain?.cut, chain?.policy, stays]).toEqual([true, 'drop', true]);
  });

  it('behind a word does not take the rule for whole', () => {
    const { findings, table, stays } = read(upTo('tcp dport 22 accept'));
    expect(findings).toEqual(['READ_NFT_CUT 9:1 tcp dport 22 accept']);
    const [rule] = table?.chains.get('a')?.rules ?? [];
    expect(rule?.statements.map(({ kind }) => kind)).toEqual(['match', 'verdict', 'opaque']);
    expect(stays).toBe(true);
  });

  it.each([
    ['10.0.0.1, 10', ['10.0.0.1', '10']],
    ['10.0.0.1,', ['10.0.0.1']],
    ['10.0.0.1, 10.0.0.2', ['10.0.0.1', '10.0.0.2']],
  ])('within elements (%s) has a set of which there is more', (end, keys) => {
    const { findings, table, stays } = read(upTo(end));
    expect(findings).toEqual([`READ_NFT_CUT 4:1 elements = { ${end}`]);
    const set = table?.sets.get('s');
    expect(set?.partial).toBe(true);
    expect(set?.elements.map(({ key }) => (key.kind === 'word' ? key.text : key.kind))).toEqual(keys);
    expect(stays).toBe(true);
  });

  it.each([
    ['\tchain a {\n', 'a'],
    ['policy drop;\n', 'a'],
    ['jump b\n', 'a'],
    ['\tchain b {', 'b'],
  ])('behind %j has a chain of which there is more', (end, name) => {
    const { findings, table, stays } = read(upTo(end));
    expect(findings.map((one) => one.split(' ')[0])).toEqual(['READ_NFT_CUT']);
    expect(table?.chains.get(name)?.cut).toBe(true);
    expect(stays).toBe(true);
  });

  it('between two blocks names the table that does not end', () => {
    const { findings, table } = read(upTo('@s accept\n\t}\n'));
    expect(findings).toEqual(['READ_NFT_CUT 15:1 }']);
    expect([...(table?.chains.values() ?? [])].map(({ cut }) => cut)).toEqual([false, false]);
  });

  it('behind its last brace is whole without a line end', () => {
    expect(read(LISTING.trimEnd()).findings).toEqual([]);
    expect(contentOf(readNftText(LISTING.trimEnd()).ruleset)).toBe(contentOf(readNftText(LISTING).ruleset));
  });

  it('anywhere is named, and its print reads as the same', () => {
    const end = LISTING.trimEnd().length;
    const first = LISTING.indexOf('table ip6');
    for (let at = 12; at < end; at += 1) {
      if (at === first - 1 || at === first) continue;
      const { findings, stays } = read(LISTING.slice(0, at));
      expect([at, findings.length > 0, stays]).toEqual([at, true, true]);
    }
  });

  it('in its middle says which block does not end', () => {
    const chain = read(LISTING.replace('jump b\n\t}\n', 'jump b\n'));
    expect(chain.findings).toEqual(['READ_NFT_OPEN 12:2']);
    expect(chain.table?.chains.get('a')?.cut).toBe(true);
    const table = read(LISTING.replace('\t}\n}\ntable ip6', '\t}\ntable ip6'));
    expect(table.findings).toEqual(['READ_NFT_OPEN 16:1']);
    const set = read(LISTING.replace('10.0.0.2 }\n\t}\n', '10.0.0.2 }\n'));
    expect(set.findings).toEqual(['READ_NFT_OPEN 6:2']);
    expect(set.table?.sets.get('s')?.partial).toBe(true);
  });
});

describe('a listing with holes', () => {
  it('that somebody marked is taken for one', () => {
    const { findings, table, stays } = read(
      LISTING.replace('jump b', '...')
        .replace('10.0.0.2 }', '... }')
        .replace('ip saddr @s', '[...]\n\t\tip saddr @s'),
    );
    expect(findings).toEqual(['READ_ELIDED 4:26 ', 'READ_NFT_STATEMENT 14:3 [...]'].map((one) => one.trim()));
    expect([table?.chains.get('a')?.cut, table?.sets.get('s')?.partial]).toEqual([true, true]);
    expect(stays).toBe(true);
  });

  it('of a newer nft keeps what it cannot read', () => {
    const text = LISTING.replace('jump b', 'wobble fast jump b # handle 5').replace(
      '10.0.0.2',
      '10.0.0.2 wobble',
    );
    const { findings, table, stays } = read(text);
    expect(findings).toEqual([
      'READ_NFT_ELEMENT 4:26 10.0.0.2 wobble',
      'READ_NFT_STATEMENT 10:3 wobble fast jump b',
    ]);
    expect(table?.chains.get('a')?.rules[1]).toMatchObject({
      handle: 5,
      statements: [{ kind: 'opaque', text: 'wobble fast jump b' }],
    });
    expect(table?.sets.get('s')?.partial).toBe(true);
    expect(stays).toBe(true);
  });

  it('names lines that belong to no listing, and goes on', () => {
    const { findings, table } = read(`hello\n${LISTING.replace('\tset s', '\twobble 5\n\tset s')}world\n`);
    expect(findings).toEqual(['READ_LINE 1:1 hello', 'READ_LINE 3:2 wobble 5', 'READ_LINE 24:1 world']);
    expect(table?.chains.size).toBe(2);
  });
});

describe('what a table should not have', () => {
  const CHAINS = 'a b';
  it.each([
    ['a block of an unknown kind', '\tset s {', '\tnewobj n1 {\n\t\tfast 5; mode { a b\n\t\t{ c }\n\t\t}\n\t}\n\n\tset s {', CHAINS],
    ['one without a name', '\tset s {', '\twobble { 5 }\n\tset s {', CHAINS],
    ['one between chains', '\tchain b {', '\tct frobnicate n1 { # handle 9\n\t\tx "}"\n\t}\n\n\tchain b {', CHAINS],
    ['one that does not end', '\tchain a {', '\tnewobj n1 {\n\t\tfast 5\n\tchain a {', CHAINS],
    ['a rule outside of any chain', '\tchain b {', '\ttcp dport 5 drop\n\tchain b {', CHAINS],
    ['a brace too many behind a chain', '\n\tchain b {', '\t}\n\tchain b {', CHAINS],
    ['a brace too many within a chain', '\t\tjump b\n', '\t\t}\n\t\tjump b\n', CHAINS],
    ['a brace too many behind a set', '\n\tchain a {', '\t}\n\n\tchain a {', CHAINS],
    ['a property with lines of its own', '\t\ttype ipv4_addr\n', '\t\ttype ipv4_addr\n\t\tnew {\n\t\t\tx\n\t\t}\n', CHAINS],
  ])('%s costs no chain behind it, and the rest counts as a part', (_, place, text, chains) => {
    const { ruleset, findings } = readNftText(LISTING.replace(place, () => text));
    expect(findings).not.toEqual([]);
    expect(ruleset.partial).toBe(true);
    const [first, second] = ruleset.tables;
    expect([...(first?.chains.keys() ?? [])].join(' ')).toBe(chains);
    expect([...(second?.chains.keys() ?? [])]).toEqual(['c']);
    const rules = [...(first?.chains.get('b')?.rules ?? [])];
    expect(rules.map(({ statements }) => statements.length)).toEqual([2]);
    expect(contentOf(readNftText(printRuleset(ruleset)).ruleset)).toBe(contentOf(ruleset));
  }); // prettier-ignore

  it('an unknown block is printed back', () => {
    const block = '\tnewobj n1 {\n\t\tfast 5\n\t}\n\n';
    const { ruleset } = readNftText(LISTING.replace('\tset s {', `${block}\tset s {`));
    expect(printRuleset(ruleset)).toContain(block);
  });

  it('chains of a family that is not known do not go to the table before them', () => {
    const { ruleset } = readNftText(`${LISTING}table newfam x {\n\tchain z {\n\t}\n}\n`);
    expect(ruleset.tables.map(({ chains }) => [...chains.keys()].join(' '))).toEqual(['a b', 'c']);
    expect(ruleset.partial).toBeUndefined();
  });
});

describe('what is made to hurt', () => {
  const MANY = 100_000;
  const SOME = 10_000;
  const inRule = (rule: string): string => `table ip t {\n\tchain c {\n\t\t${rule}\n\t\taccept\n\t}\n}\n`;
  const inSet = (elements: string): string =>
    `table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\telements = { ${elements} }\n\t}\n}\n`;

  it.each([
    ['braces', inRule(`ip saddr ${'{'.repeat(MANY)}`)],
    ['braces with blanks', inRule(`ip saddr ${'{ '.repeat(MANY)}`)],
    ['braces that end', inRule(`ip saddr ${'{ '.repeat(MANY)}${'} '.repeat(MANY)}`)],
    ['parentheses', inRule(`meta mark set ${'('.repeat(MANY)}`)],
    ['parentheses that end', inRule(`meta mark set ${'('.repeat(MANY)}1${')'.repeat(MANY)}`)],
    ['parentheses with something in them', inRule(`meta mark set ${'(meta mark '.repeat(SOME)}`)],
    ['brackets', inRule(`dnat to ${'['.repeat(MANY)}`)],
    ['quotation marks', inRule('"'.repeat(MANY))],
    ['comments', inRule(`accept ${'comment "'.repeat(SOME)}`)],
    ['operators', inRule(`meta mark set meta mark${' | 0xff ^ 1'.repeat(SOME)}`)],
    ['maps of maps', inRule(`meta mark set tcp dport${' map @m'.repeat(SOME)}`)],
    ['a concatenation', inRule(`ip saddr${' . ip daddr'.repeat(SOME)} @x`)],
    ['elements and one that is none', inRule(`tcp dport vmap { ${'1 : jump x, '.repeat(SOME)}? } accept`)],
    ['elements that are none', inSet('(,'.repeat(SOME))],
    ['elements in braces', inSet('{'.repeat(MANY))],
    ['elements and remarks', inSet('10.0.0.1 # x\n,'.repeat(SOME))],
    ['tables in tables', 'table ip t {'.repeat(SOME)],
    ['chains in chains', `table ip t {\n${'chain c {'.repeat(SOME)}`],
    ['a long word', inRule('x'.repeat(MANY))],
    ['blocks in blocks', `table ip t {\n${'x { '.repeat(SOME)}`],
    ['blocks on lines', `table ip t {\n${'x {\n'.repeat(SOME)}`],
    ['blocks that end', `table ip t {\n${'x { '.repeat(SOME)}${'}\n'.repeat(SOME)}`],
    ['braces too many', `${LISTING.slice(0, LISTING.indexOf('table ip6'))}${'}\nchain z {\n'.repeat(SOME)}`],
    ['chains within rules', inRule('jump { '.repeat(MANY))],
    ['chains within rules that end', inRule(`${'jump { '.repeat(SOME)}${'} '.repeat(SOME)}`)],
    ['chains within rules on lines', inRule('jump {\n'.repeat(SOME))],
    ['lines of nothing', inRule('\n'.repeat(MANY))],
  ])('%s in great number cost no stack and little time', (_, text) => {
    const { ruleset } = readNftText(text);
    expect(ruleset.tables).toHaveLength(1);
    expect(contentOf(readNftText(printRuleset(ruleset)).ruleset)).toBe(contentOf(ruleset));
  });

  it('a map of many elements is read in time that grows with it', () => {
    const map = (size: number): string => {
      const element = (at: number): string =>
        `10.${String(at >> 16)}.${String((at >> 8) & 255)}.${String(at & 255)} . tcp . 80 : goto x`;
      const elements = Array.from({ length: size }, (_, at) => element(at));
      return `table ip t {\n\tmap m {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { ${elements.join(',\n\t\t\t     ')} }\n\t}\n}\n`;
    };
    const time = (size: number): number => {
      const text = map(size);
      const rounds = [1, 2].map(() => {
        const start = performance.now();
        expect(readNftText(text).ruleset.tables[0]?.sets.get('m')?.elements).toHaveLength(size);
        return performance.now() - start;
      });
      return Math.min(...rounds);
    };
    // Eight times as much: 64 times the time if it grew with the square.
    const small = time(2_000);
    expect(time(16_000)).toBeLessThan(24 * small + 50);
  });
});

it('names that objects have anyway are names like others', () => {
  const text = `table ip constructor {
	set __proto__ {
		type ifname
		elements = { "__proto__",
			     "constructor" }
	}

	map toString {
		type ipv4_addr : verdict
		elements = { 10.0.0.1 : jump hasOwnProperty }
	}

	chain hasOwnProperty {
		comment "__proto__"
	}

	chain __proto__ {
		iifname @__proto__ ip saddr vmap @toString jump hasOwnProperty comment "constructor"
	}
}
`;
  const { ruleset, findings } = readNftText(text);
  expect(findings).toEqual([]);
  expect(printRuleset(ruleset)).toBe(text);
});

describe('a condition whose value nft lists as nothing', () => {
  it.each([
    'ct expiration drop',
    'ct expiration counter packets 0 bytes 0 drop',
    'ct status counter packets 0 bytes 0',
    'ct status counter',
    'ct status != log prefix "x"',
    'meta day',
    'meta day counter packets 0 bytes 0 accept',
    'meta hour reject',
  ])('is opaque to the end of its rule, and the rest is read: %s', (text) => {
    const rules = `table ip t {\n\tchain c {\n\t\ttcp dport 1 ${text}\n\t\ttcp dport 2 drop\n\t}\n}\n`;
    const { findings, table } = read(rules);
    expect(findings).toEqual([expect.stringMatching(/^READ_NFT_STATEMENT 3:15 /)]);
    expect(table?.chains.get('c')?.rules.map(({ statements }) => statements.map(({ kind }) => kind))).toEqual(
      [
        ['match', 'opaque'],
        ['match', 'verdict'],
      ],
    );
  });

  it('is no value that looks like a statement', () => {
    const rules = ['ct status snat', 'icmp type redirect', 'dccp type reset', 'ct status dnat accept'];
    const text = `table ip t {\n\tchain c {\n${rules.map((one) => `\t\t${one}\n`).join('')}\t}\n}\n`;
    expect(read(text).findings).toEqual([]);
  });
});
