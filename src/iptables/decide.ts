/** Comparisons of values that NAT may have drawn from a range. */
import { type Address, compareAddresses } from '../address/address.js';
import { type AddressRange, type Prefix, contains } from '../address/prefix.js';
import { type Ternary, unsure } from '../chooser/question.js';

/**
 * Is a number that lies somewhere in `low..high` within `from..to`? Open when some of it is and some is not. `what`
 * names the field, so that a packet's two ports are two questions. An empty range (`from` above `to`) holds nothing.
 */
export function numberWithin(low: number, high: number, from: number, to: number, what = 'number'): Ternary {
  if (low >= from && high <= to) return true;
  if (from > to || high < from || low > to) return false;
  const range = `${String(low)}-${String(high)}`;
  return unsure(`drawn ${what} ${range} in ${String(from)}-${String(to)}`, 'UNK_DRAWN', { range, from, to });
}

/** Is an address that lies somewhere in `low..high` within the range? */
export function addressWithin(low: Address, high: Address, range: AddressRange): Ternary {
  if (typeof low !== typeof range.from) return false;
  if (compareAddresses(low, range.from) >= 0 && compareAddresses(high, range.to) <= 0) return true;
  if (compareAddresses(range.from, range.to) > 0) return false;
  if (compareAddresses(high, range.from) < 0 || compareAddresses(low, range.to) > 0) return false;
  return unsure(
    `drawn address ${String(low)}-${String(high)} in ${String(range.from)}-${String(range.to)}`,
    'UNK_DRAWN_ADDRESS',
  );
}

/** Is an address that lies somewhere in `low..high` in the prefix? */
export function addressInPrefix(low: Address, high: Address, prefix: Prefix): Ternary {
  if (low === high) return contains(prefix, low);
  const first = contains(prefix, low);
  if (prefix.length !== null) {
    if (first && contains(prefix, high)) return true;
    if (
      !first &&
      !contains(prefix, high) &&
      (compareAddresses(high, prefix.address) < 0 || compareAddresses(low, prefix.address) > 0)
    )
      return false;
  }
  return unsure(
    `drawn address ${String(low)}-${String(high)} in ${String(prefix.address)}&${String(prefix.mask)}`,
    'UNK_DRAWN_ADDRESS',
  );
}

/** Is `(value & mask) === wanted`, when the bits of `unknown` are not known? */
export function markIs(value: number, unknown: number, wanted: number, mask: number): Ternary {
  const known = mask & ~unknown;
  if (((value ^ wanted) & known) !== 0 || (wanted & ~mask) !== 0) return false;
  if ((mask & unknown) === 0) return true;
  return unsure(
    `mark bits ${String((mask & unknown) >>> 0)} are ${String((wanted & unknown) >>> 0)}`,
    'UNK_MARK',
    {
      bits: `0x${((mask & unknown) >>> 0).toString(16)}`,
      value: `0x${((wanted & unknown) >>> 0).toString(16)}`,
    },
  );
}

/** Interface name against a selector; a trailing `+` is a prefix, '' (no device in this hook) equals no name. */
export function interfaceMatches(name: string, selector: string): boolean {
  if (selector.endsWith('+')) return name.startsWith(selector.slice(0, -1));
  return name === selector;
}
