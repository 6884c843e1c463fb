/** Reads `ip addr`, `ip link`, `ip -o addr` and `ip -br` (iproute2 ip/ipaddress.c print_addrinfo, print_linkinfo). */
import { type Family, familyOf } from '../address/address.js';
import { parse } from '../generated/ip-addr.js';
import type { Link } from '../routing/model.js';
import { jsonLinks } from './json/link.js';
import { isJson } from './json/listing.js';
import {
  type AddressLine,
  type BriefLine,
  type HeaderLine,
  LinkBuilder,
  type LinkLayerLine,
  type OneLine,
} from './link-builder.js';
import type { SectionReport } from './report.js';

/** What a listing of links says. */
export interface LinkListing {
  readonly links: readonly Link[];
  /** Families whose addresses are listed, each of them readable: `ip link`, -4 and -6 hide addresses. */
  readonly families: ReadonlySet<Family>;
}

/** A line below a link: its kind, or one that says nothing about routing (lifetimes, statistics). */
function detail(builder: LinkBuilder, report: SectionReport, start: number, end: number): void {
  const words = report.source.text.slice(start, end).trim().split(/\s+/);
  if (!builder.kind(words) && /^[.…]{1,10}$/.test(words[0] ?? '')) report.other(start, end);
}

function readText(builder: LinkBuilder, report: SectionReport): void {
  parse(report.source.text, {
    sink: {
      header: ({ flags, ...line }: Omit<HeaderLine, 'flags'> & { readonly flags: string }) =>
        builder.header({ ...line, flags: flags === '' ? [] : flags.split(',') }),
      linkLayer: (line: LinkLayerLine) => builder.linkLayer(line),
      address: (line: AddressLine) => builder.address(line),
      oneLine: (line: OneLine) => builder.oneLine(line),
      brief: (line: BriefLine) => builder.brief(line),
      detail: (start: number, end: number) => detail(builder, report, start, end),
      other: (start: number, end: number) => report.other(start, end),
    },
  });
}

/**
 * Reads a listing of links, in text or JSON form. The index of a brief listing, which shows none, is negative in the
 * order of the listing.
 * @param detailed the listing was made with -d: a link without a kind has none
 */
export function readLinks(report: SectionReport, detailed = false): LinkListing {
  const builder = new LinkBuilder(report, detailed);
  if (isJson(report.source.text)) jsonLinks(builder, report);
  else readText(builder, report);
  const families = new Set<Family>();
  for (const { addresses } of builder.links)
    for (const { address } of addresses) families.add(familyOf(address));
  for (const family of builder.damaged) families.delete(family);
  return { links: builder.links, families };
}
