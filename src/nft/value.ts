/** What an expression is for one packet. A packet may be known in part: then so is the value. */
import type { Address } from '../address/address.js';
import { prefixOf } from '../address/prefix.js';
import { type Ternary, chance, unsure } from '../chooser/question.js';
import { addressInPrefix, addressWithin, markIs, numberWithin } from '../iptables/decide.js';
import type { Params } from '../source/diagnostic.js';
import type { DataType, Interval } from './datatype.js';

/** A number that chance, or state that no dump shows, draws: each of `modulus` numbers from `offset` on. */
export interface Drawn {
  readonly kind: 'drawn';
  readonly key: string;
  readonly modulus: number;
  readonly offset: number;
  /** Every number is as likely as another; otherwise nothing is known of that. */
  readonly fair: boolean;
}

export type Value =
  /** The packet does not have it: the rule ends here (NFT_BREAK). */
  | { readonly kind: 'absent' }
  | { readonly kind: 'exact'; readonly value: bigint }
  /** An address or port that NAT drew from a range. */
  | {
      readonly kind: 'span';
      readonly from: bigint;
      readonly to: bigint;
      readonly what: string;
      readonly bits: number;
    }
  /** Bits of `unknown` are not known, and are 0 in `value`. */
  | { readonly kind: 'masked'; readonly value: bigint; readonly unknown: bigint; readonly what: string }
  | { readonly kind: 'tuple'; readonly parts: readonly Value[] }
  | Drawn
  /** Not known. `within` asks a better question than whether it lies somewhere. */
  | {
      readonly kind: 'open';
      readonly what: string;
      readonly code: string;
      readonly params: Params;
      readonly within?: (interval: Interval) => Ternary;
    };

export const ABSENT: Value = { kind: 'absent' };

/** A value that is known. */
export function exact(value: bigint | number): Value {
  return { kind: 'exact', value: BigInt(value) };
}

/** A value that no dump tells; `what` names it, so that it is asked about once. */
export function open(what: string, code = 'UNK_NFT_VALUE', params: Params = { what }): Value {
  return { kind: 'open', what, code, params };
}

/** A value of which some bits may not be known. */
export function masked(value: bigint, unknown: bigint, what: string): Value {
  return unknown === 0n ? exact(value) : { kind: 'masked', value: value & ~unknown, unknown, what };
}

/** An address as an unsigned number. */
export function addressNumber(address: Address): bigint {
  return typeof address === 'bigint' ? address : BigInt(address >>> 0);
}

/** A number as an address of 32 or 128 bits. */
export function numberAddress(value: bigint, bits: number): Address {
  return bits === 128 ? value : Number(value & 0xffffffffn) | 0;
}

/** A number between two, both included. */
export function span(from: bigint, to: bigint, what: string, bits: number): Value {
  return from === to ? exact(from) : { kind: 'span', from, to, what, bits };
}

/** Known and unknown bits of a value; null when it has no bits to speak of. */
export function bitsOfValue(value: Value): { readonly value: bigint; readonly unknown: bigint } | null {
  if (value.kind === 'exact') return { value: value.value, unknown: 0n };
  if (value.kind === 'masked') return value;
  if (value.kind !== 'span') return null;
  const differing = value.from ^ value.to;
  const unknown = (1n << BigInt(differing.toString(2).length)) - 1n;
  return { value: value.from & ~unknown, unknown };
}

function described(value: Value): string {
  switch (value.kind) {
    case 'exact':
      return value.value.toString();
    case 'drawn':
      return value.key;
    case 'tuple':
      return value.parts.map(described).join(' . ');
    case 'absent':
      return 'nothing';
    default:
      return value.what;
  }
}

/** `&`, `|`, `^`, `<<` and `>>` over values of `bits` bits (net/netfilter/nft_bitwise.c). */
export function binary(op: '&' | '|' | '^' | '<<' | '>>', left: Value, right: Value, bits: number): Value {
  if (left.kind === 'absent' || right.kind === 'absent') return ABSENT;
  const a = bitsOfValue(left);
  const b = bitsOfValue(right);
  if (a === null || b === null) return open(`${described(left)} ${op} ${described(right)}`);
  const all = (1n << BigInt(bits)) - 1n;
  const what = described(left.kind === 'exact' ? right : left);
  if (op === '<<' || op === '>>') {
    if (b.unknown !== 0n) return open(`${described(left)} ${op} ${described(right)}`);
    const shift = (one: bigint): bigint => (op === '<<' ? (one << b.value) & all : one >> b.value);
    return masked(shift(a.value), shift(a.unknown), `${what} ${op} ${b.value.toString()}`);
  }
  const either = a.unknown | b.unknown;
  if (op === '^') return masked((a.value ^ b.value) & all, either, what);
  if (op === '|') {
    const value = a.value | b.value;
    return masked(value, either & ~value, what);
  }
  const possible = (a.value | a.unknown) & (b.value | b.unknown);
  return masked(a.value & b.value, possible & ~(a.value & b.value), what);
}

