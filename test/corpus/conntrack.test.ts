/** Listings of conntrack from real nodes: every entry is read and printed back, or it is named why not. */
import { describe, expect, it } from 'vitest';
import { printEntry } from '../../src/packet/conntrack-entry.js';
import { loadNode } from '../../src/snapshot/load.js';
import { printListings, printTranscript } from '../../src/snapshot/print.js';
import { folders } from './folders.js';

/** Where an entry begins, also in the form of events. */
const ENTRY = /^(?: *\[[A-Z]+\] +)?(?:ipv[46] +\d+ +)?[a-z][a-z0-9]* +\d+ .*src=/;

const listings = folders.flatMap(({ name, files }) =>
  files
    .filter(({ text }) => text.split('\n').some((line) => ENTRY.test(line)))
    .map((file) => ({ where: `${name}/${file.name}`, file })),
);

/** What a line says, however it was broken and padded, and where it stood. */
function plain(lines: string): string {
  return lines
    .replace(/conntrack v\S+ \(conntrack-tools\): \d+ flow entries have been shown\.\n/, '')
    .replace(/\\\n/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^ipv[46] \d+ /, '')
    .trim();
}

if (listings.length === 0)
  it('has no listings', () => {
    expect(listings).toEqual([]);
  });
else
  describe.each(listings)('$where', ({ file }) => {
    const { connections, diagnostics } = loadNode(file.name, [file]);
    const unused = diagnostics.filter(
      ({ code, params }) => code === 'READ_NOT_USED' && params['kind'] === 'conntrack -E',
    );

    it('has every entry, or says that it is of events', () => {
      const lines = file.text.split('\n').filter((line) => ENTRY.test(line));
      if (unused.length > 0) expect(lines.every((line) => /^ *\[/.test(line))).toBe(true);
      else expect(connections).toHaveLength(lines.length);
    });

    it('is printed back as conntrack printed it', () => {
      for (const entry of connections ?? []) {
        const { source, start, end } = entry.span;
        expect(plain(printEntry(entry))).toBe(plain(source.text.slice(start, end)));
      }
    });

    it('what is printed reads as the same', () => {
      const printed = printTranscript(printListings(loadNode(file.name, [file])));
      const again = loadNode('show.txt', [{ name: 'show.txt', text: printed }]);
      expect((again.connections ?? []).map(printEntry)).toEqual((connections ?? []).map(printEntry));
    });

    it('nothing in it was not understood', () => {
      const codes = diagnostics.map(({ code }) => code).filter((code) => !code.startsWith('NODE_'));
      expect(
        codes.filter((code) => !['READ_NOT_USED', 'READ_NOTHING', 'READ_ELIDED'].includes(code)),
      ).toEqual([]);
    });
  });
