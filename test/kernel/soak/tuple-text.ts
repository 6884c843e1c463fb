/** Tuples as natwalk writes them against tuples as conntrack's events show them. */
import { compareAddresses, parseAddress } from '../../../src/address/address.js';
import type { AddressTextRange, NumberRange, TupleText } from '../../../src/packet/result.js';
import type { EntryTuple } from '../adapter/netlink.js';

/** Is the value what the text says: a value, or a range `LOW-HIGH`? */
function said(exact: number | undefined, range: NumberRange | undefined, value: number | null): boolean {
  if (value === null) return true;
  const [low, high] = exact === undefined ? (range ?? [value, value]) : [exact, exact];
  return value >= low && value <= high;
}

function saidAddress(exact: string | undefined, range: AddressTextRange | undefined, value: string): boolean {
  const [low, high] = (exact === undefined ? (range ?? [value, value]) : [exact, exact]).map(parseAddress);
  const address = parseAddress(value);
  if (address === null || low === null || low === undefined || high === null || high === undefined)
    return false;
  return compareAddresses(low, address) <= 0 && compareAddresses(address, high) <= 0;
}

/** Could the tuple be the one that the text stands for? */
export function sameTuple(text: TupleText, tuple: EntryTuple): boolean {
  return (
    isSix(text.src ?? text.srcRange?.[0] ?? '') === isSix(tuple.src) &&
    saidAddress(text.src, text.srcRange, tuple.src) &&
    saidAddress(text.dst, text.dstRange, tuple.dst) &&
    said(text.sport, text.sportRange, tuple.sport) &&
    said(text.dport, text.dportRange, tuple.dport) &&
    said(text.icmpId, text.icmpIdRange, tuple.icmpId) &&
    said(text.icmpType, undefined, tuple.icmpType)
  );
}

const isSix = (address: string): boolean => address.includes(':');

/** `10.0.0.1:40000 > 10.0.0.2:53`. */
export function tupleName(tuple: EntryTuple): string {
  const port = (value: number | null): string => (value === null ? '' : `:${value}`);
  const id = tuple.icmpId === null ? '' : ` id ${tuple.icmpId}`;
  return `${tuple.src}${port(tuple.sport)} > ${tuple.dst}${port(tuple.dport)}${id}`;
}