/** The prefix length when the interval is a network, or null. */
function prefixLength({ from, to }: Interval, bits: number): number | null {
  const differing = from ^ to;
  if ((differing & (differing + 1n)) !== 0n || (from & differing) !== 0n) return null;
  return bits - (differing === 0n ? 0 : differing.toString(2).length);
}

function spanWithin(value: Extract<Value, { kind: 'span' }>, interval: Interval): Ternary {
  const { from, to, what, bits } = value;
  if (bits <= 16)
    return numberWithin(Number(from), Number(to), Number(interval.from), Number(interval.to), what);
  const [low, high] = [numberAddress(from, bits), numberAddress(to, bits)];
  const first = numberAddress(interval.from, bits);
  const length = prefixLength(interval, bits);
  if (length !== null) return addressInPrefix(low, high, prefixOf(first, length));
  return addressWithin(low, high, { from: first, to: numberAddress(interval.to, bits) });
}

/** The same question as the one that iptables' connmark asks. */
function connectionMarkIs({ unknown }: Extract<Value, { kind: 'masked' }>, value: bigint): Ternary {
  const [bits, wanted] = [`0x${unknown.toString(16)}`, `0x${(value & unknown).toString(16)}`];
  return unsure(`connmark bits ${bits} are ${wanted}`, 'UNK_CONNMARK', { bits, value: wanted });
}

function maskedWithin(value: Extract<Value, { kind: 'masked' }>, { from, to }: Interval): Ternary {
  const low = value.value;
  const high = value.value | value.unknown;
  if (from > high || to < low) return false;
  if (from <= low && to >= high) return true;
  if (from === to && ((from ^ low) & ~value.unknown) !== 0n) return false;
  if (from === to && value.what === 'ct mark') return connectionMarkIs(value, from);
  if (from === to && value.what === 'mark')
    return markIs(Number(low), Number(value.unknown) | 0, Number(from) | 0, 0xffffffff | 0);
  const wanted = from === to ? `0x${from.toString(16)}` : `0x${from.toString(16)}-0x${to.toString(16)}`;
  return unsure(`${value.what} & 0x${high.toString(16)} is ${wanted}`, 'UNK_NFT_BITS', {
    what: value.what,
    bits: `0x${value.unknown.toString(16)}`,
    wanted,
  });
}

function drawnWithin(value: Drawn, { from, to }: Interval): Ternary {
  const first = BigInt(value.offset);
  const last = first + BigInt(value.modulus) - 1n;
  const low = from > first ? from : first;
  const high = to < last ? to : last;
  if (low > high) return false;
  if (low === first && high === last) return true;
  const key = `${value.key} in ${low.toString()}-${high.toString()}`;
  const share = Number(high - low + 1n) / value.modulus;
  const params = { probability: share.toFixed(6), wanted: `${low.toString()}-${high.toString()}` };
  return value.fair ? chance(key, share, 'UNK_RANDOM', params) : unsure(key, 'UNK_NFT_DRAWN', params);
}

/** Is the value in the interval? Tuples and absent ones are never. */
export function within(value: Value, interval: Interval, type: DataType): Ternary {
  switch (value.kind) {
    case 'exact':
      return value.value >= interval.from && value.value <= interval.to;
    case 'span':
      return spanWithin(value, interval);
    case 'masked':
      return maskedWithin(value, interval);
    case 'drawn':
      return drawnWithin(value, interval);
    case 'open': {
      if (value.within !== undefined) return value.within(interval);
      const from = type.print(interval.from);
      const wanted = interval.from === interval.to ? from : `${from}-${type.print(interval.to)}`;
      return unsure(`${value.what} is ${wanted}`, value.code, { ...value.params, wanted });
    }
    default:
      return false;
  }
}

/** Has the value any of these bits? */
export function anyOf(value: Value, bits: bigint, type: DataType): Ternary {
  const known = bitsOfValue(value);
  if (known === null) {
    if (value.kind === 'absent') return false;
    const wanted = type.print(bits);
    const params = value.kind === 'open' ? value.params : {};
    return unsure(`${described(value)} has ${wanted}`, value.kind === 'open' ? value.code : 'UNK_NFT_VALUE', {
      what: described(value),
      ...params,
      wanted,
    });
  }
  if ((known.value & bits) !== 0n) return true;
  if ((known.unknown & bits) === 0n) return false;
  const asked = known.unknown & bits;
  return unsure(`${described(value)} has any of 0x${asked.toString(16)}`, 'UNK_NFT_BITS', {
    what: described(value),
    bits: `0x${asked.toString(16)}`,
    wanted: type.print(asked),
  });
}

/** How a value is named where a rule did not match. */
export function printValue(value: Value, types: readonly DataType[]): string {
  const [type] = types;
  switch (value.kind) {
    case 'absent':
      return 'none';
    case 'exact':
      return type?.print(value.value) ?? value.value.toString();
    case 'span':
      return `${type?.print(value.from) ?? value.from.toString()}-${type?.print(value.to) ?? value.to.toString()}`;
    case 'tuple':
      return value.parts.map((part, at) => printValue(part, types.slice(at, at + 1))).join(' . ');
    default:
      return described(value);
  }
}
