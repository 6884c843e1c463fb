/** Does every packet that one rule matches match another one too? Only what is certain counts as yes. */
import { maskAddress } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import { compareAddresses } from '../address/address.js';
import type { Header, Invertible } from '../iptables/model.js';
import type { Shape, Spans } from './shape.js';

/** Is `inner` within `outer`? */
export function within(inner: Prefix, outer: Prefix): boolean {
  return (
    compareAddresses(maskAddress(inner.mask, outer.mask), outer.mask) === 0 &&
    compareAddresses(maskAddress(inner.address, outer.mask), outer.address) === 0
  );
}

/** Have two networks no address in common? */
function apart(a: Prefix, b: Prefix): boolean {
  const both = maskAddress(a.mask, b.mask);
  return compareAddresses(maskAddress(a.address, both), maskAddress(b.address, both)) !== 0;
}

/** `narrow` implies `wide`, for values that may be inverted. */
function invertibleImplies<T>(
  narrow: Invertible<T> | null,
  wide: Invertible<T> | null,
  contains: (outer: T, inner: T) => boolean,
  disjoint: (a: T, b: T) => boolean,
): boolean {
  if (wide === null) return true;
  if (narrow === null) return false;
  if (!wide.inverted) return !narrow.inverted && contains(wide.value, narrow.value);
  return narrow.inverted ? contains(narrow.value, wide.value) : disjoint(wide.value, narrow.value);
}

type Selector = Header['source'];

function addressImplies(narrow: Selector, wide: Selector): boolean {
  return invertibleImplies(
    narrow,
    wide,
    (outer, inner) => !('hostName' in outer) && !('hostName' in inner) && within(inner, outer),
    (a, b) => !('hostName' in a) && !('hostName' in b) && apart(a, b),
  );
}

const isPattern = (name: string): boolean => name.endsWith('+');

function coversName(outer: string, inner: string): boolean {
  if (!isPattern(outer)) return outer === inner;
  const stem = outer.slice(0, -1);
  return (isPattern(inner) ? inner.slice(0, -1) : inner).startsWith(stem);
}

const apartNames = (a: string, b: string): boolean =>
  isPattern(a) && isPattern(b)
    ? !a.startsWith(b.slice(0, -1)) && !b.startsWith(a.slice(0, -1))
    : !coversName(a, b) && !coversName(b, a);

const same = <T>(a: T, b: T): boolean => a === b;
const different = <T>(a: T, b: T): boolean => a !== b;

function headerImplies(narrow: Header, wide: Header): boolean {
  return (
    addressImplies(narrow.destination, wide.destination) &&
    addressImplies(narrow.source, wide.source) &&
    invertibleImplies(narrow.protocol, wide.protocol, same, different) &&
    invertibleImplies(narrow.inInterface, wide.inInterface, coversName, apartNames) &&
    invertibleImplies(narrow.outInterface, wide.outInterface, coversName, apartNames) &&
    (wide.fragment === null || narrow.fragment?.inverted === wide.fragment.inverted)
  );
}

function spansImply(narrow: Spans | null, wide: Spans | null): boolean {
  if (wide === null) return true;
  if (narrow === null) return false;
  return narrow.every(([from, to]) => wide.some(([low, high]) => low <= from && to <= high));
}

/** @returns true only if every packet that `narrow` takes is sure to be one that `wide` takes */
export function implies(narrow: Shape, wide: Shape): boolean {
  if (!wide.isFirm || !headerImplies(narrow.header, wide.header)) return false;
  if (!spansImply(narrow.dport, wide.dport) || !spansImply(narrow.sport, wide.sport)) return false;
  const { states } = wide;
  if (states !== null && (narrow.states === null || ![...narrow.states].every((one) => states.has(one))))
    return false;
  return [...wide.others].every((one) => narrow.others.has(one));
}
