/** Listings of nftables on real nodes: every rule is read whole, and the real nft takes what is printed. */
import { describe, expect, it } from 'vitest';
import type { NftRuleset } from '../../src/nft/model.js';
import { printRule, printRuleset } from '../../src/nft/print.js';
import { loadNode } from '../../src/snapshot/load.js';
import { printListings, printTranscript } from '../../src/snapshot/print.js';
import { whyNoKernel } from '../kernel/available.js';
import { RealNft } from '../kernel/nft-listing/real-nft.js';
import { contentOf, readNftText } from '../support/nft-reading.js';
import { folders } from './folders.js';

const listed = folders.flatMap(({ name: folder, files }) =>
  files.flatMap(({ name, text }) => {
    const { nft, diagnostics } = loadNode(name, [{ name, text }]);
    const codes = diagnostics.flatMap(({ code }) => (code.startsWith('READ_NFT') ? [code] : []));
    return nft === null ? [] : [{ folder, name, text, nft, codes }];
  }),
);

function rulesOf({ tables }: NftRuleset): readonly string[] {
  return tables.flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules.map(printRule)));
}

function rulesPerChain({ tables }: NftRuleset): readonly string[] {
  return tables.flatMap(({ family, name, chains }) =>
    [...chains.values()].map((chain) => `${family} ${name} ${chain.name} ${String(chain.rules.length)}`),
  );
}

/** Lines that begin as rules do, below the chains of a text. */
function ruleLines(text: string): number {
  let inChain = false;
  let count = 0;
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (/^chain .*\{/.test(line)) inChain = true;
    else if (line.startsWith('}')) inChain = false;
    else if (inChain && line !== '' && !/^(?:type |comment |#)/.test(line)) count += 1;
  }
  return count;
}

if (listed.length === 0) {
  it('has no listing of nftables to read', ({ skip }) => skip());
} else {
  describe.each(listed)('$folder $name', ({ text, nft, codes }) => {
    it('is read whole', () => {
      expect(codes).toEqual([]);
      expect(rulesOf(nft).length).toBe(ruleLines(text));
      const opaque = nft.tables.flatMap(({ chains }) =>
        [...chains.values()].flatMap(({ rules }) =>
          rules.filter(({ statements }) => statements.some(({ kind }) => kind === 'opaque')).map(printRule),
        ),
      );
      expect(opaque).toEqual([]);
    });

    it('reads as the same when it is printed', () => {
      expect(contentOf(readNftText(printRuleset(nft)).ruleset)).toBe(contentOf(nft));
      const node = loadNode('node', [{ name: 'dump.txt', text }]);
      const again = loadNode('node', [{ name: 'shown.txt', text: printTranscript(printListings(node)) }]);
      expect(again.nft === null ? '' : contentOf(again.nft)).toBe(contentOf(nft));
    });

    it.skipIf(whyNoKernel() !== null)(
      'is taken by the real nft, whose listing of it prints back',
      ({ onTestFinished }) => {
        const real = new RealNft();
        onTestFinished(() => real.close());
        // What iptables' own code matches and does, nft cannot load.
        const loadable = (lines: string): string =>
          lines
            .split('\n')
            .filter((line) => !/\bxt (?:match|target) |^#/.test(line))
            .join('\n');
        const printed = loadable(printRuleset(nft));
        expect(real.load(printed)).toBe(null);
        const back = real.list('list', 'ruleset');
        const { ruleset, findings } = readNftText(back);
        expect(findings).toEqual([]);
        expect(printRuleset(ruleset)).toBe(back);
        expect(rulesPerChain(ruleset)).toEqual(rulesPerChain(readNftText(printed).ruleset));
      },
    );
  });
}
