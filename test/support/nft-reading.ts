/** Listings of nftables read with all that is found on the way, and rule sets without what is told of places. */
import type { NftRuleset } from '../../src/nft/model.js';
import { readJson } from '../../src/nft/read/json.js';
import { readListing } from '../../src/nft/read/listing.js';
import { SectionReport } from '../../src/snapshot/report.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';

export interface NftReading {
  readonly ruleset: NftRuleset;
  /** `CODE LINE:COLUMN` of each finding, with the text or the name that it is about. */
  readonly findings: readonly string[];
}

/** Reads a listing in text or JSON form, as the snapshot's reader does. */
export function readNftText(text: string): NftReading {
  const diagnostics = new Diagnostics();
  const report = new SectionReport(new SourceText('nft.txt', text), diagnostics);
  const ruleset = text.startsWith('{') ? readJson(text, report) : readListing(text, report);
  const findings = diagnostics.list.map(({ code, span, params }) => {
    const place = span?.source.position(span.start);
    const about = params['text'] ?? params['line'] ?? '';
    return `${code} ${String(place?.line)}:${String(place?.column)} ${String(about)}`.trim();
  });
  return { ruleset, findings };
}

/** What a rule set holds, as one text: all but places, and handles, which the plain listing does not show. */
export function contentOf(ruleset: NftRuleset): string {
  return JSON.stringify(ruleset.tables, (key, value: unknown) => {
    if (key === 'span' || key === 'handle') return undefined;
    return value instanceof Map ? [...value.values()] : value;
  });
}
