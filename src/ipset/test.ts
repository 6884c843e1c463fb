/** Membership: is the packet in the set? (net/netfilter/ipset/ip_set_core.c ip_set_test) */
import { formatAddress } from '../address/address.js';
import { type Ternary, type Unsure, unsure } from '../chooser/question.js';
import { type Asked, askedFor } from './asked.js';
import { compiledOf, lookup, mayHold } from './compiled.js';
import { type Dimension, EITHER_FAMILY } from './element.js';
import type { IpSet, SetQuery } from './model.js';

/** The packet as far as sets look at it: identity of an open question. */
function subject(query: SetQuery): string {
  const end = (source: boolean): string => {
    const low = source ? query.source : query.destination;
    const high = (source ? query.sourceTo : query.destinationTo) ?? low;
    return `${formatAddress(low)}${high === low ? '' : `-${formatAddress(high)}`}`;
  };
  const ports = [query.sourcePort, query.sourcePortTo, query.destinationPort, query.destinationPortTo];
  const words = [end(true), end(false), query.protocol, ...ports, query.icmpType, query.icmpCode];
  const devices = [query.inInterface, query.outInterface, query.mark, query.sourceMac];
  const turned = query.returnNomatch === true ? ' nomatch' : '';
  return `${query.directions.join(',')} of ${[...words, ...devices].map((word) => String(word ?? '')).join(' ')}${turned}`;
}

function open(set: IpSet, query: SetQuery, code: string): Unsure {
  return unsure(`set ${set.name} has ${subject(query)}`, code, { set: set.name });
}

/** `--return-nomatch` is heard by types with networks alone (IPSET_TYPE_NOMATCH); for others it is not there. */
function isTurned(dimensions: readonly Dimension[], query: SetQuery): boolean {
  return query.returnNomatch === true && dimensions.includes('net');
}

/** Why several values are possible; null when there is one per dimension. */
function doubt(asked: readonly Asked[]): string | null {
  for (const one of asked) {
    if (one.kind === 'unknown') return one.what;
    if (one.kind === 'mark') return 'UNK_SET_MARK';
    if (one.kind === 'range') return 'UNK_SET_DRAWN';
  }
  return null;
}

/** Members in order; the first that says yes ends it (list_set_ktest). */
function testList(sets: ReadonlyMap<string, IpSet>, list: IpSet, query: SetQuery): Ternary {
  let doubtful: Unsure | null = null;
  for (const { text } of list.entries) {
    const member = sets.get(text);
    // The kernel takes no list as a member of a list.
    const found =
      member === undefined || member.type === 'list:set'
        ? open(list, query, 'UNK_SET_MEMBER')
        : testSet(sets, member, query);
    if (found === true) return true;
    if (found !== false) doubtful = doubtful === null ? found : open(list, query, found.code);
  }
  return doubtful ?? (list.partial === true ? open(list, query, 'UNK_SET_PARTIAL') : false);
}

/**
 * Is the packet in the set? The rule gives at least as many directions as the set has dimensions, else it never is;
 * more are ignored. A set holds packets of its own family only.
 *
 * @param sets all sets, for the members of a list:set
 * @returns an open question where the packet or the dump does not tell: a MAC, unknown mark bits, a value that NAT
 *   drew from a range, an element that could not be read or that the dump leaves out, a member that is missing, a set type that is not known here
 */
export function testSet(sets: ReadonlyMap<string, IpSet>, set: IpSet, query: SetQuery): Ternary {
  if (set.type === 'list:set') return query.directions.length > 0 && testList(sets, set, query);
  const compiled = compiledOf(set);
  if (compiled === null) return open(set, query, 'UNK_SET_TYPE');
  const { dimensions, masks } = compiled;
  if (query.directions.length < dimensions.length) return false;
  if (!EITHER_FAMILY.has(set.type) && set.family !== query.family) return false;
  const asked = dimensions.map((dimension, at) =>
    askedFor(dimension, query, query.directions[at] === 'src', masks),
  );
  if (asked.some(({ kind }) => kind === 'absent')) return false;
  const why = doubt(asked);
  const isWhole = compiled.unread === 0 && set.partial !== true;
  if (why !== null) return mayHold(compiled, asked) || !isWhole ? open(set, query, why) : false;
  const found = lookup(
    compiled,
    asked.flatMap((one) => (one.kind === 'exact' ? [one.value] : [])),
  );
  const turned = isTurned(dimensions, query);
  if (isWhole) return found === (turned ? 'nomatch' : 'match');
  // An element that could not be read, or is not shown, may be a longer prefix than the one that was found.
  const exact = found === 'match' && !dimensions.includes('net');
  return exact || open(set, query, set.partial === true ? 'UNK_SET_PARTIAL' : 'UNK_SET_ENTRY');
}
