/** Both ends of a packet, by address or by name: names become addresses of one family, and ports. */
import { type Family, familyOf, formatAddress, parseAddress } from '../address/address.js';
import type { NameBook } from './book.js';
import { choosePort } from './ports.js';
import { type Found, NameProblem, type Reference, addressOf, findReference } from './reference.js';

/** An end that is given by its address. */
export interface Literal {
  readonly address: string;
  readonly port: number | null;
}

export type End = Literal | Reference;

export type Side = 'from' | 'to';

/** An end whose name leads nowhere. */
export interface EndProblem {
  readonly side: Side;
  readonly problem: NameProblem;
  /** The end as it was written. */
  readonly text: string;
}

/** The ends as a packet has them. */
export interface Ends {
  readonly from: Literal | null;
  readonly to: Literal;
  /** The protocol of the service's port that was meant; null when no service says it. */
  readonly protocol: number | null;
}

/** A name, looked up. */
interface Known {
  readonly side: Side;
  readonly reference: Reference;
  readonly found: Found;
}

function lookUp(book: NameBook, side: Side, end: End): Known | Literal | EndProblem {
  if (!('kind' in end)) return end;
  if (side === 'from' && end.kind === 'svc')
    return { side, problem: new NameProblem('NAME_SOURCE', {}), text: end.text };
  const found = findReference(book, end);
  return found instanceof NameProblem
    ? { side, problem: found, text: end.text }
    : { side, reference: end, found };
}

function familiesOf(end: Known | Literal | null): readonly Family[] {
  if (end === null) return [4, 6];
  if ('found' in end) return end.found.addresses.map(familyOf);
  const address = parseAddress(end.address);
  return address === null ? [4, 6] : [familyOf(address)];
}

/** The family that both ends have, as the destination lists them; that of an end with a literal address decides. */
function familyOfBoth(from: Known | Literal | null, to: Known | Literal): Family {
  const theirs = familiesOf(from);
  const own = familiesOf(to);
  return own.find((family) => theirs.includes(family)) ?? ('found' in to ? theirs : own)[0] ?? 4;
}

function settle(
  end: Known | Literal,
  family: Family,
  protocol: number | null,
): (Literal & { protocol: number | null }) | EndProblem {
  if (!('found' in end)) return { ...end, protocol: null };
  const { side, reference, found } = end;
  const { text } = reference;
  const address = addressOf(found, family);
  if (address === null)
    return { side, problem: new NameProblem('NAME_FAMILY', { name: found.title, family }), text };
  const chosen = choosePort(reference, found, protocol);
  if (chosen instanceof NameProblem) return { side, problem: chosen, text };
  return { address: formatAddress(address), ...chosen };
}

/**
 * Gives both ends their addresses.
 * @param protocol of the packet; null when that is left to the service's port
 */
export function resolveEnds(
  book: NameBook,
  ends: { readonly from: End | null; readonly to: End },
  protocol: number | null,
): Ends | EndProblem {
  const from = ends.from === null ? null : lookUp(book, 'from', ends.from);
  if (from !== null && 'problem' in from) return from;
  const to = lookUp(book, 'to', ends.to);
  if ('problem' in to) return to;
  const family = familyOfBoth(from, to);
  const target = settle(to, family, protocol);
  if ('problem' in target) return target;
  const source = from === null ? null : settle(from, family, protocol);
  if (source !== null && 'problem' in source) return source;
  const { protocol: own, ...literal } = target;
  return {
    from: source === null ? null : { address: source.address, port: source.port },
    to: literal,
    protocol: own,
  };
}
