/** Reads `ip maddr` (iproute2 ip/ipmaddr.c): the multicast groups that each device has joined. */
import { type Address, type Family, familyOf, parseAddress } from '../address/address.js';
import { parse } from '../generated/ip-maddr.js';
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

/** Reads a listing. A group that cannot be read is an error, for its device may then not be told to lack any. */
export function readGroups(report: SectionReport): GroupListing {
  const groups = new Map<string, Set<Address>>();
  const families = new Set<Family>();
  let own = new Set<Address>();
  parse(report.source.text, {
    sink: {
      device: (name: string) => {
        own = groups.get(name) ?? new Set<Address>();
        groups.set(name, own);
      },
      group: ({ family, at, address: text }: GroupLine) => {
        if (family === 'link') return;
        const address = parseAddress(text);
        if (address === null)
          report.error('READ_VALUE', at, at + text.length, { word: family, value: shown(text) });
        else {
          own.add(address);
          families.add(familyOf(address));
        }
      },
      other: (start: number, end: number) => report.other(start, end),
    },
  });
  return { groups, families };
}
