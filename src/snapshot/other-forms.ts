/** Listings in other forms, and of other things, than the ones that a walk is decided by: net-tools, neighbours, bridges. */
import type { Family } from '../address/address.js';
import { TABLE_ID } from '../routing/model.js';
import { readForwarding } from './bridge-fdb.js';
import type { Command, Kind } from './command.js';
import { readIfconfig } from './ifconfig.js';
import { readNeighbours } from './ip-neigh.js';
import type { Readings } from './reading.js';
import type { SectionReport } from './report.js';
import { readRouteTable } from './route-table.js';

/** The kinds that are read here. */
type OtherForm = 'ip neigh' | 'bridge fdb' | 'route -n' | 'ifconfig';
export const OTHER_FORMS: readonly OtherForm[] = ['ip neigh', 'bridge fdb', 'route -n', 'ifconfig'];

export function isOtherForm(kind: Kind | null): kind is OtherForm {
  return OTHER_FORMS.some((form) => form === kind);
}

/** What is known about a section before it is read. */
interface About {
  readonly command: Command | null;
  readonly family: Family | null;
  readonly filtered: boolean;
}

/** The device that a command selects, whose listing does not name it. */
function deviceOf(command: Command | null): string | null {
  return /\s(?:dev|brport) (\S+)/.exec(command?.text ?? '')?.[1] ?? null;
}

function readNeighbourListing(
  report: SectionReport,
  { command, family, filtered }: About,
  into: Readings,
): void {
  const entries = readNeighbours(report, deviceOf(command));
  if (entries.length === 0 && report.failed) return;
  const shown = entries.map(({ address }): Family => (typeof address === 'bigint' ? 6 : 4));
  // Without -4 and -6 both families are listed, also when one has no entry.
  const listed = family === null ? (command === null ? shown : ([4, 6] as const)) : [family];
  const onlyProxies = entries.every(({ proxy }) => proxy) && /\sproxy\b/.test(command?.text ?? '');
  const families = new Set<Family>(onlyProxies ? [] : listed);
  const partial = filtered || report.damaged > 0 || report.elided;
  into.neighbours.push({ entries, families, partial });
}

/** Reads a section of one of these kinds. What net-tools show counts as a part: there may be more. */
export function readOtherForm(kind: OtherForm, report: SectionReport, about: About, into: Readings): void {
  const { source } = report;
  if (kind === 'ip neigh') readNeighbourListing(report, about, into);
  else if (kind === 'bridge fdb') {
    const entries = readForwarding(report, deviceOf(about.command));
    const partial = about.filtered || report.damaged > 0 || report.elided;
    if (entries.length > 0 || !partial) into.forwarding.push({ entries, partial });
  } else if (kind === 'ifconfig') {
    const links = readIfconfig(report);
    if (links.length > 0)
      into.links.push({ source, links, families: new Set(), partial: true, sparse: true });
  } else {
    const routes = readRouteTable(into.names, report);
    if (routes.length === 0) return;
    into.routes.push({
      ...{
        source,
        routes,
        namesTables: false,
        noSuchTable: false,
        answers: false,
        all: false,
        partial: true,
      },
      ...{ table: TABLE_ID.main, families: new Set<Family>([4]) },
    });
  }
}
