/** Reads `ip maddr` (iproute2 ip/ipmaddr.c): the multicast groups that each device has joined. */
import { type Address, type Family, familyOf, parseAddress } from '../address/address.js';
import { parse } from '../generated/ip-maddr.js';
import { isJson, jsonObjects, strange } from './json/listing.js';
import { itemsOf, member, textAt, wordOf } from './json/value.js';
import { type SectionReport, shown } from './report.js';

interface GroupLine {
  /** `link` for hardware addresses, which say nothing more. */
  readonly family: string;
  readonly at: number;
  readonly address: string;
}

/** What a listing of groups says. */
export interface GroupListing {
  /** By device, of both families; a device that is not here was not listed. */
  readonly groups: ReadonlyMap<string, ReadonlySet<Address>>;
  /** Families of which some group is listed: -4 and -6 hide the others. */
  readonly families: ReadonlySet<Family>;
}

/** Reads a listing, in text or JSON form. A group that cannot be read is an error, for its device may then not be told to lack any. */
export function readGroups(report: SectionReport): GroupListing {
  const groups = new Map<string, Set<Address>>();
  const families = new Set<Family>();
  let own = new Set<Address>();
  const device = (name: string): void => {
    own = groups.get(name) ?? new Set<Address>();
    groups.set(name, own);
  };
  const group = ({ family, at, address: text }: GroupLine): void => {
    if (family === 'link') return;
    const address = parseAddress(text);
    if (address === null)
      report.error('READ_VALUE', at, at + text.length, { word: family, value: shown(text) });
    else {
      own.add(address);
      families.add(familyOf(address));
    }
  };
  if (isJson(report.source.text)) jsonGroups(report, device, group);
  else
    parse(report.source.text, {
      sink: { device, group, other: (start: number, end: number) => report.other(start, end) },
    });
  return { groups, families };
}

/** `ip -j maddr`: a list of groups in each device; those of the link layer have no family. */
function jsonGroups(
  report: SectionReport,
  device: (name: string) => void,
  group: (line: GroupLine) => void,
): void {
  for (const object of jsonObjects(report)) {
    const name = textAt(object, 'ifname');
    if (name === null) {
      strange(report, object);
      continue;
    }
    device(name);
    for (const one of itemsOf(member(object, 'maddr'))) {
      const address = wordOf(member(one, 'address'));
      const family = textAt(one, 'family') ?? 'link';
      if (address !== null) group({ family, at: address.at, address: address.text });
    }
  }
}
